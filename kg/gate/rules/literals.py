"""Is a literal a value of its datatype? A store keeps ill-formed ones silently, so the gate asks.

By the lexical forms of XML Schema 1.1, part 2. Datatypes that are not listed pass: rdf:langString, foreign
ones.
"""

import re
from calendar import monthrange
from collections.abc import Mapping

from pyoxigraph import Literal

from kg.iris import PREFIXES
from kg.terms import XSD

_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DIGITS = r"(?:\d+(?:\.\d*)?|\.\d+)"

_FORMS: Mapping[str, str] = {
    "boolean": r"true|false|0|1",
    "integer": r"[+-]?\d+",
    "decimal": rf"[+-]?{_DIGITS}",
    "double": rf"[+-]?{_DIGITS}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": rf"[+-]?{_DIGITS}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?:Z|[+-]\d\d:\d\d)",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": rf"---{_DAY}{_ZONE}",
    "duration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "anyURI": r"[^\s<>\"{}|\\^`]*",
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "base64Binary": r"(?:[A-Za-z0-9+/]\s?)*(?:=\s?){0,2}",
    "nonNegativeInteger": r"\+?\d+|-0+",
    "positiveInteger": r"\+?0*[1-9]\d*",
    "nonPositiveInteger": r"-\d+|\+?0+",
    "negativeInteger": r"-0*[1-9]\d*",
}
_COMPILED = {PREFIXES["xsd"] + name: re.compile(form, re.ASCII) for name, form in _FORMS.items()}
_CALENDAR_DATE = re.compile(rf"-?(\d{{4,}})-({_MONTH})-({_DAY})")
_BOUNDED: Mapping[str, tuple[int, int]] = {
    PREFIXES["xsd"] + name: bounds
    for name, bounds in {
        "long": (-(2**63), 2**63 - 1),
        "int": (-(2**31), 2**31 - 1),
        "short": (-(2**15), 2**15 - 1),
        "byte": (-128, 127),
        "unsignedLong": (0, 2**64 - 1),
        "unsignedInt": (0, 2**32 - 1),
        "unsignedShort": (0, 2**16 - 1),
        "unsignedByte": (0, 255),
    }.items()
}
_INTEGER = _COMPILED[XSD.INTEGER.value]
_MOST_DIGITS = 100  # of an integer with bounds: reading more takes Python quadratic time


def is_well_formed(literal: Literal) -> bool:
    """Tell if a literal is a value of its datatype.

    >>> from pyoxigraph import NamedNode
    >>> is_well_formed(Literal("2025-02-30", datatype=XSD.DATE))
    False
    """
    datatype, lexical = literal.datatype.value, literal.value
    if datatype in _BOUNDED:
        return _is_within(lexical, *_BOUNDED[datatype])
    if datatype not in _COMPILED:
        return True
    return _COMPILED[datatype].fullmatch(lexical) is not None and _day_exists(lexical)


def _is_within(lexical: str, lowest: int, highest: int) -> bool:
    is_integer = len(lexical) <= _MOST_DIGITS and _INTEGER.fullmatch(lexical)
    return bool(is_integer) and lowest <= int(lexical) <= highest


def _day_exists(lexical: str) -> bool:
    """Tell if a date's month has its day; what is no date passes."""
    match = _CALENDAR_DATE.match(lexical)
    if not match:
        return True
    year, month, day = (int(part[-4:]) for part in match.groups())
    return day <= monthrange(year or 2000, month)[1]
