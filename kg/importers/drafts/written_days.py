"""Dates in a sentence: the words, and the day, month or year that they state."""

import re
from typing import NamedTuple

from kg.gate.dates import written

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|enero|febrero"
    r"|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_YEAR = r"\d{4}"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}} (?:de )?{_MONTH}(?:,? (?:de |del )?{_YEAR})?|{_MONTH} \d{{1,2}}(?:, {_YEAR})?"
    rf"|{_MONTH}(?: (?:de |del )?{_YEAR})?|(?<=\bin ){_YEAR}|(?<=\ben ){_YEAR})\b"
)
_RELATIVE = re.compile(
    r"\b(?:later that day|the same day|that day|yesterday|today|last (?:week|month|year)|ayer|hoy"
    r"|ese mismo día|ese día|la semana pasada|el mes pasado|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    r"|el (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo))\b",
    re.IGNORECASE,
)


class WrittenDay(NamedTuple):
    """The words of a date, its value (empty without a year), and its offsets."""

    words: str
    value: str
    start: int


def written_day(text: str) -> WrittenDay | None:
    """Return the only date of a sentence; None if there is none, or several.

    >>> written_day("In January 2025, he refused").value, written_day("their February meeting").value
    ('2025-01', '')
    """
    found = list(_DATE.finditer(text)) or list(_RELATIVE.finditer(text))
    if len(found) != 1:
        return None
    return WrittenDay(found[0][0], _value(found[0][0]), found[0].start())


def _value(words: str) -> str:
    readings = written.readings(words)
    if len(readings) != 1 or (first := readings[0].period.first) is None:
        return ""
    parts = {"day": 3, "month": 2, "year": 1}.get(readings[0].precision, 0)
    return "-".join((f"{first.year:04}", f"{first.month:02}", f"{first.day:02}")[:parts])
