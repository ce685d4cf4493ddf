"""What a thing's page says first: what it is, and according to whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.pages.cells import Cell, Cells
from kg.terms import DIP, RDF

MOST = 100
"""Reports that a page tells at most."""


@dataclass(frozen=True)
class Ground:
    """A report: of which source, how hedged and based, through which statements, in which words."""

    report: Cell
    source: tuple[Cell, ...]
    how: tuple[Cell, ...]
    through: tuple[Cell, ...]
    words: tuple[Cell, ...]


def grounds(cells: Cells, node: NamedNode) -> list[Ground]:
    """Give the reports of a thing, and of the statements that make a claim, by their IRIs."""
    statements = list(_pointing(cells, node, DIP.ADVANCES))
    reports = {report for each in (node, *statements) for report in _pointing(cells, each, DIP.REPORTS)}
    return [_ground(cells, report, statements) for report in sorted(reports, key=str)[:MOST]]


def classes(cells: Cells, node: NamedNode) -> list[Cell]:
    """Say what a thing is: its classes, and the kind it has; each name once."""
    found = _values(cells, node, RDF.TYPE) + _values(cells, node, DIP.HAS_KIND)
    return list({cell.text: cell for cell in reversed(found)}.values())[::-1]


def claimants(cells: Cells, node: NamedNode) -> list[Cell]:
    """Name those whose claim a thing is; of what is no claim, nobody."""
    return _values(cells, node, DIP.CLAIMED_BY)


def _ground(cells: Cells, report: NamedNode, statements: list[NamedNode]) -> Ground:
    passages = _nodes(cells, report, DIP.QUOTES)
    words = [cell for passage in passages for cell in _values(cells, passage, DIP.EXACT_TEXT)]
    made = [cells.cell(each) for each in _nodes(cells, report, DIP.REPORTS) if each in statements]
    return Ground(
        cells.cell(report),
        tuple(_values(cells, report, DIP.FOUND_IN)),
        tuple(_values(cells, report, DIP.HEDGED_AS) + _values(cells, report, DIP.BASED_ON)),
        tuple(_values(cells, report, DIP.RELAYED_THROUGH) + made),
        tuple(words),
    )


def _values(cells: Cells, node: NamedNode, predicate: NamedNode) -> list[Cell]:
    quads = cells.contents.quads_for_pattern(node, predicate, None)
    values = {quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)}
    return [cells.cell(value) for value in sorted(values, key=str)]


def _pointing(cells: Cells, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    for quad in cells.contents.quads_for_pattern(None, predicate, node):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject


def _nodes(cells: Cells, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    for quad in cells.contents.quads_for_pattern(node, predicate, None):
        if isinstance(quad.object, NamedNode):
            yield quad.object
