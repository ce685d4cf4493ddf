"""Statement: its words, speaker and day, its claims and acts, and tone and stance with their authors."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell
from kg.pages.profiles.judgements import JudgementLine, judgement
from kg.pages.profiles.reading import ClaimLine, KnownDate, Portion, ProfileReader
from kg.pages.profiles.relations import Related, related
from kg.terms import DIP


@dataclass(frozen=True)
class StatementProfile:
    """Content of a statement's page."""

    speakers: tuple[Cell, ...]
    offices: tuple[Cell, ...]
    addressees: tuple[Cell, ...]
    concerns: tuple[Cell, ...]
    quotations: tuple[Cell, ...]
    paraphrases: tuple[Cell, ...]
    dates: tuple[KnownDate, ...]
    claims: tuple[ClaimLine, ...]
    denied: tuple[ClaimLine, ...]
    """The claims that it denies."""
    conditions: tuple[tuple[Cell, tuple[Cell, ...]], ...]
    """Acts that it holds out or requests, each with its conditions."""
    judgements: Portion[JudgementLine]
    related: list[Related]


def profile(reader: ProfileReader, node: NamedNode) -> StatementProfile:
    """Read a statement."""
    nodes = reader.nodes.nodes
    denied = [each for each in nodes(node, DIP.DENIES) if DIP.CLAIM in reader.classes(each)]
    return StatementProfile(
        reader.cells(node, DIP.MADE_BY),
        tuple(
            office
            for tenure in nodes(node, DIP.MADE_IN_OFFICE)
            for office in reader.cells(tenure, DIP.HOLDS_OFFICE)
        ),
        reader.cells(node, DIP.ADDRESSED_TO),
        reader.cells(node, DIP.CONCERNS),
        reader.texts(node, DIP.QUOTATION),
        reader.texts(node, DIP.PARAPHRASE),
        reader.known_dates(node),
        tuple(map(reader.claim, nodes(node, DIP.ADVANCES))),
        tuple(map(reader.claim, denied)),
        tuple(
            (reader.cell(act), reader.texts(act, DIP.CONDITION))
            for act in nodes(node, DIP.HOLDS_OUT, DIP.ASKS_FOR)
        ),
        judgements(reader, node),
        related(reader, node),
    )


def judgements(reader: ProfileReader, node: NamedNode) -> Portion[JudgementLine]:
    """Return others' judgements of a thing."""
    found = reader.pointing_nodes(node, DIP.ASSESSES, DIP.CONCERNS)
    of_assessors = [each for each in found.shown if reader.nodes.nodes(each, DIP.ASSESSED_BY)]
    lines = tuple(judgement(reader, each) for each in of_assessors)
    return Portion(lines, len(lines), found.is_cut)
