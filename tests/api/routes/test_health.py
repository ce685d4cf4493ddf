"""The server says that it answers, and of which version."""

from collections.abc import Iterator

import pytest

from tests.support.api_server import Client, serving


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


def test_health_readiness_and_the_description_of_the_interface(kg: Client) -> None:
    assert kg.get("/health").json() == {"status": "ok"}
    assert kg.get("/ready").json()["status"] == "ready"
    described = kg.get("/openapi.json").json()
    assert {"/sparql", "/facts", "/validate", "/questions/{name}", "/export", "/terms"} <= set(
        described["paths"]
    )
