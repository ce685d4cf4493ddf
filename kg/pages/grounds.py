"""Facts on a thing's page: its classes, and the statements of each graph about it, with their sources."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nsmallest

from pyoxigraph import Literal, NamedNode, QuerySolutions, Triple

from kg.iris import PREFIXES
from kg.pages.cells import Cell, Cells, Row
from kg.query.reports import pattern
from kg.store.engine_protocols import Dataset
from kg.terms import DIP, RDF

MOST = 100
"""Maximum reports on a page."""


@dataclass(frozen=True)
class Ground:
    """A report: its source and words, hedge and basis, relaying statements, qualifiers and readings."""

    report: Cell
    source: tuple[Cell, ...]
    how: tuple[Cell, ...]
    through: tuple[Cell, ...]
    words: tuple[Cell, ...]
    seen: tuple[Cell, ...] = ()
    """The source that quotes it, if its own source was not read."""
    qualifiers: tuple[Cell, ...] = ()
    readings: tuple[Cell, ...] = ()
    """What a curator inferred from the words."""


@dataclass(frozen=True)
class GraphPart:
    """The statements of one graph about a thing, and the reports that support this graph."""

    graph: Cell
    grounds: list[Ground]
    rows: list[Row]


def parts(cells: Cells, node: NamedNode, triples_by_graph: dict[str, set[Triple]]) -> list[GraphPart]:
    """Return a part for each graph that states or reports something about a thing, its describing one first.

    ``triples_by_graph`` holds the triples about the thing by graph name.
    """
    reporting = _reports(cells, node)
    names = sorted(
        {*triples_by_graph, *reporting},
        key=lambda name: (not _describes(triples_by_graph.get(name, ())), name),
    )
    return [
        GraphPart(
            cells.cell(NamedNode(name)) if name else Cell("the default graph"),
            [_ground(cells, *found) for found in reporting.get(name, ())],
            cells.rows(triples_by_graph.get(name, ())),
        )
        for name in names
    ]


def classes(cells: Cells, node: NamedNode) -> list[Cell]:
    """Return the classes and the kind of a thing, each name once."""
    found = _values(cells, node, RDF.TYPE) + _values(cells, node, DIP.HAS_KIND)
    return list({cell.text: cell for cell in reversed(found)}.values())[::-1]


def claimants(cells: Cells, node: NamedNode) -> list[Cell]:
    """Return the claimants of a thing; empty if it is not a claim."""
    return _values(cells, node, DIP.CLAIMED_BY)


def _describes(triples: Iterable[Triple]) -> bool:
    return any(triple.predicate == RDF.TYPE for triple in triples)


def _reports(cells: Cells, node: NamedNode) -> dict[str, list[tuple[NamedNode, list[NamedNode]]]]:
    """Return the reports that support each graph, each with the records that it reports."""
    found: dict[str, dict[NamedNode, list[NamedNode]]] = defaultdict(dict)
    for graph, report, carrier in _solutions(cells, node):
        carriers = found[graph.value].setdefault(report, [])
        if carrier:
            carriers.append(carrier)
    return {graph: list(reports.items()) for graph, reports in found.items()}


def _solutions(cells: Cells, node: NamedNode) -> list[tuple[NamedNode, NamedNode, NamedNode | None]]:
    """Return the first solutions in order; sorted here, as the engine reads names at each comparison."""
    solutions = cells.contents.query(
        f"SELECT DISTINCT ?graph ?report ?carrier WHERE {{ {pattern(str(node))} }}",
        prefixes={"dip": PREFIXES["dip"]},
        dataset=Dataset(),
        bindings={},
    )
    assert isinstance(solutions, QuerySolutions)
    found = [
        (graph, report, carrier if isinstance(carrier, NamedNode) else None)
        for graph, report, carrier in solutions
        if isinstance(graph, NamedNode) and isinstance(report, NamedNode)
    ]
    return nsmallest(MOST, found, key=lambda each: [node.value if node else "" for node in each])


def _ground(cells: Cells, report: NamedNode, carriers: Iterable[NamedNode]) -> Ground:
    passages = _nodes(cells, report, DIP.QUOTES)
    words = [cell for passage in passages for cell in _values(cells, passage, DIP.EXACT_TEXT)]
    return Ground(
        cells.cell(report),
        tuple(_values(cells, report, DIP.FOUND_IN)),
        tuple(_values(cells, report, DIP.HEDGED_AS) + _values(cells, report, DIP.BASED_ON)),
        tuple(_values(cells, report, DIP.RELAYED_THROUGH) + [cells.cell(each) for each in carriers]),
        tuple(words),
        tuple(_values(cells, report, DIP.SEEN_IN)),
        tuple(_values(cells, report, DIP.QUALIFIER)),
        tuple(_values(cells, report, DIP.INFERENCE_NOTE)),
    )


def _values(cells: Cells, node: NamedNode, predicate: NamedNode) -> list[Cell]:
    quads = cells.contents.quads_for_pattern(node, predicate, None)
    values = {quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)}
    return [cells.cell(value) for value in sorted(values, key=str)]


def _nodes(cells: Cells, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    for quad in cells.contents.quads_for_pattern(node, predicate, None):
        if isinstance(quad.object, NamedNode):
            yield quad.object
