"""RO-Crate 1.1 writer: facts, terms, shapes and questions in one zip, with a description, for archives.

https://www.researchobject.org/ro-crate/specification/1.1/
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import NamedNode

from kg import iris
from kg.errors import JSON
from kg.exports import archive, citation_cff, source_terms, trig, turtle
from kg.exports.edition import AUTHOR, DESCRIPTION, LICENCE, LICENCE_NAME, TITLE, Edition
from kg.exports.extract import Extract
from kg.query import questions

_METADATA, _FACTS, _CITATION = "ro-crate-metadata.json", "facts.trig", "CITATION.cff"
_RELEASED = {
    "terms.ttl": (iris.TERMS_GRAPH, "The terms of the ontology"),
    "kinds.ttl": (iris.KINDS_GRAPH, "The controlled lists"),
    "shapes.ttl": (iris.SHAPES_GRAPH, "The shapes that facts must conform to"),
    "alignments.ttl": (iris.ALIGNMENTS_GRAPH, "The links to other vocabularies"),
}
_PARTS = {
    _FACTS: ("The facts, graph by graph", "application/trig"),
    _CITATION: ("How to cite", "text/yaml"),
    **{name: (about, "text/turtle") for name, (_, about) in _RELEASED.items()},
}


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    saved_questions = {f"queries/{name}.rq": each for name, each in questions.load().items()}
    about = {
        **_PARTS,
        **{name: (each.question, "application/sparql-query") for name, each in saved_questions.items()},
    }
    members: list[tuple[str, Iterable[bytes]]] = [
        (_METADATA, [_metadata(extract, about)]),
        (_CITATION, citation_cff.write(extract)),
        (_FACTS, trig.write(extract)),
    ]
    members += ((name, _released(extract, graph)) for name, (graph, _) in _RELEASED.items())
    members += ((name, [each.text.encode()]) for name, each in saved_questions.items())
    return archive.zipped(members)


def _released(extract: Extract, graph: str) -> Iterator[bytes]:
    """Yield a graph of the release, which selections do not narrow."""
    return turtle.write(replace(extract, quads=extract.contents or extract.quads, graphs=(NamedNode(graph),)))


def _metadata(extract: Extract, parts: dict[str, tuple[str, str]]) -> bytes:
    edition = extract.edition or Edition(0, "")
    sources = [*source_terms.of(extract)]
    graph: list[JSON] = [
        {
            "@id": _METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        _root(edition, [*parts], [each.source for each in sources]),
        {"@id": LICENCE, "@type": "CreativeWork", "name": LICENCE_NAME},
        {"@id": "#maintainers", "@type": "Organization", "name": AUTHOR},
        *(
            {"@id": name, "@type": "File", "name": about, "encodingFormat": media_type}
            for name, (about, media_type) in parts.items()
        ),
        *(
            {"@id": each.source, "@type": "CreativeWork", "name": each.title, "license": each.terms}
            for each in sources
        ),
    ]
    document: JSON = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _root(edition: Edition, parts: list[str], sources: list[str]) -> JSON:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{TITLE}, {edition.name}",
        "description": f"{DESCRIPTION} Holds {edition.selection or 'all facts'}.",
        "version": edition.name,
        **({"datePublished": edition.time} if edition.time else {}),
        "license": {"@id": LICENCE},
        "creditText": edition.citation,
        "author": {"@id": "#maintainers"},
        "publisher": {"@id": "#maintainers"},
        "hasPart": [{"@id": name} for name in parts],
        "isBasedOn": [{"@id": iri} for iri in sources],
    }
