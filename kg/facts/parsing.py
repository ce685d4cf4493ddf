"""RDF parser for untrusted input: checks size and nesting, parses, and reports a fault in one sentence.

Every text is screened before it is parsed, because deep nesting crashes some parsers and their process. The
parser fetches nothing.
"""

import codecs
import re
from collections.abc import Iterator
from typing import IO, NamedTuple, cast

from pyoxigraph import Quad, RdfFormat, parse

from kg import invisible_characters
from kg.characters import line_of
from kg.errors import TooLarge, Unreadable
from kg.facts import json_ld_losses, mistaken_formats, nesting, xml_bases, xml_text
from kg.facts.json_ld_losses import Loss
from kg.facts.parser_messages import explained
from kg.facts.text_places import TextPlace
from kg.formats import FactsFormat, RDFFormat, TableFormat
from kg.rdf_version import NOT_HELD, is_newer

MAX_BYTES = 1 << 25
_BYTE_ORDER_MARK = "\ufeff"
_POSITION = re.compile(r"^Parser error (?:at|between) .*?: (?=\S)")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LANGUAGE = re.compile(r"""["']@[A-Za-z0-9-]++\Z""")
_DATE = re.compile(r"-\d\d(?:-\d\d)?(?!\d)")


class ParsedDocument(NamedTuple):
    """A parsed document: its text (RDF only), its quads, and the parts that yield no quad."""

    text: str
    quads: list[Quad]
    losses: tuple[Loss, ...] = ()


def read(
    data: bytes, rdf_format: FactsFormat, *, limit: int = MAX_BYTES, base: str | None = None
) -> ParsedDocument:
    """Parse facts, and rename blank nodes so that no two documents share one.

    Relative IRIs are resolved if there is a ``base``. Raises TooLarge, or Unreadable with line and column.
    """
    if len(data) > limit:
        english = (
            f"The document has {len(data):,} bytes, the limit is {limit:,} at once; send less at a time."
        )
        spanish = f"Son {len(data):,} bytes y se admiten {limit:,} de una vez; envíe menos cada vez."
        raise TooLarge(english, sentence={"en": english, "es": spanish})
    if isinstance(rdf_format, TableFormat):
        return ParsedDocument("", list(rdf_format.read(data, limit).whole().quads))
    text = _decoded(data, rdf_format)
    quads = list(_plain(_parsed(text, rdf_format, base)))
    is_json = rdf_format.syntax == RdfFormat.JSON_LD
    if is_json and not quads and "{" in text and '"@' not in text and '"' in text:
        raise TextPlace().unreadable(*_PLAIN_JSON)
    return ParsedDocument(text, quads, json_ld_losses.of(text, base) if is_json else ())


def _parsed(text: str, rdf_format: RDFFormat, base: str | None) -> list[Quad]:
    """Screen and parse a text; raises Unreadable even if the engine misses that XML ends too early."""
    screened, ill_formed = _screened(text, rdf_format)
    if rdf_format.syntax == RdfFormat.RDF_XML and ill_formed is None:
        text = screened = xml_bases.resolved(text, base)
    try:
        quads = _of_engine(screened.encode(), rdf_format, base)
    except SyntaxError as fault:
        raise _unreadable(fault, text, rdf_format, base) from None
    if ill_formed is not None:
        raise _ill_formed(ill_formed, text)
    return quads


def _of_engine(data: bytes | IO[bytes], rdf_format: RDFFormat, base: str | None) -> list[Quad]:
    return list(parse(data, format=rdf_format.syntax, base_iri=base, rename_blank_nodes=True))


def _decoded(data: bytes, rdf_format: RDFFormat) -> str:
    """Return the text without byte order mark; for XML, with entities expanded."""
    is_xml = rdf_format.syntax == RdfFormat.RDF_XML
    text = xml_text.decoded(data) if is_xml else None
    text = (_utf8(data) if text is None else text).removeprefix(_BYTE_ORDER_MARK)
    if (nul := text.find("\0")) >= 0:
        raise TextPlace(text.count("\n", 0, nul) + 1, nul - text.rfind("\n", 0, nul)).unreadable(*_NO_NUL)
    return xml_text.without_entities(xml_text.without_encoding(text)) if is_xml else text


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - data.rfind(b"\n", 0, fault.start)
        place = TextPlace(line, column)
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise place.unreadable(
                "this is UTF-16; save the text in UTF-8",
                "esto es UTF-16; guarde el texto en UTF-8",
            ) from None
        raise place.unreadable(
            "this is not UTF-8; save the text in that encoding",
            "esto no es UTF-8; guarde el texto en esa codificación",
        ) from None


