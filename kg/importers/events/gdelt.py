"""GDELT: events 2.0 (61 columns) and 1.0 (58 or 57), without header, and the table of mentions (16 columns).

Dates exactly a week, a month or a year before the file's own day were inferred by GDELT from words such as
"a year ago"; they are marked. Actors have country codes of CAMEO, places those of FIPS 10-4.
"""

import csv
from collections.abc import Iterator

import polars as pl

from kg.errors import Unreadable
from kg.importers.events import reading
from kg.importers.events.codes import row_codes
from kg.importers.events.countries import countries
from kg.importers.events.rows import (
    PARTY,
    PLACE,
    ROW,
    Mapped,
    columns,
    first_of,
    nothing,
    number,
    quoted,
    slugs,
    split,
    text,
)

_EVENT = {
    "id": 0,
    "day": 1,
    "code": 26,
    "base": 27,
    "root": 28,
    "quad": 29,
    "scale": 30,
    "code1": 5,
    "name1": 6,
    "country1": 7,
    "type1a": 12,
    "type1b": 13,
    "type1c": 14,
    "code2": 15,
    "name2": 16,
    "country2": 17,
    "type2a": 22,
    "type2b": 23,
    "type2c": 24,
}
_PLACES = {
    61: {"geo": 52, "fips": 53, "latitude": 56, "longitude": 57, "feature": 58, "added": 59, "story": 60},
    58: {"geo": 50, "fips": 51, "latitude": 53, "longitude": 54, "feature": 55, "added": 56, "story": 57},
    57: {"geo": 50, "fips": 51, "latitude": 53, "longitude": 54, "feature": 55, "added": 56, "story": 999},
}
"""Positions of the columns that differ, by number of columns: 1.0 lacks three area codes."""
_MENTION = {"id": 0, "mentioned": 2, "story": 5, "sentence": 6, "confidence": 11}
_OFFSETS = {"actor1_offset": 7, "actor2_offset": 8, "action_offset": 9}
_MENTIONS = 16
_HEADER = "globaleventid,"
"""Start of a table that was saved again with commas and a header."""


def mapped(part: reading.FilePart) -> Iterator[Mapped]:
    """Map a file of events or mentions; its first line shows which."""
    width, header = 0, ""
    for frame in reading.frames(part.stream):
        if not width and frame.height:
            first = frame["text"][0]
            if first.startswith(_HEADER):
                header, first = first, first.replace(",", "\t")
            width = first.count("\t") + 1
            if width not in (*_PLACES, _MENTIONS):
                raise Unreadable(_unknown(part.name, width))
        if header:
            frame = _with_tabs(frame.filter(pl.col("text") != header))
        yield _mentions(frame) if width == _MENTIONS else _events(frame, width)


def _with_tabs(frame: pl.DataFrame) -> pl.DataFrame:
    """Return lines with tabs for a table that was saved again with commas and a header."""
    lines = ["\t".join(next(csv.reader([line]), [])) for line in frame["text"]]
    return frame.with_columns(pl.Series("text", lines, dtype=pl.String))


def _unknown(name: str, width: int) -> str:
    expectation = "events have 61 columns (GDELT 2.0), 58 or 57 (1.0), mentions 16"
    return f"{name}: a line of GDELT is separated by tabs, and {expectation}; the first line has {width}."


def _events(frame: pl.DataFrame, width: int) -> Mapped:
    cut = reading.fields(frame, {**_EVENT, **_PLACES.get(width, _PLACES[61])})
    added = pl.col("added").str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
    cut = cut.with_columns(
        pl.col("day").str.to_date("%Y%m%d", strict=False).alias("date"),
        added.alias("added"),
        pl.col("code").replace_strict(dict(row_codes()), default=None).alias("concept"),
        number("scale").alias("intensity"),
    )
    valid_rows, refused = split(cut.with_columns(_faults(width).alias("fault")))
    valid_rows = _parties(valid_rows, "1")
    valid_rows = _parties(valid_rows, "2")
    valid_rows = slugs(valid_rows, "gdelt-place", ["geo", "fips", "latitude", "longitude", "feature"])
    rows = valid_rows.select(
        "line",
        "text",
        pl.concat_str(pl.lit("gdelt-"), "id").alias("key"),
        pl.col("id").alias("row_id"),
        pl.col("slug1").alias("actors"),
        pl.col("slug2").alias("targets"),
        pl.col("concept").alias("code"),
        pl.col("date").alias("day"),
        _is_inferred().alias("inferred"),
        pl.when(pl.col("geo") != "").then(pl.col("slug")).alias("place"),
        "intensity",
        text("story"),
    )
    return Mapped(columns(rows, ROW), _whom(valid_rows), _where(valid_rows), refused)


