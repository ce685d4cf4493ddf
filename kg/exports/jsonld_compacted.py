"""Compacted JSON-LD writer: the context is in the document, which depends on no other.

Each graph is under its name; things in no graph precede them. The metadata are under ``about``, which the
context does not define, so that JSON-LD processors ignore it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from kg.changes import Object
from kg.errors import JSON
from kg.exports import chunks, context, json_values, traversal
from kg.exports.context import ShortNames
from kg.exports.extract import Extract
from kg.terms import RDF


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    names = context.of(extract.contents or extract.quads)
    about = {"about": dict(extract.edition.members())} if extract.edition else {}
    head = _text({"@context": names.definitions, **about}).removesuffix("}")
    return chunks.gather(chain([f'{head},\n"@graph":[\n'], _pieces(extract, names), ["\n]}\n"]))


def _pieces(extract: Extract, names: ShortNames) -> Iterator[str]:
    """Yield the things of each graph: in an object with the graph's name, or singly without a graph."""
    before = ""
    for graph in extract.graphs:
        inside = ""
        begin = f'{{"id":{_quoted(_iri(graph))},"@graph":[\n'
        is_named = not isinstance(graph, DefaultGraph)
        for quads in traversal.subjects_of(extract.quads, graph):
            start = begin if is_named and not inside else ""
            yield (inside or before) + start + _text(_thing(quads, names))
            inside = before = ",\n"
        if inside and is_named:
            yield "]}"


def _thing(quads: Sequence[Quad], names: ShortNames) -> Mapping[str, JSON]:
    """Return the members of one thing, its classes first."""
    values: dict[NamedNode, list[Object]] = {}
    for quad in sorted(quads, key=str):
        values.setdefault(quad.predicate, []).append(quad.object)
    members: dict[str, JSON] = {"id": _iri(quads[0].subject)}
    classes = values.pop(RDF.TYPE, [])
    class_iris = [each.value for each in classes if isinstance(each, NamedNode)]
    if class_iris:
        members["type"] = json_values.one_or_all([names.name(each) for each in class_iris])
    if others := [each for each in classes if not isinstance(each, NamedNode)]:
        members[RDF.TYPE.value] = json_values.written(names, RDF.TYPE.value, others, _link)
    for predicate, found in values.items():
        name = names.name(predicate.value)
        members[name] = json_values.written(names, name, found, _link)
    return members


def _link(node: NamedNode | BlankNode) -> JSON:
    return {"id": _iri(node)}


def _iri(node: object) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _text(value: Mapping[str, JSON]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
