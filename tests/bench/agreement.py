"""Holds the gate against pySHACL: random changes of a graph of the real vocabulary, with the real shapes.

Run it by hand: ``python -m tests.bench.agreement [--changes 500] [--every 1]``. It
is no test, for pySHACL takes some seconds for each change. It judges all focus nodes of all shapes in the
graph before and in that after, in which the literals of the change are as they were sent: what the gate says
of the change must be right after it, and nothing that is wrong now and was not before may be missing. With
``--every 5`` it judges each fifth graph, those between are judged by the fast check of a whole graph, and
where it judges, the two must be the same. Of each fiftieth change the graph is also copied into rdflib's own
memory and judged by ``pyshacl.validate``.
"""

import argparse
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

import pyoxigraph
import pyshacl
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store
from rdflib.namespace import SH

from kg import iris, ontology, scratch
from kg.changes import Delta, Quads
from kg.gate.gate import Gate
from kg.gate.overlay import Overlay
from kg.gate.reports import Report
from kg.gate.shacl.rdflib_view import copy, from_rdflib, prepared
from kg.terms import XSD
from tests.support import worlds

Row: TypeAlias = tuple[str, str, str, str]
"""Focus node, value, component, rule."""
Change: TypeAlias = Callable[[Random, Sequence[Quad]], Delta]

TYPE = NamedNode(iris.PREFIXES["rdf"] + "type")
GRAPH = NamedNode(iris.DATA + "graph-of-a-change")
PLAINLY_EVERY = 50
SHARE_HELD = 0.8
"""The part of the facts that must be there, or the graph would end before the changes do."""


class Quick(rdflib.Graph):
    """A graph in rdflib's own memory that parses a query only once."""

    def query(self, query_object: object, *args: object, **options: object) -> rdflib.query.Result:
        """Answer a query."""
        known = prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(known, *args, **options)  # type: ignore[arg-type]


