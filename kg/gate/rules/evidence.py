"""The unit of evidence is the submission: what a graph says of a record, a report of that graph bears out.

If another submission's report bore it out, a source would seem to say what it does not say. So a graph that
adds to a record needs a report of its own, and nobody adds to another's report, claim, passage, source,
inscription or time span. Types and triples may be restated.

Looked at are the records of which a change says something, and those whose evidence it takes away or whose
classes it changes. Where no report at all bears a record out, the shapes find it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg import scratch
from kg.changes import GraphName, Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.gate.rules import evidence_sentences as sentences
from kg.gate.rules.describers import NO_FACTS, Describers
from kg.gate.rules.grounds import ABOUT_ACTS, Grounds, RecordKind, kind_of
from kg.iris import SHAPES
from kg.terms import DCTERMS, DIP, PROV, RDF, RDFS, SKOS

RULE = SHAPES + "borne-out-in-its-graph"

_Pair: TypeAlias = tuple[Subject, GraphName]

TIES = frozenset({DIP.GOVERNS, DIP.PART_OF, DIP.SPEAKS_FOR})
"""What ties an actor to another, so that its words or deeds count for the other."""
_NAMES = frozenset(
    {
        *(RDFS.LABEL, DCTERMS.TITLE, DCTERMS.ALTERNATIVE),
        *(SKOS.PREF_LABEL, SKOS.ALT_LABEL, SKOS.HIDDEN_LABEL),
    }
)
_IDENTIFIERS = frozenset(
    {
        *(DIP.FOUND_IN, DIP.URL, DIP.WIKIDATA_ITEM, DCTERMS.IDENTIFIER, SKOS.EXACT_MATCH, SKOS.NOTATION),
        *(NamedNode(f"http{s}://schema.org/{name}") for s in ("", "s") for name in ("identifier", "sameAs")),
    }
)
_MISSING_OF_PASSAGES = frozenset({DIP.PREFIX, DIP.SUFFIX, DIP.START_OFFSET, DIP.END_OFFSET})
_GIVE_EVIDENCE = (DIP.REPORTS, DIP.ADVANCES, *ABOUT_ACTS)
_TAKE_EVIDENCE = (DIP.DISPUTES, DIP.COMPRISES, DIP.GIVEN_IN, DIP.CODED_IN)
_READ = (RDF.TYPE, RDFS.SUB_CLASS_OF, DIP.BASED_ON, DIP.FOUND_IN, DIP.SUPERSEDES, PROV.WAS_GENERATED_BY)
"""What the evidence of a pair of record and graph is read from, besides what gives and takes evidence."""


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Find what a change says, or leaves said, of a record without evidence in the same graph."""
    judge = _Judge(overlay)
    pairs = {(quad.subject, quad.graph_name) for quad in overlay.added}
    for record in _moved(overlay):
        pairs |= {(record, quad.graph_name) for quad in overlay.quads_for_pattern(record, None, None)}
    for record, graph in pairs:
        yield from judge.pair(record, graph)


def whole(overlay: Overlay, spoken_of: Iterable[_Pair]) -> Iterator[Violation]:
    """Find all of it in a store, given each node with each graph that says something of it."""
    read = (*_READ, *_GIVE_EVIDENCE, *_TAKE_EVIDENCE)
    links = Overlay(scratch.filled(_with_properties(overlay, read)))
    known, judge = _Judge(links), _Judge(overlay)
    for record, graph in dict.fromkeys(spoken_of):
        if not known.is_settled(record, graph):
            yield from judge.pair(record, graph)


def _with_properties(overlay: Overlay, predicates: Iterable[NamedNode]) -> Iterator[Quad]:
    for predicate in predicates:
        yield from overlay.quads_for_pattern(None, predicate, None)


def _moved(overlay: Overlay) -> set[Subject]:
    """Give the records that a change may leave without evidence, or makes another kind of record."""
    waiting: list[Term] = []
    for quad in overlay.removed:
        waiting.append(quad.subject)
        if quad.predicate in _GIVE_EVIDENCE:
            waiting.append(quad.object)
    waiting.extend(quad.subject for quad in overlay.added if _is_newly(quad, overlay))
    found: set[Subject] = set()
    while waiting:
        record = waiting.pop()
        if not isinstance(record, Literal) and record not in found:
            found.add(record)
            for predicate in _GIVE_EVIDENCE:
                waiting.extend(overlay.objects(record, predicate))
            for predicate in _TAKE_EVIDENCE:
                waiting.extend(overlay.subjects(predicate, record))
    return found


def _is_newly(quad: Quad, overlay: Overlay) -> bool:
    """Tell if a quad gives a class to what was spoken of before without it."""
    return (
        quad.predicate == RDF.TYPE
        and overlay.was_described(quad.subject)
        and not overlay.had(quad.subject, RDF.TYPE, quad.object)
    )


@dataclass(frozen=True)
class _Description:
    """What one graph says of one record."""

    record: Subject
    graph: GraphName
    kind: RecordKind
    is_first: bool
    quads: tuple[Quad, ...]


