"""Check of literals: whether a literal is a valid value of its datatype; stores accept invalid ones silently.

Follows the lexical forms of XML Schema 1.1, part 2. Other datatypes are accepted: those whose values are any
text (xsd:string, xsd:anyURI), rdf:langString, and foreign ones.
"""

import re
from calendar import monthrange
from collections.abc import Mapping

from pyoxigraph import Literal

from kg.iris import PREFIXES
from kg.terms import XSD

_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_OFFSET = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_ZONE = rf"{_OFFSET}?"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_DIGITS = r"(?:\d+(?:\.\d*)?|\.\d+)"
_TIME_OF_DURATION = r"(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_BASE64 = "[A-Za-z0-9+/]"
_END_OF_BASE64 = rf"(?:{_BASE64} ?){{2}}[AEIMQUYcgkosw048] ?=|{_BASE64} ?[AQgw] ?= ?="
_FIRST_OF_NAME = r"[^\W\d]"
_IN_NAME = r"[\w.\-\u00b7\u0300-\u036f\u203f\u2040]"

_FORMS: Mapping[str, str] = {
    "boolean": r"true|false|0|1",
    "integer": r"[+-]?\d+",
    "decimal": rf"[+-]?{_DIGITS}",
    "double": rf"[+-]?{_DIGITS}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": rf"[+-]?{_DIGITS}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_OFFSET}",
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": rf"---{_DAY}{_ZONE}",
    "duration": rf"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?{_TIME_OF_DURATION}",
    "yearMonthDuration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?",
    "dayTimeDuration": rf"-?P(?=.)(?:\d+D)?{_TIME_OF_DURATION}",
    "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
    "normalizedString": r"[^\t\n\r]*",
    "token": r"(?:[^\t\n\r ]++(?: [^\t\n\r ]++)*+)?",
    "hexBinary": r"(?:[0-9a-fA-F]{2})*",
    "base64Binary": rf"(?:(?:{_BASE64} ?){{4}})*+(?:{_END_OF_BASE64})?(?<! )",
    "nonNegativeInteger": r"\+?\d+|-0+",
    "positiveInteger": r"\+?0*[1-9]\d*",
    "nonPositiveInteger": r"-\d+|\+?0+",
    "negativeInteger": r"-0*[1-9]\d*",
}
_FORMS_OF_NAMES: Mapping[str, str] = {
    "Name": rf"(?:{_FIRST_OF_NAME}|:)(?:{_IN_NAME}|:)*",
    "NCName": rf"{_FIRST_OF_NAME}{_IN_NAME}*",
    "NMTOKEN": rf"(?:{_IN_NAME}|:)+",
}
_COMPILED = {PREFIXES["xsd"] + name: re.compile(form, re.ASCII) for name, form in _FORMS.items()} | {
    PREFIXES["xsd"] + name: re.compile(form) for name, form in _FORMS_OF_NAMES.items()
}
_CALENDAR_DATE = re.compile(rf"-?(\d{{4,}}|-)-({_MONTH})-({_DAY})")
_WITH_DAYS = frozenset(PREFIXES["xsd"] + name for name in ("date", "dateTime", "dateTimeStamp", "gMonthDay"))
_LEAP_YEAR = 2000
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
_MOST_DIGITS = 100  # of a bounded integer: parsing longer ones takes quadratic time


def is_well_formed(literal: Literal) -> bool:
    """Return whether a literal is a valid value of its datatype.

    >>> from pyoxigraph import NamedNode
    >>> is_well_formed(Literal("2025-02-30", datatype=XSD.DATE))
    False
    """
    datatype, lexical = literal.datatype.value, literal.value
    if datatype in _BOUNDED:
        return _is_within(lexical, *_BOUNDED[datatype])
    if datatype not in _COMPILED:
        return True
    if _COMPILED[datatype].fullmatch(lexical) is None:
        return False
    return datatype not in _WITH_DAYS or _day_exists(lexical)


def _is_within(lexical: str, lowest: int, highest: int) -> bool:
    is_integer = len(lexical) <= _MOST_DIGITS and _INTEGER.fullmatch(lexical)
    return bool(is_integer) and lowest <= int(lexical) <= highest


def _day_exists(lexical: str) -> bool:
    """Return whether a month has its day; without a year, a leap year is assumed."""
    match = _CALENDAR_DATE.match(lexical)
    assert match is not None, "unreachable: the lexical form has been checked"
    year = _LEAP_YEAR if match[1] == "-" else int(match[1][-4:])
    return int(match[3]) <= monthrange(year or _LEAP_YEAR, int(match[2]))[1]
