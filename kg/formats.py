"""Formats of RDF and of SPARQL results, and the media types, names and suffixes that mean them.

``kg.exports.catalogue`` lists the formats that graphs are exported in, ``kg.importers.catalogue`` those that
facts are read from. Both build on the tables here; ``kg.query.negotiation`` chooses among them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeAlias, TypeVar

from pyoxigraph import Quad, QueryResultsFormat, RdfFormat

from kg.errors import KGError, UnsupportedFormat


@dataclass(frozen=True, eq=False)  # two formats are equal only if they are the same object
class Format:
    """A format: its name, its media types (the proper one first) and its file suffixes.

    ``names`` are other names that clients give it, and ``sent_as`` other media types that they accept it and
    send it as. A client that accepts nothing but one of ``replaces`` is sent this format.
    """

    name: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    names: tuple[str, ...] = field(default=(), kw_only=True)
    sent_as: tuple[str, ...] = field(default=(), kw_only=True)
    replaces: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def media_type(self) -> str:
        """The proper media type."""
        return self.media_types[0]

    def is_called(self, name: str) -> bool:
        """Return True if a name or a media type, in lower case, names the format."""
        return name == self.name or name in (*self.names, *self.media_types, *self.sent_as)


@dataclass(frozen=True, eq=False)
class RDFFormat(Format):
    """A format of RDF that pyoxigraph reads and writes; ``holds_graphs`` is true if it can name graphs."""

    syntax: RdfFormat
    holds_graphs: bool = False

    def __reduce__(self) -> tuple[Callable[[str], "RDFFormat"], tuple[str]]:
        """Pickle a format by its name, so that it is the same object in each process."""
        return rdf_format, (self.name,)

    @property
    def iri(self) -> str:
        """The IRI of the format, in the W3C's list of formats."""
        return self.syntax.iri


@dataclass(frozen=True, eq=False)
class ResultFormat(Format):
    """A format of SPARQL results."""

    syntax: QueryResultsFormat

    @property
    def iri(self) -> str:
        """The IRI of the format, in the W3C's list of formats."""
        return self.syntax.iri


_PREFIXED = re.compile(r"\b(?:dip|dipid|dipk|dcterms|owl|rdf|rdfs|skos|xsd):[A-Za-z0-9-]++")
_DATATYPE = re.compile(r" \(xsd:[A-Za-z]++\)|(?<=\")(?:\^\^xsd:[A-Za-z]++|@[a-z]{2,3}\b(?:-[A-Za-z0-9]++)*+)")
"""A datatype in brackets or behind a value, or the language behind a text."""
_IN_BRACKETS = re.compile(r"<(?:http://www\.wikidata\.org/entity/(?=Q))?((?:https?:|urn:|Q\d)[^<> ]*+)>")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class TablePlace:
    """Where a table describes a thing: line and sheet, and the table's words for compact names of terms."""

    line: int | None = None
    sheet: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """A column of rows of another record has the name of that record and a full stop before it."""
    sheet_number: int = 0

    def column_of(self, term: str) -> str | None:
        """Return the column of the row that becomes a property; None where it has none."""
        column = self.words.get(term)
        return None if column is None or "." in column else column

    def reworded(self, text: str) -> str:
        """Write a sentence in the words of the table: columns and records, slugs without a prefix.

        >>> TablePlace(words={"dip:involves": "participants"}).reworded("add dip:involves to dipid:a-visit")
        'add participants to a-visit'
        >>> TablePlace().reworded('one number (xsd:integer): "07"^^xsd:integer, <http://www.wikidata.org/entity/Q42>')
        'one number: "07", Q42'
        """
        text = _IN_BRACKETS.sub(r"\1", _DATATYPE.sub("", text))
        return _PREFIXED.sub(lambda term: self.words.get(term[0], _spaced(term[0])), text)


def _spaced(term: str) -> str:
    """Write the name of a term as words; a slug stays one."""
    prefix, _, name = term.partition(":")
    return name if prefix in ("dipid", "dipk") else _CAPITAL.sub(" ", name).lower()


@dataclass(frozen=True)
class TableFault:
    """What the gate finds in a row of a table: a column, a value in the table's words, and what is wrong."""

    place: TablePlace
    column: str
    value: str
    wrong: Mapping[str, str]
    """By language."""
    thing: str = ""
    """The slug of the thing that is the value; empty for other values."""
    is_of_row_alone: bool = False
    """True if it follows from what the row says and what its value is, whatever other rows say."""


@dataclass(frozen=True)
class TableFacts:
    """The facts of a table, and where the row of each described thing begins.

    If rows are at fault, the facts are what could be read, and ``refused`` makes the error to raise: of the
    faults of the table and those of the gate's findings that are no consequence of these.
    """

    quads: tuple[Quad, ...]
    places: Mapping[str, TablePlace]
    refused: Callable[[Sequence[TableFault]], KGError] | None = None

    def whole(self) -> "TableFacts":
        """Return itself; raises its error if rows are at fault."""
        if self.refused is not None:
            raise self.refused(())
        return self


@dataclass(frozen=True, eq=False)
class TableFormat(Format):
    """A table that facts are read from. ``read`` takes the bytes and the most bytes that it may take."""

    read: Callable[[bytes, int], TableFacts]


FactsFormat: TypeAlias = RDFFormat | TableFormat
"""A format that facts are read from."""

F = TypeVar("F", bound=Format)


