"""Parses RDF from untrusted senders: checks size and nesting, parses, reports a fault in one sentence.

Nothing is parsed before it is screened, because deep nesting ends some parsers and the process with them.
Nothing is fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from pyoxigraph import Quad, RdfFormat, parse

from kg.errors import TooLarge, Unreadable
from kg.facts import nesting
from kg.facts.parser_messages import explained
from kg.formats import FactsFormat, RDFFormat, TableFormat
from kg.rdf_version import NOT_HELD, is_newer

MAX_BYTES = 1 << 25
_XML_ENTITIES = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_POSITION = re.compile(r"^Parser error (?:at|between) .*?: (?=\S)")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LONGEST_EXCERPT = 60


def read(
    data: bytes, rdf_format: FactsFormat, *, limit: int = MAX_BYTES, base: str | None = None
) -> tuple[str, list[Quad]]:
    """Parse facts, and give the text of RDF with them. Blank nodes are renamed: no two documents share one.

    Relative IRIs are read where there is a ``base`` for them.
    Raises TooLarge, or Unreadable with line and column.
    """
    if len(data) > limit:
        english = f"These are {len(data):,} bytes, and {limit:,} are taken at once; send less at a time."
        spanish = f"Son {len(data):,} bytes y se admiten {limit:,} de una vez; envíe menos cada vez."
        raise TooLarge(english, sentence={"en": english, "es": spanish})
    if isinstance(rdf_format, TableFormat):
        return "", list(rdf_format.read(data, limit).quads)
    text = _decoded(data)
    data = _screened(text, rdf_format).encode()
    try:
        quads = list(parse(data, format=rdf_format.syntax, base_iri=base, rename_blank_nodes=True))
    except SyntaxError as fault:
        raise _unreadable(fault, text, rdf_format) from None
    return text, list(_plain(quads))


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - data.rfind(b"\n", 0, fault.start)
        place = TextPlace(line, column)
        raise place.unreadable(
            "this is not UTF-8; save the text in that encoding",
            "esto no es UTF-8; guarde el texto en esa codificación",
        ) from None
    if (nul := text.find("\0")) >= 0:
        raise TextPlace(text.count("\n", 0, nul) + 1, nul - text.rfind("\n", 0, nul)).unreadable(*_NO_NUL)
    return text


def _screened(text: str, rdf_format: RDFFormat) -> str:
    """Return the text to parse; raise TooLarge or Unreadable for what could end the parser."""
    if rdf_format.syntax == RdfFormat.JSON_LD:
        nesting.check_json(text)
        return text
    if rdf_format.syntax == RdfFormat.RDF_XML:
        _check_xml(text)
        return text
    if (position := nesting.triple_term(text)) is not None:
        raise TextPlace.at(position, text).unreadable(*NOT_HELD)
    nesting.check_turtle(text)
    return nesting.without_many_marks(text)


def _check_xml(text: str) -> None:
    if match := _XML_ENTITIES.search(text):
        raise TextPlace.at(match.start(), text).unreadable(
            "document types and entities are not read; write the text out",
            "no se leen tipos de documento ni entidades; escriba el texto completo",
        )
    if (position := nesting.check_xml(text)) is not None:
        said = explained("ill-formed document")
        raise TextPlace.at(position, text).unreadable(said["en"], said["es"])


def _plain(quads: list[Quad]) -> Iterator[Quad]:
    """Let through what RDF 1.1 knows."""
    for quad in quads:
        if is_newer(quad.subject) or is_newer(quad.object):
            raise TextPlace().unreadable(*NOT_HELD)
        if "\0" in getattr(quad.object, "value", ""):
            raise TextPlace().unreadable(*_NO_NUL)
        yield quad


def _unreadable(fault: SyntaxError, text: str, rdf_format: RDFFormat) -> Unreadable:
    """Say where a parser stopped, at what, why, and what to do."""
    reason = re.sub(r" \(line \d+\)$", "", _POSITION.sub("", fault.msg)).rstrip(".")
    place = TextPlace()
    if fault.lineno is not None:
        place = TextPlace.of(text, fault.lineno, fault.offset or 1)
    elif rdf_format.syntax == RdfFormat.RDF_XML:
        place = _ill_formed(text)
    if "LoadDocumentCallback" in reason:
        return place.unreadable(
            "a context on another server is not fetched; write the context into the document",
            "no se descarga un contexto de otro servidor; escriba el contexto en el documento",
        )
    said = explained("surrogate" if _SURROGATE.search(place.excerpt) else reason)
    return place.unreadable(said["en"], said["es"])


def _ill_formed(text: str) -> "TextPlace":
    """Find where a document stops being well-formed XML: this parser tells it, the other does not."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(text.encode(), True)
    except expat.ExpatError as fault:
        return TextPlace.of(text, fault.lineno, fault.offset + 1)
    return TextPlace()


@dataclass(frozen=True)
class TextPlace:
    """Where in a text something is wrong, as far as that is known, and the text from there on."""

    line: int | None = None
    column: int | None = None
    excerpt: str = ""

    @classmethod
    def of(cls, text: str, line: int, column: int) -> "TextPlace":
        """Quote the text from there, or the end of the line if nothing follows."""
        lines = text.split("\n")
        if line > len(lines):
            return cls(line, column)
        rest = lines[line - 1][column - 1 :].strip() or lines[line - 1].strip()[-_LONGEST_EXCERPT:]
        return cls(line, column, rest[:_LONGEST_EXCERPT])

    @classmethod
    def at(cls, position: int, text: str) -> "TextPlace":
        """Count the lines up to a position."""
        line = text.count("\n", 0, position) + 1
        return cls.of(text, line, position - text.rfind("\n", 0, position))

    def unreadable(self, english: str, spanish: str) -> Unreadable:
        """Make the error that says what is wrong here."""
        sentence = {
            "en": self._sentence(english, _PLACES["en"]),
            "es": self._sentence(spanish, _PLACES["es"]),
        }
        return Unreadable(
            sentence["en"], line=self.line, column=self.column, text=self.excerpt or None, sentence=sentence
        )

    def _sentence(self, said: str, form: tuple[str, str]) -> str:
        if self.line is None:
            return f"{said[0].upper()}{said[1:]}."
        place, quoted = form
        near = quoted.format(self.excerpt) if self.excerpt else ""
        return f"{place.format(self.line, self.column)}{near}: {said}."


_PLACES = {"en": ("Line {}, column {}", " at “{}”"), "es": ("Línea {}, columna {}", ", en «{}»")}
_NO_NUL = (
    "a NUL character stands here, which no text holds; remove it",
    "aquí hay un carácter NUL, que ningún texto contiene; quítelo",
)
