"""Colours of errors and warnings on a terminal: only the first word of a line is coloured.

There are none in a pipe, on a terminal without colours, or if ``NO_COLOR`` is set (no-color.org).
"""

import os
import re
from typing import IO

_RED, _YELLOW = "\x1b[1;31m", "\x1b[1;33m"
_PLAIN = "\x1b[0m"
_COLOURS = {"kg": _RED, "error": _RED, "warning": _YELLOW, "aviso": _YELLOW}
_HEADING = re.compile(rf"({'|'.join(_COLOURS)}):", re.IGNORECASE)
"""First words of errors and warnings, in the languages of reports."""
_PLACE = re.compile(r"[^\s:]{1,200}:\d{1,9}: ")
"""A file and line before the first word."""


def coloured(text: str, stream: IO[str]) -> str:
    """Return a text with its errors and warnings coloured if the stream is a terminal.

    >>> import io
    >>> coloured("kg: There is no graph.", io.StringIO())
    'kg: There is no graph.'
    """
    if not _has_colours(stream):
        return text
    return "\n".join(map(_line, text.split("\n")))


def _line(text: str) -> str:
    place = _PLACE.match(text)
    start = place.end() if place else 0
    heading = _HEADING.match(text, start)
    if heading is None:
        return text
    colour = _COLOURS[heading[1].lower()]
    return f"{text[:start]}{colour}{heading[0]}{_PLAIN}{text[heading.end() :]}"


def _has_colours(stream: IO[str]) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
