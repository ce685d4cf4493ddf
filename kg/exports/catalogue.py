"""Catalogue of export formats, used by the command line, HTTP, OpenAPI, VoID and the README.

To add a format, write one module and add one line here. The module has one function (``extract.Writer``):

    def write(extract: Extract) -> Iterator[bytes]

It yields the document in chunks, raises NotAcceptable before the first if the format cannot carry a term,
writes metadata about the document (``extract.edition``), and writes in a fixed order, so that the same
version gives the same bytes. ``kg.exports.traversal`` yields the quads in order; ``kg.exports.chunks`` makes
chunks from pieces of text, or from a file that a function writes; ``kg.exports.archive`` combines several
files. The module is imported when the format is first written.

Names and suffixes belong to one format only. Formats may share a media type: a client that requests it by
``Accept`` gets the first of them; a client that requests a format by name gets that format.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.formats import RDF_FORMATS, Format, RDFFormat


@dataclass(frozen=True, eq=False)
class ExportFormat(Format):
    """An export format: ``writer`` names the module that writes it.

    ``about`` says in one line what a file contains and who uses it. ``rdf`` is its RDF format; None if this
    program cannot read it back. ``extra`` is the optional extra that the writer requires, if any. A document
    that ``is_binary`` is not text.
    """

    writer: str
    about: str
    rdf: RDFFormat | None = None
    extra: str = ""
    is_binary: bool = False
    names_graphs: bool = False
    """True for tables, each row of which names its graph."""
    is_bundle: bool = False
    """True for a bundle that this program reads back (``kg.importers.bundle``)."""

    @property
    def is_readable(self) -> bool:
        """True if this program can read facts from an export in this format."""
        return self.rdf is not None or self.is_bundle

    @property
    def holds_graphs(self) -> bool:
        """True if an export keeps the graphs apart; otherwise it is their union."""
        return self.names_graphs or (self.rdf is not None and self.rdf.holds_graphs)


def _rdf(name: str, writer: str, about: str) -> ExportFormat:
    rdf_format = RDF_FORMATS[name]
    return ExportFormat(
        rdf_format.name,
        rdf_format.media_types,
        rdf_format.suffixes,
        writer,
        about,
        rdf_format,
        names=rdf_format.names,
        sent_as=rdf_format.sent_as,
    )


def _tables(name: str, suffix: str, writer: str, about: str, extra: str = "") -> ExportFormat:
    return ExportFormat(
        name,
        ("application/zip",),
        (suffix,),
        f"kg.exports.{writer}",
        about,
        extra=extra,
        is_binary=True,
        names_graphs=True,
        is_bundle=writer in ("csv_bundle", "csv_with_bom", "parquet"),
    )


EXPORT_FORMATS: Mapping[str, ExportFormat] = {
    each.name: each
    for each in (
        _rdf("trig", "kg.exports.trig", "the facts for reading, graph by graph"),
        _rdf("turtle", "kg.exports.turtle", "the facts for reading, as one graph"),
        _rdf("nquads", "kg.exports.nquads", "a line for each quad, for loading"),
        _rdf("ntriples", "kg.exports.ntriples", "a line for each triple, for loading"),
        _rdf("jsonld", "kg.exports.jsonld", "JSON-LD in expanded form"),
        ExportFormat(
            "jsonld-compacted",
            ("application/ld+json",),
            (".compacted.jsonld",),
            "kg.exports.jsonld_compacted",
            "JSON-LD with short names, its context in the document",
            RDF_FORMATS["jsonld"],
        ),
        _rdf("rdfxml", "kg.exports.rdfxml", "RDF in XML, for Protégé and older tools"),
        ExportFormat(
            "jelly",
            ("application/x-jelly-rdf",),
            (".jelly",),
            "kg.exports.jelly",
            "a binary stream of quads, small and fast to read",
            extra="jelly",
            is_binary=True,
        ),
        ExportFormat(
            "gexf",
            ("application/gexf+xml",),
            (".gexf",),
            "kg.exports.gexf",
            "the network of actors with dates, for Gephi",
        ),
        ExportFormat(
            "graphml",
            ("application/graphml+xml",),
            (".graphml",),
            "kg.exports.graphml",
            "the network of actors, for Cytoscape, yEd and igraph",
        ),
        ExportFormat(
            "node-link",
            ("application/json",),
            (".network.json",),
            "kg.exports.node_link",
            "the network of actors, for networkx and D3",
        ),
        ExportFormat(
            "neo4j",
            ("application/zip",),
            (".neo4j.zip",),
            "kg.exports.neo4j",
            "nodes and relationships as CSV, for Neo4j's import",
            is_binary=True,
        ),
        ExportFormat(
            "schema-org",
            ("application/ld+json",),
            (".schema.jsonld",),
            "kg.exports.schema_org",
            "people, events, quotations and claims in the terms of schema.org",
        ),
        ExportFormat(
            "nanopubs",
            ("application/trig",),
            (".nanopubs.trig",),
            "kg.exports.nanopubs",
            "a nanopublication for each statement",
        ),
        ExportFormat(
            "quickstatements",
            ("text/tab-separated-values",),
            (".qs.txt",),
            "kg.exports.quickstatements",
            "reviewed offices, for Wikidata",
        ),
        ExportFormat(
            "ro-crate",
            ("application/zip",),
            (".crate.zip",),
            "kg.exports.ro_crate",
            "facts, terms, shapes and questions with a description, for archives",
            is_binary=True,
        ),
        ExportFormat(
            "croissant",
            ("application/ld+json",),
            (".croissant.json",),
            "kg.exports.croissant",
            "a description of the tables, for catalogues of data sets",
        ),
        ExportFormat(
            "dcat",
            ("text/turtle",),
            (".dcat.ttl",),
            "kg.exports.dcat",
            "a description of the version and its formats in DCAT, for catalogues of data sets",
        ),
        ExportFormat(
            "cff",
            ("text/yaml",),
            (".cff",),
            "kg.exports.citation_cff",
            "how to cite this version",
        ),
        _tables("csv", ".csv.zip", "csv_bundle", "tables as CSV, with a Frictionless data package"),
        _tables("csv-bom", ".bom.csv.zip", "csv_with_bom", "the same with a byte order mark, for Excel"),
        _tables("parquet", ".parquet.zip", "parquet", "tables as Parquet, for pandas, polars, R and Spark"),
        _tables("arrow", ".arrow.zip", "arrow", "tables as Arrow files (Feather)", extra="arrow"),
        ExportFormat(
            "duckdb",
            ("application/vnd.duckdb",),
            (".duckdb",),
            "kg.exports.duckdb_file",
            "tables as a DuckDB database",
            is_binary=True,
            names_graphs=True,
        ),
        ExportFormat(
            "xlsx",
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
            (".xlsx",),
            "kg.exports.workbook",
            "tables as a workbook for people, with a sheet that explains the columns",
            is_binary=True,
            names_graphs=True,
        ),
    )
}
"""The export formats by name. The first is the default, for clients without a preference."""

DEFAULT = next(iter(EXPORT_FORMATS.values()))
