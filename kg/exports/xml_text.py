"""XML text and attributes; a character that XML cannot carry is replaced by U+FFFD."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from kg.characters import NOT_IN_XML


def text(value: str) -> str:
    """Return text between tags."""
    return escape(NOT_IN_XML.sub("\ufffd", value)).replace("\r", "&#13;")


def attributes(values: Mapping[str, str]) -> str:
    """Return attributes, each with a space before it.

    >>> attributes({"id": "a<b"})
    ' id="a&lt;b"'
    """
    return "".join(
        f" {name}={quoteattr(NOT_IN_XML.sub(chr(0xFFFD), value), {chr(10): '&#10;'})}"
        for name, value in values.items()
    )