def _faults(width: int) -> pl.Expr:
    return first_of(
        [
            (
                pl.col("width") != width,
                pl.format("the line has {} columns and not " + str(width), pl.col("width")),
            ),
            (~pl.col("id").str.contains(r"^\d+$"), "the first column is not the number of an event"),
            (
                pl.col("date").is_null(),
                pl.format("{} is not a valid date in the form 20191024", quoted("day")),
            ),
            (
                pl.col("concept").is_null(),
                pl.format(
                    "{} is not a CAMEO code, which has three or four digits (010 is not 10)", quoted("code")
                ),
            ),
            (
                ~pl.col("code").str.starts_with(pl.col("root"))
                | ~pl.col("code").str.starts_with(pl.col("base")),
                "the event code does not begin with the root or base code",
            ),
            (
                (pl.col("scale") != "") & pl.col("intensity").is_null(),
                pl.format("{} is not a number of the Goldstein scale", quoted("scale")),
            ),
            (
                pl.col("intensity").cast(pl.Float64, strict=False).abs() > 10,
                pl.format("{} is outside the Goldstein scale, -10 to 10", quoted("scale")),
            ),
            (_is_nobody("1") & _is_nobody("2"), "the row names no actor"),
        ]
    )


def _is_nobody(number_of: str) -> pl.Expr:
    return (pl.col(f"code{number_of}") == "") & (pl.col(f"name{number_of}") == "")


def _is_inferred() -> pl.Expr:
    back = [pl.col("added").dt.offset_by(step) == pl.col("date") for step in ("-7d", "-1mo", "-1y")]
    return pl.any_horizontal(back).fill_null(value=False)


def _parties(frame: pl.DataFrame, which: str) -> pl.DataFrame:
    slugged = slugs(frame, "gdelt-actor", [f"code{which}", f"name{which}"])
    return slugged.rename({"slug": f"slug{which}"})


def _whom(valid_rows: pl.DataFrame) -> pl.DataFrame:
    both = [
        valid_rows.select(
            pl.col(f"slug{which}").alias("slug"),
            text(f"name{which}").alias("name"),
            text(f"code{which}").alias("code"),
            pl.col(f"country{which}")
            .replace_strict(dict(countries().by_cameo), default=None)
            .alias("country"),
            pl.concat_str(
                [text(f"type{which}{place}") for place in "abc"], separator="\t", ignore_nulls=True
            ).alias("sectors"),
        )
        for which in ("1", "2")
    ]
    parties = pl.concat(both).unique(["slug"], keep="first", maintain_order=True).drop_nulls("slug")
    roles = pl.col("sectors").str.replace_all("\t", " ")
    return columns(
        parties.with_columns(
            pl.when(roles == "").then(pl.lit("none")).otherwise(roles).alias("roles"),
            text("sectors"),
        ),
        PARTY,
    )


def _where(valid_rows: pl.DataFrame) -> pl.DataFrame:
    places = valid_rows.filter(pl.col("geo") != "").unique(["slug"], keep="first", maintain_order=True)
    return columns(
        places.select(
            "slug",
            pl.col("geo").alias("name"),
            pl.col("fips").replace_strict(dict(countries().by_fips), default=None).alias("country"),
            number("latitude"),
            number("longitude"),
        ),
        PLACE,
    )


def _mentions(frame: pl.DataFrame) -> Mapped:
    cut = reading.fields(frame, _MENTION | _OFFSETS).with_columns(
        pl.col("mentioned").str.slice(0, 8).str.to_date("%Y%m%d", strict=False).alias("date"),
        pl.col("confidence").cast(pl.Int64, strict=False).alias("percent"),
    )
    cut = cut.with_columns((pl.col("percent") / 100).round(2).cast(pl.String).alias("share"))
    faults = first_of(
        [
            (
                pl.col("width") != _MENTIONS,
                pl.format("the line has {} columns and not 16", pl.col("width")),
            ),
            (~pl.col("id").str.contains(r"^\d+$"), "the first column is not the number of an event"),
            (pl.col("date").is_null(), pl.format("{} is not the time of a mention", quoted("mentioned"))),
            (pl.col("story") == "", "the row names no story"),
            (
                pl.col("percent").is_null() | ~pl.col("percent").is_between(0, 100),
                pl.format("{} is not a confidence from 0 to 100", quoted("confidence")),
            ),
        ]
    )
    valid_rows, refused = split(cut.with_columns(faults.alias("fault")))
    valid_rows = slugs(valid_rows, "gdelt-mention", ["id", "story", "mentioned", "sentence", *_OFFSETS])
    rows = valid_rows.select(
        "line",
        "text",
        pl.col("slug").alias("key"),
        pl.col("id").alias("row_id"),
        pl.col("date").alias("day"),
        pl.lit(False).alias("inferred"),  # polars' lit takes no keyword
        "story",
        number("share").alias("score"),
    )
    return Mapped(columns(rows, ROW), nothing(PARTY), nothing(PLACE), refused)