def _screened(text: str, rdf_format: RDFFormat) -> tuple[str, nesting.IllFormed | None]:
    """Return the text to parse, and where it is ill-formed (XML only).

    Raises TooLarge or Unreadable for a text that could crash the parser.
    """
    if rdf_format.syntax == RdfFormat.JSON_LD:
        nesting.check_json(text)
        return text, None
    if rdf_format.syntax == RdfFormat.RDF_XML:
        return text, _checked_xml(text)
    if (position := nesting.triple_term(text)) is not None:
        raise TextPlace.at(position, text).unreadable(*NOT_HELD)
    nesting.check_turtle(text)
    return nesting.without_many_marks(text), None


def _checked_xml(text: str) -> nesting.IllFormed | None:
    """Return the position at which a document is ill-formed.

    Raises Unreadable if the engine must not parse it.
    """
    ill_formed = nesting.check_xml(text)
    if ill_formed is not None and ill_formed.is_heavy:
        raise _ill_formed(ill_formed, text)
    if meaning := mistaken_formats.other_xml(text):
        raise TextPlace().unreadable(*meaning)
    return ill_formed


def _plain(quads: list[Quad]) -> Iterator[Quad]:
    """Yield the quads; raises Unreadable for terms that are not in RDF 1.1, and for NUL characters."""
    for quad in quads:
        if is_newer(quad.subject) or is_newer(quad.object):
            raise TextPlace().unreadable(*NOT_HELD)
        if "\0" in getattr(quad.object, "value", ""):
            raise TextPlace().unreadable(*_NO_NUL)
        yield quad


def _unreadable(fault: SyntaxError, text: str, rdf_format: RDFFormat, base: str | None) -> Unreadable:
    """Return the error that says where the parser stopped, at which text, why, and what to do."""
    reason = re.sub(r" \(line \d+\)$", "", _POSITION.sub("", fault.msg)).rstrip(".")
    line, column = fault.lineno, fault.offset or 1
    place = _place(text, rdf_format, base) if line is None else TextPlace.of(text, line, column)
    if "LoadDocumentCallback" in reason:
        return place.unreadable(
            "a context on another server is not fetched; write the context into the document",
            "no se descarga un contexto de otro servidor; escriba el contexto en el documento",
        )
    before = line_of(text, line)[: column - 1]
    explanation = (
        mistaken_formats.sent_as(text, rdf_format.syntax)
        or invisible_characters.named(text, line, column, reason)
        or tuple(explained(_reason(reason, before, place.excerpt)).values())
    )
    return place.unreadable(*explanation)


def _reason(reason: str, before: str, excerpt: str) -> str:
    """Return a more specific reason if the text at the fault shows one, else the parser's reason."""
    if _SURROGATE.search(excerpt):
        return "surrogate"
    if excerpt.startswith("_") and _LANGUAGE.search(before):
        return "language tag"
    if _DATE.match(excerpt) and before[-1:].isdigit():
        return "bare date"
    return reason


def _place(text: str, rdf_format: RDFFormat, base: str | None) -> TextPlace:
    """Return an approximate place for a parser that reports none, by feeding it the text line by line."""
    if rdf_format.syntax == RdfFormat.RDF_XML and (ill_formed := nesting.check_xml(text)):
        return TextPlace.at(ill_formed.position, text)
    lines = _LineReader(text.encode())
    try:
        _of_engine(cast(IO[bytes], lines), rdf_format, base)  # the parser only calls read()
    except SyntaxError:
        return TextPlace.by(text, lines.number)
    return TextPlace()


class _LineReader:
    """A file object that returns at most one line per read, and counts lines."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0
        self._is_new = True
        self.number = 0

    def read(self, size: int) -> bytes:
        """Return the rest of the line, at most ``size`` bytes of it."""
        end = self._data.find(b"\n", self._position) + 1 or len(self._data)
        piece = self._data[self._position : min(end, self._position + size)]
        self.number += self._is_new and bool(piece)
        self._is_new = piece.endswith(b"\n")
        self._position += len(piece)
        return piece


def _ill_formed(fault: nesting.IllFormed, text: str) -> Unreadable:
    """Return the error that says where and why a document is not well-formed XML."""
    explanation = mistaken_formats.sent_as(text, RdfFormat.RDF_XML) or tuple(explained(fault.reason).values())
    return TextPlace.at(fault.position, text).unreadable(*explanation)


_NO_NUL = (
    "there is a NUL character here, which no text may contain; remove it",
    "aquí hay un carácter NUL, que ningún texto contiene; quítelo",
)
_PLAIN_JSON = (
    "this is plain JSON, which yields no triples because its keys have no IRIs; add a @context (JSON-LD)",
    "esto es JSON y nada en él es un hecho: sus claves no tienen IRI; añada un @context (JSON-LD)",
)