def main() -> None:
    """Print how many changes were judged, what they broke and mended, and where the two differ."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--triples", type=int, default=10_000)
    options.add_argument("--changes", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--every", type=int, default=1, help="how often pySHACL judges the whole")
    given = options.parse_args()
    random, started = Random(given.seed), time.perf_counter()
    release = ontology.load()
    gate, store = Gate.of(release), Store()
    store.extend(release.quads)
    store.extend(worlds.world(given.triples, given.seed, faults=5))
    before = rows(gate.check_whole_plainly(store))
    told: Counter[str] = Counter()
    full, gone = len(facts(store)), deque[Delta]()
    for number in range(given.changes):
        kind, delta = change(random, facts(store), full, gone)
        found = rows(gate.check(delta, store))
        sent = Overlay(store, delta)  # the literals of the change as they were sent
        is_judged = number % given.every == 0
        after = rows(gate.check_whole_plainly(sent) if is_judged else gate.check_whole(sent))
        wrong = (found - after) | (after - before - found)
        if is_judged and given.every > 1:
            wrong |= after ^ rows(gate.check_whole(sent))
        if number % PLAINLY_EVERY == 0:
            wrong |= plainly(sent) ^ {row for row in after if row[2]}
        for quad in delta.removed:
            store.remove(quad)
        store.extend(delta.added)
        told.update({"new faults": len(after - before), "faults mended": len(before - after)})
        told.update({kind: 1, "disagreements": bool(wrong)})
        for row in sorted(wrong)[:5]:
            print(number, kind, *row, "made up" if row in found else "missed", flush=True)
        is_kept_so = set(sent.added) == set(scratch.filled(delta.added))
        before = after if is_kept_so else rows(gate.check_whole(store))
        if number % 50 == 49:
            print(f"{number + 1} changes, {time.perf_counter() - started:.0f} s, {dict(told)}", flush=True)
    sys.exit(1 if told["disagreements"] else 0)


def change(random: Random, held: Sequence[Quad], full: int, gone: deque[Delta]) -> tuple[str, Delta]:
    """Choose a change; where much has gone, the graph comes back that has been gone for the longest."""
    if gone and len(held) < SHARE_HELD * full:
        return "graph back", Delta(added=gone.popleft().removed)
    kind = random.choice(list(CHANGES))
    delta = CHANGES[kind](random, held)
    if kind == "graph gone":
        gone.append(delta)
    return kind, delta


def rows(report: Report) -> set[Row]:
    """Read what the shapes find; rules in code are left out."""
    return {
        (str(found.focus), str(found.value), str(found.component), found.rule)
        for found in report.violations
        if found.component
    }


def plainly(store: Quads) -> set[Row]:
    """Ask pySHACL about a copy of the union of all graphs."""
    data, shapes = Quick(), rdflib.Graph()
    copy(store.quads_for_pattern(None, None, None, None), data)
    copy(ontology.load().graphs[iris.SHAPES_GRAPH], shapes)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return {_row(report, node) for node in report.objects(None, SH.result)}


def _row(report: rdflib.Graph, node: rdflib.term.Node) -> Row:
    parts = (report.value(node, part) for part in (SH.focusNode, SH.value, SH.sourceConstraintComponent))
    focus, value, component = (None if part is None else from_rdflib(part) for part in parts)
    rule = report.value(node, SH.sourceConstraint) or report.value(node, SH.sourceShape)
    return str(focus), str(value), str(component).strip("<>"), str(rule)


def facts(store: Store) -> list[Quad]:
    """Give what a change can take away: all but the release."""
    released = {NamedNode(graph) for graph in iris.RELEASED_GRAPHS}
    quads = store.quads_for_pattern(None, None, None, None)
    return sorted((quad for quad in quads if quad.graph_name not in released), key=str)


def _sample(random: Random, held: Sequence[Quad]) -> Delta:
    """Add one of the samples that break a rule, to the records of one copy."""
    number = random.randrange(len({quad.graph_name for quad in held}))
    samples = sorted(Path(worlds.SAMPLES).glob("*/*valid-*.ttl"))
    return Delta(added=tuple(_moved(random.choice(samples), number)))


def _moved(sample: Path, number: int) -> Iterator[Quad]:
    def moved(term: object) -> object:
        if isinstance(term, NamedNode) and term.value.startswith(iris.DATA):
            local = term.value.removeprefix(iris.DATA)
            shared = local in worlds.SHARED
            copies = f"-of-{number // worlds.SHARERS}" if shared else f"-{number}"
            return NamedNode(iris.DATA + local + copies)
        return term

    for quad in pyoxigraph.parse(path=sample):
        yield Quad(moved(quad.subject), quad.predicate, moved(quad.object), GRAPH)  # type: ignore[arg-type]


def _removal(random: Random, held: Sequence[Quad]) -> Delta:
    """Take some triples away."""
    return Delta(removed=tuple(random.sample(held, random.randint(1, 4))))


def _record_gone(random: Random, held: Sequence[Quad]) -> Delta:
    """Take all away that is said of one thing."""
    subject = random.choice(held).subject
    return Delta(removed=tuple(quad for quad in held if quad.subject == subject))


def _graph_gone(random: Random, held: Sequence[Quad]) -> Delta:
    """Take a whole submission away."""
    graph = random.choice(held).graph_name
    return Delta(removed=tuple(quad for quad in held if quad.graph_name == graph))


def _retyping(random: Random, held: Sequence[Quad]) -> Delta:
    """Give a thing the class of another."""
    typed = [quad for quad in held if quad.predicate == TYPE]
    one, other = random.sample(typed, 2)
    added = (Quad(one.subject, TYPE, other.object, GRAPH),)
    return Delta(added, (one,) if random.random() < 0.5 else ())


def _relinking(random: Random, held: Sequence[Quad]) -> Delta:
    """Give a property of one thing the value that another has."""
    one = random.choice(held)
    alike = [quad for quad in held if quad.predicate == one.predicate]
    added = (Quad(one.subject, one.predicate, random.choice(alike).object, GRAPH),)
    return Delta(added, (one,) if random.random() < 0.5 else ())


def _mislinking(random: Random, held: Sequence[Quad]) -> Delta:
    """Give a property any value at all."""
    one, other = random.sample(held, 2)
    value = random.choice((other.object, other.subject, Literal(""), Literal("x", language="en")))
    return Delta((Quad(one.subject, other.predicate, value, GRAPH),))


def _respelling(random: Random, held: Sequence[Quad]) -> Delta:
    """Give a number in another spelling, or with another datatype that the store keeps as the same."""
    numbers = [quad for quad in held if getattr(quad.object, "datatype", None) == XSD.INTEGER]
    one = random.choice(numbers)
    assert isinstance(one.object, Literal)
    wide = NamedNode(iris.PREFIXES["xsd"] + random.choice(("nonNegativeInteger", "long", "byte")))
    value = random.choice(
        (Literal(f"0{one.object.value}", datatype=XSD.INTEGER), Literal(one.object.value, datatype=wide))
    )
    graph = random.choice((GRAPH, one.graph_name))
    return Delta((Quad(one.subject, one.predicate, value, graph),), (one,) if random.random() < 0.5 else ())


def _mixture(random: Random, held: Sequence[Quad]) -> Delta:
    """Do several of these at once."""
    parts = [change(random, held) for change in random.sample(SINGLE, 3)]
    added = {quad for part in parts for quad in part.added}
    removed = {quad for part in parts for quad in part.removed} - added
    return Delta(tuple(added), tuple(removed))


SINGLE: tuple[Change, ...] = (
    _sample,
    _removal,
    _record_gone,
    _retyping,
    _relinking,
    _mislinking,
    _respelling,
)
CHANGES: dict[str, Change] = {
    change.__name__.strip("_").replace("_", " "): change for change in (*SINGLE, _graph_gone, _mixture)
}


if __name__ == "__main__":
    main()
