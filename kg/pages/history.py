"""History pages: commits with agent and reason, and the differences between versions."""

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
"""Maximum added, and removed, quads on a page."""


@dataclass(frozen=True)
class Told:
    """A commit, with the names of the graphs that it wrote and withdrew."""

    commit: Commit
    wrote: list[Cell]
    withdrew: list[Cell]


@dataclass(frozen=True)
class Side:
    """The added or the removed quads: their number, and the first of them."""

    title: str
    count: int
    quads: list[tuple[Cell, ...]]


def commits(
    style: Style, commit_list: CommitList, log: CommitLog, path: str, contents: Contents
) -> Iterator[bytes]:
    """Yield the list of commits, newest first; ``path`` is the address of the list, for older commits."""
    cells = style.cells(contents)
    found, following = commit_list.page(contents, log)
    yield style.text(
        "commits.html",
        told=[_told(each, cells) for each in found],
        thing=cells.cell(NamedNode(commit_list.thing)) if commit_list.thing else None,
        following=following and f"{path}?{following}",
    ).encode()


def commit(style: Style, log: CommitLog, newest: int, version: int, contents: Contents) -> Iterator[bytes]:
    """Yield the page of one commit; raises NotFound."""
    commit_view = _told(history.commit(log, newest, version), style.cells(contents))
    yield style.text("commit.html", told=commit_view, newest=newest).encode()


def changes(
    style: Style, log: CommitLog, start: int, end: int, everything: bool, contents: Contents
) -> Iterator[bytes]:
    """Yield the differences between two versions: their numbers, and the first of them."""
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
