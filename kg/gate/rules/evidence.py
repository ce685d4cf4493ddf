"""Rule on evidence: a submission's statements about a record need evidence in the same submission.

If another submission's report counted as evidence, a source would seem to say what it does not say. So a
graph that adds to a record needs a report of its own, and no graph may add to another's report, claim,
passage, source, inscription or time span. Types and triples may be restated.

The rule checks the records to which a change adds quads, and those whose evidence it removes or whose classes
it changes. Records without any report are left to the shapes.
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
"""Properties that tie an actor to another, whose words or deeds then count for both."""
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
"""Properties that the search for evidence reads, besides those that give and take evidence."""


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by additions without evidence in their graph, and by records that lose theirs."""
    judge = _Judge(overlay)
    pairs = {(quad.subject, quad.graph_name) for quad in overlay.added}
    for record in _moved(overlay):
        pairs |= {(record, quad.graph_name) for quad in overlay.quads_for_pattern(record, None, None)}
    for record, graph in pairs:
        yield from judge.pair(record, graph)


def whole(overlay: Overlay, spoken_of: Iterable[_Pair]) -> Iterator[Violation]:
    """Yield all violations in a store; ``spoken_of`` pairs each node with each graph that describes it."""
    properties = (*_READ, *_GIVE_EVIDENCE, *_TAKE_EVIDENCE)
    links = Overlay(scratch.filled(_with_properties(overlay, properties)))
    links_judge, judge = _Judge(links), _Judge(overlay)
    for record, graph in dict.fromkeys(spoken_of):
        if not links_judge.is_settled(record, graph):
            yield from judge.pair(record, graph)


def _with_properties(overlay: Overlay, predicates: Iterable[NamedNode]) -> Iterator[Quad]:
    for predicate in predicates:
        yield from overlay.quads_for_pattern(None, predicate, None)


def _moved(overlay: Overlay) -> set[Subject]:
    """Return the records that may lose their evidence or change their kind."""
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
    """Return whether a quad gives a new class to a node that was described before."""
    return (
        quad.predicate == RDF.TYPE
        and overlay.was_described(quad.subject)
        and not overlay.had(quad.subject, RDF.TYPE, quad.object)
    )


@dataclass(frozen=True)
class _Description:
    """One graph's quads about one record."""

    record: Subject
    graph: GraphName
    kind: RecordKind
    is_first: bool
    quads: tuple[Quad, ...]


