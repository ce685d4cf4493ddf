"""Parameters of addresses are read once and strictly."""

from collections.abc import Iterator

import pytest

from tests.support.api_server import Client, serving
from tests.support.problems import fault


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


@pytest.mark.parametrize(
    "path",
    [
        *("/sparql?query=ASK%7B%7D&as-of=", "/export?as-of=", "/questions/hedged-reports?as-of=%20"),
        *("/commits?graph=", "/graphs?graph="),
    ],
)
def test_a_parameter_without_a_value_is_not_taken_for_none(kg: Client, path: str) -> None:
    fault(kg.get(path), 400)
