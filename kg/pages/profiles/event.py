"""Event and gesture: date and its basis, participants and roles, rival accounts, related codings."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell
from kg.pages.profiles.independence import Footing, footing_of_record
from kg.pages.profiles.judgements import JudgementLine
from kg.pages.profiles.reading import (
    ClaimLine,
    Item,
    KnownDate,
    Portion,
    ProfileReader,
    first,
)
from kg.pages.profiles.relations import Related, related
from kg.pages.profiles.statement import judgements
from kg.pages.stories.sayings import Saying
from kg.terms import DIP, DIPK

_ROLES = (
    ("performed", (DIP.PERFORMED_BY, DIP.GIVEN_BY)),
    ("directed", (DIP.DIRECTED_AT, DIP.RECEIVED_BY)),
    ("took part", (DIP.INVOLVES,)),
    ("host", (DIP.HOSTED_BY,)),
)
_FEW = 12


@dataclass(frozen=True)
class Participant:
    """A participant: by a role in the event itself, or by a participation with its own reports."""

    actor: Cell
    role: str
    kinds: tuple[Cell, ...]
    offices: tuple[Cell, ...]
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class AccountLine:
    """One holder's account, which consists of claims."""

    account: Item
    holders: tuple[Cell, ...]
    given_in: tuple[Item, ...]
    claims: tuple[ClaimLine, ...]


@dataclass(frozen=True)
class Point:
    """A disputed question, with the claims and accounts that answer it differently."""

    point: Cell
    claims: tuple[ClaimLine, ...]
    others: tuple[Item, ...]


@dataclass(frozen=True)
class EventProfile:
    """Content of the page of an event or gesture."""

    dates: tuple[KnownDate, ...]
    participants: Portion[Participant]
    outcomes: tuple[Cell, ...]
    quantities: tuple[Cell, ...]
    accounts: Portion[AccountLine]
    points: Portion[Point]
    codings: Portion[JudgementLine]
    judgements: Portion[JudgementLine]
    related: list[Related]
    footing: Footing


def profile(reader: ProfileReader, node: NamedNode) -> EventProfile:
    """Read a happening; the card of a gesture shows its meaning by interpreter."""
    is_gesture = DIP.GESTURE in reader.classes(node)
    found = judgements(reader, node)
    codings = [each for each in found.shown if each.item.sign == "coding"]
    others = [
        each for each in found.shown if each.item.sign != "coding" and not (is_gesture and each.is_reading)
    ]
    accounts = reader.pointing_nodes(node, DIP.RECOUNTS)
    points = [
        each
        for each in reader.pointing_nodes(node, DIP.CONCERNS).shown
        if DIP.DISPUTED_POINT in reader.classes(each)
    ]
    return EventProfile(
        reader.known_dates(node),
        first(_participants(reader, node)),
        reader.texts(node, DIP.OUTCOME),
        tuple(
            text
            for quantity in reader.nodes.nodes(node, DIP.HAS_QUANTITY)
            for text in reader.texts(quantity, DIP.AMOUNT_AS_WRITTEN)
        ),
        Portion(tuple(_account(reader, each) for each in accounts.shown), accounts.number, accounts.is_more),
        first([point(reader, each) for each in points]),
        first(codings),
        Portion(tuple(others), len(others), found.is_more),
        related(reader, node),
        footing_of_record(reader, node),
    )


def point(reader: ProfileReader, node: NamedNode) -> Point:
    """Read a disputed point."""
    answers = reader.nodes.nodes(node, DIP.DISPUTES)[:_FEW]
    claims = [each for each in answers if DIP.CLAIM in reader.classes(each)]
    return Point(
        reader.cell(node),
        tuple(map(reader.claim, claims)),
        tuple(reader.item(each) for each in answers if each not in claims),
    )


def _participants(reader: ProfileReader, node: NamedNode) -> list[Participant]:
    nodes = reader.nodes.nodes
    offices: dict[NamedNode, list[Cell]] = {}
    for tenure in nodes(node, DIP.MADE_IN_OFFICE):
        for holder in nodes(tenure, DIP.HELD_BY):
            offices.setdefault(holder, []).extend(reader.cells(tenure, DIP.HOLDS_OFFICE))
    found = [
        Participant(reader.cell(actor), role, (), tuple(offices.get(actor, ())), ())
        for role, predicates in _ROLES
        for actor in nodes(node, *predicates)
    ]
    for part in reader.pointing_nodes(node, DIP.TAKES_PART_IN).shown:
        sayings = reader.sayings(part)
        kinds = reader.cells(part, DIP.HAS_KIND)
        found += [
            Participant(reader.cell(actor), "role", kinds, tuple(offices.get(actor, ())), sayings)
            for actor in nodes(part, DIP.HELD_BY)
        ]
    return found


def _account(reader: ProfileReader, node: NamedNode) -> AccountLine:
    return AccountLine(
        reader.item(node),
        reader.cells(node, DIP.HELD_BY),
        reader.items(node, DIP.GIVEN_IN),
        tuple(map(reader.claim, reader.nodes.nodes(node, DIP.COMPRISES))),
    )


def is_reported_only(reader: ProfileReader, node: NamedNode) -> bool:
    """Return True if every report of a happening is hedged: no source states plainly that it occurred."""
    reports = reader.pointing_nodes(node, DIP.REPORTS).shown
    hedges = [reader.nodes.nodes(report, DIP.HEDGED_AS) for report in reports]
    return bool(hedges) and all(hedge_kinds and DIPK.PLAIN not in hedge_kinds for hedge_kinds in hedges)
