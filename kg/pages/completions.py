"""Terms for an editor's completion: name, label, definition and kind of each, in one language."""

import json
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.store.store import Contents
from kg.terms import OWL, RDF, RDFS, SKOS

_KINDS = {
    OWL.CLASS: "class",
    OWL.OBJECT_PROPERTY: "property",
    OWL.DATATYPE_PROPERTY: "property",
    SKOS.CONCEPT: "kind",
}
_LABELS = (RDFS.LABEL, SKOS.PREF_LABEL)
_DEFINITIONS = (SKOS.DEFINITION,)


def terms(language: str, contents: Contents) -> Iterator[bytes]:
    """Yield, as JSON, the classes, properties and kinds of the release."""
    found = [
        {"name": iris.compact(node.value), **_described(contents, node, language), "kind": kind}
        for type_, kind in _KINDS.items()
        for node in _instances(contents, type_)
    ]
    yield json.dumps({"terms": sorted(found, key=lambda each: each["name"])}, ensure_ascii=False).encode()


def _instances(contents: Contents, type_: NamedNode) -> Iterator[NamedNode]:
    graphs = (iris.TERMS_GRAPH, iris.KINDS_GRAPH)
    for graph in map(NamedNode, graphs):
        for quad in contents.quads_for_pattern(None, RDF.TYPE, type_, graph):
            if isinstance(quad.subject, NamedNode) and not iris.compact(quad.subject.value).startswith("<"):
                yield quad.subject


def _described(contents: Contents, node: NamedNode, language: str) -> Mapping[str, str]:
    label, definition = (_text(contents, node, each, language) for each in (_LABELS, _DEFINITIONS))
    return {"label": label, "definition": definition}


def _text(contents: Contents, node: NamedNode, predicates: tuple[NamedNode, ...], language: str) -> str:
    for predicate in predicates:
        values = {
            quad.object.language: quad.object.value
            for quad in contents.quads_for_pattern(node, predicate, None)
            if isinstance(quad.object, Literal)
        }
        if values:
            return values.get(language) or values.get("en") or min(values.values())
    return ""
