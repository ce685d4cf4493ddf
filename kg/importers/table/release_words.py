"""Names of a release that cells may use: kinds by list, classes by superclass, each with its explanation."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.importers.table.bilingual import Bilingual
from kg.iris import KINDS_GRAPH, TERMS_GRAPH
from kg.terms import DIP, RDFS, SKOS


@dataclass(frozen=True)
class Released:
    """Names of a release that cells may use: the kinds of each list, the subclasses of each class.

    ``class_of`` maps a kind to the class that the shapes require of a thing of that kind.
    """

    kinds: Mapping[str, frozenset[str]]
    classes: Mapping[str, frozenset[str]]
    class_of: Mapping[str, str]
    explained: Mapping[str, Bilingual]
    """By name of a kind or class: its name, definition, indicating words and an example."""


@cache
def released() -> Released:
    """Read the lists and classes of the installed release."""
    release = ontology.load()
    graphs = release.graphs
    kinds: dict[str, set[str]] = {}
    above: dict[str, set[str]] = {}
    for quads, predicate, found in (
        (graphs[KINDS_GRAPH], SKOS.IN_SCHEME, kinds),
        (graphs[TERMS_GRAPH], RDFS.SUB_CLASS_OF, above),
    ):
        for quad in quads:
            if quad.predicate == predicate and isinstance(quad.object, NamedNode):
                found.setdefault(local_name(quad.object.value), set()).add(
                    local_name(str(quad.subject)[1:-1])
                )
    return Released(
        {name: frozenset(members) for name, members in kinds.items()},
        {name: frozenset(_below(name, above)) for name in above},
        {local_name(kind): local_name(class_) for kind, class_ in release.classes_of_kinds.items()},
        # kinds first: a property may have the name of a kind, and only kinds and classes are explained
        _explanations((*graphs[KINDS_GRAPH], *graphs[TERMS_GRAPH])),
    )


def _explanations(quads: Iterable[Quad]) -> Mapping[str, Bilingual]:
    """Return the explanation of each name, in both languages."""
    texts: dict[tuple[str, NamedNode, str], str] = {}
    worded: dict[tuple[str, str], list[str]] = {}
    for quad in quads:
        if isinstance(quad.object, Literal) and quad.object.language:
            name = local_name(str(quad.subject)[1:-1])
            texts.setdefault((name, quad.predicate, quad.object.language), quad.object.value)
            if quad.predicate == DIP.WORDED_AS:
                worded.setdefault((name, quad.object.language), []).append(quad.object.value)
    names = {name for name, predicate, _ in texts if predicate == SKOS.DEFINITION}

    def text(name: str, language: str, *predicates: NamedNode) -> str:
        found = (texts.get((name, each, language)) for each in predicates)
        return next(filter(None, found), "")

    def explained(name: str, language: str, for_example: str, in_words: str) -> str:
        explanation = (
            f"{text(name, language, SKOS.PREF_LABEL, RDFS.LABEL)}. {text(name, language, SKOS.DEFINITION)}"
        )
        example = text(name, language, SKOS.EXAMPLE)
        showing = ", ".join(worded.get((name, language), ()))
        return " ".join(
            [
                explanation,
                *([f"{in_words}: {showing}."] if showing else []),
                *([f"{for_example}: {example}"] if example else []),
            ]
        )

    return {
        name: Bilingual(
            explained(name, "en", "For example", "Words"), explained(name, "es", "Por ejemplo", "Palabras")
        )
        for name in names
    }


def local_name(iri: str) -> str:
    """Return the last part of an IRI."""
    return re.split(r"[/#]", iri)[-1]


def _below(name: str, above: Mapping[str, set[str]]) -> set[str]:
    """Return the direct and indirect subclasses of a class."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found
