"""Neutral rows: the columns to which every importer maps its data set before they become RDF.

A frame of rows has the columns of ``ROW``; those of ``PARTY`` and ``PLACE`` describe the actors and places
that rows name. A refused row has its line, the reason and its text.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import polars as pl

from kg.iris import slug

ROW: Mapping[str, pl.DataType] = {
    "line": pl.UInt32(),
    "text": pl.String(),
    "key": pl.String(),
    "row_id": pl.String(),
    "mirror_id": pl.String(),
    "actors": pl.String(),
    "targets": pl.String(),
    "code": pl.String(),
    "contexts": pl.String(),
    "day": pl.Date(),
    "inferred": pl.Boolean(),
    "place": pl.String(),
    "intensity": pl.String(),
    "story": pl.String(),
    "score": pl.String(),
}
"""``key`` ends the row's IRI; ``actors``, ``targets`` and ``contexts`` are names, separated by spaces."""
PARTY: Mapping[str, pl.DataType] = {
    "slug": pl.String(),
    "name": pl.String(),
    "code": pl.String(),
    "country": pl.String(),
    "sectors": pl.String(),
    "roles": pl.String(),
}
"""``sectors`` as the coder writes them, separated by tabs; ``roles`` as CAMEO codes, 'none' for a country."""
PLACE: Mapping[str, pl.DataType] = {
    "slug": pl.String(),
    "name": pl.String(),
    "country": pl.String(),
    "latitude": pl.String(),
    "longitude": pl.String(),
}
REFUSED: Mapping[str, pl.DataType] = {"line": pl.UInt32(), "reason": pl.String(), "text": pl.String()}

MOST_OF_A_NAME = 40
"""Characters of a name that an IRI keeps; a hash distinguishes names with the same start."""


@dataclass(frozen=True)
class Mapped:
    """An importer's output for a block: rows, the parties and places that they name, and refused rows."""

    rows: pl.DataFrame
    parties: pl.DataFrame
    places: pl.DataFrame
    refused: pl.DataFrame
    notes: Counter[str] = field(default_factory=Counter)
    """Numbers of accepted rows that were changed, by the change."""


def columns(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return the columns of a schema; missing ones are empty."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in schema.items()
    )


def nothing(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Return a frame without rows."""
    return pl.DataFrame(schema=dict(schema))


def slugs(frame: pl.DataFrame, prefix: str, parts: list[str]) -> pl.DataFrame:
    """Add the column ``slug``: a readable name with a hash of ``parts``, which identify a node.

    Rows without any of the parts get null. There are few distinct names, so Python computes each once.
    """
    distinct_parts = frame.select(parts).unique()
    slug_list = [_slug(prefix, values) for values in distinct_parts.iter_rows()]
    distinct_parts = distinct_parts.with_columns(pl.Series("slug", slug_list, dtype=pl.String))
    return frame.join(distinct_parts, on=parts, how="left", nulls_equal=True, maintain_order="left")


def _slug(prefix: str, values: tuple[str | None, ...]) -> str | None:
    if not any(values):
        return None
    words = slug(" ".join(filter(None, values)))[:MOST_OF_A_NAME].strip("-")
    tail = sha256("\t".join(value or "" for value in values).encode()).hexdigest()[:8]
    return "-".join(filter(None, (prefix, words, tail)))


def split(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a frame by its column ``fault``: rows without one, and refused rows with it as the reason."""
    refused = frame.filter(pl.col("fault").is_not_null())
    return frame.filter(pl.col("fault").is_null()), columns(refused.rename({"fault": "reason"}), REFUSED)


def first_of(faults: Iterable[tuple[pl.Expr, pl.Expr | str]]) -> pl.Expr:
    """Return the reason of the first test that is true, else null; a null test counts as false."""
    tests = [
        pl.when(test.fill_null(value=False)).then(pl.lit(reason) if isinstance(reason, str) else reason)
        for test, reason in faults
    ]
    return pl.coalesce([*tests, pl.lit(None, dtype=pl.String)])


def quoted(column: str) -> pl.Expr:
    """Return a value in quotation marks, shortened, for a message."""
    return pl.concat_str(pl.lit("'"), pl.col(column).fill_null("").str.slice(0, 60), pl.lit("'"))


def text(name: str) -> pl.Expr:
    """Return a column with null for empty values."""
    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def number(name: str) -> pl.Expr:
    """Return a column as decimals in the store's form, without redundant zeros, or null."""
    plain = pl.col(name).str.strip_prefix("+")
    is_plain = plain.str.contains(r"^-?\d+(\.\d*)?$|^-?\.\d+$")
    value = pl.when(is_plain).then(plain).otherwise(_with_exponent(name))
    value = value.str.replace(r"^(-?)\.", "${1}0.").str.replace(r"^(-?)0+(\d)", "$1$2")
    value = value.str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".")
    return pl.when(value == "-0").then(pl.lit("0")).otherwise(value).alias(name)


def _with_exponent(name: str) -> pl.Expr:
    """Return numbers such as 1.5e1 without an exponent."""
    is_number = pl.col(name).str.contains(r"^[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+$")
    value = pl.when(is_number).then(pl.col(name)).cast(pl.Float64, strict=False)
    return value.cast(pl.Decimal(18, 6), strict=False).cast(pl.String)
