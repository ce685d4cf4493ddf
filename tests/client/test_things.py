"""A thing of the graph in Python and in a notebook."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal

import kg
from kg import iris
from kg.client.graph import Graph
from kg.client.things import DescribedThing, StatedValue
from kg.errors import BadInput, NotFound

SERVER = "http://127.0.0.1:7878/"
TWO_GRAPHS = (
    """<urn:g1> { <urn:a> <urn:p> "one", "<b>" } <urn:g2> { <urn:a> <urn:p> "one" ; <urn:q> <urn:b> }"""
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.open(tmp_path_factory.mktemp("things") / "data", create=True)


@pytest.mark.parametrize("name", ["dipid:gift-of-the-hat", "gift-of-the-hat", iris.DATA + "gift-of-the-hat"])
def test_a_thing_is_read_by_its_name(graph: Graph, name: str) -> None:
    gift = graph.thing(name)
    assert (gift.iri, gift.name) == (iris.DATA + "gift-of-the-hat", "Gift of the hat")
    assert gift.get("dip:givenBy") == [iris.DATA + "donald-trump"]
    assert gift.get("dip:nothing") == []
    assert gift.note.startswith("Reported as having happened")
    assert any("hat" in passage.words for passage in gift.passages)
    assert repr(gift) == "DescribedThing('dipid:gift-of-the-hat', 'Gift of the hat')"
    assert "given by: Donald Trump" in str(gift)


def test_a_claim_says_that_it_is_one_before_all_else(graph: Graph) -> None:
    claim = graph.thing("dipid:claim-petro-kidnapping")
    assert claim.is_claim
    html = claim._repr_html_()
    assert html.index("A claim of Gustavo Petro") < html.index("<table>")
    assert "<blockquote>“what he claims was U.S. involvement" in html
    assert "dipk:claimed, dipk:attributed" in html
    assert f'href="{iris.BASE}' not in html  # without a server nobody answers for our IRIs


def test_with_a_server_the_names_lead_to_its_pages(graph: Graph) -> None:
    html = replace(graph.thing("dipid:gift-of-the-hat"), address=SERVER)._repr_html_()
    assert f'<h3><a href="{SERVER}id/gift-of-the-hat">Gift of the hat</a></h3>' in html
    assert f'<a href="{SERVER}id/donald-trump">Donald Trump</a>' in html
    assert f'<a href="{SERVER}terms#givenBy">given by</a>' in html


def test_an_actor_has_no_note_and_a_name(graph: Graph) -> None:
    petro = graph.thing("dipid:gustavo-petro")
    assert (petro.name, petro.note, petro.is_claim) == ("Gustavo Petro", "", False)


def test_what_is_nowhere_is_an_error(graph: Graph) -> None:
    with pytest.raises(NotFound, match="dipid:nobody"):
        graph.thing("nobody")
    with pytest.raises(BadInput):
        graph.thing("dipid:a> ?p ?o } #")


def test_each_graph_says_its_own_and_nothing_runs(tmp_path: Path) -> None:
    with kg.open(tmp_path / "data", create=True) as graph:
        graph.add(data=TWO_GRAPHS)
        thing = graph.thing("<urn:a>")
    assert thing.graphs == ["urn:g1", "urn:g2"]
    assert thing.get("<urn:p>") == ["<b>", "one"]
    html = thing._repr_html_()
    assert html.count("<table>") == 2
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_hostile_names_are_text() -> None:
    value = StatedValue("urn:g", "urn:p", "<i>p</i>", Literal("v"), "<script>")
    html = DescribedThing("urn:a", "<h1>", "<u>", False, (value,), (), SERVER)._repr_html_()
    assert all(tag not in html for tag in ("<i>", "<script>", "<h1>", "<u>"))
