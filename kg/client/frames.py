"""Data frames of pandas and polars with real types; both libraries are imported on demand.

=================  ======================  ===========================
values             pandas                  polars
=================  ======================  ===========================
integers           ``Int64``               ``Int64``
decimals           ``object`` (Decimal)    ``Decimal``
floats             ``float64``             ``Float64``
truth values       ``boolean``             ``Boolean``
days               ``datetime64[s]``       ``Date``
times              ``datetime64[us]``      ``Datetime`` (microseconds)
repeated text      ``category``            ``Categorical``
other text         text                    ``String``
=================  ======================  ===========================

Text counts as repeated if each value occurs twice or more on average. Times with a time zone are in UTC.
Numbers too large for a type are ``object`` in pandas and text in polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any

from kg.client.values import Value
from kg.errors import Unavailable

if TYPE_CHECKING:
    import pandas
    import polars

_LARGEST = 2**63
_MOST_DIGITS = 38
"""Maximum digits of a polars decimal."""


_POLARS_TYPES: Mapping[type | None, str] = {
    bool: "Boolean",
    int: "Int64",
    float: "Float64",
    date: "Date",
    None: "Null",
}


def pandas_frame(columns: Mapping[str, Sequence[Value]]) -> pandas.DataFrame:
    """Return a pandas data frame; raises Unavailable if pandas is not installed."""
    library = _optional("pandas")
    series = {name: _series(library, values) for name, values in columns.items()}
    frame: pandas.DataFrame = library.DataFrame(series, columns=list(columns))
    return frame


def polars_frame(columns: Mapping[str, Sequence[Value]]) -> polars.DataFrame:
    """Return a polars data frame; raises Unavailable if polars is not installed."""
    library = _optional("polars")
    series = [_polars_series(library, name, values) for name, values in columns.items()]
    frame: polars.DataFrame = library.DataFrame(series)
    return frame


def _series(pandas: Any, values: Sequence[Value]) -> Any:
    kind = _kind(values)
    if kind is bool:
        return pandas.Series(values, dtype="boolean")
    if kind is int:
        is_short = all(-_LARGEST <= each < _LARGEST for each in values if isinstance(each, int))
        return pandas.Series(values, dtype="Int64" if is_short else "object")
    if kind is float:
        return pandas.Series(values, dtype="float64")
    if kind is date:
        return pandas.Series(values, dtype="datetime64[s]")
    if kind is datetime:
        series = pandas.Series(_in_utc(values), dtype="datetime64[us]")
        return series.dt.tz_localize("UTC") if _is_zoned(values) else series
    if kind is str and _is_repeated(values):
        return pandas.Series(values, dtype="category")
    return pandas.Series(values, dtype="object" if kind in (None, Decimal) else None)


def _polars_series(polars: Any, name: str, values: Sequence[Value]) -> Any:
    kind = _kind(values)
    if kind is datetime:
        series = polars.Series(name, _in_utc(values), dtype=polars.Datetime("us"))
        return series.dt.replace_time_zone("UTC") if _is_zoned(values) else series
    if kind in (int, Decimal) and not _fits_polars(values):
        return polars.Series(name, [None if each is None else str(each) for each in values], polars.String)
    if kind is Decimal:
        return polars.Series(name, values, polars.Decimal(_MOST_DIGITS, _scale(values)))
    if kind is str:
        return polars.Series(name, values, polars.Categorical if _is_repeated(values) else polars.String)
    return polars.Series(name, values, getattr(polars, _POLARS_TYPES[kind]))


def _kind(values: Sequence[Value]) -> type | None:
    """Return the type of a column's values, which all have the same; None if all are missing."""
    return next((type(each) for each in values if each is not None), None)


def _is_repeated(values: Sequence[Value]) -> bool:
    present = [each for each in values if each is not None]
    return 2 * len(set(present)) <= len(present)


def _is_zoned(values: Sequence[Value]) -> bool:
    return any(isinstance(each, datetime) and each.tzinfo is not None for each in values)


def _in_utc(values: Sequence[Value]) -> list[datetime | None]:
    """Return times without time zones, converted to UTC if they had one."""
    return [_utc(each) if isinstance(each, datetime) else None for each in values]


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError:  # within a day of the first or last date of the calendar
        return moment.replace(tzinfo=None)


def _scale(values: Sequence[Value]) -> int:
    """Return the largest number of digits after the decimal point."""
    return max(_places(each) for each in values if isinstance(each, Decimal))


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _fits_polars(values: Sequence[Value]) -> bool:
    numbers = [each for each in values if each is not None]
    if not any(isinstance(each, Decimal) for each in numbers):
        return all(-_LARGEST <= each < _LARGEST for each in numbers if isinstance(each, int))
    before = max(each.adjusted() + 1 for each in numbers if isinstance(each, Decimal))
    return max(before, 1) + _scale(values) <= _MOST_DIGITS


def _optional(name: str) -> Any:  # an optional library has no types to check against
    try:
        return import_module(name)
    except ImportError:
        raise Unavailable(f"{name} is not installed here: pip install {name}.") from None
