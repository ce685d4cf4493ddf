"""Records for exports: values, labels, times and reports, in a fixed order.

All exports read records through this module, so that none mistakes one layer for another.
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
"""Languages of labels, preferred first; any other language follows."""
_LABELS = (RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE)
_REMEMBERED = 1 << 16


@dataclass(frozen=True)
class Time:
    """A time as far as it is known: its first and last day, its text and its precision."""

    date: str = ""
    earliest: str = ""
    latest: str = ""
    as_written: str = ""
    precision: str = ""
    basis: str = ""


@dataclass(frozen=True)
class ReportOf:
    """A source's report of a record: hedge, basis, words and graph."""

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
        """Returns the name of a thing in a language: its label, or the last part of its IRI.

        The label of a denied happening names who denies it.
        """
        self.time = lru_cache(_REMEMBERED)(self._time)
        """Returns the time of a time span."""

    def of(self, *heads: NamedNode) -> Iterator[NamedNode]:
        """Yield the things of some classes or their subclasses, in order."""
        typed = TextSet(
            quad.subject.value
            for each in self.classes(heads)
            for quad in self._quads.quads_for_pattern(None, RDF.TYPE, each)
            if quad.graph_name in self._graphs and isinstance(quad.subject, NamedNode)
        )
        return map(NamedNode, typed)

    def classes(self, heads: Iterable[NamedNode]) -> set[NamedNode]:
        """Return classes and their subclasses."""
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
        """Return the layer of a thing: source, statement, happening or assessment; empty if it has none."""
        classes = self.things(node, RDF.TYPE)
        return next((self._layers[each] for each in classes if each in self._layers), "")

    def values(self, node: Subject, *predicates: NamedNode) -> list[Object]:
        """Return the values of some properties of a thing in the extract's graphs, in order."""
        found = {
            quad.object
            for predicate in predicates
            for quad in self._quads.quads_for_pattern(node, predicate, None)
            if quad.graph_name in self._graphs
        }
        return sorted(found, key=str)

    def things(self, node: Subject, *predicates: NamedNode) -> list[NamedNode]:
        """Return the values that are IRIs."""
        return [value for value in self.values(node, *predicates) if isinstance(value, NamedNode)]

    def known(self, node: Subject, predicate: NamedNode) -> list[NamedNode]:
        """Return the values of a term's or a kind's property in any graph of the version, in order."""
        found = {quad.object for quad in self._all.quads_for_pattern(node, predicate, None)}
        return sorted((value for value in found if isinstance(value, NamedNode)), key=str)

    def text(self, node: Subject, *predicates: NamedNode) -> str:
        """Return the distinct texts, separated by semicolons."""
        return "; ".join(
            value.value for value in self.values(node, *predicates) if isinstance(value, Literal)
        )

    def pointing(self, predicate: NamedNode, node: NamedNode) -> list[NamedNode]:
        """Return the things that point to a thing by a property, in order."""
        found = {
            quad.subject.value
            for quad in self._quads.quads_for_pattern(None, predicate, node)
            if quad.graph_name in self._graphs and isinstance(quad.subject, NamedNode)
        }
        return [NamedNode(iri) for iri in sorted(found)]

    def graphs(self, node: NamedNode) -> list[str]:
        """Return the graphs that give a thing a class."""
        typed = self._quads.quads_for_pattern(node, RDF.TYPE, None)
        graphs = (quad.graph_name for quad in typed if quad.graph_name in self._graphs)
        return sorted({graph.value for graph in graphs if isinstance(graph, NamedNode)})

    def class_name(self, node: NamedNode) -> str:
        """Return the name of a thing's class, as our terms spell it; empty if it has none."""
        names = (each.value.removeprefix(iris.TERMS) for each in self.things(node, RDF.TYPE))
        return min(names, default="")

    def is_actor(self, node: NamedNode) -> bool:
        """Return True if a thing is an actor."""
        typed = self._all.quads_for_pattern(node, RDF.TYPE, None)
        return any(quad.object in self.actors for quad in typed)

    def names(self, node: Subject, *predicates: NamedNode) -> str:
        """Return the labels of the values that are IRIs, separated by semicolons."""
        return "; ".join(self.label(value) for value in self.things(node, *predicates))

    def when(self, node: Subject, predicate: NamedNode = DIP.OCCURS_AT) -> Time:
        """Return the time of a thing; of several spans, the first in order."""
        spans = self.things(node, predicate)
        return self.time(spans[0]) if spans else Time()

    def reports(self, node: NamedNode) -> Iterator[ReportOf]:
        """Yield the reports of a record, in order."""
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

        values = (quad.object for each in _LABELS for quad in self._all.quads_for_pattern(node, each, None))
        labels = [value for value in values if isinstance(value, Literal)]
        if labels:
            return min(labels, key=rank).value + self._denied(node, language)
        return node.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    def _denied(self, happening: NamedNode, language: str) -> str:
        """Return who denies that a happening occurred, as part of its label; empty without a denial."""
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
