"""Judgements: assessments of a statement, event or actor, each with its author."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell
from kg.pages.profiles.reading import Item, KnownDate, ProfileReader, shortened
from kg.pages.stories.sayings import Saying
from kg.terms import DIP


@dataclass(frozen=True)
class JudgementLine:
    """An assessment with its author: a stance, a tone, a meaning, a code."""

    item: Item
    by: tuple[Cell, ...]
    holders: tuple[Cell, ...]
    toward: tuple[Cell, ...]
    modes: tuple[Cell, ...]
    positions: tuple[Cell, ...]
    """Position of a stance, or tone."""
    texts: tuple[Cell, ...]
    """The author's words, or a restatement of them."""
    codes: tuple[Cell, ...]
    schemes: tuple[Cell, ...]
    rests_on: tuple[Cell, ...]
    is_reading: bool
    """True if it states the meaning of a gesture or deed."""
    dates: tuple[KnownDate, ...]
    sayings: tuple[Saying, ...]


def judgement(reader: ProfileReader, node: NamedNode) -> JudgementLine:
    """Return a judgement for a list."""
    texts = (DIP.MEANING, DIP.QUOTATION, DIP.PARAPHRASE)
    return JudgementLine(
        reader.item(node),
        reader.cells(node, DIP.ASSESSED_BY),
        reader.cells(node, DIP.HELD_BY),
        reader.cells(node, DIP.TOWARD),
        reader.cells(node, DIP.HAS_MODE),
        reader.cells(node, DIP.POSITION, DIP.HAS_TONE),
        tuple(shortened(text) for each in texts for text in reader.texts(node, each)),
        reader.texts(node, DIP.CODE),
        reader.cells(node, DIP.USES_SCHEME) + reader.texts(node, DIP.SCHEME_VERSION),
        reader.cells(node, DIP.RESTS_ON),
        bool(reader.nodes.texts(node, DIP.MEANING)),
        reader.known_dates(node),
        reader.sayings(node),
    )
