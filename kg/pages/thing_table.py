"""A thing as a table (CSV): a row for each of its values, then for each thing that points to it."""

import csv
import io
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Object, Subject
from kg.exports import chunks
from kg.pages import descriptions
from kg.query import names
from kg.store.log import CommitLog
from kg.store.store import Contents

COLUMNS = (
    *("thing", "thing_label", "property", "property_label", "value", "value_label"),
    *("language", "datatype", "graph"),
)


def write(iri: str, language: str, log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Yield the table in chunks, with names in a language; raises as ``descriptions.of_thing`` does."""
    node = NamedNode(iri)
    description = descriptions.of_thing(contents, node, log)
    quads = sorted(description.quads, key=lambda quad: (quad.subject != node, str(quad)))
    rows = (_row(contents, quad, language) for quad in quads)
    return chunks.gather(map(_line, (COLUMNS, *rows)))


def _row(contents: Contents, quad: Quad, language: str) -> tuple[str, ...]:
    value = quad.object
    tag, datatype = (value.language or "", value.datatype.value) if isinstance(value, Literal) else ("", "")
    graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""

    def label(node: Subject | Object) -> str:
        found = names.name_of(contents, node, language)
        return found.value if found else ""

    return (
        *(_plain(quad.subject), label(quad.subject), quad.predicate.value, label(quad.predicate)),
        *(_plain(value), label(value), tag, "" if tag else datatype, graph),
    )


def _plain(node: Subject | Object) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else str(node)


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)  # line ends as in RFC 4180
    return line.getvalue()
