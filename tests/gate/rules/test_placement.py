"""A property of ours on the wrong thing is refused; on the right one, or by others' terms, it passes."""

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules.placement import Placement
from kg.iris import DATA, PREFIXES, SHAPES_GRAPH, TERMS

GRAPH = NamedNode(DATA + "graph-test")
TYPE = NamedNode(PREFIXES["rdf"] + "type")


def node(name: str) -> NamedNode:
    return NamedNode(TERMS + name if name[0].isupper() else DATA + name)


def found(predicate: str, of_class: str | None) -> list[str]:
    """The sentences about one statement on a thing of a class."""
    release = ontology.load()
    store = Store()
    store.extend(release.quads)
    added = [Quad(node("thing"), NamedNode(TERMS + predicate), node("other"), GRAPH)]
    if of_class:
        added.append(Quad(node("thing"), TYPE, node(of_class), GRAPH))
    overlay = Overlay(store, Delta(added=tuple(added)))
    placement = Placement.of(release.graphs[SHAPES_GRAPH])
    sentences = [violation.sentence() for violation in placement.violations(overlay)]
    store.extend(added)
    assert [violation.sentence() for violation in placement.whole(Overlay(store))] == sentences
    return sentences


@pytest.mark.parametrize(
    ("predicate", "of_class"),
    [
        ("performedBy", "Person"),
        ("heldBy", "Person"),
        ("date", "Person"),
        ("inscriptionAfter", "Gift"),
        ("madeBy", "Meeting"),
        ("meaning", "Characterization"),
        ("performedBy", None),
    ],
)
def test_a_property_on_a_thing_of_another_class_is_refused(predicate: str, of_class: str | None) -> None:
    (sentence,) = found(predicate, of_class)
    assert sentence.startswith(f"dipid:thing, dip:{predicate} dipid:other: it belongs on dip:")


@pytest.mark.parametrize(
    ("predicate", "of_class"),
    [
        ("performedBy", "Happening"),
        ("performedBy", "Refusal"),
        ("givenBy", "Gift"),
        ("startsAt", "OfficeHolding"),
        ("attestedAt", "OfficeHolding"),
        ("heldBy", "Stance"),
        ("supersedes", None),
        ("retracts", None),
    ],
)
def test_a_property_where_it_belongs_passes(predicate: str, of_class: str | None) -> None:
    assert found(predicate, of_class) == []


def test_every_property_but_those_of_commits_has_its_place() -> None:
    release = ontology.load()
    placed = {name.value for name in Placement.of(release.graphs[SHAPES_GRAPH]).classes}
    properties = {
        quad.subject.value
        for quad in release.quads
        if quad.predicate == TYPE
        and isinstance(quad.object, NamedNode)
        and quad.object.value.endswith(("#ObjectProperty", "#DatatypeProperty"))
        and isinstance(quad.subject, NamedNode)
    }
    told = {"contentHash", "reason", "retracts", "softwareVersion", "supersedes", "version", "warning"}
    assert properties - placed == {TERMS + name for name in told}
