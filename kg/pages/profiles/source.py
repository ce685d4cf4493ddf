"""Source: its publisher, the sources it depends on, and its passages in order with their records."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.cells import Cell
from kg.pages.profiles.independence import Footing, footing_of_source
from kg.pages.profiles.reading import (
    MOST,
    SECTION,
    Item,
    KnownDate,
    Portion,
    ProfileReader,
    shortened,
    text_of,
)
from kg.terms import DIP, DIPK

_FEW = 12


@dataclass(frozen=True)
class QuotedRecord:
    """A record that a report supports by a passage, with its basis and hedge, if any."""

    record: Item
    hedges: tuple[Cell, ...]
    basis: tuple[Cell, ...]


@dataclass(frozen=True)
class PassageLine:
    """A passage in order, with the records that depend on it."""

    passage: Cell
    anchor: str
    prefix: str
    words: tuple[Cell, ...]
    suffix: str
    records: Portion[QuotedRecord]


@dataclass(frozen=True)
class SourceProfile:
    """Content of a source's page."""

    publishers: tuple[Cell, ...]
    kinds: tuple[Cell, ...]
    dates: tuple[KnownDate, ...]
    urls: tuple[str, ...]
    disclaimers: Portion[Item]
    cites: Portion[Item]
    cited_by: Portion[Item]
    footing: Footing
    passages: Portion[PassageLine]
    start: int
    unplaced: Portion[QuotedRecord]
    """Records found in it whose reports quote no passage."""

    @property
    def following(self) -> int | None:
        """The number of the first passage of the next page; None at the end."""
        end = self.start + len(self.passages.shown)
        return end if end < self.passages.number else None


def profile(reader: ProfileReader, node: NamedNode, start: int) -> SourceProfile:
    """Read a source; ``start`` is the first passage on the page."""
    cited = reader.items(node, DIP.CITES)
    passages = _in_order(reader, node)
    return SourceProfile(
        reader.cells(node, DIP.PUBLISHED_BY),
        reader.cells(node, DIP.HAS_KIND),
        reader.known_dates(node),
        tuple(url.value for url in reader.nodes.texts(node, DIP.URL)),
        reader.pointing(node, DIP.DISCLAIMS, most=_FEW),
        Portion(cited[:SECTION], len(cited)),
        reader.pointing(node, DIP.CITES, most=_FEW),
        footing_of_source(reader, node),
        Portion(
            tuple(_line(reader, each) for each in passages[start : start + SECTION]),
            len(passages),
            len(passages) >= MOST,
        ),
        start,
        _unplaced(reader, node),
    )


def _in_order(reader: ProfileReader, node: NamedNode) -> list[NamedNode]:
    """Return the passages of a source in text order, those without an offset last."""
    rows = reader.select(
        "SELECT ?passage ?start WHERE { "
        f"{{ SELECT DISTINCT ?passage WHERE {{ ?passage dip:occursIn {node} }} LIMIT {MOST} }} "
        "OPTIONAL { ?passage dip:startOffset ?start } }"
    )
    places: dict[NamedNode, int | None] = {}
    for row in rows:
        if isinstance(passage := row["passage"], NamedNode):
            places[passage] = _number(text_of(row["start"]))
    return sorted(places, key=lambda each: _place(places[each], each))


def _place(offset: int | None, node: NamedNode) -> tuple[bool, int, str]:
    return offset is None, offset or 0, node.value


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _line(reader: ProfileReader, node: NamedNode) -> PassageLine:
    reports = reader.pointing_nodes(node, DIP.QUOTES, most=_FEW)
    records = tuple(record for report in reports.shown for record in _records(reader, report))
    text = reader.nodes.text
    return PassageLine(
        reader.cell(node),
        "p-" + node.value.rpartition("/")[2],
        text(node, DIP.PREFIX) or "",
        tuple(map(shortened, reader.texts(node, DIP.EXACT_TEXT))),
        text(node, DIP.SUFFIX) or "",
        Portion(records, len(records), reports.is_cut),
    )


def _records(reader: ProfileReader, report: NamedNode) -> tuple[QuotedRecord, ...]:
    hedged = reader.nodes.nodes(report, DIP.HEDGED_AS)
    hedges = tuple(reader.cell(each) for each in hedged if each != DIPK.PLAIN)
    basis = reader.cells(report, DIP.BASED_ON)
    return tuple(QuotedRecord(record, hedges, basis) for record in reader.items(report, DIP.REPORTS))


def _unplaced(reader: ProfileReader, node: NamedNode) -> Portion[QuotedRecord]:
    examined = (
        "{ SELECT DISTINCT ?report WHERE { "
        f"{{ ?report dip:foundIn {node} }} UNION {{ ?report dip:seenIn {node} }} }} LIMIT {MOST} }}"
    )
    number = sum(
        int(row["number"].value)
        for row in reader.select(f"SELECT (COUNT(?report) AS ?number) WHERE {{ {examined} }}")
    )
    reports = reader.select_nodes(
        f"SELECT ?report WHERE {{ {examined} "
        f"MINUS {{ {{ SELECT ?passage WHERE {{ ?passage dip:occursIn {node} }} LIMIT {MOST} }} "
        "?report dip:quotes ?passage } }"
    )
    records = tuple(
        record for report in sorted(reports, key=str)[:SECTION] for record in _records(reader, report)
    )
    return Portion(records[:SECTION], max(len(records), len(reports)), number >= MOST)
