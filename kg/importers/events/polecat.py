"""POLECAT (ngecEvents) files: tab-separated with a header, 2018 to 2022 and from 2023 on.

Some releases name columns without data, which shifts the values; those names are removed from the header. The
word None is a missing value, in lists too. Rows may have trailing tabs, quotes and mixed encodings.
"""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from kg.importers.events import reading
from kg.importers.events.countries import countries
from kg.importers.events.plover_codes import code, contexts, is_exact
from kg.importers.events.rows import PLACE, ROW, Mapped, columns, first_of, number, quoted, slugs, split
from kg.importers.events.several import NOBODY, CodedParty, aligned, listed, named

_ASKED = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Contexts"),
    *(
        "Actor Name",
        "Actor Country",
        "Actor Sectors",
        "Recipient Name",
        "Recipient Country",
        "Recipient Sectors",
    ),
)
_OPTIONAL = (
    *("Intensity", "Event Intensity", "Publication Date"),
    *("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude"),
)
_WITHOUT_DATA = ("Headline", "Event Text", "Feed", "Story ID")
"""Columns that the header of some releases names, but their rows omit."""


def mapped(part: reading.FilePart) -> Iterator[Mapped]:
    """Map a file of events."""
    places: dict[str, int] = {}
    header = ""
    for frame in reading.frames(part.stream):
        if not header and frame.height:
            header = frame["text"][0]
            frame = frame.slice(1)
        if not places and frame.height:
            places = _places(part.name, header, frame["text"][0])
        if frame.height:
            yield _events(frame, places)


def _places(name: str, header: str, first: str) -> dict[str, int]:
    """Return the position of each column, without header names for which the first row has no data."""
    column_names = header.rstrip("\t").split("\t")
    width = len(first.rstrip("\t").split("\t"))
    data = [column for column in column_names if column not in _WITHOUT_DATA]
    if len(data) < len(column_names) and width <= len(data):
        column_names = data
    return reading.header_places(name, "\t".join(column_names), _ASKED)


def _events(frame: pl.DataFrame, places: dict[str, int]) -> Mapped:
    positions = {name: places.get(name, 9999) for name in (*_ASKED, *_OPTIONAL)}
    cut = reading.fields(frame, {**positions, "beyond": len(places)})
    cut = _coded(cut.with_columns(_clean(name) for name in positions)).with_columns(
        pl.col("Event Date").str.to_date("%Y-%m-%d", strict=False).alias("day"),
        number("scale").alias("intensity"),
    )
    valid_rows, refused = split(cut.with_columns(_faults(len(places)).alias("fault")))
    valid_rows, where = _placed(valid_rows)
    actors, whom = _parties(valid_rows, "Actor")
    targets, toward = _parties(valid_rows, "Recipient")
    valid_rows = slugs(valid_rows, "polecat", ["Event ID"])
    rows = valid_rows.select(
        *("line", "text", "day", "intensity", "code", "contexts", "place"),
        pl.col("slug").alias("key"),
        pl.col("Event ID").alias("row_id"),
        actors.alias("actors"),
        targets.alias("targets"),
        pl.lit(False).alias("inferred"),  # polars' lit takes no keyword
        pl.col("Event ID").str.split("_").list.first().alias("story"),
    )
    parties = pl.concat([whom, toward]).unique(["slug"], keep="first", maintain_order=True)
    notes = Counter(
        {
            "coded by event type only, because the row has no PLOVER mode, or several": int(
                valid_rows["coarse"].sum()
            ),
            "contexts that PLOVER does not define": int(valid_rows["strange"].sum()),
        }
    )
    return Mapped(columns(rows, ROW), parties, where, refused, notes)


def _clean(name: str) -> pl.Expr:
    value = pl.col(name).str.strip_chars(" ")
    return pl.when((value != "") & (value != NOBODY)).then(value).alias(name)


