"""RDF terms as native Python values, and columns of values of one type."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from pyoxigraph import Literal, Triple

from kg.changes import Object
from kg.iris import PREFIXES
from kg.terms import XSD

Value: TypeAlias = "str | int | float | Decimal | bool | date | datetime | None"

_INTEGERS = (
    *("integer", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger", "positiveInteger"),
    *("long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_WHOLE = r"[+-]?[0-9]++"
_FRACTION = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)"
_DAY = r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?+(?:Z|[+-][0-9]{2}:[0-9]{2})?+"
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

Reader: TypeAlias = tuple[re.Pattern[str], Callable[[str], Value]]

_REAL: Reader = re.compile(rf"{_FRACTION}(?:[eE]{_WHOLE})?+|[+-]?INF|NaN"), float
_READERS: Mapping[str, Reader] = {
    **{PREFIXES["xsd"] + name: (re.compile(_WHOLE), int) for name in _INTEGERS},
    XSD.DECIMAL.value: (re.compile(_FRACTION), Decimal),
    XSD.DOUBLE.value: _REAL,
    XSD.FLOAT.value: _REAL,
    XSD.BOOLEAN.value: (re.compile("|".join(_BOOLEANS)), _BOOLEANS.__getitem__),
    XSD.DATE.value: (re.compile(_DAY), date.fromisoformat),
    XSD.DATE_TIME.value: (re.compile(_DAY + _TIME), datetime.fromisoformat),
}


def value(term: Object | None) -> Value:
    """Return the Python value of a term: a number, a day, a time, a truth value, else its text.

    The text of an IRI is the full IRI. A literal without a native value (ill-typed, a year or month without a
    day, a day in a time zone, fractions beyond microseconds) stays text.

    >>> value(Literal("1.50", datatype=XSD.DECIMAL)), value(Literal("2026-02", datatype=XSD.G_YEAR_MONTH))
    (Decimal('1.50'), '2026-02')
    """
    if isinstance(term, Literal) and (reader := _READERS.get(term.datatype.value)):
        form, read = reader
        try:
            return read(term.value) if form.fullmatch(term.value) else term.value
        except ValueError:  # 30 February, or a number with more digits than Python parses
            return term.value
    return None if term is None else text(term)


def text(term: Object | None) -> str:
    """Return the bare text of a term; an empty text for None."""
    if term is None:
        return ""
    return str(term) if isinstance(term, Triple) else term.value


def column(terms: Sequence[Object | None]) -> list[Value]:
    """Return the values of a column, all of one type.

    Numbers of several types become the widest of them (decimal, then float). Other mixed types become text,
    as do times if only some have a time zone.
    """
    values = [value(term) for term in terms]
    kinds = {type(each) for each in values if each is not None}
    if len(kinds) < 2 and not _is_half_zoned(values):
        return values
    if kinds <= {int, Decimal, float}:
        with suppress(OverflowError):  # an integer too large for a float
            return [_widened(each, float if float in kinds else Decimal) for each in values]
    return [None if term is None else text(term) for term in terms]


def _is_half_zoned(values: Sequence[Value]) -> bool:
    zoned = {each.tzinfo is not None for each in values if isinstance(each, datetime)}
    return len(zoned) > 1


def _widened(number: Value, kind: type[float] | type[Decimal]) -> Value:
    return kind(number) if isinstance(number, int | float | Decimal) else None
