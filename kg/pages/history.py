"""The history as pages for people: what was done, by whom and why, and what came and went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.changes import Commit, Delta
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style
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
    style: Style, commits: Sequence[Commit], following: str | None, contents: Contents
) -> Iterator[bytes]:
    """List commits, newest first."""
    cells = style.cells(contents)
    told = [_told(each, cells) for each in commits]
    yield style.text("commits.html", told=told, following=following).encode()


def commit(style: Style, commit: Commit, newest: int, contents: Contents) -> Iterator[bytes]:
    """Tell one commit."""
    told = _told(commit, style.cells(contents))
    yield style.text("commit.html", told=told, newest=newest).encode()


@dataclass(frozen=True)
class ChangesPage:
    """What came and went between two versions: how much, and as much of it as a page shows."""

    start: int
    end: int
    counts: tuple[int, int]
    shown: Delta

    @classmethod
    def of(cls, start: int, end: int, delta: Delta) -> Self:
        """Take what a page shows of a change."""
        shown = Delta(tuple(delta.added[:MOST_CHANGES]), tuple(delta.removed[:MOST_CHANGES]))
        return cls(start, end, (len(delta.added), len(delta.removed)), shown)


def changes(style: Style, told: ChangesPage, contents: Contents) -> Iterator[bytes]:
    """Show what came and went between two versions."""
    cells = style.cells(contents)
    parts = zip(("What came", "What went"), told.counts, (told.shown.added, told.shown.removed), strict=True)
    sides = [Side(title, count, [_cells_of(quad, cells) for quad in quads]) for title, count, quads in parts]
    yield style.text("changes.html", start=told.start, end=told.end, sides=sides).encode()


def _told(commit: Commit, cells: Cells) -> Told:
    def named(graphs: tuple[str, ...]) -> list[Cell]:
        return [cells.cell(NamedNode(graph)) for graph in graphs]

    return Told(commit, named(commit.graphs), named(commit.withdrawn))


def _cells_of(quad: Quad, cells: Cells) -> tuple[Cell, ...]:
    graph = quad.graph_name
    where = Cell("the default graph") if isinstance(graph, DefaultGraph) else cells.cell(graph)
    return cells.cell(quad.subject), cells.cell(quad.predicate), cells.cell(quad.object), where
