"""Rule on neutral words: names of our terms and kinds of things, and common words, cannot be contested.

A contested word is rejected in everybody's texts, so "meeting" as one of them would reject all meetings.
Other spellings and forms of such a word, or the word with an article, cannot be contested either.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules.common_words import COMMON, FUNCTION
from kg.gate.rules.stems import LANGUAGES, is_form, is_telling, stem
from kg.gate.rules.texts import plain, spellings, without_accents
from kg.gate.rules.word_index import HOLDING
from kg.gate.shacl.paths import Step
from kg.iris import KINDS, SHAPES
from kg.terms import OWL, RDF, RDFS, SKOS

RULE = SHAPES + "neutral-word"

_TERMS = frozenset({OWL.CLASS, OWL.OBJECT_PROPERTY, OWL.DATATYPE_PROPERTY})
_OF_THINGS = frozenset(
    NamedNode(KINDS + name)
    for name in (
        *("event-kinds", "gesture-kinds", "office-kinds", "participant-roles"),
        *("source-kinds", "statement-kinds", "media"),
    )
)
"""Lists of kinds of things; claimants may use the words of other lists (tones, stances, hedges)."""


@dataclass(frozen=True)
class NeutralWords:
    """The names of terms and kinds and the common words, in comparable form, and by stem."""

    names: frozenset[str]
    by_stem: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def of(cls, terms: Iterable[Quad]) -> Self:
        """Return the words from the descriptions of terms and kinds."""
        quads = list(terms)
        termed = {quad.subject for quad in quads if quad.predicate == RDF.TYPE and quad.object in _TERMS}
        kinds = {
            quad.subject for quad in quads if quad.predicate == SKOS.IN_SCHEME and quad.object in _OF_THINGS
        }
        subjects_by_predicate = {RDFS.LABEL: termed, SKOS.PREF_LABEL: kinds}
        labels = [
            quad.object
            for quad in quads
            if quad.subject in subjects_by_predicate.get(quad.predicate, ())
            and isinstance(quad.object, Literal)
        ]
        by_stem: dict[tuple[str, str], tuple[str, ...]] = {}
        for label in labels:
            language = label.language or "en"
            if language in LANGUAGES:
                key = language, stem(plain(label.value), language)
                by_stem[key] = (*by_stem.get(key, ()), _compared(label.value))
        return cls(frozenset(_compared(label.value) for label in labels), by_stem)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by new contested words that are neutral."""
        yield from self._of(overlay.added)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by all contested words of a store that are neutral."""
        for predicate in HOLDING:
            yield from self._of(overlay.quads_for_pattern(None, predicate, None))

    def _of(self, quads: Iterable[Quad]) -> Iterator[Violation]:
        for quad in quads:
            if quad.predicate in HOLDING and isinstance(quad.object, Literal) and self.has(quad.object.value):
                yield _violation(quad)

    def has(self, words: str) -> bool:
        """Return whether words are neutral, in any spelling or form."""
        return any(self._has(spelling) for spelling in spellings(_compared(words)))

    def _has(self, words: str) -> bool:
        telling = " ".join(word for word in words.split() if word not in FUNCTION)
        return any(
            not each or each in self.names or _is_common(each) or self._is_form(each)
            for each in (words, telling)
        )

    def _is_form(self, words: str) -> bool:
        """Return whether words are a form of a name, in a language of that name."""
        for language in LANGUAGES:
            stems = stem(words, language)
            if is_telling(stems):
                names = self.by_stem.get((language, stems), ())
                if any(is_form(words, name, language) for name in names):
                    return True
        return False


def _is_common(word: str) -> bool:
    """Return whether a word is common, or the plural of a common word.

    >>> [_is_common(word) for word in ("president", "paises", "kidnapping")]
    [True, True, False]
    """
    singular = (word[:-1], word[:-2]) if word.endswith("s") else ()
    return any(each in COMMON for each in (word, *singular))


def _compared(text: str) -> str:
    return " ".join(without_accents(plain(text)).split())


def _violation(quad: Quad) -> Violation:
    return Violation(
        focus=quad.subject,
        rule=RULE,
        message={
            "en": "this is the neutral name of a kind of thing, or a common word, which nobody has to"
            " put in quotation marks; leave it out, or give the word that only the claimant uses",
            "es": "este es el nombre neutro de un tipo de cosa, o una palabra común, que nadie tiene que"
            " poner entre comillas; quítelo o dé la palabra con que solo quien afirma la llama",
        },
        path=Step(quad.predicate),
        value=quad.object,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
    )