class _Judge:
    """Checks graphs' descriptions of records, on one view of the store."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._describers = Describers(overlay)
        self._grounds = Grounds(overlay, self._describers)
        self._changed = {(quad.subject, quad.graph_name) for quad in overlay.added}

    def is_settled(self, record: Subject, graph: GraphName) -> bool:
        """Return whether a graph may add any quad to a record."""
        kind = kind_of(record, self._overlay)
        if kind is None or graph in NO_FACTS:
            return True
        if self._describers.is_first(record, graph):
            return kind is not RecordKind.ACTOR and self._grounds.holds(record, graph)
        return kind.is_extendable and self._grounds.holds(record, graph)

    def pair(self, record: Subject, graph: GraphName) -> Iterator[Violation]:
        """Yield one violation for all quads about a record that a graph may not contain."""
        kind = kind_of(record, self._overlay)
        if kind is None or self.is_settled(record, graph):
            return
        quads = tuple(self._overlay.quads_for_pattern(record, None, None, graph))
        description = _Description(record, graph, kind, self._describers.is_first(record, graph), quads)
        faults = [quad.predicate for quad in quads if not self._is_in_order(quad, description)]
        if faults and not (description.is_first and self._is_for_shapes(description)):
            yield Violation(
                focus=record,
                rule=RULE,
                message=self._sentence(description, sorted(set(faults), key=str)),
                graph=graph if isinstance(graph, NamedNode) else None,
            )

    def _is_in_order(self, quad: Quad, description: _Description) -> bool:
        """Return whether a triple has evidence, restates another graph or needs no evidence."""
        if description.is_first and description.kind is RecordKind.ACTOR and quad.predicate not in TIES:
            return True
        if (description.is_first or description.kind.is_extendable) and self._grounds.holds(
            description.record, description.graph
        ):
            return True
        return self._is_restated(quad, description) or (
            not description.is_first and self._is_exempt(quad, description)
        )

    def _is_restated(self, quad: Quad, description: _Description) -> bool:
        """Return whether another graph, not newer, that describes or has evidence for the record holds it."""
        for same in self._overlay.quads_for_pattern(quad.subject, quad.predicate, quad.object):
            other = same.graph_name
            if other == description.graph or self._describers.is_older(
                description.graph, other, description.record
            ):
                continue
            if self._is_changed(description.record, description.graph) and not self._is_changed(
                description.record, other
            ):
                return True  # existing quads were checked earlier, or are checked on their own
            is_first = not description.is_first and self._describers.is_first(description.record, other)
            if is_first or (
                description.kind.is_extendable and self._grounds.holds(description.record, other)
            ):
                return True
        return False

    def _is_changed(self, record: Subject, graph: GraphName) -> bool:
        return (record, graph) in self._changed

    def _is_exempt(self, quad: Quad, description: _Description) -> bool:
        predicate = quad.predicate
        if predicate == RDF.TYPE:
            return self._is_class_of_another(quad)
        if predicate == DIP.CLAIM_KEY:
            return True
        if description.kind in (RecordKind.ACTOR, RecordKind.NAMED) and predicate in _NAMES | _IDENTIFIERS:
            return True
        if predicate in _MISSING_OF_PASSAGES:
            return not any(self._of_others(quad))
        return predicate in (RDFS.LABEL, DCTERMS.TITLE) and self._is_in_further_language(quad)

    def _of_others(self, quad: Quad) -> Iterator[Term]:
        """Yield the values that other graphs give for the quad's property."""
        for same in self._overlay.quads_for_pattern(quad.subject, quad.predicate, None):
            if same.graph_name != quad.graph_name:
                yield same.object

    def _is_class_of_another(self, quad: Quad) -> bool:
        """Return whether other graphs state the class or a subclass."""
        others = tuple(dict.fromkeys(self._of_others(quad)))
        return quad.object in self._overlay.above(others)

    def _is_in_further_language(self, quad: Quad) -> bool:
        language = _language(quad.object)
        return bool(language) and language not in {_language(value) for value in self._of_others(quad)}

    def _is_for_shapes(self, description: _Description) -> bool:
        """Return whether a first description has no evidence anywhere: then the shapes require a report."""
        return description.kind is not RecordKind.ACTOR and self._grounds.anywhere(description.record) is None

    def _sentence(self, description: _Description, properties: list[NamedNode]) -> dict[str, str]:
        is_changed = self._is_changed(description.record, description.graph) or not self._changed
        holder = self._describers.holder(description.record, description.graph)
        if description.kind is RecordKind.ACCOUNT and description.is_first:
            return sentences.of_account(self._grounds.unsaid(description.record))
        if description.kind is RecordKind.ACTOR and description.is_first:
            return sentences.of_ties(properties, description.graph)
        if description.is_first:
            return sentences.of_own(
                description.kind, description.graph, self._grounds.anywhere(description.record)
            )
        if not is_changed:
            return sentences.of_another(properties, description.graph)
        if description.kind.is_extendable:
            return sentences.of_added(properties, description.kind, holder)
        class_ = self._class_of(description.record)
        if any(quad.predicate == RDF.TYPE for quad in description.quads):
            return sentences.of_taken_name(description.record, class_, holder)
        return sentences.of_extended(properties, class_, holder)

    def _class_of(self, record: Subject) -> Term:
        return min(self._overlay.objects(record, RDF.TYPE), key=str)


def _language(value: Term) -> str | None:
    """Return the language of a text, without region or script."""
    tag = value.language if isinstance(value, Literal) else None
    return tag.split("-")[0].lower() if tag else None
