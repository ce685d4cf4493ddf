"""What a fact rests on, over HTTP and in Python alike."""

import html
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg as package
from kg.errors import BadInput, NotFound
from tests.support.live_server import live, wait_for_search

PATHS = ("dipid:tenure-petro", "dipid:tenure-petro dip:heldBy dipid:gustavo-petro", "Gustavo Petro")


Pair = tuple[package.Graph, package.Graph]


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("why")
    with (
        package.open(folder / "here", create=True) as local,
        live(folder / "data", readers=1) as (_, address),
        package.open(address) as remote,
    ):
        wait_for_search(address)
        yield local, remote


@pytest.mark.parametrize("fact", PATHS)
def test_a_directory_and_a_server_say_the_same(graphs: Pair, fact: str) -> None:
    local, remote = (graph.why(fact) for graph in graphs)
    assert [each["graph"] for each in local["graphs"]] == [each["graph"] for each in remote["graphs"]]
    assert [each["reports"] for each in local["graphs"]] == [each["reports"] for each in remote["graphs"]]
    assert local["graphs"][0]["commits"]


def test_a_cell_of_an_answer_can_be_asked_about(graphs: Pair) -> None:
    for graph in graphs:
        (row, *_) = graph.ask("offices-of-a-person", person="Petro").rows()
        assert graph.why(str(row["office"]), as_of="v3")["graphs"]


def test_what_is_no_fact_is_refused_alike(graphs: Pair) -> None:
    for graph in graphs:
        with pytest.raises(BadInput, match="A triple is written"):
            graph.why("dipid:a dip:b")
        with pytest.raises(NotFound):
            graph.why("dipid:nobody")
        with pytest.raises(BadInput, match="names nothing in the graph"):
            graph.why("Nobody At All")


def test_a_row_of_an_answer_leads_to_what_its_things_rest_on(graphs: Pair) -> None:
    for graph in graphs:
        answer = graph.ask("offices-of-a-person", person="Petro")
        by_row = graph.why(answer.rows()[0])
        assert answer.rows()[0]["office"] in {each["fact"].strip("<>") for each in by_row["facts"]}
        assert all(each["graphs"] for each in by_row["facts"])
        assert graph.why(answer.terms()[0]) == by_row
        assert graph.why(answer.df().iloc[0]) == by_row
        with pytest.raises(BadInput, match="contains no IRI of a thing"):
            graph.why({"count": 3, "kind": "https://w3id.org/regional-diplomacy/kinds/gift"})


def test_several_facts_are_told_but_for_those_that_nobody_states(graphs: Pair) -> None:
    for graph in graphs:
        told = graph.access.why_all(["dipid:tenure-petro", "dipid:nobody"])
        assert [each["fact"] for each in told["facts"]] == ["dipid:tenure-petro"]
        with pytest.raises(NotFound, match="none of these"):
            graph.access.why_all(["dipid:nobody", "dipid:no-one"])


def test_a_page_tells_what_rests_on_what(graphs: Pair) -> None:
    page = read(graphs, "why?fact=dipid:tenure-petro&fact=dipid:claim-petro-kidnapping%20a%20dip:Claim")
    assert page.count("<h1") == 1
    assert "<blockquote>" in page
    assert 'href="/commits/' in page
    assert ": what " in page  # a claim is told as one
    assert "says, not a fact of this graph" in page


def test_each_row_of_a_page_has_a_link_to_what_it_rests_on(graphs: Pair) -> None:
    page = read(graphs, "questions/offices-of-a-person?person=Petro&as-of=v3")
    (link, *_) = re.findall(r'href="/(why\?[^"]+)"', page)
    assert "as-of=v3" in link
    assert "What this rests on" in read(graphs, html.unescape(link))


def read(graphs: Pair, path: str) -> str:
    request = urllib.request.Request(f"{graphs[1].address}{path}", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        text: str = answer.read().decode()
    return text
