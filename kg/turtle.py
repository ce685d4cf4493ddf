"""Turtle and TriG writer for people: our prefixes, one block per subject, sorted, reproducible.

pyoxigraph's own writer orders the prefixes at random and puts no blank lines between subjects.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.changes import GraphName, Object, Subject
from kg.iris import PREFIXES, compact
from kg.terms import XSD

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())

_BARE = {  # literals of this form need no quotes in Turtle
    XSD.INTEGER.value: re.compile(r"[+-]?[0-9]+"),
    XSD.DECIMAL.value: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.BOOLEAN.value: re.compile(r"true|false"),
}
_FIRST = {"a": 0, "rdfs:label": 1}


def block(quads: Sequence[Quad], indent: str = "") -> str:
    """Return the quads of one subject, of any graph, as one block of triples."""
    lines: list[str] = []
    pairs = sorted({(_predicate(quad.predicate), term(quad.object)) for quad in quads}, key=_order)
    for predicate, objects in groupby(pairs, key=lambda pair: pair[0]):
        lines.append(f"{predicate} " + f" ,\n{indent}        ".join(text for _, text in objects))
    return f"{indent}{term(quads[0].subject)} " + f" ;\n{indent}    ".join(lines) + " .\n"


def graph_blocks(name: GraphName, blocks: Iterable[Sequence[Quad]]) -> Iterator[str]:
    """Yield the parts of one graph in TriG, subject by subject; the default graph has no name."""
    yield "\n{\n" if isinstance(name, DefaultGraph) else f"\n{term(name)} {{\n"
    for number, quads in enumerate(blocks):
        yield ("\n" if number else "") + block(quads, indent="    ")
    yield "}\n"


def term(node: Subject | Object) -> str:
    """Return a term in its shortest Turtle form."""
    if isinstance(node, NamedNode):
        return _name(node.value)
    if not isinstance(node, Literal):
        return str(node)
    datatype = node.datatype.value
    if datatype in _BARE and _BARE[datatype].fullmatch(node.value):
        return node.value
    text = str(node)
    suffix = f"^^<{datatype}>"
    return text.removesuffix(suffix) + "^^" + _name(datatype) if text.endswith(suffix) else text


def _predicate(node: NamedNode) -> str:
    name = _name(node.value)
    return "a" if name == "rdf:type" else name


def _order(pair: tuple[str, str]) -> tuple[int, str, str]:
    predicate, text = pair
    return _FIRST.get(predicate, len(_FIRST)), predicate, text


_name = lru_cache(maxsize=1 << 16)(compact)
