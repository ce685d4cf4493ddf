"""Submission: its author, time and reason, whether it is current, and its records by class."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg import provenance
from kg.changes import Commit
from kg.pages.cells import Cell
from kg.pages.profiles.reading import MOST, SECTION, Item, Portion, ProfileReader
from kg.store.log import CommitLog
from kg.terms import DCTERMS, DIP, PROV

_SUPPORT = frozenset((DIP.PASSAGE, DIP.REPORT, DIP.TIME_SPAN, DIP.QUANTITY, DIP.INSCRIPTION))
_FIRST_SIGNS = (
    *("statement", "claim", "happening", "prospect", "assessment", "coding"),
    *("actor", "source", "submission", "term", "record"),
)


@dataclass(frozen=True)
class RecordGroup:
    """Records of one class; if ``is_support``, they only give sources and times of others."""

    name: Cell
    sign: str
    records: Portion[Item]
    is_support: bool


@dataclass(frozen=True)
class SubmissionProfile:
    """Content of a submission's page."""

    commits: tuple[Commit, ...]
    """The commits that wrote it, newest first."""
    sources: tuple[Cell, ...]
    supersedes: tuple[Cell, ...]
    superseded_by: tuple[Cell, ...]
    retracted: tuple[Commit, ...]
    groups: list[RecordGroup]
    count: int
    is_more: bool
    """True if it has more records than were examined."""
    warnings: tuple[Cell, ...]


def profile(reader: ProfileReader, node: NamedNode, log: CommitLog, start: int) -> SubmissionProfile:
    """Read a submission; ``start`` is the first record of each class on the page."""
    nodes = reader.nodes
    wrote = nodes.nodes(node, PROV.WAS_GENERATED_BY)
    withdrew = nodes.subjects(node, DIP.RETRACTS)
    records = _records(reader, node)
    return SubmissionProfile(
        _commits(reader, wrote, log),
        reader.cells(node, DCTERMS.SOURCE) + reader.texts(node, DCTERMS.SOURCE),
        reader.cells(node, DIP.SUPERSEDES),
        tuple(map(reader.cell, nodes.subjects(node, DIP.SUPERSEDES))),
        _commits(reader, withdrew, log),
        _groups(reader, records, start),
        len(records),
        len(records) >= MOST,
        reader.texts(node, DIP.WARNING),
    )


def _commits(reader: ProfileReader, nodes: list[NamedNode], log: CommitLog) -> tuple[Commit, ...]:
    newest = reader.all_cells.contents.version
    versions = sorted({provenance.version_of(node) for node in nodes}, reverse=True)
    return tuple(log.commit(version) for version in versions[:SECTION] if version <= newest)


def _records(reader: ProfileReader, graph: NamedNode) -> dict[NamedNode, NamedNode]:
    """Return the records that a graph describes, each with one of its classes."""
    rows = reader.select(
        f"SELECT DISTINCT ?record ?class WHERE {{ GRAPH {graph} {{ ?record a ?class }} }} LIMIT {MOST}"
    )
    found: dict[NamedNode, NamedNode] = {}
    for row in rows:
        record, name = row["record"], row["class"]
        if isinstance(record, NamedNode) and isinstance(name, NamedNode) and record != graph:
            found[record] = max(found.get(record, name), name, key=str)
    return found


def _groups(reader: ProfileReader, records: dict[NamedNode, NamedNode], start: int) -> list[RecordGroup]:
    by_class: dict[NamedNode, list[NamedNode]] = {}
    for record in sorted(records, key=str):
        by_class.setdefault(records[record], []).append(record)
    found = []
    for name, members in by_class.items():
        items = tuple(map(reader.item, members[start : start + SECTION]))
        sign = items[0].sign if items else "record"
        portion = Portion(items, len(members))
        found.append(RecordGroup(reader.cell(name), sign, portion, name in _SUPPORT))
    return sorted(found, key=lambda each: (each.is_support, _FIRST_SIGNS.index(each.sign), each.name.text))
