"""Actor: offices on a day, words and deeds in time, and separately others' claims, deeds and judgements."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.gate.dates.calendar import Day
from kg.pages.cells import Cell
from kg.pages.profiles.judgements import JudgementLine, judgement
from kg.pages.profiles.reading import MOST, SECTION, ClaimLine, Portion, ProfileReader, some_of
from kg.pages.profiles.tenures import Tenure, tenures
from kg.pages.profiles.timeline import (
    Timeline,
    acts_by,
    acts_toward,
    counterparts,
    timeline,
)
from kg.pages.stories.parties import party_of
from kg.terms import DIP, DIPK, SKOS

_TOWARD_SHOWN = 10


@dataclass(frozen=True)
class ActorProfile:
    """Content of an actor's page."""

    names: tuple[Cell, ...]
    ties: tuple[tuple[str, tuple[Cell, ...]], ...]
    """Its ties to others, by name of the tie."""
    wikidata: tuple[Cell, ...]
    tenures: list[Tenure]
    acting: tuple[tuple[Cell, Cell | None], ...]
    """The actors that act for it, each with the office."""
    timeline: Timeline
    counterparts: list[tuple[Cell, int]]
    claims: Portion[ClaimLine]
    toward: Timeline
    stances: Portion[JudgementLine]
    coded: int
    """Names and codes in event data that a resolution identifies with this actor."""


def profile(reader: ProfileReader, node: NamedNode, day: Day | None, start: int) -> ActorProfile:
    """Read an actor; ``day`` selects its offices, ``start`` is the timeline's first entry on the page."""
    party = party_of(reader.nodes, node)
    acts = acts_by(reader, party)
    toward = acts_toward(reader, node)
    return ActorProfile(
        reader.texts(node, SKOS.ALT_LABEL),
        tuple((name, cells) for name, cells in _ties(reader, node) if cells),
        reader.cells(node, DIP.WIKIDATA_ITEM),
        tenures(reader, node, day),
        tuple(
            (reader.cell(each.actor), reader.cell(each.office) if each.office else None)
            for capacities in party.capacities.values()
            for each in capacities
        ),
        timeline(reader, party, acts, start),
        counterparts(reader, party, acts),
        _claims(reader, node),
        timeline(reader, None, toward, most=_TOWARD_SHOWN),
        _stances(reader, node),
        _coded(reader, node),
    )


def _ties(reader: ProfileReader, node: NamedNode) -> list[tuple[str, tuple[Cell, ...]]]:
    def pointing(predicate: NamedNode) -> tuple[Cell, ...]:
        return tuple(item.cell for item in reader.pointing(node, predicate).shown)

    return [
        ("governs", reader.cells(node, DIP.GOVERNS)),
        ("governed", pointing(DIP.GOVERNS)),
        ("part", reader.cells(node, DIP.PART_OF)),
        ("parts", pointing(DIP.PART_OF)),
        ("speaks", reader.cells(node, DIP.SPEAKS_FOR)),
        ("voices", pointing(DIP.SPEAKS_FOR)),
        ("published", pointing(DIP.PUBLISHED_BY)),
    ]


def _claims(reader: ProfileReader, node: NamedNode) -> Portion[ClaimLine]:
    """Return others' claims about an actor."""
    found = reader.select_nodes(
        "SELECT DISTINCT ?claim WHERE { "
        f"?claim dip:allegedActor|dip:allegedTarget|dip:concerns {node} ; a dip:Claim . "
        f"MINUS {{ ?claim dip:claimedBy {node} }} }} LIMIT {MOST}"
    )
    lines = tuple(map(reader.claim, some_of(found, SECTION)))
    return Portion(lines, len(found), len(found) >= MOST)


def _stances(reader: ProfileReader, node: NamedNode) -> Portion[JudgementLine]:
    """Return an actor's stances as others see them, and others' stances toward it."""
    found = reader.select_nodes(
        f"SELECT DISTINCT ?stance WHERE {{ ?stance dip:heldBy|dip:toward {node} ; a dip:Stance }} "
        f"LIMIT {MOST}"
    )
    lines = tuple(judgement(reader, each) for each in some_of(found, SECTION))
    return Portion(lines, len(found), len(found) >= MOST)


def _coded(reader: ProfileReader, node: NamedNode) -> int:
    found = reader.select(
        f"SELECT ?name WHERE {{ ?resolution dip:resolvesTo {node} ; dip:hasVerdict {DIPK.SAME} ; "
        f"dip:assesses ?name }} LIMIT {MOST}"
    )
    return len({row["name"] for row in found})
