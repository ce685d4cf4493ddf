"""Dates that a spreadsheet rewrote: what the cell may have contained before."""

import re
from datetime import date, timedelta

_DAYS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})|(\d{4})([/.])(\d{1,2})\6(\d{1,2})", re.ASCII)
_SERIAL = re.compile(r"([2-7]\d{4})(?:\.0+)?", re.ASCII)
_FIRST_DAY = date(1899, 12, 30)
"""Day zero of spreadsheets (Excel treats 1900 as a leap year; later days are right)."""


def meant(text: str) -> tuple[str, ...]:
    """Return the days that a rewritten date may mean, in our form; empty if it is no such date.

    >>> meant("26/01/2025"), meant("3/4/2025"), meant("45683")
    (('2025-01-26',), ('2025-04-03', '2025-03-04'), ('2025-01-26',))
    """
    if serial := _SERIAL.fullmatch(text):
        return (str(_FIRST_DAY + timedelta(days=int(serial[1]))),)
    match = _DAYS.fullmatch(text)
    if match is None:
        return ()
    if match[5]:
        return _existing((match[5], match[7], match[8]))
    return _existing((match[4], match[3], match[1]), (match[4], match[1], match[3]))


def _existing(*days: tuple[str, str, str]) -> tuple[str, ...]:
    """Return the distinct days that exist."""
    found: dict[str, None] = {}
    for year, month, day in days:
        try:
            found[str(date(int(year), int(month), int(day)))] = None
        except ValueError:
            continue
    return tuple(found)