class _Judge:
    """Judges what graphs say of records, on one view of the store."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._describers = Describers(overlay)
        self._grounds = Grounds(overlay, self._describers)
        self._changed = {(quad.subject, quad.graph_name) for quad in overlay.added}

    def is_settled(self, record: Subject, graph: GraphName) -> bool:
        """Tell if a graph may say of a record whatever it says."""
        kind = kind_of(record, self._overlay)
        if kind is None or graph in NO_FACTS:
            return True
        if self._describers.is_first(record, graph):
            return kind is not RecordKind.ACTOR and self._grounds.holds(record, graph)
        return kind.is_extendable and self._grounds.holds(record, graph)

    def pair(self, record: Subject, graph: GraphName) -> Iterator[Violation]:
        """Find what a graph may not say of a record: one violation for all of it."""
        kind = kind_of(record, self._overlay)
        if kind is None or self.is_settled(record, graph):
            return
        quads = tuple(self._overlay.quads_for_pattern(record, None, None, graph))
        said = _Description(record, graph, kind, self._describers.is_first(record, graph), quads)
        faults = [quad.predicate for quad in quads if not self._is_in_order(quad, said)]
        if faults and not (said.is_first and self._is_for_shapes(said)):
            yield Violation(
                focus=record,
                rule=RULE,
                message=self._sentence(said, sorted(set(faults), key=str)),
                graph=graph if isinstance(graph, NamedNode) else None,
            )

    def _is_in_order(self, quad: Quad, said: _Description) -> bool:
        """Tell if one triple is borne out, is restated from another graph or needs no evidence."""
        if said.is_first and said.kind is RecordKind.ACTOR and quad.predicate not in TIES:
            return True
        if (said.is_first or said.kind.is_extendable) and self._grounds.holds(said.record, said.graph):
            return True
        return self._is_restated(quad, said) or (not said.is_first and self._is_exempt(quad, said))

    def _is_restated(self, quad: Quad, said: _Description) -> bool:
        """Tell if a graph that is no younger, and describes the record or bears it out, says the same."""
        for same in self._overlay.quads_for_pattern(quad.subject, quad.predicate, quad.object):
            other = same.graph_name
            if other == said.graph or self._describers.is_older(said.graph, other, said.record):
                continue
            if self._is_changed(said.record, said.graph) and not self._is_changed(said.record, other):
                return True  # what was there before was judged then, or is judged for itself
            is_first = not said.is_first and self._describers.is_first(said.record, other)
            if is_first or (said.kind.is_extendable and self._grounds.holds(said.record, other)):
                return True
        return False

    def _is_changed(self, record: Subject, graph: GraphName) -> bool:
        return (record, graph) in self._changed

    def _is_exempt(self, quad: Quad, said: _Description) -> bool:
        predicate = quad.predicate
        if predicate == RDF.TYPE:
            return self._is_class_of_another(quad)
        if predicate == DIP.CLAIM_KEY:
            return True
        if said.kind in (RecordKind.ACTOR, RecordKind.NAMED) and predicate in _NAMES | _IDENTIFIERS:
            return True
        if predicate in _MISSING_OF_PASSAGES:
            return not any(self._of_others(quad))
        return predicate in (RDFS.LABEL, DCTERMS.TITLE) and self._is_in_further_language(quad)

    def _of_others(self, quad: Quad) -> Iterator[Term]:
        """Yield the values that other graphs give for the property of a quad."""
        for same in self._overlay.quads_for_pattern(quad.subject, quad.predicate, None):
            if same.graph_name != quad.graph_name:
                yield same.object

    def _is_class_of_another(self, quad: Quad) -> bool:
        """Tell if other graphs state a class or one below it."""
        others = tuple(dict.fromkeys(self._of_others(quad)))
        return quad.object in self._overlay.above(others)

    def _is_in_further_language(self, quad: Quad) -> bool:
        language = _language(quad.object)
        return bool(language) and language not in {_language(value) for value in self._of_others(quad)}

    def _is_for_shapes(self, said: _Description) -> bool:
        """Tell if nothing at all bears out what a graph describes first: the shapes ask for a report."""
        return said.kind is not RecordKind.ACTOR and self._grounds.anywhere(said.record) is None

    def _sentence(self, said: _Description, properties: list[NamedNode]) -> dict[str, str]:
        is_changed = self._is_changed(said.record, said.graph) or not self._changed
        holder = self._describers.holder(said.record, said.graph)
        if said.kind is RecordKind.ACCOUNT and said.is_first:
            return sentences.of_account(self._grounds.unsaid(said.record))
        if said.kind is RecordKind.ACTOR and said.is_first:
            return sentences.of_ties(properties, said.graph)
        if said.is_first:
            return sentences.of_own(said.kind, said.graph, self._grounds.anywhere(said.record))
        if not is_changed:
            return sentences.of_another(properties, said.graph)
        if said.kind.is_extendable:
            return sentences.of_added(properties, said.kind, holder)
        class_ = self._class_of(said.record)
        if any(quad.predicate == RDF.TYPE for quad in said.quads):
            return sentences.of_taken_name(said.record, class_, holder)
        return sentences.of_extended(properties, class_, holder)

    def _class_of(self, record: Subject) -> Term:
        return min(self._overlay.objects(record, RDF.TYPE), key=str)


def _language(value: Term) -> str | None:
    """Give the language of a text, without region or script."""
    tag = value.language if isinstance(value, Literal) else None
    return tag.split("-")[0].lower() if tag else None
