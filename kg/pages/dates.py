"""Dates for people: a day, month or year of XML Schema in the words of a language."""

import re

_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
}
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|\+00:00)?)?)?)?")


def in_words(text: str, language: str = "en") -> str:
    """Return a date in words, at its precision; any other text unchanged.

    >>> in_words("2025-01-26"), in_words("2025-01", "es"), in_words("2026-02-03T14:05:09Z", "es")
    ('26 January 2025', 'enero de 2025', '3 de febrero de 2026, 14:05 UTC')
    """
    found = _DATE.fullmatch(text)
    if not found or not 1 <= int(found[2] or 1) <= 12:
        return text
    year, month, day, time, zone = found.groups()
    month_language = language if language in _MONTHS else "en"
    parts = [str(int(day))] if day else []
    parts += [_MONTHS[month_language][int(month) - 1]] if month else []
    words = (" de " if month_language == "es" else " ").join([*parts, year])
    return f"{words}, {time}{' UTC' if zone else ''}" if time else words
