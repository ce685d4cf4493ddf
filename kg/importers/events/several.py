"""Parties of data sets with several in one row: parallel lists of names, countries and sectors."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from kg.importers.events.rows import PARTY, columns, slugs

NOBODY = "None"


@dataclass(frozen=True)
class CodedParty:
    """A party as a row names it."""

    name: str | None = None
    code: str | None = None
    country: str | None = None
    sectors: tuple[str, ...] = ()

    @property
    def roles(self) -> str:
        """The sectors, or 'none' if there are none."""
        return " ".join(self.sectors) or "none"


def listed(text: str | None) -> list[str]:
    """Split a list at semicolons; None and empty are missing values.

    >>> listed("Gustavo Petro; None;Colombia ")
    ['Gustavo Petro', '', 'Colombia']
    """
    values = [value.strip() for value in (text or "").split(";")]
    return ["" if value == NOBODY else value for value in values] if any(values) else []


def aligned(values: Sequence[str], count: int) -> list[str]:
    """Return one value for each of several names: from a parallel list, or a single value for all."""
    if len(values) == count:
        return list(values)
    return list(values) * count if len(values) == 1 else [""] * count


def named(
    frame: pl.DataFrame, prefix: str, key: list[str], parties: Callable[..., Iterable[CodedParty]]
) -> tuple[pl.Series, pl.DataFrame]:
    """Return the parties of each row, as names separated by spaces, and their descriptions.

    ``parties`` computes them from the columns of the key; it is called once for each distinct combination.
    """
    distinct = frame.select(key).unique(maintain_order=True)
    rows = [
        {"row": number, "name": each.name, "code": each.code, "country": each.country}
        | {"sectors": "\t".join(each.sectors) or None, "roles": each.roles}
        for number, values in enumerate(distinct.iter_rows())
        for each in parties(*values)
        if each.name or each.code
    ]
    schema = {"row": pl.Int64(), **{name: kind for name, kind in PARTY.items() if name != "slug"}}
    found = slugs(pl.DataFrame(rows, schema=schema), prefix, ["name", "code", "country"])
    joined = found.group_by("row", maintain_order=True).agg(
        pl.col("slug").unique(maintain_order=True).str.join(" ")
    )
    distinct = distinct.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    distinct = distinct.join(joined, on="row", how="left", maintain_order="left")
    each_row = frame.select(key).join(distinct, on=key, how="left", nulls_equal=True, maintain_order="left")
    return each_row["slug"], columns(found.unique(["slug"], keep="first", maintain_order=True), PARTY)
