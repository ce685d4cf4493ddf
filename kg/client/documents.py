"""Facts from Python callers: a file, RDF text or bytes, or an rdflib graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from os import PathLike
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pyoxigraph import Quad, serialize

from kg.client.access import Document
from kg.errors import BadInput, Unreadable
from kg.formats import RDF_FORMATS, from_name, from_path
from kg.importers.catalogue import BUNDLE, FACTS_FORMATS

if TYPE_CHECKING:
    import rdflib
    from rdflib.term import Node

Facts: TypeAlias = "str | PathLike[str] | rdflib.Graph"
"""The path of a file or of a bundle's folder, or an rdflib graph or dataset."""

_LONGEST_SHOWN = 60


def document(
    facts: Facts | None, data: str | bytes | None, rdf_format: str | None, supersedes: str | None = None
) -> Document:
    """Return the document of a file, a folder or an rdflib graph (``facts``), or of RDF text (``data``).

    The format is ``rdf_format``, else that of the file's suffix; for text it is TriG, which includes Turtle.
    Raises BadInput unless exactly one of the two is given, and if a file cannot be read.
    """
    if (facts is None) == (data is None):
        raise BadInput("Give either a file or an rdflib graph, or RDF text as data=...; not both.")
    facts_format = from_name(rdf_format, FACTS_FORMATS) if rdf_format else None
    if data is not None:
        if not isinstance(data, str | bytes):
            raise BadInput(f"data= takes RDF as text or bytes, not {type(data).__name__}.")
        encoded = data.encode() if isinstance(data, str) else data
        return Document(encoded, facts_format or RDF_FORMATS["trig"], supersedes=supersedes)
    if isinstance(facts, str | PathLike):
        path = Path(facts)
        if isdir(facts):
            return replace(of_folder(path), supersedes=supersedes)
        return Document(_read(path), facts_format or from_path(path, FACTS_FORMATS), str(path), supersedes)
    if isinstance(facts, bytes):
        raise BadInput("Bytes of RDF are given as data=...; the first argument is a file or an rdflib graph.")
    return _of_rdflib(facts, supersedes)


def of_folder(folder: Path) -> Document:
    """Return the document of a folder that holds an unpacked bundle of tables; raises BadInput."""
    from kg.importers import bundle  # most callers pass files

    return Document(bundle.packed(folder), BUNDLE, str(folder))


def text_bytes(path: str | PathLike[str] | None, data: str | bytes | None) -> bytes:
    """Return the bytes of a text from a file (``path``) or from ``data``; raises BadInput."""
    if (path is None) == (data is None):
        raise BadInput("Give either the path of a text, or the text as data=...; not both.")
    if path is not None:
        return _read(Path(path))
    return data.encode() if isinstance(data, str) else data or b""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        name = str(path)
        short_name = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."
        reason = getattr(error, "strerror", None) or "no such file"
        raise BadInput(
            f"{short_name!r} cannot be read as a file: {reason}. A string is read as a path; give RDF text "
            "as data=..."
        ) from None


def _of_rdflib(graph: object, supersedes: str | None) -> Document:
    """Write a graph or a dataset as N-Quads; a graph's own name is omitted, because its content names it."""
    import rdflib

    if not isinstance(graph, rdflib.Graph):
        raise BadInput(f"Facts are a file or an rdflib graph, not {type(graph).__name__}.")
    nquads = RDF_FORMATS["nquads"]
    data = serialize(_quads(graph), format=nquads.syntax) or b""
    return Document(data, nquads, "the rdflib graph", supersedes)


def _quads(graph: rdflib.Graph) -> Iterator[Quad]:
    """Yield the quads of a graph or dataset; raises Unreadable for a triple that RDF does not allow."""
    import rdflib

    from kg.gate.shacl.rdflib_view import from_rdflib

    if isinstance(graph, rdflib.Dataset):
        stated: Iterable[tuple[Node | None, ...]] = graph.quads()
    else:
        stated = ((*triple, None) for triple in graph)
    for *triple, name in stated:
        try:
            subject, predicate, value = (from_rdflib(node) for node in triple if node is not None)
            home = None if name in (None, rdflib.graph.DATASET_DEFAULT_GRAPH_ID) else from_rdflib(name)
            yield Quad(subject, predicate, value, home)  # type: ignore[arg-type]  # it raises TypeError for a term that does not fit
        except (TypeError, ValueError) as error:
            triple_text = " ".join(str(node) for node in triple)[:200]
            raise Unreadable(
                f"The rdflib graph holds no triple of RDF in {triple_text!r}: {error}."
            ) from None
