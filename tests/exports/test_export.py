"""Which graphs an export holds."""

import pytest
from pyoxigraph import DefaultGraph, NamedNode

from kg import iris
from kg.errors import BadInput, NotFound
from kg.exports import export

GRAPHS = tuple(NamedNode(iris.DATA + name) for name in ("first", "second"))


def test_by_default_all_that_holds_facts_is_chosen_and_nothing_of_the_release() -> None:
    known = [iris.TERMS_GRAPH, iris.PROVENANCE_GRAPH, GRAPHS[1].value, GRAPHS[0].value]
    assert export.choose_graphs(known) == (DefaultGraph(), *GRAPHS)
    assert set(export.choose_graphs(known, everything=True)) == {DefaultGraph(), *map(NamedNode, known)}


def test_graphs_are_chosen_by_the_names_people_write() -> None:
    known = [GRAPHS[0].value, iris.TERMS_GRAPH]
    wanted = ["dipid:first", f"<{iris.TERMS_GRAPH}>", "first"]
    assert export.choose_graphs(known, wanted) == (GRAPHS[0], NamedNode(iris.TERMS_GRAPH))


def test_an_unknown_graph_is_refused_by_name() -> None:
    with pytest.raises(NotFound, match="dipid:third"):
        export.choose_graphs([GRAPHS[0].value], ["dipid:third"])
    with pytest.raises(BadInput, match="is not an IRI"):
        export.choose_graphs([GRAPHS[0].value], ["nowhere:third"])
