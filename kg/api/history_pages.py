"""The history as pages for people: what was done, by whom and why, and what came and went."""

from dataclasses import dataclass
from itertools import islice

from fastapi import Request, Response
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.api.cells import Cell, Cells
from kg.api.pages import cells_for, page
from kg.api.resources import Resources
from kg.quads import Commit, Delta

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


def commits_page(request: Request, here: Resources, commits: list[Commit], following: str | None) -> Response:
    """List commits, newest first."""
    cells = cells_for(request, here)
    return page(here, "commits.html", told=[_told(each, cells) for each in commits], following=following)


def commit_page(request: Request, here: Resources, commit: Commit) -> Response:
    """Tell one commit."""
    told = _told(commit, cells_for(request, here))
    return page(here, "commit.html", told=told, newest=here.contents.version)


def changes_page(request: Request, here: Resources, start: int, end: int, delta: Delta) -> Response:
    """Show what came and went between two versions."""
    cells = cells_for(request, here)
    pairs = (("What came", delta.added), ("What went", delta.removed))
    sides = [
        Side(title, len(quads), [_cells_of(quad, cells) for quad in islice(quads, MOST_CHANGES)])
        for title, quads in pairs
    ]
    return page(here, "changes.html", start=start, end=end, sides=sides)


def _told(commit: Commit, cells: Cells) -> Told:
    def named(graphs: tuple[str, ...]) -> list[Cell]:
        return [cells.cell(NamedNode(graph)) for graph in graphs]

    return Told(commit, named(commit.graphs), named(commit.withdrawn))


def _cells_of(quad: Quad, cells: Cells) -> tuple[Cell, ...]:
    graph = quad.graph_name
    where = Cell("the default graph") if isinstance(graph, DefaultGraph) else cells.cell(graph)
    return cells.cell(quad.subject), cells.cell(quad.predicate), cells.cell(quad.object), where
