"""Index of the contested words of a store, by spelling and stem: a text's check depends only on its length.

It is built once and follows the commits of a view (``Followed``). It may hold words that are no longer
contested; the user of the index checks them in the store.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pyoxigraph import Literal, Quad

from kg.changes import Followed, Quads
from kg.gate.overlay import Overlay
from kg.gate.rules.accusing_words import ALIKE
from kg.gate.rules.disguises import FEWEST_LETTERS, Masked
from kg.gate.rules.stems import LANGUAGES, is_akin, is_form, is_telling, stem
from kg.gate.rules.texts import plain, spellings, without_accents
from kg.terms import DIP

HOLDING = (DIP.CONTESTED_WORD, DIP.EQUIVALENT_WORD)
"""The properties whose values are contested words."""
BEGINNING = 3
"""Number of first letters that all forms of a word share, so that few words must be stemmed."""


def _alike() -> Mapping[str, set[str]]:
    """Return, by first letters of a word, the first letters of the words for the same accusation."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word, group in ALIKE.items():
        found[word[:BEGINNING]].update(other[:BEGINNING] for other in group)
    return found


_BEGINNINGS_ALIKE = _alike()


class WordIndex:
    """Contested words, as stored, by their comparable forms."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.beginnings: set[str] = set()
        """The first letters of all words, and of the words for the same accusations."""
        self._by_spelling: dict[str, set[str]] = {}
        self._by_beginning: dict[tuple[str, int], set[str]] = {}
        self._by_stem: dict[tuple[str, int, str], dict[str, set[str]]] = {}
        self._by_letters: dict[str, set[str]] = {}
        self._by_ends: dict[tuple[str, str], set[str]] = {}
        self.add(words)

    def __call__(self, quads: Iterable[Quad]) -> None:
        """Add the words in added quads."""
        self.add(_words(quad for quad in quads if quad.predicate in HOLDING))

    def add(self, words: Iterable[str]) -> None:
        """Add words."""
        for word in words:
            for spelling in spellings(plain(word)):
                self._by_spelling.setdefault(spelling, set()).add(word)
                letters = spelling.replace(" ", "")
                if letters.isalpha() and len(letters) >= FEWEST_LETTERS:
                    self._by_letters.setdefault(letters, set()).add(word)
                    self._by_ends.setdefault((letters[0], letters[-1]), set()).add(letters)
                beginning = _beginning(spelling)
                self._by_beginning.setdefault(beginning, set()).add(word)
                self.beginnings.update((beginning[0], *_BEGINNINGS_ALIKE.get(beginning[0], ())))
                for language in LANGUAGES:
                    if stems := self._by_stem.get((*beginning, language)):
                        stems.setdefault(stem(plain(word), language), set()).add(word)

    def spelt(self, spelling: str) -> Iterable[str]:
        """Return the words with a spelling."""
        return self._by_spelling.get(spelling, ())

    def fitting(self, hidden: Masked) -> Iterator[str]:
        """Yield the words that fit a masked word, whose first and last letters are visible."""
        for letters in sorted(self._by_ends.get((hidden.written[0], hidden.written[-1]), ())):
            if hidden.fits(letters):
                yield from self.of_letters(letters)

    def of_letters(self, letters: str) -> Iterable[str]:
        """Return the words with these letters, ignoring spaces."""
        return self._by_letters.get(letters, ())

    def akin(self, spelling: str, language: str) -> Iterator[tuple[str, bool]]:
        """Yield the words with the same stem in a language, and whether the spelling is a form of each."""
        beginning = _beginning(spelling)
        if beginning not in self._by_beginning:
            return
        stems = stem(spelling, language)
        if not is_telling(stems):
            return
        for word in sorted(self._of_stems(beginning, language).get(stems, ())):
            if is_form(without_accents(spelling), without_accents(plain(word)), language):
                yield word, True
            elif is_akin(stems):
                yield word, False

    def _of_stems(self, beginning: tuple[str, int], language: str) -> dict[str, set[str]]:
        key = (*beginning, language)
        if key not in self._by_stem:
            found = self._by_stem[key] = {}
            for word in self._by_beginning[beginning]:
                found.setdefault(stem(plain(word), language), set()).add(word)
        return self._by_stem[key]


def indexes(view: Quads) -> Iterator[WordIndex]:
    """Yield the indexes of a view: of the words that a delta adds, and of the store below it."""
    while isinstance(view, Overlay):
        if words := list(_words(quad for quad in view.added if quad.predicate in HOLDING)):
            yield _index_of(tuple(words))
        view = view.before()
    if not isinstance(view, Followed):
        yield _index_of(tuple(_all_of(view)))
        return
    index = next((each for each in view.followers if isinstance(each, WordIndex)), None)
    if index is None:
        index = WordIndex(_all_of(view))
        view.followers.append(index)
    else:
        for predicate in HOLDING:  # so that the view records the read
            view.quads_for_pattern(None, predicate, None)
    yield index


@lru_cache(maxsize=8)
def _index_of(words: tuple[str, ...]) -> WordIndex:
    return WordIndex(words)


def _all_of(view: Quads) -> Iterator[str]:
    for predicate in HOLDING:
        yield from _words(view.quads_for_pattern(None, predicate, None))


def _words(quads: Iterable[Quad]) -> Iterator[str]:
    return (quad.object.value for quad in quads if isinstance(quad.object, Literal))


def _beginning(spelling: str) -> tuple[str, int]:
    return without_accents(spelling)[:BEGINNING], len(spelling.split())
