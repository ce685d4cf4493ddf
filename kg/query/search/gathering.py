"""Effect of quads on the index: names, facts and mentions, with the number of graphs that state each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from kg.query.search.indexed import FACTS, NAMES, NO_MENTIONS, is_fact, is_indexed
from kg.terms import RDFS


class NameKey(NamedTuple):
    """A name of a thing, which several graphs may give."""

    thing: str
    kind: int
    text: str
    lang: str


class FactKey(NamedTuple):
    """A fact that describes a thing; its value is the IRI of another thing, or the text of a literal."""

    thing: str
    property: int
    value: str
    is_iri: bool
    lang: str


@dataclass
class Gathered:
    """The net number of each name, fact and mention: added by some quads, minus removed."""

    names: Counter[NameKey] = field(default_factory=Counter)
    facts: Counter[FactKey] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    changes_classes: bool = False
    """Whether the hierarchy of our classes changes."""

    def add(self, quads: Iterable[Quad], sign: int = 1) -> None:
        """Count quads; with ``sign`` -1 as removed."""
        for quad in quads:
            if isinstance(quad.subject, NamedNode) and is_indexed(quad.graph_name):
                self._add(quad, quad.subject.value, sign)

    def _add(self, quad: Quad, thing: str, sign: int) -> None:
        value = quad.object
        if isinstance(value, NamedNode) and quad.predicate not in NO_MENTIONS:
            self.mentions[value.value] += sign
        elif isinstance(value, Literal) and (kind := NAMES.get(quad.predicate)) is not None:
            self.names[NameKey(thing, kind, value.value, value.language or "")] += sign
        if quad.predicate in FACTS and is_fact(quad):
            is_iri = isinstance(value, NamedNode)
            assert isinstance(value, NamedNode | Literal)
            lang = "" if isinstance(value, NamedNode) else value.language or ""
            self.facts[FactKey(thing, FACTS[quad.predicate], value.value, is_iri, lang)] += sign
            self.changes_classes |= quad.predicate == RDFS.SUB_CLASS_OF
