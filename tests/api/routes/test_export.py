"""Exports in every format, with and without the graphs of releases."""

from collections.abc import Iterator

import pytest

from kg import iris
from tests.support.api_server import Client, serving
from tests.support.problems import fault


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


@pytest.mark.parametrize("name", ["trig", "turtle", "nquads", "ntriples", "jsonld", "rdfxml"])
def test_an_export_holds_the_facts_in_every_format(kg: Client, name: str) -> None:
    response = kg.get("/export", params={"format": name, "graph": "dipid:graph-story"})
    assert "Hola" in response.text
    assert "attachment" in response.headers["content-disposition"]


def test_an_export_leaves_out_the_release_graphs_unless_all_is_asked(kg: Client) -> None:
    assert iris.KINDS not in kg.get("/export?format=nquads").text
    assert iris.KINDS in kg.get("/export?format=nquads&all=true").text
    fault(kg.get("/export?all=perhaps"), 400)
    fault(kg.get("/export?graph=dipid:unknown"), 404)
    fault(kg.get("/export", headers={"Accept": "image/png"}), 406)
