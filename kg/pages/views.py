"""Views: pages about facts and graphs, rendered in a reader from its contents.

The contents are the last argument, so that the others can be bound first (``functools.partial``) and sent to
a reader.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from kg import iris
from kg.errors import NotFound
from kg.formats import RDF_FORMATS
from kg.pages import descriptions, documents, grounds
from kg.pages.cells import Cells
from kg.pages.rendering import Style
from kg.pages.terminology import index as terminology_index
from kg.pages.terminology import rules
from kg.pages.terminology.index import IndexRequest
from kg.query import why
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import OWL


def why_page(style: Style, texts: Sequence[str], moment: str | None, contents: Contents) -> Iterator[bytes]:
    """Yield the grounds of facts: each with its name, and its support in each graph."""
    cells = style.cells(contents)
    facts = [why.read_fact(text) for text in texts]
    answer = why.found_all(facts, style.language, contents)
    things = {fact.text: NamedNode(fact.subject.strip("<>")) for fact in facts}
    yield style.text(
        "why.html",
        facts=[_rested(cells, things[found["fact"]], found) for found in answer["facts"]],
        version=contents.version,
        moment=moment,
    ).encode()


def _rested(cells: Cells, thing: NamedNode, fact_grounds: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return one fact's data for the page: its thing, its claimants, and its evidence."""
    return {
        "triple": fact_grounds["fact"] if why.is_triple(fact_grounds["fact"]) else None,
        "name": cells.cell(thing),
        "classes": grounds.classes(cells, thing),
        "claimants": grounds.claimants(cells, thing),
        "graphs": [
            {**graph, "cell": cells.cell(NamedNode(graph["graph"]))} for graph in fact_grounds["graphs"]
        ],
    }


def thing_as(format_name: str, iri: str, log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Yield the description of a thing as RDF."""
    yield descriptions.of_thing(contents, NamedNode(iri), log).serialized(RDF_FORMATS[format_name])


def index(style: Style, index_request: IndexRequest, part: str | None, contents: Contents) -> Iterator[bytes]:
    """Yield the index of terms or kinds; raises NotFound for an unknown module or version."""
    _require(contents, index_request.graph, part)
    yield from terminology_index.write(style, index_request, contents)


def document(style: Style, graph: str, title: str, contents: Contents) -> Iterator[bytes]:
    """Yield the rules of the shapes or the graph of alignments as a page."""
    if graph == iris.SHAPES_GRAPH:
        yield from rules.page(style, contents)
        return
    groups = documents.groups(descriptions.of_graph(contents, graph), graph, style.cells(contents))
    yield style.text("document.html", title=title, iri=graph, groups=groups).encode()


def document_as(format_name: str, graph: str, part: str | None, contents: Contents) -> Iterator[bytes]:
    """Yield the same as RDF."""
    _require(contents, graph, part)
    yield descriptions.of_graph(contents, graph).serialized(RDF_FORMATS[format_name])


def graphs(contents: Contents) -> Iterator[bytes]:
    """Yield the graphs that hold quads, as JSON."""
    yield json.dumps(contents.graphs()).encode()


def _require(contents: Contents, graph: str, part: str | None) -> None:
    node = NamedNode(f"{graph}/{part}")
    is_module = any(contents.quads_for_pattern(node, None, None))
    if part and not is_module and not any(contents.quads_for_pattern(None, OWL.VERSION_IRI, node)):
        raise NotFound(f"The terms have no module and no version {part!r}.")
