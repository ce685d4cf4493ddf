"""What a commit withdrew comes back in one step, as it was and judged anew."""

import pytest

from kg.changes import Provenance
from kg.errors import BadInput, Conflict, Forbidden, Invalid
from kg.facts.retraction import retract, undo
from kg.gate.gate import Gate
from kg.store.store import Store
from kg.terms import DIP
from tests.facts.test_retraction import (
    ADMIN,
    ANA,
    BO,
    FRIEND,
    NOTE,
    ONE,
    add,
    commit_of,
    gate,
    held,
    release,
    store,
    told,
    written,
)

__all__ = ["gate", "release", "store"]


def test_an_undo_is_undone_with_graphs_content_and_hash(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    facts, hashed = held(store, graph), told(store, graph, DIP.CONTENT_HASH)
    undone = undo(store, gate, commit_of(store).version, ANA)
    assert held(store, graph) == set()
    back = undo(store, gate, undone.version, ANA)
    assert (back.graphs, back.withdrawn, back.added, back.removed) == ((graph,), (), 2, 0)
    assert held(store, graph) == facts
    assert told(store, graph, DIP.CONTENT_HASH) == hashed
    assert len(hashed) == 1
    assert held(store, graph)
    undo(store, gate, back.version, ANA)  # which can be undone too
    assert held(store, graph) == set()


def test_several_graphs_come_back_together(store: Store, gate: Gate) -> None:
    graphs = [add(store, gate, ONE), add(store, gate, FRIEND), add(store, gate, NOTE)]
    facts = [held(store, graph) for graph in graphs]
    gone = retract(store, gate, [graphs[0]], ANA, cascade=True)
    assert set(gone.withdrawn) == set(graphs)
    undo(store, gate, gone.version, ANA)
    assert [held(store, graph) for graph in graphs] == facts


def test_what_an_undo_took_out_of_an_edited_graph_comes_back(store: Store, gate: Gate) -> None:
    commit = written(store, gate, "<urn:a> <urn:p> 1 , 2 .", "urn:notes")
    undone = undo(store, gate, commit.version, ANA)
    assert undo(store, gate, undone.version, ANA).added == 2
    assert len(held(store, "urn:notes")) == 2


def test_what_no_longer_conforms_does_not_come_back(store: Store, gate: Gate) -> None:
    first = add(store, gate, ONE)
    friend = add(store, gate, FRIEND)
    gone = retract(store, gate, [friend], ANA)
    retract(store, gate, [first], ANA)
    with pytest.raises(Invalid, match="dip:knows dipid:ana"):
        undo(store, gate, gone.version, ANA)


def test_only_who_withdrew_it_or_an_admin_brings_it_back_and_only_with_a_reason(
    store: Store, gate: Gate
) -> None:
    graph = add(store, gate, ONE)
    gone = retract(store, gate, [graph], ANA)
    with pytest.raises(Forbidden, match="made by Ana"):
        undo(store, gate, gone.version, BO)
    with pytest.raises(BadInput, match="needs a reason"):
        undo(store, gate, gone.version, Provenance("Ana"))
    undo(store, gate, gone.version, ADMIN)
    assert held(store, graph)


def test_what_is_there_again_is_not_added_twice(store: Store, gate: Gate) -> None:
    graph = add(store, gate, ONE)
    gone = retract(store, gate, [graph], ANA)
    add(store, gate, ONE)
    with pytest.raises(Conflict, match="withdrew none that could be added again"):
        undo(store, gate, gone.version, ANA)


def test_a_graph_that_holds_something_else_by_now_is_not_mixed(store: Store, gate: Gate) -> None:
    add(store, gate, f"<urn:g> {{ {ONE} }}")
    gone = retract(store, gate, ["urn:g"], ANA)
    add(store, gate, "<urn:g> { <urn:a> <urn:p> 1 }")
    with pytest.raises(Conflict, match="holds other facts now"):
        undo(store, gate, gone.version, ANA)
