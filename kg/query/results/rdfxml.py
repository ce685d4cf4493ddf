"""RDF/XML writer, for answers and for exports. Raises NotAcceptable for triples that XML cannot carry.

The engine's own writer does not check this: it writes control characters, carriage returns that an XML reader
drops, and IRIs that yield no valid element name. Other programs cannot read such a document.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import IO

from pyoxigraph import BlankNode, Literal, NamedNode, QueryTriples, Triple

from kg.changes import Object, Subject
from kg.characters import NOT_IN_XML, code_point
from kg.errors import NotAcceptable
from kg.formats import GRAPH_FORMATS
from kg.iris import PREFIXES
from kg.terms import XSD

_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME_CHARACTERS = re.compile(f"[{_NAME_START}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*+")
_FIRST_OF_NAME = re.compile(f"[{_NAME_START}]")
_RDF = PREFIXES["rdf"]
_RESERVED = {  # RDF 1.1 XML Syntax, section 5.1: names that the syntax reserves
    _RDF + name
    for name in (
        *("RDF", "Description", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li"),
        *("aboutEach", "aboutEachPrefix", "bagID"),
    )
}
_XMLNS = "http://www.w3.org/2000/xmlns/"
"""The namespace for which no prefix may be declared (Namespaces in XML 1.0, section 3)."""
_PREFIX_OF = {namespace: prefix for prefix, namespace in PREFIXES.items()}

HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    + "".join(f'\n    xmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    + ">\n"
)
FOOTER = "</rdf:RDF>\n"
_LONGEST_TRIPLE = 200


def write(result: QueryTriples, output: IO[bytes]) -> None:
    """Write the answer of a query; consecutive triples of one subject share an element."""
    output.write(HEADER.encode())
    for _, triples in groupby(result, attrgetter("subject")):
        output.write(block(triples).encode())
    output.write(FOOTER.encode())


def block(triples: Iterable[Triple]) -> str:
    """Return the element of one subject."""
    return "".join(_lines(iter(triples)))


def _lines(triples: Iterator[Triple]) -> Iterator[str]:
    first = next(triples)
    yield f"  <rdf:Description{_reference(first.subject, 'rdf:about', first)}>\n"
    yield _property(first)
    yield from map(_property, triples)
    yield "  </rdf:Description>\n"


def _property(triple: Triple) -> str:
    name, declaration = _element(triple)
    node = triple.object
    if not isinstance(node, Literal):
        return f"    <{name}{declaration}{_reference(node, 'rdf:resource', triple)}/>\n"
    return f"    <{name}{declaration}{_annotation(node, triple)}>{_text(node.value, triple)}</{name}>\n"


def _element(triple: Triple) -> tuple[str, str]:
    """Return an element name for the predicate and, for a foreign namespace, its declaration."""
    iri = triple.predicate.value
    namespace, name = _name(iri)
    if not name:
        raise _refusal(f"write the predicate <{iri}> as the name of an element", triple)
    return name, f" xmlns:ns={_attribute(namespace, triple)}" if namespace else ""


@lru_cache(maxsize=1 << 12)
def _name(iri: str) -> tuple[str, str]:
    """Return the namespace to declare and the name of an element; the name is empty if there is none."""
    namespace, local = _split(iri)
    if not local or iri in _RESERVED or namespace == _XMLNS:
        return namespace, ""
    if prefix := _PREFIX_OF.get(namespace):
        return "", f"{prefix}:{local}"
    return namespace, f"ns:{local}"


def _split(iri: str) -> tuple[str, str]:
    """Split an IRI before the longest XML name at its end; the name is empty if there is none."""
    backwards = _NAME_CHARACTERS.match(iri[::-1])
    start = len(iri) - (backwards.end() if backwards else 0)
    first = _FIRST_OF_NAME.search(iri, start)
    return (iri[: first.start()], iri[first.start() :]) if first else (iri, "")


def _annotation(node: Literal, triple: Triple) -> str:
    if node.direction is not None:
        raise _refusal("keep the base direction of a literal", triple)
    if node.language:
        return f" xml:lang={_attribute(node.language, triple)}"
    datatype = node.datatype.value
    return "" if datatype == XSD.STRING.value else f" rdf:datatype={_attribute(datatype, triple)}"


def _reference(node: Subject | Object, attribute: str, triple: Triple) -> str:
    if isinstance(node, BlankNode):
        return f' rdf:nodeID="b-{node.value}"'  # an XML name may not begin with a digit
    if not isinstance(node, NamedNode):
        raise _refusal("write a triple about a triple", triple)
    return f" {attribute}={_attribute(node.value, triple)}"


def _text(text: str, triple: Triple) -> str:
    escaped = _checked(text, triple).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _attribute(text: str, triple: Triple) -> str:
    return '"' + _text(text, triple).replace('"', "&quot;") + '"'


def _checked(text: str, triple: Triple) -> str:
    if fault := NOT_IN_XML.search(text):
        raise _refusal(f"hold the character {code_point(fault[0])}", triple)
    return text


def _refusal(what: str, triple: Triple) -> NotAcceptable:
    """Return the error: what RDF/XML cannot do, with which triple, and what to ask for instead."""
    others = [each.media_type for each in GRAPH_FORMATS if each.name not in ("rdfxml", *_unfit(triple))]
    triple_text = NOT_IN_XML.sub("\ufffd", str(triple))
    triple_text = (
        triple_text if len(triple_text) <= _LONGEST_TRIPLE else f"{triple_text[: _LONGEST_TRIPLE - 1]}…"
    )
    return NotAcceptable(
        f"RDF/XML cannot {what}, in the triple {triple_text}; ask for {', '.join(others)}.", offered=others
    )


def _unfit(triple: Triple) -> tuple[str, ...]:
    """Return the names of the other formats that cannot hold a triple."""
    return ("jsonld",) if isinstance(triple.object, Triple) else ()
