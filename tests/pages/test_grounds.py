"""A thing's page shows what each graph says beside the reports of this graph."""

import re
from collections.abc import Iterator
from typing import cast

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from kg import iris
from kg.changes import Delta, Provenance
from kg.pages import descriptions, views
from kg.pages.cells import Cell
from kg.pages.grounds import GraphPart, parts
from kg.pages.profiles import thing_page
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.rendering import Style
from kg.store.store import Store
from kg.terms import RDF
from tests.support.restated import GRAPH, records, submission
from tests.support.stores import open_store

STYLE = Style("/")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The seed, and a second submission that restates its records."""
    with open_store(tmp_path_factory.mktemp("grounds") / "data") as store:
        quads = tuple(pyoxigraph.parse(submission(), format=RdfFormat.TRIG))
        store.commit(Delta(quads), Provenance("Ana"))
        yield store


def parts_of(store: Store, node: NamedNode) -> list[GraphPart]:
    said = descriptions.of_thing(store, node, store.log).by_graph(node)
    return parts(STYLE.cells(store), node, said)


def test_no_part_shows_the_report_of_another_graph(store: Store) -> None:
    for node in sorted(records(), key=str):
        by_graph = {part.graph.iri: part for part in parts_of(store, node)}
        again = by_graph.pop(iris.compact(GRAPH.value))
        assert again.rows, node
        assert all(cast(str, ground.report.iri).endswith("-again") for ground in again.grounds), node
        others = [ground for part in by_graph.values() for ground in part.grounds]
        assert not any(cast(str, ground.report.iri).endswith("-again") for ground in others), node


def test_what_one_graph_alone_says_has_a_report_of_this_graph(store: Store) -> None:
    unreported = {
        quad.subject
        for name in ("SymbolicObject", "Account", "DisputedPoint")
        for quad in store.quads_for_pattern(None, RDF.TYPE, NamedNode(iris.TERMS + name))
    }
    bare = {
        (node.value, part.graph.iri)
        for node in records() - unreported
        for part, others in apart(parts_of(store, node))
        if said(part) - said(*others) and not part.grounds
    }
    assert bare == set()


def apart(found: list[GraphPart]) -> Iterator[tuple[GraphPart, list[GraphPart]]]:
    """Yield each part with the others."""
    for index, part in enumerate(found):
        yield part, found[:index] + found[index + 1 :]


def said(*found: GraphPart) -> set[tuple[Cell, Cell]]:
    """Return the properties and values that parts show."""
    return {(row.name, value) for part in found for row in part.rows for value in row.values}


def test_a_page_shows_the_two_apart(store: Store) -> None:
    page = b"".join(
        thing_page.write(STYLE, ThingRequest(iris.DATA + "alteration-of-the-hat"), store.log, store)
    ).decode()
    text = " ".join(re.sub("<[^>]*>", " ", page).split())
    first, second = text.index("In The hat:"), text.index("In The seed&#39;s records, told again")
    assert text.index("has reportedly changed") in range(first, second)
    assert text.index("Reportedly , ") in range(first, second)
    assert text.index("as was said again") > second
    assert text.index("Possibly , ") > second
    assert "Someone else" not in text[first:second]


def test_a_thing_in_a_format_that_names_graphs_keeps_them_apart(store: Store) -> None:
    iri = iris.DATA + "alteration-of-the-hat"
    told = b"".join(views.thing_as("trig", iri, store.log, store))
    graphs = {quad.graph_name for quad in pyoxigraph.parse(told, format=RdfFormat.TRIG)}
    assert graphs >= {GRAPH, NamedNode(iris.DATA + "graph-gestures")}


def test_a_report_says_where_it_was_seen_what_limits_it_and_what_a_curator_read(store: Store) -> None:
    def text(name: str) -> str:
        page = b"".join(thing_page.write(STYLE, ThingRequest(iris.DATA + name), store.log, store)).decode()
        return " ".join(re.sub("<[^>]*>", " ", page).split())

    assert "not read, only seen in Ten attributed statements of 2025" in text("statement-s1")
    assert "qualified by often" in text("stance-petro-rhetoric")
    assert "a curator’s reading: The text says nothing of her conduct." in text("stance-sheinbaum-conduct")
