"""Formats of RDF and of SPARQL results, with their names, media types and file suffixes.

``kg.exports.catalogue`` lists the export formats, ``kg.importers.catalogue`` the import formats. Both use the
tables here; ``kg.query.negotiation`` chooses among them.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeAlias, TypeVar

from pyoxigraph import Quad, QueryResultsFormat, RdfFormat

from kg.errors import KGError, UnsupportedFormat


@dataclass(frozen=True, eq=False)  # formats are compared by identity
class Format:
    """A format: its name, its media types (the preferred one first) and its file suffixes.

    ``names`` are other names that clients use; ``sent_as`` are other media types that clients use to request
    or send it. A client that accepts only one of ``replaces`` gets this format.
    """

    name: str
    media_types: tuple[str, ...]
    suffixes: tuple[str, ...]
    names: tuple[str, ...] = field(default=(), kw_only=True)
    sent_as: tuple[str, ...] = field(default=(), kw_only=True)
    replaces: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def media_type(self) -> str:
        """The preferred media type."""
        return self.media_types[0]

    def is_called(self, name: str) -> bool:
        """Return whether a name or media type, in lower case, means this format."""
        return name == self.name or name in (*self.names, *self.media_types, *self.sent_as)


@dataclass(frozen=True, eq=False)
class RDFFormat(Format):
    """An RDF format that pyoxigraph reads and writes; ``holds_graphs`` is true if it can name graphs."""

    syntax: RdfFormat
    holds_graphs: bool = False

    def __reduce__(self) -> tuple[Callable[[str], "RDFFormat"], tuple[str]]:
        """Pickle a format by name, so that it is the same object in every process."""
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
"""A datatype in brackets or after a value, or a language tag after a text."""
_IN_BRACKETS = re.compile(r"<(?:http://www\.wikidata\.org/entity/(?=Q))?((?:https?:|urn:|Q\d)[^<> ]*+)>")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class TablePlace:
    """Where a table describes a thing: line and sheet, and the table's words for compact term names."""

    line: int | None = None
    sheet: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    """A column in another record's rows is written as that record's name, a full stop and the column."""
    sheet_number: int = 0

    def column_of(self, term: str) -> str | None:
        """Return the row's column for a property, or None if it has none."""
        column = self.words.get(term)
        return None if column is None or "." in column else column

    def reworded(self, text: str) -> str:
        """Return a sentence in the table's words: columns and records, slugs without a prefix.

        >>> TablePlace(words={"dip:involves": "participants"}).reworded("add dip:involves to dipid:a-visit")
        'add participants to a-visit'
        >>> TablePlace().reworded('one number (xsd:integer): "07"^^xsd:integer, <http://www.wikidata.org/entity/Q42>')
        'one number: "07", Q42'
        """
        text = _IN_BRACKETS.sub(r"\1", _DATATYPE.sub("", text))
        return _PREFIXED.sub(lambda term: self.words.get(term[0], _spaced(term[0])), text)


def _spaced(term: str) -> str:
    """Return a term's name as words; a slug stays unchanged."""
    prefix, _, name = term.partition(":")
    return name if prefix in ("dipid", "dipk") else _CAPITAL.sub(" ", name).lower()


@dataclass(frozen=True)
class TableFault:
    """A finding of the gate in a table's row: the column, the value in the table's words, and the fault."""

    place: TablePlace
    column: str
    value: str
    wrong: Mapping[str, str]
    """What is wrong, by language."""
    thing: str = ""
    """The slug if the value is a thing, otherwise empty."""
    is_of_row_alone: bool = False
    """Whether the finding depends on this row alone."""


@dataclass(frozen=True)
class TableFacts:
    """The facts of a table, and the place of each described thing's row.

    If rows are faulty, the facts hold what could be read, and ``refused`` returns the error to raise: it
    combines the table's faults with those of the gate's findings that do not follow from them.
    """

    quads: tuple[Quad, ...]
    places: Mapping[str, TablePlace]
    refused: Callable[[Sequence[TableFault]], KGError] | None = None

    def whole(self) -> "TableFacts":
        """Return this object, or raise its error if rows are faulty."""
        if self.refused is not None:
            raise self.refused(())
        return self


@dataclass(frozen=True, eq=False)
class TableFormat(Format):
    """A table format for facts. ``read`` takes the bytes and their maximum number."""

    read: Callable[[bytes, int], TableFacts]


FactsFormat: TypeAlias = RDFFormat | TableFormat
"""A format from which facts are read."""

F = TypeVar("F", bound=Format)


RDF_FORMATS: Mapping[str, RDFFormat] = {
    each.name: each
    for each in (
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
            replaces=("application/sparql-results+xml",),  # roqet accepts only this, for any query
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
    """Return the RDF format with a name."""
    return RDF_FORMATS[name]


RESULT_FORMATS: Mapping[str, ResultFormat] = {
    each.name: each
    for each in (
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
"""JSON of this API, which is neither an RDF nor a results format."""
HTML = Format("html", ("text/html", "application/xhtml+xml"), (".html",))

GRAPH_FORMATS = tuple(each for each in RDF_FORMATS.values() if each.name not in ("trig", "nquads"))
"""The formats offered for a single graph."""

_PARAMETER = re.compile(
    r"""(?:^|;)\s*+([^\s;="]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?+|([^;"]*+))""", re.DOTALL
)
_QUOTED_PAIR = re.compile(r"\\(.)", re.DOTALL)


def called(name: str, formats: Iterable[F]) -> tuple[F, ...]:
    """Return the formats that a short name or media type means: json means one for rows, one for graphs."""
    return tuple(each for each in formats if each.is_called(name.lower()))


def from_name(name: str, formats: Mapping[str, F]) -> F:
    """Return a format by its short name or media type; raises UnsupportedFormat."""
    for each in called(name, formats.values()):
        return each
    raise UnsupportedFormat(
        f"There is no format {name!r} here; the formats are {', '.join(formats)}.", supported=list(formats)
    )


def from_content_type(header: str | None, formats: Mapping[str, F]) -> F:
    """Return the format of a body of facts by its Content-Type; raises UnsupportedFormat."""
    media_type = bare_media_type(header)
    for each in formats.values():
        if media_type in (*each.media_types, *each.sent_as):
            return each
    supported = [each.media_type for each in formats.values()]
    problem = f"Facts cannot be read as {media_type}" if media_type else "The Content-Type is missing"
    raise UnsupportedFormat(f"{problem}; send {', '.join(supported)}.", supported=supported)


def from_path(path: str | PurePath, formats: Mapping[str, F]) -> F:
    """Return the format for a file's longest known suffix; raises UnsupportedFormat."""
    name = PurePath(path).name
    endings = {suffix: each for each in formats.values() for suffix in each.suffixes}
    if fitting_name := [suffix for suffix in endings if name.lower().endswith(suffix)]:
        return endings[max(fitting_name, key=len)]
    supported = [suffix for each in formats.values() for suffix in each.suffixes]
    raise UnsupportedFormat(
        f"{name}: the suffix does not name a format; name one, or use {', '.join(supported)}.",
        supported=supported,
    )


def bare_media_type(header: str | None) -> str:
    """Return a Content-Type without its parameters, in lower case; empty if there is none."""
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
    """Return the Content-Type header for a media type; text types include the charset."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
