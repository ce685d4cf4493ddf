"""Rule on vocabulary: unknown terms of ours are rejected, with the nearest known one.

Deprecated terms give a warning. Terms of other vocabularies are not checked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.gate.overlay import Term
from kg.gate.reports import Severity, Violation, display
from kg.gate.rules import literals
from kg.gate.shacl.paths import Step
from kg.iris import BASE, DATA, KINDS, PREFIXES, SHAPES, TERMS, compact
from kg.terms import DCTERMS, OWL, RDF, RDFS, SKOS

_CLASSES = {OWL.CLASS, RDFS.CLASS}
_PROPERTIES = {OWL.OBJECT_PROPERTY, OWL.DATATYPE_PROPERTY, OWL.ANNOTATION_PROPERTY, RDF.PROPERTY}
_SPACES = (TERMS, KINDS, SHAPES)
IN_LIST = frozenset({SKOS.IN_SCHEME, SKOS.TOP_CONCEPT_OF})
NEAR_BASE = re.compile(r"https?://(www\.)?w3id\.org/regional-?diplomacy\b", re.IGNORECASE)

UNKNOWN_TERM = SHAPES + "unknown-term"
DEPRECATED_TERM = SHAPES + "deprecated-term"
NO_BLANK_NODE = SHAPES + "no-blank-node"
WELL_FORMED_LITERAL = SHAPES + "well-formed-literal"
RELEASED_TERM = SHAPES + "released-term"
IDENTITY_WITHOUT_AUTHOR = SHAPES + "identity-without-author"
INDIVIDUAL_AS_TERM = SHAPES + "individual-as-term"

_OF_INDIVIDUALS = {OWL.THING, OWL.NAMED_INDIVIDUAL, RDFS.RESOURCE}
_AXIOMS = frozenset(
    {RDFS.SUB_CLASS_OF, RDFS.SUB_PROPERTY_OF, RDFS.DOMAIN, RDFS.RANGE}
    | {OWL.EQUIVALENT_CLASS, OWL.EQUIVALENT_PROPERTY, OWL.DISJOINT_WITH, OWL.PROPERTY_DISJOINT_WITH}
    | {OWL.INVERSE_OF, OWL.COMPLEMENT_OF, OWL.ON_PROPERTY, OWL.SOME_VALUES_FROM, OWL.ALL_VALUES_FROM}
)
"""Properties whose subjects and objects are classes or properties."""


@dataclass(frozen=True)
class Vocabulary:
    """The terms of a release: all, classes, properties, annotation properties, deprecated terms."""

    terms: frozenset[str]
    classes: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()
    annotations: frozenset[str] = frozenset()
    """Properties that only a release uses, on its own terms."""
    deprecated: Mapping[str, str | None] = field(default_factory=dict)  # the replacement of each

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> "Vocabulary":
        """Return the terms described in the release graphs."""
        terms: set[str] = set()
        types: dict[Term, set[str]] = {}
        deprecated: set[str] = set()
        replaced: dict[str, str] = {}
        for quad in quads:
            if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(BASE):
                continue
            name, value = quad.subject.value, getattr(quad.object, "value", "")
            terms.add(name)
            if quad.predicate == RDF.TYPE:
                types.setdefault(quad.object, set()).add(name)
            elif quad.predicate == OWL.DEPRECATED and value == "true":
                deprecated.add(name)
            elif quad.predicate == DCTERMS.IS_REPLACED_BY:
                replaced[name] = value
        return cls(
            frozenset(terms),
            frozenset[str]().union(*(types.get(kind, ()) for kind in _CLASSES)),
            frozenset[str]().union(*(types.get(kind, ()) for kind in _PROPERTIES)),
            frozenset(types.get(OWL.ANNOTATION_PROPERTY, ())),
            {name: replaced.get(name) for name in deprecated},
        )

    def nearest(self, iri: str) -> str | None:
        """Return the known term most similar to a misspelt one; None if none is similar.

        >>> from kg.terms import DIP
        >>> Vocabulary(frozenset({DIP.REPORTS.value, DIP.DENIES.value})).nearest(DIP.REPORT.value)
        'https://w3id.org/regional-diplomacy/terms#reports'
        """
        name = _local(iri)
        same_space = [term for term in self.terms if iri.startswith(_space(term))]
        for terms in (same_space, self.terms):
            by_name = {_local(term).lower(): term for term in sorted(terms)}
            if close := get_close_matches(name.lower(), by_name, n=1, cutoff=0.6):
                return by_name[close[0]]
        return None

    @staticmethod
    def is_released(quad: Quad) -> bool:
        """Return whether a quad describes a term, kind or shape of the release."""
        return isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(_SPACES)

    def violations(self, quads: Iterable[Quad]) -> Iterator[Violation]:
        """Yield violations by the terms in facts, each fault once."""
        for quad in quads:
            yield from self._of_term(quad, quad.predicate, is_predicate=True)
            if isinstance(quad.object, NamedNode):
                yield from self._of_term(quad, quad.object, is_predicate=False)
            if isinstance(quad.object, Literal) and not literals.is_well_formed(quad.object):
                yield _ill_formed(quad, quad.object)
            if self.is_released(quad) or quad.predicate.value in self.annotations:
                yield _released(quad)
            elif _is_listed(quad):
                yield _listed(quad)
            if individual := _made_a_term(quad):
                yield _punned(quad, individual)
            if quad.predicate == OWL.SAME_AS and _is_ours(quad):
                yield _merged(quad)
            if _is_ours(quad) and BlankNode in (type(quad.subject), type(quad.object)):
                yield _blank(quad)

    def _of_term(self, quad: Quad, node: NamedNode, *, is_predicate: bool) -> Iterator[Violation]:
        iri = node.value
        if _is_outside(iri):
            return
        if iri not in self.terms:
            yield self._unknown(quad, iri)
            return
        if is_predicate:
            if self.properties and iri not in self.properties:
                yield _misused(quad, node, "property", "propiedad")
        elif quad.predicate == RDF.TYPE and self.classes and iri not in self.classes:
            yield _misused(quad, node, "class", "clase")
        if iri in self.deprecated:
            yield _deprecated(quad, iri, self.deprecated[iri])

    def _unknown(self, quad: Quad, iri: str) -> Violation:
        name, near = compact(iri), self.nearest(iri)
        hint = {
            "en": f"the nearest is {compact(near)}" if near else "no term is similar",
            "es": f"el más cercano es {compact(near)}" if near else "no hay ninguno parecido",
        }
        message = {
            "en": f"{name} is not a term of this ontology; {hint['en']}",
            "es": f"{name} no es un término de esta ontología; {hint['es']}",
        }
        return _violation(quad, UNKNOWN_TERM, message, value=NamedNode(iri))


def _is_ours(quad: Quad) -> bool:
    """Return whether a quad uses our terms, or describes a node of our data space."""
    iris = [node.value for node in quad.triple if isinstance(node, NamedNode)]
    return any(iri.startswith((*_SPACES, DATA)) for iri in iris)


def _made_a_term(quad: Quad) -> NamedNode | None:
    """Return the individual of our data that a quad declares as a class or property, or None."""
    subject, predicate, value = quad.triple
    places: tuple[Term, ...] = (predicate,)
    if predicate in _AXIOMS:
        places = (predicate, subject, value)
    elif predicate == RDF.TYPE:
        places = (predicate, value, subject) if _is_of_terms(value) else (predicate, value)
    individuals = (each for each in places if isinstance(each, NamedNode) and each.value.startswith(DATA))
    return next(individuals, None)


def _is_of_terms(class_: Term) -> bool:
    """Return whether a class is a class of terms: owl:Class, rdf:Property and similar ones."""
    if not isinstance(class_, NamedNode) or class_ in _OF_INDIVIDUALS:
        return False
    return class_ == RDF.PROPERTY or class_.value.startswith((PREFIXES["owl"], PREFIXES["rdfs"]))


def is_ours_or_slip(iri: str) -> bool:
    """Return whether an IRI is in our namespaces, or in a misspelt variant (http, another ending)."""
    return NEAR_BASE.match(iri) is not None


def is_foreign_literal(violation: Violation) -> bool:
    """Return whether a violation only warns of an ill-formed literal in another vocabulary."""
    return violation.rule == WELL_FORMED_LITERAL and violation.severity == "warning"


def _is_outside(iri: str) -> bool:
    """Return whether an IRI need not be one of our terms."""
    return iri.startswith(DATA) or not is_ours_or_slip(iri)


def _is_listed(quad: Quad) -> bool:
    """Return whether a quad adds a concept to one of our lists."""
    return (
        quad.predicate in IN_LIST
        and isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(KINDS)
    )


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _space(iri: str) -> str:
    return iri.removesuffix(_local(iri))


def _violation(
    quad: Quad, rule: str, message: Mapping[str, str], value: Term | None, severity: Severity = "error"
) -> Violation:
    graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
    path = Step(quad.predicate) if value != quad.predicate else None
    return Violation(quad.subject, rule, message, path, value, graph, severity=severity)


def _misused(quad: Quad, node: Term, kind: str, kind_es: str) -> Violation:
    message = {
        "en": f"{display(node)} is not a {kind} but is used as one; see its definition",
        "es": f"{display(node)} no es una {kind_es}, pero aquí figura como tal; consulte su definición",
    }
    return _violation(quad, UNKNOWN_TERM, message, node)


def _deprecated(quad: Quad, iri: str, replacement: str | None) -> Violation:
    name = compact(iri)
    message = {
        "en": f"{name} is deprecated; " + (f"use {compact(replacement)}" if replacement else "leave it out"),
        "es": f"{name} está en desuso; " + (f"use {compact(replacement)}" if replacement else "no lo use"),
    }
    return _violation(quad, DEPRECATED_TERM, message, NamedNode(iri), "warning")


def _ill_formed(quad: Quad, literal: Literal) -> Violation:
    """Reject it as a value of our property; for a foreign one RDF 1.1 accepts it (Concepts, 3.3)."""
    name, datatype = display(literal), compact(literal.datatype.value)
    wrong = {"en": f"{name} is not a value of {datatype}", "es": f"{name} no es un valor de {datatype}"}
    if is_ours_or_slip(quad.predicate.value):
        advice = {
            "en": "; correct it, or keep the source's original form in another property",
            "es": "; corríjalo o conserve aparte la forma original",
        }
    else:
        advice = {
            "en": "; it is accepted, as the property is of another vocabulary; correct it if you can",
            "es": "; se acepta, pues la propiedad es de otro vocabulario; corríjalo si puede",
        }
    severity: Severity = "error" if is_ours_or_slip(quad.predicate.value) else "warning"
    message = {language: wrong[language] + advice[language] for language in wrong}
    return _violation(quad, WELL_FORMED_LITERAL, message, literal, severity)


def _blank(quad: Quad) -> Violation:
    message = {
        "en": "a description that uses our terms may not hold blank nodes; give the node an IRI",
        "es": "una descripción con nuestros términos no puede contener nodos anónimos; dé un IRI al nodo",
    }
    return _violation(quad, NO_BLANK_NODE, message, quad.object)


def _listed(quad: Quad) -> Violation:
    message = {
        "en": "only a release changes a list of kinds; use one of its kinds, or propose a new one",
        "es": "una lista de tipos solo cambia con una nueva versión; use uno de sus tipos o proponga otro",
    }
    return _violation(quad, RELEASED_TERM, message, quad.object)


def _merged(quad: Quad) -> Violation:
    message = {
        "en": "owl:sameAs merges two things permanently and without an author; record a"
        " dip:IdentityJudgement, or a dip:wikidataItem",
        "es": "owl:sameAs hace de dos cosas una sola, para siempre y en nombre de nadie; registre un"
        " dip:IdentityJudgement o un dip:wikidataItem",
    }
    return _violation(quad, IDENTITY_WITHOUT_AUTHOR, message, quad.object)


def _punned(quad: Quad, individual: NamedNode) -> Violation:
    name = display(individual)
    message = {
        "en": f"{name} is a thing of our data but is used as a class or property; describe those under"
        " names of your own, or leave this out",
        "es": f"{name} es una cosa de nuestros datos, y aquí figura como clase o propiedad; describa estas"
        " con nombres propios u omita esto",
    }
    return _violation(quad, INDIVIDUAL_AS_TERM, message, quad.object)


def _released(quad: Quad) -> Violation:
    message = {
        "en": "terms change only with a release; describe things of your own, or propose the change",
        "es": "los términos solo cambian con una nueva versión; describa cosas propias o proponga el cambio",
    }
    return _violation(quad, RELEASED_TERM, message, quad.object)
