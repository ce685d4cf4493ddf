"""Words that nobody can call contested: the names of our own classes and kinds of things.

A contested word is refused in everybody's texts. "Meeting" as one of them would keep all meetings out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules.texts import plain, without_accents
from kg.gate.shacl.paths import Step
from kg.iris import KINDS, SHAPES
from kg.terms import DIP, OWL, RDF, RDFS, SKOS

RULE = SHAPES + "neutral-word"

_HOLDING = (DIP.CONTESTED_WORD, DIP.EQUIVALENT_WORD)
_OF_THINGS = frozenset(
    NamedNode(KINDS + name)
    for name in ("event-kinds", "gesture-kinds", "office-kinds", "source-kinds", "statement-kinds", "media")
)
"""Lists whose kinds are kinds of things; tones, stances and hedges are words that claimants use as well."""


@dataclass(frozen=True)
class NeutralWords:
    """The names of classes and kinds, as they are compared."""

    names: frozenset[str]

    @classmethod
    def of(cls, terms: Iterable[Quad]) -> Self:
        """Read the names from the descriptions of classes and kinds."""
        quads = list(terms)
        classes = {quad.subject for quad in quads if (quad.predicate, quad.object) == (RDF.TYPE, OWL.CLASS)}
        kinds = {
            quad.subject for quad in quads if quad.predicate == SKOS.IN_SCHEME and quad.object in _OF_THINGS
        }
        named = {RDFS.LABEL: classes, SKOS.PREF_LABEL: kinds}
        return cls(
            frozenset(
                _compared(quad.object.value)
                for quad in quads
                if quad.subject in named.get(quad.predicate, ()) and isinstance(quad.object, Literal)
            )
        )

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Find the new contested words that are such names."""
        yield from self._of(overlay.added)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Find all contested words of a store that are such names."""
        for predicate in _HOLDING:
            yield from self._of(overlay.quads_for_pattern(None, predicate, None))

    def _of(self, quads: Iterable[Quad]) -> Iterator[Violation]:
        for quad in quads:
            if quad.predicate in _HOLDING and isinstance(quad.object, Literal):
                forms = _forms(_compared(quad.object.value))
                yield from () if self.names.isdisjoint(forms) else (_violation(quad),)


def _compared(text: str) -> str:
    return without_accents(plain(text)).strip()


def _forms(word: str) -> tuple[str, ...]:
    """Give a word, and what it may be the plural of.

    >>> _forms("meetings")
    ('meetings', 'meeting', 'meetin')
    """
    return word, word.removesuffix("s"), word[:-2] if word.endswith("s") else word


def _violation(quad: Quad) -> Violation:
    return Violation(
        focus=quad.subject,
        rule=RULE,
        message={
            "en": "this is the neutral name of a kind of thing, which nobody has to put in quotation marks;"
            " leave it out, or give the word by which the claimant alone calls it",
            "es": "este es el nombre neutro de un tipo de cosa, que nadie tiene que poner entre comillas;"
            " quítelo o dé la palabra con que solo quien afirma la llama",
        },
        path=Step(quad.predicate),
        value=quad.object,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
    )
