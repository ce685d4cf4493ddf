"""Records as exports for people's tools read them: values, labels, times and reports, in a fixed order.

Whatever reads records reads them here, so that no export mistakes one layer for another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.changes import Object, Quads, Subject
from kg.exports.extract import Extract
from kg.exports.narrowing import classes_of
from kg.exports.selection import LAYERS
from kg.exports.text_set import TextSet
from kg.terms import DCTERMS, DIP, RDF, RDFS, SKOS

LANGUAGES = ("en", "es", "")
"""The languages of labels, the preferred first; any other comes after these."""
_LABELS = (RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE)
_REMEMBERED = 1 << 16


@dataclass(frozen=True)
class Time:
    """What is known of a time: its bounds as days, and the words and the precision that it has."""

    date: str = ""
    earliest: str = ""
    latest: str = ""
    as_written: str = ""
    precision: str = ""
    basis: str = ""


@dataclass(frozen=True)
class ReportOf:
    """What one source says of a record: how hedged, on what basis, in which words, in which graph."""

    iri: str
    source: str
    hedge: str
    basis: str
    passages: tuple[str, ...]
    graph: str


class Records:
    """The records of an extract."""

    def __init__(self, extract: Extract) -> None:
        self._quads = extract.quads
        self._all: Quads = extract.contents or extract.quads
        self._graphs = frozenset(extract.graphs)
        self.label = lru_cache(_REMEMBERED)(self._label)
        """Return what a thing is called in a language: its label, or the last part of its IRI.

        The label of a happening says who denies it.
        """
        self.time = lru_cache(_REMEMBERED)(self._time)
        """Return what is known of a span of time."""

    def of(self, *heads: NamedNode) -> Iterator[NamedNode]:
        """Yield the things of some classes or of classes below them, in order."""
        typed = TextSet(
            quad.subject.value
            for each in self.classes(heads)
            for quad in self._quads.quads_for_pattern(None, RDF.TYPE, each)
            if quad.graph_name in self._graphs and isinstance(quad.subject, NamedNode)
        )
        return map(NamedNode, typed)

    def classes(self, heads: Iterable[NamedNode]) -> set[NamedNode]:
        """Return some classes with those below them."""
        found = {*heads}
        rest: list[Subject] = [*found]
        while rest:
            for quad in self._all.quads_for_pattern(None, RDFS.SUB_CLASS_OF, rest.pop()):
                if isinstance(quad.subject, NamedNode) and quad.subject not in found:
                    found.add(quad.subject)
                    rest.append(quad.subject)
        return found

    @cached_property
    def actors(self) -> frozenset[NamedNode]:
        """The classes of actors."""
        return frozenset(self.classes([DIP.ACTOR]))

    @cached_property
    def _layers(self) -> dict[NamedNode, str]:
        return {each: name for name, head in LAYERS.items() for each in classes_of(self._all, [head])}

    def layer(self, node: NamedNode) -> str:
        """Return the layer of a thing: source, statement, happening or assessment; empty for one of none."""
        classes = self.things(node, RDF.TYPE)
        return next((self._layers[each] for each in classes if each in self._layers), "")

    def values(self, node: Subject, *predicates: NamedNode) -> list[Object]:
        """Return what the graphs of the extract say of a thing by some properties, in order."""
        found = {
            quad.object
            for predicate in predicates
            for quad in self._quads.quads_for_pattern(node, predicate, None)
            if quad.graph_name in self._graphs
        }
        return sorted(found, key=str)

    def things(self, node: Subject, *predicates: NamedNode) -> list[NamedNode]:
        """Return the values that have a name."""
        return [value for value in self.values(node, *predicates) if isinstance(value, NamedNode)]

    def known(self, node: Subject, predicate: NamedNode) -> list[NamedNode]:
        """Return what any graph of the version says of a term or a kind, in order."""
        found = {quad.object for quad in self._all.quads_for_pattern(node, predicate, None)}
        return sorted((value for value in found if isinstance(value, NamedNode)), key=str)

    def text(self, node: Subject, *predicates: NamedNode) -> str:
        """Return the texts, each once, with semicolons between them."""
        return "; ".join(
            value.value for value in self.values(node, *predicates) if isinstance(value, Literal)
        )

    def pointing(self, predicate: NamedNode, node: NamedNode) -> list[NamedNode]:
        """Return what points at a thing by a property, in order."""
        found = {
            quad.subject.value
            for quad in self._quads.quads_for_pattern(None, predicate, node)
            if quad.graph_name in self._graphs and isinstance(quad.subject, NamedNode)
        }
        return [NamedNode(iri) for iri in sorted(found)]

    def graphs(self, node: NamedNode) -> list[str]:
        """Return the graphs that say of what class a thing is."""
        typed = self._quads.quads_for_pattern(node, RDF.TYPE, None)
        named = (quad.graph_name for quad in typed if quad.graph_name in self._graphs)
        return sorted({graph.value for graph in named if isinstance(graph, NamedNode)})

    def class_name(self, node: NamedNode) -> str:
        """Return the name of the class of a thing, as our terms spell it; empty for a thing of none."""
        names = (each.value.removeprefix(iris.TERMS) for each in self.things(node, RDF.TYPE))
        return min(names, default="")

    def is_actor(self, node: NamedNode) -> bool:
        """Return whether a thing is an actor."""
        typed = self._all.quads_for_pattern(node, RDF.TYPE, None)
        return any(quad.object in self.actors for quad in typed)

    def names(self, node: Subject, *predicates: NamedNode) -> str:
        """Return the labels of the values that have a name, with semicolons between them."""
        return "; ".join(self.label(value) for value in self.things(node, *predicates))

    def when(self, node: Subject, predicate: NamedNode = DIP.OCCURS_AT) -> Time:
        """Return what is known of the time of a thing; of several spans the first in order."""
        spans = self.things(node, predicate)
        return self.time(spans[0]) if spans else Time()

    def reports(self, node: NamedNode) -> Iterator[ReportOf]:
        """Yield what sources say of a record, in order."""
        for report in self.pointing(DIP.REPORTS, node):
            yield ReportOf(
                report.value,
                "; ".join(each.value for each in self.things(report, DIP.FOUND_IN)),
                self.names(report, DIP.HEDGED_AS),
                self.names(report, DIP.BASED_ON),
                tuple(self.text(each, DIP.EXACT_TEXT) for each in self.things(report, DIP.QUOTES)),
                "; ".join(self.graphs(report)),
            )

    def _label(self, node: NamedNode, language: str = LANGUAGES[0]) -> str:
        order = [language, *LANGUAGES]

        def rank(literal: Literal) -> tuple[int, str]:
            own = literal.language or ""
            return (order.index(own) if own in order else len(order)), literal.value

        said = (quad.object for each in _LABELS for quad in self._all.quads_for_pattern(node, each, None))
        labels = [value for value in said if isinstance(value, Literal)]
        if labels:
            return min(labels, key=rank).value + self._denied(node, language)
        return node.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    def _denied(self, happening: NamedNode, language: str) -> str:
        """Return who says that a happening never occurred, as its label tells it; empty without a denial."""
        denials = {quad.subject for quad in self._all.quads_for_pattern(None, DIP.DENIES, happening)}
        if not denials or any(self._all.quads_for_pattern(happening, RDF.TYPE, DIP.CLAIM)):
            return ""
        deniers = {who for denial in denials for who in self.known(denial, DIP.MADE_BY)}
        names = ", ".join(sorted(self.label(who, language) for who in deniers))
        return f" ({'lo niega' if language == 'es' else 'denied by'} {names})"

    def _time(self, span: NamedNode) -> Time:
        return Time(
            self.text(span, DIP.DATE),
            self.text(span, DIP.EARLIEST),
            self.text(span, DIP.LATEST),
            self.text(span, DIP.DATE_AS_WRITTEN),
            self.names(span, DIP.HAS_PRECISION),
            self.names(span, DIP.DATE_BASIS),
        )
