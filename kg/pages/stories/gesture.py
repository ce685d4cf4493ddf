"""Gesture card: giver and receiver, object, inscriptions before and after, occasion, readings."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell, Cells
from kg.pages.stories.lettering import Letters, changed_letters
from kg.pages.stories.sayings import Saying, SayingReader, WrittenDate
from kg.terms import DIP


@dataclass(frozen=True)
class Lettering:
    """Inscriptions of an object before and after, and the letters that changed."""

    before: Cell | None
    after: Cell | None
    letters: tuple[Letters, ...]


@dataclass(frozen=True)
class GestureReading:
    """The meaning of a gesture to an interpreter."""

    interpreters: tuple[Cell, ...]
    meanings: tuple[Cell, ...]
    interpretation: Cell
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class GestureCard:
    """One graph's account of a gesture, with the supporting reports and all readings of it."""

    performers: tuple[Cell, ...]
    receivers: tuple[Cell, ...]
    objects: tuple[Cell, ...]
    occasions: tuple[Cell, ...]
    dates: tuple[WrittenDate, ...]
    lettering: Lettering | None
    sayings: tuple[Saying, ...]
    readings: tuple[GestureReading, ...]
    others: tuple[Cell, ...]
    """Other gestures with the same object."""


def cards(cells: Cells, node: NamedNode) -> list[GestureCard]:
    """Return a card for each graph that reports a gesture."""
    reader = SayingReader(cells)
    readings = tuple(_readings(reader, node))
    return [
        GestureCard(
            reader.cells(node, DIP.PERFORMED_BY, DIP.GIVEN_BY, graph=graph),
            reader.cells(node, DIP.RECEIVED_BY, DIP.DIRECTED_AT, graph=graph),
            reader.cells(node, DIP.MADE_WITH, graph=graph),
            reader.cells(node, DIP.HAS_OCCASION, graph=graph),
            reader.dates(node, graph),
            _lettering(reader, node, graph),
            sayings,
            readings,
            tuple(map(reader.cell, _others(reader, node))),
        )
        for graph, sayings in reader.by_graph(node)
    ]


def _lettering(reader: SayingReader, node: NamedNode, graph: NamedNode) -> Lettering | None:
    """Return the inscriptions of a gesture; if it has none, those of its object in this graph."""
    nodes = reader.nodes.nodes
    before = nodes(node, DIP.INSCRIPTION_BEFORE, graph=graph)
    after = nodes(node, DIP.INSCRIPTION_AFTER, graph=graph)
    if not before and not after:
        objects = nodes(node, DIP.MADE_WITH)
        before = [each for thing in objects for each in nodes(thing, DIP.BEARS, graph=graph)]
    first, second = (_text(reader, inscriptions) for inscriptions in (before, after))
    if first is None and second is None:
        return None
    letters = changed_letters(first.text, second.text) if first and second else []
    return Lettering(first, second, tuple(letters))


def _text(reader: SayingReader, inscriptions: list[NamedNode]) -> Cell | None:
    texts = (text for inscription in inscriptions for text in reader.texts(inscription, DIP.TEXT))
    return next(texts, None)


def _readings(reader: SayingReader, node: NamedNode) -> Iterator[GestureReading]:
    for interpretation in reader.nodes.subjects(node, DIP.ASSESSES):
        for graph, sayings in reader.by_graph(interpretation):
            if meanings := reader.texts(interpretation, DIP.MEANING, graph):
                by = reader.cells(interpretation, DIP.ASSESSED_BY, graph=graph)
                yield GestureReading(by, meanings, reader.cell(interpretation), sayings)


def _others(reader: SayingReader, node: NamedNode) -> list[NamedNode]:
    objects = reader.nodes.nodes(node, DIP.MADE_WITH)
    found = {other for thing in objects for other in reader.nodes.subjects(thing, DIP.MADE_WITH)}
    return sorted(found - {node}, key=str)
