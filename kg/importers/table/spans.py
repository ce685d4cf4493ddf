"""Time spans: what is worked out of the columns for dates, and what these must not say."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from kg.importers.table.values import Value
from kg.iris import KINDS
from kg.terms import XSD

COLUMNS = ("date_as_written", "date", "date_basis", "inference_note", "earliest", "latest")

_PRECISIONS = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True)
class Span:
    """What is known of a time, as a dip:TimeSpan holds it."""

    as_written: Literal
    date: Value | None
    earliest: Value | None
    latest: Value | None
    precision: str
    basis: str
    note: Value | None


def of(values: Mapping[str, tuple[Value, ...]]) -> Span | None:
    """Work a span out of the values of a row; None where the row says nothing of the time."""
    if not any(name in values for name in COLUMNS):
        return None
    given = {name: values[name][0] if values.get(name) else None for name in COLUMNS}
    date = given["date"]
    first, last = _bounds(date.value) if date else (None, None)
    earliest, latest = given["earliest"] or first, given["latest"] or last
    as_written = given["date_as_written"] or Literal(date.value if date else "")
    basis = given["date_basis"]
    assert isinstance(as_written, Literal)
    return Span(
        as_written=as_written,
        date=date,
        earliest=earliest,
        latest=latest,
        precision=_PRECISIONS[len(date.value)] if date else "bounded" if earliest or latest else "undated",
        basis=basis.value.removeprefix(KINDS) if basis else "stated" if date else "not-given",
        note=given["inference_note"],
    )


def faults(values: Mapping[str, tuple[Value, ...]]) -> Iterator[tuple[str, str]]:
    """Find what is wrong between the columns for dates: the column, and what to do."""
    span = of(values)
    is_misread = any(name in values and not values[name] for name in COLUMNS)
    if span is None or is_misread:
        return
    has_bound = bool(values.get("earliest") or values.get("latest"))
    if "time" in values:
        yield "time", "give a time span that is described already, or the columns for dates, not both"
    if not span.as_written.value.strip():
        yield "date_as_written", "this is needed: the words of the source that give the time, or your own"
    if span.basis == "inferred" and not span.note:
        yield "inference_note", "this is needed: an inferred date says how it was inferred"
    if span.basis == "inferred" and "date_as_written" not in values:
        yield "date_as_written", "this is needed: an inferred date is not as the source writes it"
    if span.basis == "not-given" and (span.date or has_bound):
        yield "date_basis", "say how the date is known: stated, inferred or publication-day"
    if span.earliest and span.latest and span.earliest.value > span.latest.value:
        yield "earliest", f"this day is later than {span.latest.value}; turn the bounds round, or correct one"


def _bounds(date: str) -> tuple[Literal, Literal]:
    """Give the first and the last day of a year, month or day."""
    year, month = int(date[:4]), int(date[5:7] or 0)
    first = date if len(date) == 10 else f"{date[:4]}-{month or 1:02}-01"
    last = date if len(date) == 10 else f"{date[:4]}-{month or 12:02}-{monthrange(year, month or 12)[1]:02}"
    return Literal(first, datatype=XSD.DATE), Literal(last, datatype=XSD.DATE)
