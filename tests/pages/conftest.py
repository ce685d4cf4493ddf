"""The seed graph, opened once for the pages that arrange its records."""

from collections.abc import Iterator

import pytest

from kg.store.store import Store
from tests.support.stores import open_store


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("seed") / "data") as store:
        yield store
