"""Exports: chooses the graphs, and calls the format's module, which yields the document in chunks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode

from kg import iris
from kg.changes import GraphName, Quads
from kg.errors import NotFound
from kg.exports import edition, source_terms
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.extract import Extract, Writer
from kg.exports.narrowing import narrowed
from kg.exports.selection import Selection
from kg.store.store import Contents

_NOT_CURRENT = {*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH}


def choose_graphs(
    stored_names: Iterable[str], graph_texts: Sequence[str] = (), *, everything: bool = False
) -> tuple[GraphName, ...]:
    """Return the graphs to export: the wanted ones, else all that hold facts, with ``everything`` all graphs.

    A wanted graph is an IRI in any spelling for users. Raises BadInput if it is not an IRI, NotFound if it
    does not exist.
    """
    names = sorted(stored_names)
    if graph_texts:
        return tuple(dict.fromkeys(_known_graph(text, names) for text in graph_texts))
    iris = [name for name in names if everything or name not in _NOT_CURRENT]
    return (DefaultGraph(), *map(NamedNode, iris))


def stream(writer: str, extract: Extract) -> Iterator[bytes]:
    """Yield a document in chunks; raises NotAcceptable before the first if the format cannot carry a term."""
    write: Writer = import_module(writer).write
    return write(extract)


def chosen(
    writer: str, selection: Selection, store: Contents, directory: Path | None = None
) -> Iterator[bytes]:
    """Yield the selected part of a store as a document; raises as ``choose_graphs`` and ``stream`` do.

    ``directory`` is the data directory of the store, if it has one.
    """
    graphs = choose_graphs(store.graphs(), selection.graphs, everything=selection.everything)
    quads: Quads = store
    if selection.has_criteria:
        quads, graphs = narrowed(store, selection, graphs)
    extract = Extract(quads, graphs, contents=store, directory=directory)
    terms_of_sources = tuple(f"{each.title}: {each.terms}" for each in source_terms.of(extract))
    signed = replace(edition.of(store, selection.in_words), source_terms=terms_of_sources)
    return stream(writer, replace(extract, edition=signed))


def one(format_name: str, graph: GraphName, store: Contents) -> Iterator[bytes]:
    """Yield one graph of a store as a document of triples, without the graph's name.

    The Graph Store Protocol requires this (section 5.2). TriG and N-Quads do contain the name, because that
    is their purpose.
    """
    writer = EXPORT_FORMATS[format_name].writer
    extract = Extract(store, (graph,), contents=store)
    alone = getattr(import_module(writer), "write_alone", None)
    return alone(extract) if alone else stream(writer, extract)


def _known_graph(text: str, names: Sequence[str]) -> GraphName:
    graph = iris.read_iri(text)
    if graph.value not in names:
        raise NotFound(f"There is no graph {iris.compact(graph.value)}.")
    return graph