RDF_FORMATS: Mapping[str, RDFFormat] = {
    known.name: known
    for known in (
        RDFFormat(
            "turtle",
            ("text/turtle", "application/x-turtle", "text/n3", "text/rdf+n3", "application/n3"),
            (".ttl",),
            RdfFormat.TURTLE,
            names=("ttl", "n3"),
            sent_as=("application/turtle",),
        ),
        RDFFormat(
            "jsonld",
            ("application/ld+json",),
            (".jsonld",),
            RdfFormat.JSON_LD,
            holds_graphs=True,
            names=("json-ld", "json"),
            sent_as=("application/json", "application/x-json+ld"),
        ),
        RDFFormat(
            "ntriples",
            ("application/n-triples", "text/plain"),
            (".nt",),
            RdfFormat.N_TRIPLES,
            names=("nt", "n-triples"),
        ),
        RDFFormat(
            "rdfxml",
            ("application/rdf+xml", "application/xml", "text/xml"),
            (".rdf", ".owl", ".xml"),
            RdfFormat.RDF_XML,
            names=("rdf", "rdf+xml", "rdf/xml", "xml"),
            replaces=("application/sparql-results+xml",),  # all that roqet accepts, whatever it asks
        ),
        RDFFormat("trig", ("application/trig",), (".trig",), RdfFormat.TRIG, holds_graphs=True),
        RDFFormat(
            "nquads",
            ("application/n-quads",),
            (".nq",),
            RdfFormat.N_QUADS,
            holds_graphs=True,
            names=("nq", "n-quads"),
        ),
    )
}


def rdf_format(name: str) -> RDFFormat:
    """Return the format of RDF with a name."""
    return RDF_FORMATS[name]


RESULT_FORMATS: Mapping[str, ResultFormat] = {
    known.name: known
    for known in (
        ResultFormat(
            "json",
            ("application/sparql-results+json", "application/json"),
            (".srj", ".json"),
            QueryResultsFormat.JSON,
        ),
        ResultFormat(
            "xml",
            ("application/sparql-results+xml", "application/xml", "text/xml"),
            (".srx", ".xml"),
            QueryResultsFormat.XML,
        ),
        ResultFormat("csv", ("text/csv",), (".csv",), QueryResultsFormat.CSV),
        ResultFormat("tsv", ("text/tab-separated-values",), (".tsv",), QueryResultsFormat.TSV),
    )
}

ATOM = Format("atom", ("application/atom+xml",), (".atom",))
JSON_DOCUMENT = Format("json", ("application/json",), (".json",))
"""JSON of our own, that is no format of RDF or of results."""
HTML = Format("html", ("text/html", "application/xhtml+xml"), (".html",))

GRAPH_FORMATS = tuple(known for known in RDF_FORMATS.values() if known.name not in ("trig", "nquads"))
"""What a single graph is offered in."""

_PARAMETER = re.compile(
    r"""(?:^|;)\s*+([^\s;="]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?+|([^;"]*+))""", re.DOTALL
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


def called(name: str, formats: Iterable[F]) -> tuple[F, ...]:
    """Return the formats that a short name or a media type names: json is one of rows and one of graphs."""
    return tuple(known for known in formats if known.is_called(name.lower()))


def from_name(name: str, formats: Mapping[str, F]) -> F:
    """Look a format up by its short name, or by a media type of it."""
    for known in called(name, formats.values()):
        return known
    raise UnsupportedFormat(
        f"There is no format {name!r} here; there is {', '.join(formats)}.", supported=list(formats)
    )


def from_content_type(header: str | None, formats: Mapping[str, F]) -> F:
    """Return the format of a body of facts by its Content-Type; raises UnsupportedFormat."""
    media_type = bare_media_type(header)
    for known in formats.values():
        if media_type in (*known.media_types, *known.sent_as):
            return known
    supported = [known.media_type for known in formats.values()]
    problem = f"Facts cannot be read as {media_type}" if media_type else "The Content-Type is missing"
    raise UnsupportedFormat(f"{problem}; send {', '.join(supported)}.", supported=supported)


def from_path(path: str | PurePath, formats: Mapping[str, F]) -> F:
    """Return the format of a file by its suffix, the longest that fits; raises UnsupportedFormat."""
    name = PurePath(path).name
    endings = {suffix: known for known in formats.values() for suffix in known.suffixes}
    if fitting_name := [suffix for suffix in endings if name.lower().endswith(suffix)]:
        return endings[max(fitting_name, key=len)]
    supported = [suffix for known in formats.values() for suffix in known.suffixes]
    raise UnsupportedFormat(
        f"{name}: the suffix names no format; name one, or use {', '.join(supported)}.",
        supported=supported,
    )


def bare_media_type(header: str | None) -> str:
    """Take a Content-Type without its parameters, in lower case; empty where there is none."""
    return (header or "").split(";", 1)[0].strip().lower()


def media_type_parameter(header: str | None, name: str) -> str | None:
    """Return a parameter of a Content-Type or a Content-Disposition, without its quotation marks.

    >>> media_type_parameter('multipart/form-data; Boundary="a; b"', "boundary")
    'a; b'
    """
    for match in _PARAMETER.finditer((header or "").partition(";")[2]):
        if match[1].lower() == name:
            return _QUOTED_PAIR.sub(r"\1", match[2]) if match[2] is not None else match[3].strip()
    return None


def content_type(media_type: str) -> str:
    """Give the Content-Type to send: text says its encoding."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
