"""The gate: checks a change against shapes, vocabulary, disjoint classes and rules before it is written.

The cost of a check is proportional to the change; only ``check_whole`` reads the whole graph.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Self

from pyoxigraph import NamedNode, Quad

from kg import scratch
from kg.changes import Delta, Quads
from kg.gate import uniform_records
from kg.gate.overlay import Overlay
from kg.gate.relevance import Relevance
from kg.gate.reports import Report, Violation
from kg.gate.rules import (
    answers_to_claims,
    borrowed_words,
    carried_out,
    claims,
    copies,
    evidence,
    hearsay,
    one_hedge,
    passages,
    personal_names,
    quotations,
    rivals,
    stated_dates,
    tenures,
    told_by_commits,
    unlike_things,
    voices,
    weak_grounds,
)
from kg.gate.rules.announcements import Announcements
from kg.gate.rules.consistency import Consistency
from kg.gate.rules.contested_words import ContestedWords
from kg.gate.rules.cycles import Cycles
from kg.gate.rules.hedging_words import HedgingWords
from kg.gate.rules.identifiers import Identifiers
from kg.gate.rules.labels import Labels
from kg.gate.rules.neutral_words import NeutralWords
from kg.gate.rules.own_kinds import OwnKinds
from kg.gate.rules.placement import Placement
from kg.gate.rules.references import References
from kg.gate.rules.vocabulary import Vocabulary, is_foreign_literal
from kg.gate.shacl.judge import Shapes
from kg.gate.uniform_records import UniformClass
from kg.gate.whole_graph import RELEASED, Progress, Whole, unheard
from kg.iris import KINDS_GRAPH, SHAPES_GRAPH, TERMS_GRAPH
from kg.ontology import Ontology
from kg.terms import DIP, OWL, RDF, RDFS, SKOS

_READ_BY_RULES = frozenset(
    {RDF.TYPE, RDFS.SUB_CLASS_OF, RDFS.LABEL, OWL.SAME_AS, SKOS.IN_SCHEME, SKOS.TOP_CONCEPT_OF}
)
"""Properties of other vocabularies that rules in code read, besides those listed in the release."""
_ROWS = (DIP.CODED_OCCURRENCE, DIP.CODED_MENTION)
"""Classes of whose records the rules in code read only graph, class and links, each separately."""


class Gate:
    """The gate for a release of shapes and terms; built once per process."""

    def __init__(self, shapes: Iterable[Quad], terms: Iterable[Quad]) -> None:
        shape_quads, term_quads = tuple(shapes), tuple(terms)
        self._vocabulary = Vocabulary.of([*term_quads, *shape_quads])
        self._consistency = Consistency.of(term_quads)
        self._placement = Placement.of(shape_quads)
        self._contested_words = ContestedWords.of(shape_quads)
        self._neutral_words = NeutralWords.of(term_quads)
        self._hedging_words = HedgingWords.of(term_quads)
        self._announcements = Announcements(self._hedging_words.reserve)
        self._references = References.of(shape_quads)
        self._cycles = Cycles.of(shape_quads)
        self._identifiers = Identifiers.of(shape_quads)
        self._labels = Labels.of(shape_quads)
        self._own_kinds = OwnKinds.of(shape_quads)
        self._shapes = Shapes(shape_quads)
        self._relevance = Relevance(self._properties_read())
        self._terms = term_quads

    @classmethod
    def of(cls, release: Ontology) -> Self:
        """Return the gate for a release."""
        graphs = release.graphs
        return cls(graphs[SHAPES_GRAPH], (*graphs[TERMS_GRAPH], *graphs[KINDS_GRAPH]))

    def prepare(self) -> Self:
        """Do the one-time work of the first checks now, before processes are forked."""
        self._shapes.prepare()
        self._contested_words.prepare()
        return self

    @property
    def unbounded(self) -> Mapping[str, str]:
        """Shapes that each change checks on all their targets, with the reason."""
        return self._shapes.index.unbounded

    @property
    def foreign_properties(self) -> frozenset[NamedNode] | None:
        """Properties of other vocabularies that rules or shapes read; None if they may read any."""
        return self._relevance.properties

    @cached_property
    def uniform_classes(self) -> tuple[UniformClass, ...]:
        """Classes in which records with the same properties and values get the same verdict."""
        terms = Overlay(scratch.filled(self._terms))
        words = self._contested_words
        examined = words.properties | words.classes | self._labels.texts
        above = {row: [each for each in terms.above((row,)) if isinstance(each, NamedNode)] for row in _ROWS}
        return uniform_records.find(self._shapes.graph, above, examined)

    def ill_formed(self, quads: Iterable[Quad]) -> Iterator[Violation]:
        """Yield a warning for each quad of another vocabulary with an ill-formed literal."""
        return filter(is_foreign_literal, self._vocabulary.violations(quads))

    def check(self, delta: Delta, store: Quads) -> Report:
        """Return the report on a change, without writing anything."""
        narrow = self._relevance.narrowed(delta, store)
        if narrow is not delta:
            report = self._check(narrow, store)
            if all(is_foreign_literal(violation) for violation in report.violations):
                return report
        return self._check(delta, store)

    def _properties_read(self) -> frozenset[NamedNode] | None:
        """Return the foreign properties that rules or shapes read; None if a shape may read any.

        Properties of our own namespaces are recognised by name instead.
        """
        properties = self._shapes.index.properties
        if properties is None:
            return None
        functional = (node for node in self._consistency.functional if isinstance(node, NamedNode))
        return properties.union(
            _READ_BY_RULES,
            functional,
            self._contested_words.properties,
            self._identifiers.properties,
            self._labels.texts,
        )

    def _check(self, delta: Delta, store: Quads) -> Report:
        facts = tuple(quad for quad in delta.added if not self._vocabulary.is_released(quad))
        overlay = Overlay(store, Delta(facts, delta.removed))  # quads about terms are rejected
        found = (
            *self._vocabulary.violations(delta.added),
            *self._consistency.violations(overlay),
            *self._placement.violations(overlay),
            *self._contested_words.violations(overlay),
            *self._neutral_words.violations(overlay),
            *self._hedging_words.violations(overlay),
            *self._announcements.violations(overlay),
            *answers_to_claims.violations(overlay),
            *borrowed_words.violations(overlay),
            *carried_out.violations(overlay),
            *claims.violations(overlay),
            *hearsay.violations(overlay),
            *copies.violations(overlay),
            *one_hedge.violations(overlay),
            *quotations.violations(overlay),
            *tenures.violations(overlay),
            *unlike_things.violations(overlay),
            *voices.violations(overlay),
            *personal_names.violations(overlay),
            *weak_grounds.violations(overlay),
            *stated_dates.violations(overlay),
            *self._labels.violations(overlay),
            *self._cycles.violations(overlay),
            *self._own_kinds.violations(overlay),
            *self._identifiers.violations(overlay),
            *self._references.violations(overlay),
            *told_by_commits.violations(overlay),
            *passages.violations(overlay),
            *evidence.violations(overlay),
            *self._shapes.violations(overlay),
        )
        return Report.of(self._in_other_words(found, overlay))

    def _in_other_words(self, violations: Iterable[Violation], overlay: Overlay) -> Iterator[Violation]:
        """Reword violations about undescribed names, and about values on which two graphs differ."""
        return rivals.named(self._references.in_other_words(violations, overlay), overlay)

    def check_whole(self, store: Quads, progress: Progress = unheard) -> Report:
        """Return the report on a whole store; a million triples take half a minute."""
        overlay = Overlay(store)
        whole = Whole(overlay, progress)
        found = (
            *whole.misworded(self._vocabulary),
            *whole.inconsistent(self._consistency),
            *self._placement.whole(overlay),
            *self._contested_words.whole(overlay, whole.predicates),
            *self._neutral_words.whole(overlay),
            *hearsay.whole(overlay),
            *self._announcements.whole(overlay),
            *copies.whole(overlay),
            *one_hedge.whole(overlay),
            *quotations.whole(overlay),
            *unlike_things.whole(overlay),
            *answers_to_claims.whole(overlay),
            *voices.whole(overlay),
            *self._references.whole(overlay),
            *told_by_commits.whole(overlay),
            *passages.whole(overlay),
            *stated_dates.whole(overlay),
            *self._labels.whole(overlay),
            *self._cycles.whole(overlay),
            *self._own_kinds.whole(overlay),
            *evidence.whole(overlay, whole.spoken_of),
            *self._shapes.suspected_violations(overlay, whole.suspects(self._shapes.index.targets)),
        )
        return Report.of(self._in_other_words(found, overlay))

    def check_whole_plainly(self, store: Quads) -> Report:
        """Return the same report from each quad and pySHACL on all focus nodes: slow, a test oracle."""
        overlay = Overlay(store)
        quads = tuple(overlay.quads_for_pattern(None, None, None))
        facts = (quad for quad in quads if quad.graph_name not in RELEASED)
        found = (
            *self._vocabulary.violations(facts),
            *self._consistency.violations(Overlay(store, Delta(added=quads))),
            *self._placement.whole(overlay),
            *self._contested_words.whole(overlay, {quad.predicate for quad in quads}),
            *self._neutral_words.whole(overlay),
            *hearsay.whole(overlay),
            *self._announcements.whole(overlay),
            *copies.whole(overlay),
            *one_hedge.whole(overlay),
            *quotations.whole(overlay),
            *unlike_things.whole(overlay),
            *answers_to_claims.whole(overlay),
            *voices.whole(overlay),
            *self._references.whole(overlay),
            *told_by_commits.whole(overlay),
            *passages.whole(overlay),
            *stated_dates.whole(overlay),
            *self._labels.whole(overlay),
            *self._cycles.whole(overlay),
            *self._own_kinds.whole(overlay),
            *evidence.whole(overlay, ((quad.subject, quad.graph_name) for quad in quads)),
            *self._shapes.all_violations(overlay),
        )
        return Report.of(self._in_other_words(found, overlay))
