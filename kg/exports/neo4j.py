"""Neo4j writer: a zip of CSV files of nodes and relationships, for ``neo4j-admin database import``.

Each described thing is a node with its class as label, and so is each kind that such a thing references. Each
property between two nodes is a relationship. A claim is a node, and its alleged actor and target are
relationships of the claim; it makes no relationship between actors.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris
from kg.exports import archive, chunks, traversal
from kg.exports.extract import Extract
from kg.exports.records import Records
from kg.terms import DCTERMS, DIP, OWL, RDF, RDFS, SKOS

NODES, RELATIONSHIPS, README = "nodes.csv", "relationships.csv", "README.txt"
_LABELS = ((RDFS.LABEL, "label"), (DCTERMS.TITLE, "title"))
_TYPES = {DIP.EARLIEST: "date", DIP.LATEST: "date", DIP.START_OFFSET: "long", DIP.END_OFFSET: "long"}
_COMMAND = (
    "neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv"
    " --multiline-fields=true neo4j"
)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class _Column(NamedTuple):
    """A column of the nodes: its header, and the property and language of its values."""

    header: str
    predicate: NamedNode
    language: str | None = None


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    about = "\n".join(extract.edition.lines()) if extract.edition else ""
    text = f"{about}\n\nLoad it into an empty database:\n\n{_COMMAND}\n"
    return archive.zipped(
        [
            (README, [text.encode()]),
            (NODES, _rows(_nodes(extract))),
            (RELATIONSHIPS, _rows(_relationships(extract))),
        ]
    )


def _nodes(extract: Extract) -> Iterator[Sequence[str]]:
    columns = _columns(extract)
    yield ("iri:ID", ":LABEL", "name", "layer", *(column.header for column in columns), "graphs")
    records = Records(extract)
    for quads in traversal.union(extract.quads, extract.graphs):
        node = quads[0].subject
        if isinstance(node, NamedNode) and (labels := _classes(quads)):
            values = (_value(quads, column) for column in columns)
            graphs = ";".join(records.graphs(node))
            yield node.value, ";".join(labels), records.label(node), records.layer(node), *values, graphs
    for kind in sorted(_kinds(extract)):
        yield kind, "Kind", records.label(NamedNode(kind)), "", *("" for _ in columns), ""


def _relationships(extract: Extract) -> Iterator[Sequence[str]]:
    yield ":START_ID", ":END_ID", ":TYPE"
    described = _described(extract)
    for quads in traversal.union(extract.quads, extract.graphs):
        node = quads[0].subject
        if isinstance(node, NamedNode) and node.value in described:
            for quad in quads:
                if _leads_on(quad, described):
                    yield node.value, str(quad.object.value), _type(quad.predicate)  # type: ignore[union-attr]


def _columns(extract: Extract) -> list[_Column]:
    """Return a column for each property of ours with literal values; labels have one for each language."""
    terms = extract.contents or extract.quads
    found = terms.quads_for_pattern(None, RDF.TYPE, OWL.DATATYPE_PROPERTY, NamedNode(iris.TERMS_GRAPH))
    property_iris = sorted(quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))
    labels = [
        _Column(f"{name}_{language}", predicate, language)
        for predicate, name in _LABELS
        for language in ("en", "es")
    ]
    ours = [
        _Column(f"{iri.removeprefix(iris.TERMS)}{_typed(NamedNode(iri))}", NamedNode(iri))
        for iri in property_iris
    ]
    return [*labels, *ours, _Column("wikidataItem", DIP.WIKIDATA_ITEM)]


def _typed(predicate: NamedNode) -> str:
    return f":{_TYPES[predicate]}" if predicate in _TYPES else ""


def _value(quads: Iterable[Quad], column: _Column) -> str:
    values = (quad.object for quad in quads if quad.predicate == column.predicate)
    texts = [
        value.value
        for value in values
        if not isinstance(value, Literal) or column.language in (None, value.language)
        if isinstance(value, Literal | NamedNode)
    ]
    return min(texts, default="") if column.predicate in _TYPES else "; ".join(sorted(texts))


def _classes(quads: Iterable[Quad]) -> list[str]:
    """Return the names of a thing's classes that are ours."""
    types = (quad.object for quad in quads if quad.predicate == RDF.TYPE)
    ours = (each.value for each in types if isinstance(each, NamedNode) and each.value.startswith(iris.TERMS))
    return sorted(iri.removeprefix(iris.TERMS) for iri in ours)


def _described(extract: Extract) -> set[str]:
    """Return the nodes: things of our classes, and named kinds."""
    typed = (
        quad
        for graph in extract.graphs
        for quad in extract.quads.quads_for_pattern(None, RDF.TYPE, None, graph)
    )
    return {
        quad.subject.value for quad in typed if isinstance(quad.subject, NamedNode) and _classes([quad])
    } | _kinds(extract)


def _kinds(extract: Extract) -> set[str]:
    """Return the kinds that the graphs name."""
    terms = extract.contents or extract.quads
    concepts = terms.quads_for_pattern(None, RDF.TYPE, SKOS.CONCEPT, NamedNode(iris.KINDS_GRAPH))
    concept_nodes = [quad.subject for quad in concepts if isinstance(quad.subject, NamedNode)]
    graph_names = frozenset(extract.graphs)
    return {
        kind.value
        for kind in concept_nodes
        if any(quad.graph_name in graph_names for quad in extract.quads.quads_for_pattern(None, None, kind))
    }


def _leads_on(quad: Quad, described: set[str]) -> bool:
    is_link = quad.predicate not in (RDF.TYPE, DIP.WIKIDATA_ITEM)
    return is_link and isinstance(quad.object, NamedNode) and quad.object.value in described


def _type(predicate: NamedNode) -> str:
    """Return a property's name in the style of relationship types.

    >>> _type(DIP.ADDRESSED_TO)
    'ADDRESSED_TO'
    """
    return _CAPITAL.sub("_", re.split("[/#]", predicate.value)[-1]).upper()


def _rows(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    return chunks.gather(map(_row, rows))


def _row(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
