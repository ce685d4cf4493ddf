"""Reviewed table of actors: maps coders' actors to curated actors, with author and reason of each judgement.

Each row of the table states what it matches (country, sectors, name), the curated actor, author and reason. A
row with the verdict "same" counts; an undecided row has a score and does not count. Nothing is merged: each
match becomes a dip:ActorResolution in the graph of the file. A role group matches an organ of its state,
never a person.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import Unreadable
from kg.importers.events.countries import TABLES
from kg.iris import DATA, KINDS, TERMS, slug
from kg.terms import DCTERMS, DIP, DIPK, RDF, RDFS, XSD

COLUMNS = ("country", "sectors", "name", "actor", "class", "label", "verdict", "score", "author", "reason")
_CLASSES = (
    "Person",
    "State",
    "Government",
    "Organization",
    "Outlet",
    "PoliticalParty",
    "Region",
    "RoleGroup",
)
_VERDICTS = ("same", "different", "undecided")


@dataclass(frozen=True)
class ActorEntry:
    """A row of the table: what it matches, and its judgement."""

    country: str
    sectors: frozenset[str]
    name: str
    actor: str
    class_: str
    label: str
    verdict: str
    score: Decimal | None
    author: str
    reason: str

    def fits(self, party: Mapping[str, str | None]) -> bool:
        """Return True if a coder's actor has the country and the name, and only sectors of this row."""
        if self.country and self.country != party["country"]:
            return False
        if self.name and self.name.casefold() != (party["name"] or "").casefold():
            return False
        roles = (party["roles"] or "").split()
        return not self.sectors or (bool(roles) and self.sectors.issuperset(roles))


@dataclass(frozen=True)
class ActorTable:
    """The rows of one or more tables, looked up by country and by name."""

    entries: tuple[ActorEntry, ...]
    hash: str

    def resolutions(self, parties: pl.DataFrame) -> Iterator[tuple[str, ActorEntry]]:
        """Yield the name of each coder's actor with each row that matches it."""
        by_country: dict[str, list[ActorEntry]] = {}
        for entry in self.entries:
            by_country.setdefault(entry.country, []).append(entry)
        for party in parties.iter_rows(named=True):
            for entry in (*by_country.get(party["country"] or "", ()), *by_country.get("", ())):
                if entry.fits(party):
                    yield party["slug"], entry


def read(own: Path | None = None) -> ActorTable:
    """Read the table that comes with kg, followed by the user's own."""
    files = [TABLES / "actors.csv", *([own] if own else [])]
    digest = hashlib.sha256()
    entries: list[ActorEntry] = []
    for file in files:
        try:
            data = file.read_bytes()
        except OSError as fault:
            raise Unreadable(f"{file.name} cannot be read: {fault.strerror}.") from None
        digest.update(data)
        entries += _entries(file.name, data.decode("utf-8-sig", "replace"))
    return ActorTable(tuple(entries), digest.hexdigest())


def _entries(name: str, text: str) -> Iterator[ActorEntry]:
    reader = csv.DictReader(text.splitlines())
    if missing := [column for column in COLUMNS if column not in (reader.fieldnames or ())]:
        raise Unreadable(
            f"{name}: a table of actors has the columns {', '.join(COLUMNS)}; {missing[0]} is missing."
        )
    for row in reader:
        try:
            yield _entry({column: (row[column] or "").strip() for column in COLUMNS})
        except ValueError as fault:
            raise Unreadable(f"{name}:{reader.line_num}: {fault}") from None


def _entry(row: Mapping[str, str]) -> ActorEntry:
    if not (row["country"] or row["name"]):
        raise ValueError("give a country or a name to match.")
    if not row["author"] or not row["reason"]:
        raise ValueError("each row has an author and a reason.")
    if row["class"] not in _CLASSES or not row["label"]:
        raise ValueError(f"the class is one of {', '.join(_CLASSES)}, and the actor has a label.")
    if row["actor"] != slug(row["actor"]) or not row["actor"]:
        raise ValueError(
            f"{row['actor']!r} is not the name of an actor: write it as in dipid:gustavo-petro, without "
            "dipid:."
        )
    if row["verdict"] not in _VERDICTS:
        raise ValueError(f"the verdict is one of {', '.join(_VERDICTS)}.")
    return ActorEntry(
        *(row["country"], frozenset(row["sectors"].split()), row["name"], row["actor"], row["class"]),
        *(row["label"], row["verdict"], _score(row["score"]), row["author"], row["reason"]),
    )


def _score(text: str) -> Decimal | None:
    try:
        score = Decimal(text) if text else None
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a score from 0 to 1.") from None
    if score is not None and not 0 <= score <= 1:
        raise ValueError(f"{text!r} is not a score from 0 to 1.")
    return score


def described(resolutions: Iterator[tuple[str, ActorEntry]], run: str) -> Iterator[Quad]:
    """Yield resolutions, the actors and authors that they name, and the report that supports them."""
    table, report = _node(f"actor-table-{run}"), _node(f"report-of-actor-table-{run}")
    authors: dict[str, None] = {}
    for party, entry in resolutions:
        authors[entry.author] = None
        judgement = _node(f"resolution-{run}-{party}-{entry.actor}")
        yield _quad(judgement, RDF.TYPE, DIP.ACTOR_RESOLUTION)
        yield _quad(judgement, DIP.ASSESSED_BY, _author(entry.author))
        yield _quad(judgement, DIP.ASSESSES, _node(party))
        yield _quad(judgement, DIP.RESOLVES_TO, _node(entry.actor))
        yield _quad(judgement, DIP.HAS_VERDICT, NamedNode(KINDS + entry.verdict))
        yield _quad(judgement, DIP.INFERENCE_NOTE, Literal(entry.reason))
        if entry.score is not None:
            yield _quad(judgement, DIP.SCORE, Literal(str(entry.score), datatype=XSD.DECIMAL))
        yield _quad(report, DIP.REPORTS, judgement)
        yield from _actor(_node(entry.actor), NamedNode(TERMS + entry.class_), entry.label, table)
    for author in authors:
        yield from _actor(_author(author), DIP.ACTOR, author, table)
        yield _quad(table, DIP.PUBLISHED_BY, _author(author))
    if authors:
        yield from _table(table, report)


def _table(table: NamedNode, report: NamedNode) -> Iterator[Quad]:
    yield _quad(table, RDF.TYPE, DIP.SOURCE)
    yield _quad(table, DCTERMS.TITLE, Literal("Reviewed table of actors", language="en"))
    yield _quad(table, DIP.HAS_KIND, DIPK.DATA_TABLE)
    yield _quad(report, RDF.TYPE, DIP.REPORT)
    yield _quad(report, DIP.FOUND_IN, table)
    yield _quad(report, DIP.HEDGED_AS, DIPK.PLAIN)
    yield _quad(report, DIP.BASED_ON, DIPK.RECORDED_AS_DATA)


def _actor(node: NamedNode, class_: NamedNode, label: str, table: NamedNode) -> Iterator[Quad]:
    yield _quad(node, RDF.TYPE, class_)
    yield _quad(node, RDFS.LABEL, Literal(label, language="en"))
    yield _quad(node, DIP.FOUND_IN, table)


def _author(name: str) -> NamedNode:
    return _node(slug(name))


def _node(name: str) -> NamedNode:
    return NamedNode(DATA + name)


def _quad(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value)
