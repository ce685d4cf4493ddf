"""Streams graphs as bytes, in any RDF format, sorted: the same graphs give the same bytes.

Formats that hold named graphs write each graph apart, the others the union of the chosen graphs. No iterator
of the store stays open between two chunks, for none may be used on another thread than its maker's.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from kg import iris, turtle
from kg.changes import GraphName, Quads, Subject
from kg.errors import BadInput, NotFound
from kg.formats import RDF_FORMATS, RDFFormat
from kg.store.store import Contents

CHUNK = 1 << 16
"""Bytes in a chunk, about."""

_NOT_CURRENT = {*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH}


def choose_graphs(
    known: Iterable[str], wanted: Sequence[str] = (), *, everything: bool = False
) -> tuple[GraphName, ...]:
    """Pick the graphs to export: those wanted, or all that hold facts, or with ``everything`` all there are.

    A wanted graph is an IRI as people write it; raises BadInput for what is none, NotFound for an unknown.
    """
    names = sorted(known)
    if wanted:
        return tuple(dict.fromkeys(_known_graph(text, names) for text in wanted))
    chosen = [name for name in names if everything or name not in _NOT_CURRENT]
    return (DefaultGraph(), *map(NamedNode, chosen))


def stream(store: Quads, rdf_format: RDFFormat, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield a document in chunks. Raises BadInput before the first chunk for what the format cannot carry."""
    return _WRITERS[rdf_format.engine](store, graphs)


def chosen(format_name: str, wanted: Sequence[str], everything: bool, store: Contents) -> Iterator[bytes]:
    """Yield the chosen graphs of a store as a document; raises as ``choose_graphs`` and ``stream``."""
    graphs = choose_graphs(store.graphs(), wanted, everything=everything)
    return stream(store, RDF_FORMATS[format_name], graphs)


def one(format_name: str, graph: GraphName, store: Contents) -> Iterator[bytes]:
    """Yield one graph of a store as a document."""
    return stream(store, RDF_FORMATS[format_name], (graph,))


def _known_graph(text: str, known: Sequence[str]) -> GraphName:
    try:
        iri = iris.expand(text)
    except ValueError as error:
        raise BadInput(f"{error}.") from None
    if iri not in known:
        raise NotFound(f"There is no graph {iris.compact(iri)}.")
    return NamedNode(iri)


def _turtle(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    blocks = ("\n" + turtle.block(quads) for quads in _union(store, graphs))
    return _chunks(chain([turtle.HEADER], blocks))


def _trig(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    blocks = (turtle.graph_blocks(graph, _described(store, graph)) for graph in _filled(store, graphs))
    return _chunks(chain([turtle.HEADER], chain.from_iterable(blocks)))


def _ntriples(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    lines = (sorted({f"{quad.triple} .\n" for quad in quads}) for quads in _union(store, graphs))
    return _chunks(chain.from_iterable(lines))


def _nquads(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    lines = (sorted(f"{quad} .\n" for quad in quads) for quads in _each(store, graphs))
    return _chunks(chain.from_iterable(lines))


def _rdfxml(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    from kg.exports import rdfxml  # its table of names takes a while to make

    blocks = map(rdfxml.block, _union(store, graphs))
    with tempfile.TemporaryFile() as file:  # the last triple may be one that RDF/XML cannot carry
        file.writelines(_chunks(chain([rdfxml.HEADER], blocks, [rdfxml.FOOTER])))
        yield from _read_back(file)


def _jsonld(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    quads = (quad for quads in _each(store, graphs) for quad in sorted(quads, key=str))
    with tempfile.TemporaryFile() as file:
        serialize(quads, file, RdfFormat.JSON_LD)
        yield from _read_back(file)


def _union(store: Quads, graphs: Sequence[GraphName]) -> Iterator[list[Quad]]:
    """Yield, subject by subject in order, the quads that any of the graphs holds about it."""
    chosen = set(graphs)
    subjects = {quad.subject for graph in graphs for quad in store.quads_for_pattern(None, None, None, graph)}
    for subject in sorted(subjects, key=_rank):
        yield [
            quad for quad in store.quads_for_pattern(subject, None, None, None) if quad.graph_name in chosen
        ]


def _each(store: Quads, graphs: Sequence[GraphName]) -> Iterator[list[Quad]]:
    """Yield, graph by graph and subject by subject in order, the quads about it."""
    return chain.from_iterable(_described(store, graph) for graph in graphs)


def _described(store: Quads, graph: GraphName) -> Iterator[list[Quad]]:
    subjects = {quad.subject for quad in store.quads_for_pattern(None, None, None, graph)}
    for subject in sorted(subjects, key=_rank):
        yield list(store.quads_for_pattern(subject, None, None, graph))


def _filled(store: Quads, graphs: Sequence[GraphName]) -> Iterator[GraphName]:
    """Yield the graphs that hold something: TriG's empty default graph would be a puzzle to its reader."""
    for graph in graphs:
        if next(store.quads_for_pattern(None, None, None, graph), None):
            yield graph


def _rank(subject: Subject) -> tuple[bool, str]:
    """Sort blank nodes last: what has a name comes first."""
    return isinstance(subject, BlankNode), str(subject)


def _chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Gather small pieces of text into chunks of bytes."""
    gathered: list[str] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    if gathered:
        yield "".join(gathered).encode()


def _read_back(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    yield from iter(lambda: file.read(CHUNK), b"")


_WRITERS: dict[RdfFormat, Callable[[Quads, Sequence[GraphName]], Iterator[bytes]]] = {
    RdfFormat.TURTLE: _turtle,
    RdfFormat.TRIG: _trig,
    RdfFormat.N_TRIPLES: _ntriples,
    RdfFormat.N_QUADS: _nquads,
    RdfFormat.RDF_XML: _rdfxml,
    RdfFormat.JSON_LD: _jsonld,
}
