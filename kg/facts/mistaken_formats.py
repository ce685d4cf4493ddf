"""Detection of documents sent as the wrong format, from their first characters."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

from pyoxigraph import RdfFormat

_HEAD = 1 << 16
"""Maximum characters of a document that are examined."""
_OWL = "http://www.w3.org/2002/07/owl#"
_ROOTS: Mapping[str, tuple[str, str]] = {
    "http://www.w3.org/2005/sparql-results# sparql": (
        "this is the result of a query; send RDF, which CONSTRUCT returns",
        "esto es la respuesta de una consulta; envíe grafos, que da CONSTRUCT",
    ),
    "http://www.w3.org/1999/xhtml html": (
        "this is a web page; send the data that it shows",
        "esto es una página web; envíe los datos que muestra",
    ),
}
_OWL_XML = (
    "this is OWL/XML, another format than RDF/XML; save the ontology as RDF/XML or Turtle and send that",
    "esto es OWL/XML, distinto de RDF/XML; guarde la ontología como RDF/XML o Turtle y envíela así",
)
_BEGINNINGS: Mapping[re.Pattern[str], tuple[frozenset[RdfFormat], str]] = {
    re.compile(r"<\?xml\b|<!DOCTYPE\b|<rdf:RDF\b|<html\b", re.IGNORECASE): (
        frozenset({RdfFormat.RDF_XML}),
        "XML",
    ),
    re.compile(r"""\{\s*+["}]|\[\s*+[{\]]"""): (frozenset({RdfFormat.JSON_LD}), "JSON"),
    re.compile(r"@(?:prefix|base)\b|(?:PREFIX|BASE)\s", re.IGNORECASE): (
        frozenset({RdfFormat.TURTLE, RdfFormat.TRIG, RdfFormat.N3}),
        "Turtle",
    ),
}


_OWL_TEXT = (
    "this is OWL in {} syntax, which is not read; save the ontology as Turtle or RDF/XML",
    "esto es OWL en sintaxis {}, que no se lee; guarde la ontología como Turtle o RDF/XML",
)
_NOT_READ: Mapping[re.Pattern[str], tuple[str, str]] = {
    re.compile(r"(?:Prefix|Ontology)\s?\("): (
        _OWL_TEXT[0].format("functional"),
        _OWL_TEXT[1].format("funcional"),
    ),
    re.compile(r"(?:Prefix|Ontology):\s"): (
        _OWL_TEXT[0].format("Manchester"),
        _OWL_TEXT[1].format("de Manchester"),
    ),
}


def sent_as(text: str, syntax: RdfFormat) -> tuple[str, str] | None:
    """Return a hint, in English and Spanish, if an unreadable text looks like another format; else None.

    >>> sent_as("@prefix ex: <urn:x:> .", RdfFormat.RDF_XML)[0]
    'this looks like Turtle; send it with the Content-Type or the suffix of that format'
    """
    head = text[:200].lstrip()
    for begin, (syntaxes, name) in _BEGINNINGS.items():
        if syntax not in syntaxes and begin.match(head):
            return (
                f"this looks like {name}; send it with the Content-Type or the suffix of that format",
                f"esto parece {name}; envíelo con el Content-Type o el sufijo de ese formato",
            )
    return next((hint for begin, hint in _NOT_READ.items() if begin.match(head)), None)


def other_xml(text: str) -> tuple[str, str] | None:
    """Return a hint for an XML document whose first elements show that it is not RDF/XML; else None."""
    start = _Start()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler = start.begin
    with suppress(expat.ExpatError, _Enough):
        parser.Parse(text[:_HEAD].encode(), False)
    return start.meaning


class _Enough(Exception):
    """Stops the parser after the first two elements."""


@dataclass
class _Start:
    """The first elements of a document, with the attributes of the root."""

    names: list[str] = field(default_factory=list)
    attributes: Mapping[str, str] = field(default_factory=dict)

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """Record an element."""
        self.attributes = self.attributes if self.names else attributes
        self.names.append(name)
        if len(self.names) == 2:
            raise _Enough

    @property
    def meaning(self) -> tuple[str, str] | None:
        """The hint for the vocabulary of the elements; None for RDF/XML."""
        root, child = (*self.names, "", "")[:2]
        is_axiom = child.startswith(f"{_OWL} ") and child[len(_OWL) + 1 :][:1].isupper()
        if root == f"{_OWL} Ontology" and ("ontologyIRI" in self.attributes or is_axiom):
            return _OWL_XML
        return _ROOTS.get(root)
