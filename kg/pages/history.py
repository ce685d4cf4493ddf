"""The history as pages for people: what was done, by whom and why, and what came and went."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.changes import Commit
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style, marked
from kg.store import history
from kg.store.history import CommitList
from kg.store.log import CommitLog
from kg.store.store import Contents

MOST_CHANGES = 500
"""Quads that a page shows of what came, and of what went."""


@dataclass(frozen=True)
class Told:
    """A commit, with the graphs that it wrote and withdrew by their names."""

    commit: Commit
    wrote: list[Cell]
    withdrew: list[Cell]


@dataclass(frozen=True)
class Side:
    """What came, or what went: so many quads, of which the first are shown."""

    title: str
    count: int
    quads: list[tuple[Cell, ...]]


def commits(
    style: Style, asked: CommitList, log: CommitLog, path: str, contents: Contents
) -> Iterator[bytes]:
    """List commits, newest first; ``path`` is where the commits before them are found."""
    cells = style.cells(contents)
    found, following = asked.page(contents, log)
    yield style.text(
        "commits.html",
        told=[_told(each, cells) for each in found],
        thing=cells.cell(NamedNode(asked.thing)) if asked.thing else None,
        following=following and f"{path}?{following}",
    ).encode()


def commit(style: Style, log: CommitLog, newest: int, version: int, contents: Contents) -> Iterator[bytes]:
    """Tell one commit; raises NotFound."""
    told = _told(history.commit(log, newest, version), style.cells(contents))
    yield style.text("commit.html", told=told, newest=newest).encode()


def changes(
    style: Style, log: CommitLog, start: int, end: int, everything: bool, contents: Contents
) -> Iterator[bytes]:
    """Show what came and went between two versions: how much, and the first of it."""
    cells = style.cells(contents)
    with history.ChangesBetween(log, start, end, everything=everything) as changes:
        both = ((marked("What came"), changes.added), (marked("What went"), changes.removed))
        sides = [_side(title, quads, cells) for title, quads in both]
    yield style.text("changes.html", start=start, end=end, sides=sides).encode()


def _side(title: str, quads: Iterator[Quad], cells: Cells) -> Side:
    first = list(islice(quads, MOST_CHANGES))
    rest = sum(1 for _ in quads)
    return Side(title, len(first) + rest, [_cells_of(quad, cells) for quad in first])


def _told(commit: Commit, cells: Cells) -> Told:
    def named(graphs: tuple[str, ...]) -> list[Cell]:
        return [cells.cell(NamedNode(graph)) for graph in graphs]

    return Told(commit, named(commit.graphs), named(commit.withdrawn))


def _cells_of(quad: Quad, cells: Cells) -> tuple[Cell, ...]:
    graph = quad.graph_name
    where = Cell("the default graph") if isinstance(graph, DefaultGraph) else cells.cell(graph)
    return cells.cell(quad.subject), cells.cell(quad.predicate), cells.cell(quad.object), where
