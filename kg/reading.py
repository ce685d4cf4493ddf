"""Reads the RDF of strangers: size and nesting first, then the parser, and every fault as one sentence.

Some parsers die of deep nesting, and the process with them (seen with pyoxigraph 0.5.13: 20,000 nested
JSON-LD objects, triple terms or 100,000 XML elements), so nothing is parsed before it is screened. Nothing
is fetched.
"""

import re
from collections.abc import Iterator

from pyoxigraph import Quad, RdfFormat, Triple, parse

from kg import negotiation, template
from kg.errors import BadInput, TooLarge, Unreadable
from kg.negotiation import MAX_NESTING, FactsFormat, RDFFormat, TableFormat
from kg.positions import outside_of_text

MAX_BYTES = 1 << 25

_XML_PART = re.compile(
    r"""<!--.*?--> | <!\[CDATA\[.*?\]\]> | <\?.*?\?>
      | (?P<close></) | <[^\s<>/!?](?:[^<>"'/]|/(?!>)|"[^"]*"|'[^']*')*(?P<empty>/)?>""",
    re.VERBOSE | re.DOTALL,
)
_XML_ENTITIES = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_POSITION = re.compile(r"^Parser error (?:at|between) .*?: (?=\S)")
_LONGEST_EXCERPT = 60


def read(data: bytes, rdf_format: FactsFormat, *, limit: int = MAX_BYTES) -> tuple[str, list[Quad]]:
    """Parse facts, and give the text of RDF with them. Blank nodes are renamed: no two documents share one.

    Raises TooLarge, Unreadable with line and column, BadInput for what is well-formed but not taken.
    """
    if len(data) > limit:
        raise TooLarge(
            f"These are {len(data):,} bytes, and {limit:,} are taken at once; send less at a time."
        )
    if isinstance(rdf_format, TableFormat):
        return "", list(template.read(data, limit).quads)
    text = _decoded(data)
    _screen(text, data, rdf_format)
    try:
        quads = list(parse(data, format=rdf_format.engine, rename_blank_nodes=True))
    except SyntaxError as fault:
        raise _unreadable(fault, text, rdf_format) from None
    return text, list(_plain(quads))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        column = fault.start - data.rfind(b"\n", 0, fault.start)
        raise Unreadable(
            f"Line {line}, column {column}: this is not UTF-8; save the text in that encoding.",
            line=line,
            column=column,
        ) from None


def _screen(text: str, data: bytes, rdf_format: RDFFormat) -> None:
    """Refuse what a parser could die of, or what would make it read elsewhere."""
    if rdf_format.engine == RdfFormat.JSON_LD:
        negotiation.screen(data, rdf_format)
    elif rdf_format.engine == RdfFormat.RDF_XML:
        if match := _XML_ENTITIES.search(text):
            raise _at(match.start(), text, "document types and entities are not read; write the text out")
        _screen_elements(text)
    elif "<<" in text:
        for token, position in outside_of_text(text):
            if token == "<<":
                raise _at(
                    position, text, "triples about triples are not taken; describe a dip:Report instead"
                )


def _screen_elements(text: str) -> None:
    depth = 0
    for match in _XML_PART.finditer(text):
        if match["close"]:
            depth -= 1
        elif not match["empty"] and match.group()[1] not in "!?":
            depth += 1
        if depth > MAX_NESTING:
            line = text.count("\n", 0, match.start()) + 1
            raise TooLarge(f"Elements are nested deeper than {MAX_NESTING} at line {line}.", line=line)


def _plain(quads: list[Quad]) -> Iterator[Quad]:
    """Let through what RDF 1.1 knows."""
    for quad in quads:
        if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
            raise BadInput("Triples about triples are not taken; describe a dip:Report instead.")
        if getattr(quad.object, "direction", None) is not None:
            raise BadInput("Literals with a base direction are not taken; leave the direction out.")
        yield quad


def _unreadable(fault: SyntaxError, text: str, rdf_format: RDFFormat) -> Unreadable:
    """Say where a parser stopped, at what, and why."""
    reason = re.sub(r" \(line \d+\)$", "", _POSITION.sub("", fault.msg)).rstrip(".")
    if "LoadDocumentCallback" in reason:
        return Unreadable("A context on another server is not fetched; write the context into the document.")
    if fault.lineno is None:
        return Unreadable(f"This is no {rdf_format.name}: {reason}.")
    column = fault.offset or 1
    excerpt = _excerpt(text, fault.lineno, column)
    near = f" at “{excerpt}”" if excerpt else ""
    return Unreadable(
        f"Line {fault.lineno}, column {column}{near}: {reason}.",
        line=fault.lineno,
        column=column,
        text=excerpt or None,
    )


def _excerpt(text: str, line: int, column: int) -> str:
    """Quote the text from where the parser stopped, or the end of the line if nothing follows."""
    lines = text.split("\n")
    if line > len(lines):
        return ""
    rest = lines[line - 1][column - 1 :].strip() or lines[line - 1].strip()[-_LONGEST_EXCERPT:]
    return rest[:_LONGEST_EXCERPT]


def _at(position: int, text: str, reason: str) -> Unreadable:
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    excerpt = _excerpt(text, line, column)
    return Unreadable(
        f"Line {line}, column {column} at “{excerpt}”: {reason}.", line=line, column=column, text=excerpt
    )
