"""Claim: its claimants and words, who denies it, and its statuses with their holders."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell
from kg.pages.profiles.event import Point, point
from kg.pages.profiles.independence import Footing, footing_of_record
from kg.pages.profiles.reading import (
    ClaimLine,
    Item,
    KnownDate,
    Portion,
    ProfileReader,
    first,
    shortened,
)
from kg.pages.stories.sayings import Saying
from kg.terms import DIP

_ALLEGED = (
    ("actor", DIP.ALLEGED_ACTOR),
    ("kind", DIP.ALLEGED_KIND),
    ("target", DIP.ALLEGED_TARGET),
    ("place", DIP.ALLEGED_PLACE),
    ("time", DIP.ALLEGED_TIME),
    ("concerns", DIP.CONCERNS),
)
_FEW = 12


@dataclass(frozen=True)
class Utterance:
    """A statement that makes or denies the claim, with its words and reports."""

    statement: Item
    speakers: tuple[Cell, ...]
    dates: tuple[KnownDate, ...]
    words: tuple[Cell, ...]
    """The words, if they are quotations."""
    paraphrases: tuple[Cell, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class HeldStatus:
    """A status of the claim, and who holds it."""

    status: tuple[Cell, ...]
    holders: tuple[Cell, ...]
    settled_by: tuple[Item, ...]
    dates: tuple[KnownDate, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class ClaimProfile:
    """Content of a claim's page."""

    line: ClaimLine
    contents: tuple[Cell, ...]
    alleged: tuple[tuple[str, tuple[Cell, ...]], ...]
    advanced: Portion[Utterance]
    denials: Portion[Utterance]
    statuses: Portion[HeldStatus]
    points: Portion[Point]
    accounts: Portion[Item]
    alike: Portion[ClaimLine]
    """Claims with the same actor, kind and target."""
    footing: Footing


def profile(reader: ProfileReader, node: NamedNode) -> ClaimProfile:
    """Read a claim."""
    advanced = reader.pointing_nodes(node, DIP.ADVANCES)
    points = reader.pointing_nodes(node, DIP.DISPUTES, most=_FEW)
    statuses = reader.pointing_nodes(node, DIP.APPLIES_TO)
    return ClaimProfile(
        reader.claim(node),
        reader.texts(node, DIP.CONTENT),
        tuple((name, found) for name, each in _ALLEGED if (found := _values(reader, node, each))),
        _utterances(reader, advanced),
        _utterances(reader, reader.pointing_nodes(node, DIP.DENIES)),
        Portion(tuple(_status(reader, each) for each in statuses.shown), statuses.number, statuses.is_more),
        Portion(tuple(point(reader, each) for each in points.shown), points.number, points.is_more),
        reader.pointing(node, DIP.COMPRISES),
        _alike(reader, node),
        footing_of_record(reader, *advanced.shown),
    )


def _values(reader: ProfileReader, node: NamedNode, predicate: NamedNode) -> tuple[Cell, ...]:
    return reader.cells(node, predicate) + reader.texts(node, predicate)


def _utterances(reader: ProfileReader, statements: Portion[NamedNode]) -> Portion[Utterance]:
    return Portion(
        tuple(_utterance(reader, each) for each in statements.shown), statements.number, statements.is_more
    )


def _utterance(reader: ProfileReader, node: NamedNode) -> Utterance:
    return Utterance(
        reader.item(node),
        reader.cells(node, DIP.MADE_BY),
        reader.known_dates(node),
        tuple(map(shortened, reader.texts(node, DIP.QUOTATION))),
        tuple(map(shortened, reader.texts(node, DIP.PARAPHRASE))),
        reader.sayings(node),
    )


def _status(reader: ProfileReader, node: NamedNode) -> HeldStatus:
    return HeldStatus(
        reader.cells(node, DIP.HAS_STATUS),
        reader.cells(node, DIP.HELD_BY),
        reader.items(node, DIP.SETTLED_BY),
        reader.known_dates(node),
        reader.sayings(node),
    )


def _alike(reader: ProfileReader, node: NamedNode) -> Portion[ClaimLine]:
    found = {
        quad.subject
        for key in reader.nodes.texts(node, DIP.CLAIM_KEY)
        for quad in reader.all_cells.contents.quads_for_pattern(None, DIP.CLAIM_KEY, key)
        if isinstance(quad.subject, NamedNode) and quad.subject != node
    }
    portion = first(sorted(found, key=str), _FEW)
    return Portion(tuple(map(reader.claim, portion.shown)), portion.number)
