"""Resolution of relative ``xml:base`` in RDF/XML (XML Base, section 4.3), which the engine lacks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

_BASE = "http://www.w3.org/XML/1998/namespace base"
_RELATIVE = re.compile(r"""\sxml:base\s*+=\s*+["'](?![A-Za-z][A-Za-z0-9+.-]*+:)""")
_ATTRIBUTE = re.compile(rb"""\sxml:base\s*+=\s*+("[^"]*+"|'[^']*+')|"[^"]*+"|'[^']*+'""")


def resolved(text: str, base: str | None) -> str:
    """Return a well-formed document with absolute bases, on the same lines, as far as a base is known.

    >>> resolved('<a xml:base="b/"><c xml:base="d"/></a>', "http://example.org/")
    '<a xml:base="http://example.org/b/"><c xml:base="http://example.org/b/d"/></a>'
    """
    if not _RELATIVE.search(text):
        return text
    data = text.encode()
    elements = _ElementBases(expat.ParserCreate("utf-8", namespace_separator=" "), [base or ""])
    elements.parser.StartElementHandler = elements.begin
    elements.parser.EndElementHandler = elements.end
    elements.parser.Parse(data, True)
    pieces, position = [], 0
    for tag, iri in elements.changes:
        found = next(match for match in _ATTRIBUTE.finditer(data, tag) if match[1])
        lines = found[1].count(b"\n")
        pieces += [data[position : found.start(1)], quoteattr(iri).encode(), b"\n" * lines]
        position = found.end(1)
    return b"".join([*pieces, data[position:]]).decode()


@dataclass
class _ElementBases:
    """The bases of the open elements, and the tags whose base attribute must change."""

    parser: expat.XMLParserType
    bases: list[str]
    changes: list[tuple[int, str]] = field(default_factory=list)

    def begin(self, _: str, attributes: Mapping[str, str]) -> None:
        """Process a start tag."""
        base_text = attributes.get(_BASE)
        around = self.bases[-1]
        base = around if base_text is None else urldefrag(urljoin(around, base_text)).url
        if base_text is not None and base != base_text and ":" in base:
            self.changes.append((self.parser.CurrentByteIndex, base))
        self.bases.append(base)

    def end(self, _: str) -> None:
        """Process an end tag."""
        self.bases.pop()