def _coded(cut: pl.DataFrame) -> pl.DataFrame:
    """Add code and contexts, computed once for each distinct combination."""
    key = ["Event Type", "Event Mode", "Contexts"]
    distinct = cut.select(key).unique(maintain_order=True)
    found = []
    for type_, mode, context in distinct.iter_rows():
        concept = code(type_ or "", listed(mode))
        context_concepts, strange = contexts(listed(context))
        coarse = not is_exact(type_ or "", listed(mode), concept)
        found.append((concept, " ".join(context_concepts) or None, strange, coarse))
    schema = {"code": pl.String(), "contexts": pl.String(), "strange": pl.Int64(), "coarse": pl.Boolean()}
    coded_rows = pl.concat([distinct, pl.DataFrame(found, schema=schema, orient="row")], how="horizontal")
    cut = cut.join(coded_rows, on=key, how="left", nulls_equal=True, maintain_order="left")
    return cut.with_columns(pl.coalesce("Event Intensity", "Intensity").alias("scale"))


def _faults(width: int) -> pl.Expr:
    tests: list[tuple[pl.Expr, pl.Expr | str]] = [
        (
            (pl.col("width") < width) | pl.col("beyond").fill_null("").ne(""),
            pl.format("the line has {} columns, and the header " + str(width), pl.col("width")),
        ),
        (pl.col("Event ID").is_null(), "the row has no event id"),
        (
            pl.col("day").is_null(),
            pl.format("{} is not a valid date in the form 2023-01-31", quoted("Event Date")),
        ),
        (pl.col("code").is_null(), pl.format("{} is not a PLOVER event type", quoted("Event Type"))),
        (
            pl.col("scale").is_not_null() & pl.col("intensity").is_null(),
            pl.format("{} is not a valid intensity", quoted("scale")),
        ),
        (
            pl.col("intensity").cast(pl.Float64, strict=False).abs() > 10,
            pl.format("{} is outside the scale, -10 to 10", quoted("scale")),
        ),
        (pl.col("Actor Name").is_null() & pl.col("Recipient Name").is_null(), "the row names no actor"),
    ]
    return first_of(tests)


def _parties(valid_rows: pl.DataFrame, side: str) -> tuple[pl.Series, pl.DataFrame]:
    return named(valid_rows, "polecat-actor", [f"{side} Name", f"{side} Country", f"{side} Sectors"], _party)


def _party(names: str | None, lands: str | None, sectors: str | None) -> Iterator[CodedParty]:
    party_names = listed(names)
    party_sectors = tuple(sorted(filter(None, listed(sectors)))) if len(party_names) == 1 else ()
    for name, land in zip(party_names, aligned(listed(lands), len(party_names)), strict=True):
        country = countries().by_cameo.get(land) or countries().by_name.get(land.casefold())
        yield CodedParty(name or None, None, country, party_sectors)


def _placed(valid_rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    area = pl.concat_str(["City", "District", "Province", "Country"], separator=", ", ignore_nulls=True)
    valid_rows = valid_rows.with_columns(
        pl.coalesce("Placename", pl.when(area != "").then(area)).alias("where"),
        *(pl.col(name).cast(pl.String) for name in ("Latitude", "Longitude")),
    )
    valid_rows = slugs(valid_rows, "polecat-place", ["where", "Latitude", "Longitude"]).with_columns(
        pl.when(pl.col("where").is_not_null()).then(pl.col("slug")).alias("place")
    )
    distinct_rows = valid_rows.filter(pl.col("place").is_not_null()).unique(
        ["place"], keep="first", maintain_order=True
    )
    described = distinct_rows.select(
        pl.col("place").alias("slug"),
        pl.col("where").alias("name"),
        pl.col("Country").replace_strict(dict(countries().by_cameo), default=None).alias("country"),
        number("Latitude").alias("latitude"),
        number("Longitude").alias("longitude"),
    )
    return valid_rows.drop("slug"), columns(described, PLACE)
