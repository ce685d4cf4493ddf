"""Reports of a record by graph, with outlet and hedge, and dates as their sources write them."""

from collections.abc import Set
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell, Cells
from kg.pages.stories.reading import NodeReader
from kg.terms import DIP, DIPK


@dataclass(frozen=True)
class Saying:
    """A report of a record: the outlet and its source, its hedge, and the report itself."""

    outlets: tuple[Cell, ...]
    source: tuple[Cell, ...]
    hedge: Cell | None
    """None if the report is plain."""
    report: Cell


@dataclass(frozen=True)
class WrittenDate:
    """A date as its source writes it, as it was read, and its precision."""

    written: Cell | None
    read: Cell | None
    precision: Cell | None
    is_inferred: bool


class SayingReader:
    """Reads reports and dates for a page; reports from outlets that are not selected are omitted."""

    def __init__(self, cells: Cells, outlets: Set[NamedNode] = frozenset()) -> None:
        self.cell = cells.cell
        self.nodes = NodeReader(cells.contents)
        self._contents = cells.contents
        self._outlets = outlets

    def by_graph(self, node: NamedNode) -> list[tuple[NamedNode, tuple[Saying, ...]]]:
        """Return each graph with a report of a record, with the content of its reports."""
        found: dict[NamedNode, set[NamedNode]] = {}
        for quad in self._contents.quads_for_pattern(None, DIP.REPORTS, node):
            report, graph = quad.subject, quad.graph_name
            if isinstance(report, NamedNode) and isinstance(graph, NamedNode) and self._is_chosen(report):
                found.setdefault(graph, set()).add(report)
        return [
            (graph, tuple(self.saying(report) for report in sorted(found[graph], key=str)))
            for graph in sorted(found, key=str)
        ]

    def dates(
        self, node: NamedNode, graph: NamedNode, predicate: NamedNode = DIP.OCCURS_AT
    ) -> tuple[WrittenDate, ...]:
        """Return the dates of a record in a graph."""
        return tuple(map(self._date, self.nodes.nodes(node, predicate, graph=graph)))

    def cells(
        self, node: NamedNode, *predicates: NamedNode, graph: NamedNode | None = None
    ) -> tuple[Cell, ...]:
        """Return the cells of things that a node points to."""
        return tuple(map(self.cell, self.nodes.nodes(node, *predicates, graph=graph)))

    def texts(
        self, node: NamedNode, predicate: NamedNode, graph: NamedNode | None = None
    ) -> tuple[Cell, ...]:
        """Return the cells of a property's literals."""
        return tuple(map(self.cell, self.nodes.texts(node, predicate, graph)))

    def publishers(self, report: NamedNode) -> list[NamedNode]:
        """Return the publishers of a report's source."""
        sources = self.nodes.nodes(report, DIP.FOUND_IN)
        return [outlet for source in sources for outlet in self.nodes.nodes(source, DIP.PUBLISHED_BY)]

    def _is_chosen(self, report: NamedNode) -> bool:
        return not self._outlets or not self._outlets.isdisjoint(self.publishers(report))

    def saying(self, report: NamedNode) -> Saying:
        """Return the content of a report for a page."""
        hedges = [hedge for hedge in self.nodes.nodes(report, DIP.HEDGED_AS) if hedge != DIPK.PLAIN]
        return Saying(
            tuple(map(self.cell, self.publishers(report))),
            self.cells(report, DIP.FOUND_IN),
            self.cell(hedges[0]) if hedges else None,
            self.cell(report),
        )

    def _date(self, span: NamedNode) -> WrittenDate:
        dates = self.texts(span, DIP.DATE_AS_WRITTEN)
        date_texts = self.texts(span, DIP.DATE)
        precision = self.cells(span, DIP.HAS_PRECISION)
        return WrittenDate(
            next(iter(dates), None),
            next(iter(date_texts), None),
            next(iter(precision), None),
            self.nodes.has(span, DIP.DATE_BASIS, DIPK.INFERRED),
        )
