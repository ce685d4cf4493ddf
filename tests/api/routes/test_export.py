"""Exports in every format, with and without the graphs of releases."""

from collections.abc import Iterator

import pytest

from kg import iris
from kg.exports.catalogue import EXPORT_FORMATS
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


def test_a_browser_is_shown_the_formats_and_a_program_is_led_to_their_description(kg: Client) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    shown = kg.get("/export", headers=browser)
    assert (shown.status_code, shown.headers["location"]) == (303, "/help/exports")
    page = kg.get(shown.headers["location"])
    assert all(f"<code>{name}</code>" in page.text for name in EXPORT_FORMATS)
    assert kg.get("/export?format=nquads", headers=browser).headers["content-type"] == "application/n-quads"
    program = kg.get("/export")
    assert program.headers["content-type"] == "application/trig"
    assert program.headers["link"] == '<http://testserver/.well-known/void>; rel="describedby"'
