"""Writes RDF/XML: the union of the graphs. Raises BadInput for a triple that XML cannot carry.

pyoxigraph's own writer does not check what XML can carry: it writes control characters, carriage returns that
an XML parser drops, and names that are no element names. Other programs cannot read such a file.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.changes import GraphName, Object, Quads, Subject
from kg.characters import NOT_IN_XML, code_point
from kg.errors import BadInput
from kg.exports import chunks, traversal
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

_HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
    + "".join(f'\n    xmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    + ">\n"
)
_FOOTER = "</rdf:RDF>\n"


def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]:
    """Yield the document in chunks; raises BadInput before the first for a triple that XML cannot carry."""
    pieces = chain([_HEADER], map(_block, traversal.union(store, graphs)), [_FOOTER])
    return chunks.from_file(lambda file: file.writelines(chunks.gather(pieces)))


def _block(quads: Sequence[Quad]) -> str:
    """Return the element of one subject."""
    triples = sorted({quad.triple for quad in quads}, key=str)
    properties = "".join(_property(triple) for triple in triples)
    about = _reference(triples[0].subject, "rdf:about", triples[0])
    return f"  <rdf:Description{about}>\n{properties}  </rdf:Description>\n"


def _property(triple: Triple) -> str:
    name, declaration = _element(triple)
    node = triple.object
    if not isinstance(node, Literal):
        return f"    <{name}{declaration}{_reference(node, 'rdf:resource', triple)}/>\n"
    return f"    <{name}{declaration}{_annotation(node, triple)}>{_text(node.value, triple)}</{name}>\n"


def _element(triple: Triple) -> tuple[str, str]:
    """Split the predicate's IRI into an element name and, for a foreign namespace, its declaration."""
    iri = triple.predicate.value
    namespace, local = _split(iri)
    if not local or iri in _RESERVED:
        raise BadInput(
            f"RDF/XML cannot write the predicate <{iri}> as an element's name; take another format."
        )
    for prefix, known in PREFIXES.items():
        if namespace == known:
            return f"{prefix}:{local}", ""
    return f"ns:{local}", f" xmlns:ns={_attribute(namespace, triple)}"


def _split(iri: str) -> tuple[str, str]:
    """Cut an IRI before the longest XML name that it ends in; the name is empty if it ends in none."""
    backwards = _NAME_CHARACTERS.match(iri[::-1])
    start = len(iri) - (backwards.end() if backwards else 0)
    first = _FIRST_OF_NAME.search(iri, start)
    return (iri[: first.start()], iri[first.start() :]) if first else (iri, "")


def _annotation(node: Literal, triple: Triple) -> str:
    if node.language:
        return f" xml:lang={_attribute(node.language, triple)}"
    datatype = node.datatype.value
    return "" if datatype == XSD.STRING.value else f" rdf:datatype={_attribute(datatype, triple)}"


def _reference(node: Subject | Object, attribute: str, triple: Triple) -> str:
    if isinstance(node, BlankNode):
        return f' rdf:nodeID="b-{node.value}"'  # an XML name may not begin with a digit
    if not isinstance(node, NamedNode):
        raise BadInput(f"RDF/XML cannot write the triple term {node}; take another format.")
    return f" {attribute}={_attribute(node.value, triple)}"


def _text(text: str, triple: Triple) -> str:
    escaped = _checked(text, triple).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _attribute(text: str, triple: Triple) -> str:
    return '"' + _text(text, triple).replace('"', "&quot;") + '"'


def _checked(text: str, triple: Triple) -> str:
    if fault := NOT_IN_XML.search(text):
        name = code_point(fault[0])
        raise BadInput(
            f"RDF/XML cannot hold the character {name} of the triple {triple}; take another format."
        )
    return text
