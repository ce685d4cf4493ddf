"""Hedging words ("reportedly", "presuntamente"), from the ontology's hedges."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg import ontology
from kg.gate.rules.hedging_words import HedgingWords
from kg.gate.rules.texts import without_accents
from kg.importers.table.release_words import local_name
from kg.iris import KINDS_GRAPH

_WEAK = frozenset({"plain", "generally"})
_OF_STATEMENTS = frozenset({"reportedly", "described-as", "possibly", "apparently"})


class Reserve(NamedTuple):
    """Words of a text that express a hedge, and the hedge."""

    words: str
    hedge: str
    end: int
    """The offset at which the words end."""

    @property
    def names_teller(self) -> bool:
        """True if the name after the words is the speaker's ("according to ...")."""
        return without_accents(self.words.lower()) in _TELLING


def of_happening(text: str, place: int = 0) -> Reserve | None:
    """Return the words by which a text hedges a happening, or attributes it to somebody.

    The strongest hedge is returned, and of equal ones the nearest to an offset in the text.
    """
    hedging = _hedging_words()
    words = (*hedging.found(text), *hedging.attributions(text))
    return _strongest(text, place, (each for each in words if local_name(each[1].value) not in _WEAK))


def of_statement(text: str, place: int = 0) -> Reserve | None:
    """Return the hedging words of a statement, except mere attribution; chosen as in ``of_happening``."""
    words = _hedging_words().found(text)
    return _strongest(
        text,
        place,
        (each for each in words if local_name(each[1].value) in _OF_STATEMENTS or each[0] in _DISTANCE),
    )


def _strongest(text: str, place: int, words: Iterable[tuple[str, NamedNode]]) -> Reserve | None:
    hedging, spelt = _hedging_words(), without_accents(text.lower())

    def rank(each: tuple[str, NamedNode]) -> tuple[int, int]:
        return hedging.reserve.get(each[1], 0), -abs(spelt.find(each[0].lower()) - place)

    best = max(words, key=rank, default=None)
    if best is None:
        return None
    start = max(0, spelt.find(best[0].lower()))
    end = start + len(best[0])
    return Reserve(text[start:end].strip(), local_name(best[1].value), end)


_TELLING = frozenset({"according to", "segun", "de acuerdo con", "en palabras de", "a juicio de"})
_DISTANCE = frozenset({"claimed", "claims", "what he claims", "what she claims", "what they claim"})


@cache
def _hedging_words() -> HedgingWords:
    return HedgingWords.of(ontology.load().graphs[KINDS_GRAPH])
