"""A server that answers as a test says."""

from collections.abc import Iterator

import pytest

from tests.support.stub_server import Stub, listening


@pytest.fixture
def stub() -> Iterator[Stub]:
    with listening() as server:
        yield server
