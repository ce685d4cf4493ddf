"""Neutral rows as N-Triples lines, computed column by column: no term of a row becomes a Python object."""

from collections.abc import Iterable, Iterator
from datetime import date

import polars as pl

from kg.iris import DATA, KINDS, PREFIXES, TERMS
from kg.terms import DIPK

_XSD = PREFIXES["xsd"]
_TYPE = f" <{PREFIXES['rdf']}type> <{TERMS}"
_GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
_UNSAFE = r'[\\"\x00-\x1f\x7f]'


def _property(name: str) -> str:
    return f" <{TERMS}{name}> "


def _line(subject: pl.Expr, predicate: str, value: pl.Expr, before: str, after: str) -> pl.Expr:
    """Return the line of a triple; null if the value is null."""
    return pl.concat_str(subject, pl.lit(predicate + before), value, pl.lit(after + " .\n"))


def _named(subject: pl.Expr, name: str, value: str, space: str = DATA) -> pl.Expr:
    return _line(subject, _property(name), pl.col(value), f"<{space}", ">")


def _text(subject: pl.Expr, name: str, value: str) -> pl.Expr:
    return _line(subject, _property(name), pl.col(value), '"', '"')


def _decimal(subject: pl.Expr, name: str, value: str, space: str = TERMS) -> pl.Expr:
    return _line(subject, f" <{space}{name}> ", pl.col(value), '"', f'"^^<{_XSD}decimal>')


def _escaped(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Escape texts for N-Triples, in columns that need it; other control characters become spaces."""
    for name in names:
        if frame[name].str.contains(_UNSAFE).any():
            clean = pl.col(name).str.replace_all("\\", "\\\\", literal=True)
            for plain, escape in (('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
                clean = clean.str.replace_all(plain, escape, literal=True)
            frame = frame.with_columns(clean.str.replace_all(r"[\x00-\x1f\x7f]", " "))
    return frame


def _bytes(frame: pl.DataFrame, lines: list[pl.Expr]) -> bytes:
    texts = frame.select(pl.concat_str(lines, ignore_nulls=True).alias("lines"))["lines"]
    return "".join(texts.to_list()).encode()


def occurrences(rows: pl.DataFrame, run: str) -> bytes:
    """Return the triples of rows, each linked to a run; the lines of a row are contiguous."""
    rows = _escaped(rows, ("row_id", "mirror_id", "story"))
    rows = rows.with_columns(day_name().alias("day_name")).with_row_index("number")
    for several in (
        _several(rows, "actors", "codedActor", DATA),
        _several(rows, "targets", "codedTarget", DATA),
        _several(rows, "contexts", "codedContext", KINDS),
    ):
        rows = rows.join(several, on="number", how="left")
    node = pl.concat_str(pl.lit(f"<{DATA}"), "key", pl.lit(">"))
    lines = [
        pl.concat_str(node, pl.lit(f"{_TYPE}CodedOccurrence> .\n")),
        pl.concat_str(node, pl.lit(f"{_property('codedIn')}<{DATA}{run}> .\n")),
        _named(node, "codedAs", "code", KINDS),
        _named(node, "occursAt", "day_name"),
        _named(node, "codedPlace", "place"),
        _decimal(node, "intensity", "intensity"),
        _text(node, "rowId", "row_id"),
        _text(node, "rowId", "mirror_id"),
        _text(node, "story", "story"),
        *(pl.col(name) for name in ("codedActor", "codedTarget", "codedContext")),
    ]
    return _bytes(rows.sort("number"), lines)


def _several(rows: pl.DataFrame, column: str, name: str, space: str) -> pl.DataFrame:
    """Return the lines of a property with several values, by row number."""
    links = rows.select("number", "key", pl.col(column).str.split(" ")).drop_nulls().explode(column)
    node = pl.concat_str(pl.lit(f"<{DATA}"), "key", pl.lit(">"))
    lines = links.select("number", _named(node, name, column, space).alias(name))
    return lines.group_by("number", maintain_order=True).agg(pl.col(name).str.join(""))


def mentions(rows: pl.DataFrame, run: str) -> bytes:
    """Return the triples of mentions, each linked to a run."""
    rows = _escaped(rows, ("row_id", "story")).with_columns(day_name().alias("day_name"))
    node = pl.concat_str(pl.lit(f"<{DATA}"), "key", pl.lit(">"))
    lines = [
        pl.concat_str(node, pl.lit(f"{_TYPE}CodedMention> .\n")),
        pl.concat_str(node, pl.lit(f"{_property('codedIn')}<{DATA}{run}> .\n")),
        _named(node, "occursAt", "day_name"),
        _text(node, "rowId", "row_id"),
        _text(node, "story", "story"),
        _decimal(node, "score", "score"),
    ]
    return _bytes(rows, lines)


def parties(frame: pl.DataFrame) -> bytes:
    """Return the triples of the parties that rows name."""
    frame = _escaped(frame, ("name", "code"))
    node = pl.concat_str(pl.lit(f"<{DATA}"), "slug", pl.lit(">"))
    lines = [
        pl.concat_str(node, pl.lit(f"{_TYPE}CodedActor> .\n")),
        _text(node, "codedName", "name"),
        _text(node, "actorCode", "code"),
        _text(node, "countryCode", "country"),
    ]
    sectors = frame.select("slug", pl.col("sectors").str.split("\t")).drop_nulls().explode("sectors")
    return _bytes(frame, lines) + _bytes(_escaped(sectors, ["sectors"]), [_text(node, "sector", "sectors")])


def places(frame: pl.DataFrame) -> bytes:
    """Return the triples of the places that rows name."""
    frame = _escaped(frame, ["name"])
    node = pl.concat_str(pl.lit(f"<{DATA}"), "slug", pl.lit(">"))
    lines = [
        pl.concat_str(node, pl.lit(f"{_TYPE}CodedPlace> .\n")),
        _text(node, "codedName", "name"),
        _text(node, "countryCode", "country"),
        _decimal(node, "lat", "latitude", _GEO),
        _decimal(node, "long", "longitude", _GEO),
    ]
    return _bytes(frame, lines)


def day_name() -> pl.Expr:
    """Return the name of the time span of a row's day."""
    return pl.concat_str(
        pl.lit("coded-day-"),
        pl.col("day").dt.strftime("%Y-%m-%d"),
        pl.when("inferred").then(pl.lit("-inferred")).otherwise(pl.lit("")),
    )


def days(dates: Iterable[tuple[date, bool]]) -> Iterator[str]:
    """Yield the triples of days: the time span that all rows of a day share, stated or inferred."""
    for day, is_inferred in dates:
        node = f"<{DATA}coded-day-{day}{'-inferred' if is_inferred else ''}>"
        value = f'"{day}"^^<{_XSD}date>'
        yield f"{node}{_TYPE}TimeSpan> .\n"
        yield f'{node}{_property("dateAsWritten")}"{day}" .\n'
        for name in ("date", "earliest", "latest"):
            yield f"{node}{_property(name)}{value} .\n"
        yield f"{node}{_property('hasPrecision')}{DIPK.DAY} .\n"
        yield f"{node}{_property('dateBasis')}{DIPK.INFERRED if is_inferred else DIPK.STATED} .\n"
        if is_inferred:
            yield f'{node}{_property("inferenceNote")}"{INFERRED}"@en .\n'


INFERRED = (
    "The coder's day lies exactly a week, a month or a year before the day of its file: it was read from"
    " words such as 'a year ago'."
)
