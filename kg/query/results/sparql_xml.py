"""Writer of SPARQL results in XML that every XML reader reads unchanged.

The engine's writer leaves carriage returns bare, which readers turn into line feeds (XML 1.0, section 2.11),
and writes characters that XML cannot carry, at which readers stop (section 2.2).
"""

import re
from typing import IO
from xml.sax.saxutils import unescape

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions

from kg.characters import NOT_IN_XML, code_point
from kg.errors import NotAcceptable
from kg.formats import RESULT_FORMATS

_CONTROLS = bytes({*range(0x20)} - {0x09, 0x0A, 0x0D})
_NONCHARACTERS = re.compile(rb"\xef\xbf[\xbe\xbf]")
"""U+FFFE and U+FFFF in UTF-8."""
_LONGEST_EXCERPT = 60


def write(result: QuerySolutions | QueryBoolean, output: IO[bytes]) -> None:
    """Write an answer. Raises NotAcceptable for a value with a character that XML cannot carry."""
    checked = _Checked(output)
    result.serialize(checked, QueryResultsFormat.XML)  # type: ignore[arg-type]  # write() and flush() suffice


class _Checked:
    """Passes a document on in pieces, with carriage returns written as character references."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._end = b""

    def write(self, data: bytes) -> int:
        """Pass a piece on; it may end within a character."""
        has_controls = len(data.translate(None, _CONTROLS)) < len(data)
        if has_controls or _NONCHARACTERS.search(self._end + data):
            raise _refusal(self._end + data)
        self._end = data[-2:]
        self._output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        """Do nothing: every piece has been passed on."""


def _refusal(document: bytes) -> NotAcceptable:
    """Return the error with the character and the value around it, as far as this piece holds it."""
    text = document.decode(errors="ignore")
    fault = NOT_IN_XML.search(text)
    assert fault is not None, "the piece holds what XML cannot carry"
    start = max(text.rfind(">", 0, fault.start()) + 1, fault.start() - _LONGEST_EXCERPT)
    value = unescape(text[start : fault.start()])
    others = [each.media_type for each in RESULT_FORMATS.values() if each.syntax != QueryResultsFormat.XML]
    return NotAcceptable(
        f"XML cannot hold the character {code_point(fault[0])} of a value, after “{value}”;"
        f" ask for {', '.join(others)}.",
        offered=others,
    )
