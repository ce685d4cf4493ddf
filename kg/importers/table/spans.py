"""Time spans: values computed from the date columns, and contradictions between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.gate.dates.calendar import Day, Period
from kg.gate.dates.parts import Precision
from kg.gate.rules.stated_dates import gives
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.values import Value
from kg.iris import KINDS
from kg.terms import XSD

COLUMNS = ("date_as_written", "date", "date_basis", "inference_note", "earliest", "latest")

_PRECISIONS: Mapping[NamedNode, Precision] = {
    XSD.G_YEAR: "year",
    XSD.G_YEAR_MONTH: "month",
    XSD.DATE: "day",
}


@dataclass(frozen=True)
class Span:
    """A time span, as dip:TimeSpan value (source of curation.md:183) it."""

    as_written: Literal
    date: Value | None
    earliest: Value | None
    latest: Value | None
    precision: str
    basis: str
    note: Value | None


def of(values: Mapping[str, tuple[Value, ...]]) -> Span | None:
    """Return the time span of a row; None if the row states none."""
    if not any(name in values for name in COLUMNS):
        return None
    first_values = {name: values[name][0] if values.get(name) else None for name in COLUMNS}
    date = first_values["date"]
    earliest, latest = first_values["earliest"], first_values["latest"]
    precision: Precision = "bounded"
    if isinstance(date, Literal) and (period := Period.of(date)):
        precision = _PRECISIONS[date.datatype]
        earliest, latest = earliest or _literal(period.first), latest or _literal(period.last)
    as_written = first_values["date_as_written"] or Literal(date.value if date else "")
    basis = first_values["date_basis"]
    assert isinstance(as_written, Literal)
    is_dated = bool(earliest or latest)
    is_stated = is_dated and gives(as_written, precision, Period(_day(earliest), _day(latest)))
    return Span(
        as_written=as_written,
        date=date,
        earliest=earliest,
        latest=latest,
        precision=precision if is_dated else "undated",
        basis=basis.value.removeprefix(KINDS) if basis else "stated" if is_stated else "not-given",
        note=first_values["inference_note"],
    )


def _literal(day: Day | None) -> Literal | None:
    return Literal(str(day), datatype=XSD.DATE) if day else None


def _day(value: Value | None) -> Day | None:
    return Day.read(value.value) if value else None


def faults(values: Mapping[str, tuple[Value, ...]]) -> Iterator[tuple[str, Bilingual]]:
    """Yield contradictions between the date columns: the column, and what to do."""
    span = of(values)
    is_misread = any(name in values and not values[name] for name in COLUMNS)
    if span is None or is_misread:
        return
    has_bound = bool(values.get("earliest") or values.get("latest"))
    if "time" in values:
        yield "time", _TWICE
    if not span.as_written.value.strip():
        yield "date_as_written", _NO_WORDS
    if span.basis == "inferred" and not span.note:
        yield "inference_note", _NO_NOTE
    if span.basis == "inferred" and "date_as_written" not in values:
        yield "date_as_written", _NOT_AS_WRITTEN
    if span.basis == "not-given" and (span.date or has_bound):
        yield "date_basis", _NOT_GIVEN if "date_basis" in values else _unstated(span)
    first, last = _day(span.earliest), _day(span.latest)
    if first and last and first.is_after(last):
        yield (
            "earliest",
            Bilingual(
                f"this day is later than {last}; swap the bounds, or correct one",
                f"este día es posterior a {last}; invierta los límites o corrija uno",
            ),
        )


_TWICE = Bilingual(
    "give a time span that is described already, or the columns for dates, not both",
    "dé un intervalo ya descrito o las columnas de fechas, no ambos",
)
_NO_WORDS = Bilingual(
    "this is required: the words of the source that state the time, or your own words",
    "es necesario: las palabras de la fuente que dan la fecha, o las suyas",
)
_NO_NOTE = Bilingual(
    "this is required: say how the date was inferred",
    "es necesario: una fecha inferida dice cómo se infirió",
)
_NOT_AS_WRITTEN = Bilingual(
    "this is required: give the source's own words for an inferred date",
    "es necesario: una fecha inferida no es como la escribe la fuente",
)
_NOT_GIVEN = Bilingual(
    "say how the date is known: stated, inferred or publication-day; not-given means that there is no date",
    "diga cómo se conoce la fecha: stated, inferred o publication-day; una que no consta no es ninguna",
)


def _unstated(span: Span) -> Bilingual:
    words = span.as_written.value
    return Bilingual(
        f"say how the date is known, for “{words}” does not give it: inferred, with an inference_note, or"
        " publication-day",
        f"diga cómo se conoce la fecha, pues “{words}” no la da: inferred, con una inference_note, o"
        " publication-day",
    )
