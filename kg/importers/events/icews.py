"""ICEWS .tab files: columns are found by header name, with or without a column of CAMEO codes.

A code that is missing, a root or not in CAMEO is recovered from the event's text, and counted. The key of a
row is id and date, because ids repeat. Dates are 2014-03-01 or 3/1/2014. NULL, NA and empty are missing
values.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import polars as pl

from kg.importers.events import reading
from kg.importers.events.codes import row_codes
from kg.importers.events.countries import TABLES, countries
from kg.importers.events.rows import (
    PARTY,
    PLACE,
    ROW,
    Mapped,
    columns,
    first_of,
    number,
    quoted,
    slugs,
    split,
)

_ASKED = ("Event ID", "Event Date", "Source Name", "Event Text", "Intensity", "Target Name", "Story ID")
_OPTIONAL = ("CAMEO Code", "Source Sectors", "Source Country", "Target Sectors", "Target Country")
_WHERE = ("City", "District", "Province", "Country", "Latitude", "Longitude")
_MISSING = ("", "NULL", "NA")
_ROLES = {"Government": "GOV", "Military": "MIL", "Police": "COP", "Judiciary": "JUD", "Intelligence": "SPY"}
_ROLES |= {"Legislature": "LEG", "Military Personnel": "MIL", "Armed Forces": "MIL"}
"""Role groups that are organs of a state, by the words before the country in parentheses."""


@cache
def code_of_text() -> Mapping[str, str]:
    """Return the code of each event text, in lower case; for a root's text, the code of its zero child."""
    with (TABLES / "icews_texts.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["text"].casefold(): row["code"] for row in rows}


def mapped(part: reading.FilePart) -> Iterator[Mapped]:
    """Map a .tab file."""
    places: dict[str, int] = {}
    for frame in reading.frames(part.stream):
        if not places and frame.height:
            places = reading.header_places(part.name, frame["text"][0], _ASKED)
            frame = frame.slice(1)
        yield _events(frame, places)


def _events(frame: pl.DataFrame, places: dict[str, int]) -> Mapped:
    positions = {name: places.get(name, 9999) for name in (*_ASKED, *_OPTIONAL, *_WHERE)}
    cut = reading.fields(frame, positions).with_columns(_clean(name) for name in positions)
    cut = _with_codes(cut).with_columns(
        pl.coalesce(
            pl.col("Event Date").str.to_date("%Y-%m-%d", strict=False),
            pl.col("Event Date").str.to_date("%m/%d/%Y", strict=False),
        ).alias("day"),
        number("Intensity").alias("intensity"),
    )
    valid_rows, refused = split(cut.with_columns(_faults(len(places)).alias("fault")))
    recovered = valid_rows.filter(pl.col("given").is_null())
    valid_rows, sources = _parties(valid_rows, "Source")
    valid_rows, targets = _parties(valid_rows, "Target")
    valid_rows, where = _placed(valid_rows)
    rows = valid_rows.select(
        *("line", "text", "day", "intensity", "place"),
        pl.format("icews-{}-{}", "Event ID", pl.col("day").dt.strftime("%Y%m%d")).alias("key"),
        pl.col("Event ID").alias("row_id"),
        pl.col("Source").alias("actors"),
        pl.col("Target").alias("targets"),
        pl.col("concept").alias("code"),
        pl.lit(False).alias("inferred"),  # polars' lit takes no keyword
        pl.col("Story ID").alias("story"),
    )
    parties = pl.concat([sources, targets]).unique(["slug"], keep="first", maintain_order=True)
    notes = Counter({"codes recovered from the text": recovered.height})
    return Mapped(columns(rows, ROW), parties, where, refused, notes)


def _clean(name: str) -> pl.Expr:
    """Return a value without the quotation marks that some releases add; null if missing."""
    bare = pl.col(name).str.strip_chars(" ")
    is_quoted = bare.str.starts_with('"') & bare.str.ends_with('"') & (bare.str.len_chars() > 1)
    inner = bare.str.slice(1, bare.str.len_chars() - 2).str.replace_all('""', '"', literal=True)
    value = pl.when(is_quoted).then(inner).otherwise(bare)
    return pl.when(~value.is_in(list(_MISSING))).then(value).alias(name)


def _with_codes(cut: pl.DataFrame) -> pl.DataFrame:
    by_text = pl.col("Event Text").str.to_lowercase().str.strip_chars(" ")
    code = by_text.replace_strict(dict(code_of_text()), default=None)
    return cut.with_columns(
        pl.col("CAMEO Code").replace_strict(dict(row_codes()), default=None).alias("given"),
        code.replace_strict(dict(row_codes()), default=None, return_dtype=pl.String).alias("from_text"),
    ).with_columns(pl.coalesce("given", "from_text").alias("concept"))


def _faults(width: int) -> pl.Expr:
    tests: list[tuple[pl.Expr, pl.Expr | str]] = [
        (
            pl.col("width") != width,
            pl.format("the line has {} columns, and the header " + str(width), pl.col("width")),
        ),
        (~pl.col("Event ID").fill_null("").str.contains(r"^\d+$"), "the row has no event number"),
        (
            pl.col("day").is_null(),
            pl.format("{} is not a valid date in the form 2014-03-01 or 3/1/2014", quoted("Event Date")),
        ),
        (
            pl.col("concept").is_null(),
            pl.format(
                "{} is not a CAMEO code, and {} is not the text of one",
                quoted("CAMEO Code"),
                quoted("Event Text"),
            ),
        ),
        (
            pl.col("Intensity").is_not_null() & pl.col("intensity").is_null(),
            pl.format("{} is not a valid intensity", quoted("Intensity")),
        ),
        (
            pl.col("intensity").cast(pl.Float64, strict=False).abs() > 10,
            pl.format("{} is outside the scale, -10 to 10", quoted("Intensity")),
        ),
        (pl.col("Source Name").is_null() & pl.col("Target Name").is_null(), "the row names no actor"),
    ]
    return first_of(tests)


def _parties(valid_rows: pl.DataFrame, side: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the name of a side's party, and describe the parties; of varying sectors, the first are kept."""
    name, country = f"{side} Name", f"{side} Country"
    valid_rows = slugs(valid_rows, "icews-actor", [name, country]).with_columns(
        pl.when(pl.col(name).is_not_null()).then(pl.col("slug")).alias(side)
    )
    distinct_rows = valid_rows.filter(pl.col(side).is_not_null()).unique(
        [side], keep="first", maintain_order=True
    )
    described = distinct_rows.select(
        pl.col(side).alias("slug"),
        pl.col(name).alias("name"),
        pl.col(country)
        .str.to_lowercase()
        .replace_strict(dict(countries().by_name), default=None)
        .alias("country"),
        pl.struct(name, country).map_elements(_role, return_dtype=pl.String).alias("roles"),
    )
    return valid_rows.drop("slug"), columns(described, PARTY)


def _role(party: Mapping[str, str | None]) -> str:
    """Return 'none' for a country itself, the code of an organ of state, and 'other' for any other actor.

    >>> [_role({"Source Name": name}) for name in ("India", "Police (India)", "Citizen (India)")]
    ['none', 'COP', 'other']
    """
    name = next(value for key, value in party.items() if key.endswith("Name")) or ""
    if name.casefold() in countries().by_name:
        return "none"
    role, bracket, _ = name.partition(" (")
    return _ROLES.get(role, "other") if bracket else "other"


def _placed(valid_rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    place_text = pl.concat_str(["City", "District", "Province", "Country"], separator=", ", ignore_nulls=True)
    valid_rows = valid_rows.with_columns(pl.when(place_text != "").then(place_text).alias("where"))
    valid_rows = slugs(valid_rows, "icews-place", ["where", "Latitude", "Longitude"]).with_columns(
        pl.when(pl.col("where").is_not_null()).then(pl.col("slug")).alias("place")
    )
    distinct_rows = valid_rows.filter(pl.col("place").is_not_null()).unique(
        ["place"], keep="first", maintain_order=True
    )
    described = distinct_rows.select(
        pl.col("place").alias("slug"),
        pl.col("where").alias("name"),
        pl.col("Country")
        .str.to_lowercase()
        .replace_strict(dict(countries().by_name), default=None)
        .alias("country"),
        number("Latitude").alias("latitude"),
        number("Longitude").alias("longitude"),
    )
    return valid_rows, columns(described, PLACE)
