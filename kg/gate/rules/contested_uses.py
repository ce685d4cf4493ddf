"""Search for contested words in a text: by spelling, as another form, or as a related word.

Each run of up to six words is compared, so the cost depends on the text and not on the number of claims.
Equal spellings are certain, and so are forms in the text's language; words with the same stem, or for the
same accusation in another language, are only possible uses.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Severity
from kg.gate.rules.accusing_words import ALIKE
from kg.gate.rules.common_words import COMMON
from kg.gate.rules.contested_sentences import ALIKE_TO, FORM, PERHAPS, SPELT
from kg.gate.rules.disguises import REPEATED, masked, put_together, shortened, unescaped
from kg.gate.rules.stems import LANGUAGES
from kg.gate.rules.texts import plain, quoted, spellings, unquoted, without_accents
from kg.gate.rules.word_index import BEGINNING, WordIndex, indexes
from kg.terms import DIP, RDFS

LONGEST = 6
"""Maximum number of words in a contested word; the shape sets the same limit."""

_POSSESSIVE = re.compile(r"[’']s\b")
_WORD = re.compile(r"\w+(?:[-'.]\w+)*")
_JOINT = re.compile(r"(?<=[^\W\d_])[-.'_](?=\w)|(?<=\w)[-.'_](?=[^\W\d_])")
_MARKS = str.maketrans("’‐‑‒–—―−", "'-------")
"""Apostrophes and dashes, mapped to their comparable forms."""
_SIMPLE = re.compile(r"(?:(?:[a-z]+|[0-9]+)(?:[\s,;:()]+|$))+")
"""Words of letters only, and numbers, separated by spaces and full stops."""
_BETWEEN = str.maketrans(",;:()", "     ")
_FEWEST_LETTERS = 4
"""Minimum number of single letters, separated by spaces, that are read as one word."""
_LEAST_NAME = 4
_PART = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")
_OF_ONE_SPELLING = re.compile(r"(?:(?:[a-z]+|\d[-./\d]*)(?: |$))+")
"""Words of letters only, numbers and dates."""


def outside_quotation(text: str) -> Iterator[str]:
    """Yield each run of up to ``LONGEST`` words, in lower case, outside quotation marks.

    >>> list(outside_quotation("A ‘kidnapping’ in Caracas"))
    ['a', 'in', 'in caracas', 'caracas']
    """
    for part in unquoted(_POSSESSIVE.sub("", plain(text))):
        yield from _runs(part)


def _in_quotation(text: str) -> Iterator[str]:
    """Yield each run of words inside quotation marks."""
    for part in quoted(plain(text)):
        yield from _runs(_POSSESSIVE.sub("", part))


def _runs(part: str) -> Iterator[str]:
    """Yield the runs of words as written, and again with spaces for marks inside words."""
    part = _SPACE.sub(" ", part.translate(_MARKS))
    words = list(_WORD.finditer(part))
    yield from _of_single_letters(words)
    yield from _runs_of(part, words)
    divided = _JOINT.sub(" ", part)
    if divided != part:
        parts = list(_WORD.finditer(divided))
        yield from _of_single_letters(parts)
        yield from _runs_of(divided, parts)
        for word in words:
            yield from _put_together(_JOINT.split(word[0]))


def _put_together(parts: Sequence[str]) -> Iterator[str]:
    """Yield two or three parts of a compound as one word: “kid-napping” in “kid-napping-of-a-president”."""
    for number in (2, 3):
        for first in range(len(parts) - number + 1):
            yield "".join(parts[first : first + number])


def _runs_of(part: str, words: Sequence[re.Match[str]]) -> Iterator[str]:
    for first in range(len(words)):
        for last in words[first : first + LONGEST]:
            yield part[words[first].start() : last.end()]


def _of_single_letters(words: Sequence[re.Match[str]]) -> Iterator[str]:
    """Yield words that are written with spaces between all letters."""
    letters = ""
    for word in (*words, None):
        if word and len(word[0]) == 1:
            letters += word[0]
        else:
            if len(letters) >= _FEWEST_LETTERS:
                yield letters
            letters = ""


@dataclass(frozen=True)
class WordUse:
    """A contested word used in a text, as stored: its claimants, and the phrase about it by language."""

    word: str
    claimants: frozenset[Term]
    said: Mapping[str, str]
    severity: Severity = "error"


class ContestedUses:
    """The contested words of a graph; each run of words is looked up once."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._indexes = list(indexes(overlay))
        first, *others = (index.beginnings for index in self._indexes)
        self._beginnings = first.union(*others) if others else first
        self._known: dict[tuple[str, str | None], WordUse | None] = {}

    def __bool__(self) -> bool:
        """Return whether any word is contested."""
        return bool(self._beginnings)

    def used(
        self, text: str, language: str | None = None, voices: frozenset[Term] = frozenset()
    ) -> Iterator[WordUse]:
        """Yield the contested words that a text uses, except those of its own voices."""
        may_use = self._may_use(text)
        if not may_use and not self._may_cut(text):
            return
        found: set[str] = set()
        plainly = self._found(self._runs(text), language) if may_use else ()
        for use in (*plainly, *self._disguised(text)):
            if use.word not in found and use.claimants.isdisjoint(voices):
                found.add(use.word)
                yield use

    def _runs(self, text: str) -> Iterator[str]:
        yield from outside_quotation(text)
        for other in (*unescaped(text), *shortened(plain(text))):
            yield from outside_quotation(other)

    def _disguised(self, text: str) -> Iterator[WordUse]:
        """Yield the contested words that a text splits, or masks with signs for letters."""
        for part in unquoted(_POSSESSIVE.sub("", without_accents(plain(text)))):
            words = [
                (spelling, word)
                for spelling, joined in put_together(part, self._may_begin)
                for word in self._of_letters(joined)
            ]
            for hidden in masked(part):
                for index in self._indexes:
                    words += [(hidden.written, word) for word in index.fitting(hidden)]
            for spelling, word in words:
                yield from self._contested(word, spelling, SPELT, "error")

    def _may_begin(self, word: str) -> bool:
        return word[:BEGINNING] in self._beginnings

    def _of_letters(self, joined: str) -> Iterator[str]:
        """Yield the contested words spelt by letters, also if digits stand for similar letters."""
        for spelling in (joined,) if joined.isalpha() else spellings(joined):
            if self._may_begin(spelling):
                for index in self._indexes:
                    yield from index.of_letters(spelling)

    def quoted(self, text: str) -> Iterator[WordUse]:
        """Yield the contested words that a text quotes, without related words."""
        uses = self._found(_in_quotation(text), None) if self._may_use(text) else ()
        return (use for use in uses if use.severity == "error")

    def is_named(self, text: str, claimants: Iterable[Term]) -> bool:
        """Return whether a text names one of the claimants."""
        return not _parts(without_accents(plain(text))).isdisjoint(self._parts_of_names(claimants))

    def _may_use(self, text: str) -> bool:
        """Return False if no word of a text of simple words begins like a contested word."""
        plain_text = without_accents(plain(text))
        if not _SIMPLE.fullmatch(plain_text):
            return True
        parts = plain_text.translate(_BETWEEN).split()
        if sum(len(part) == 1 for part in parts) >= _FEWEST_LETTERS:
            return True
        if REPEATED.search(plain_text):
            return True
        return not self._beginnings.isdisjoint([part[:BEGINNING] for part in parts])

    def _may_cut(self, text: str) -> bool:
        """Return whether short words, joined with the next ones, begin like a contested word."""
        parts = without_accents(plain(text)).split()
        return any(
            "".join(parts[place : place + BEGINNING])[:BEGINNING] in self._beginnings
            for place, part in enumerate(parts)
            if len(part) < BEGINNING
        )

    def _found(self, runs: Iterable[str], language: str | None) -> Iterator[WordUse]:
        """Yield the first use of each contested word in runs of words."""
        found: set[str] = set()
        for words in dict.fromkeys(runs if self._beginnings else ()):
            key = words, language if language in LANGUAGES else None
            if key not in self._known:
                self._known[key] = next(self._uses(*key), None)
            use = self._known[key]
            if use and use.word not in found:
                found.add(use.word)
                yield use

    def _uses(self, words: str, language: str | None) -> Iterator[WordUse]:
        forms = self._spellings(words)
        if not forms:
            return
        for form in forms:
            for index in self._indexes:
                for word in index.spelt(form):
                    yield from self._contested(word, words, SPELT, "error")
        yield from self._forms(words, forms, language)
        for alike in dict.fromkeys(each for form in forms for each in _alike(form, language)):
            for index in self._indexes:
                for word in index.spelt(alike):
                    yield from self._contested(word, words, ALIKE_TO, "warning")

    def _spellings(self, words: str) -> Sequence[str]:
        """Return the possible spellings of words as a contested word."""
        forms = (words,) if _OF_ONE_SPELLING.fullmatch(words) else spellings(words)
        return [form for form in forms if without_accents(form)[:BEGINNING] in self._beginnings]

    def _forms(self, words: str, forms: Iterable[str], language: str | None) -> Iterator[WordUse]:
        """Yield the uses as forms of contested words, then those as related words.

        A form in another language than the text's counts only as a related word.
        """
        akin: dict[str, bool] = {}
        for form in forms:
            for each in () if form in COMMON else LANGUAGES:
                for index in self._indexes:
                    for word, is_form in index.akin(form, each):
                        is_own = language in (None, each)
                        if is_form or is_own:
                            akin[word] = akin.get(word, False) or (is_form and is_own)
        for word in (word for word, is_form in akin.items() if is_form):
            yield from self._contested(word, words, FORM, "error")
        for word in akin:
            yield from self._contested(word, words, PERHAPS, "warning")

    def _contested(
        self, form: str, words: str, whose: Mapping[NamedNode, Mapping[str, str]], severity: Severity
    ) -> Iterator[WordUse]:
        """Yield the use of words that are contested in a form."""
        for predicate, readings in whose.items():
            quads = self._overlay.quads_for_pattern(None, predicate, Literal(form))
            if claims := [quad.subject for quad in quads]:
                claimants = frozenset(
                    claimant for claim in claims for claimant in self._overlay.objects(claim, DIP.CLAIMED_BY)
                )
                names = _names_of(claimants, self._overlay)
                filled = {
                    language: text.format(words=words, form=form, names=names)
                    for language, text in readings.items()
                }
                yield WordUse(form, claimants, filled, severity)

    def _parts_of_names(self, claimants: Iterable[Term]) -> Iterator[str]:
        """Yield the parts of claimants' names, in any language, that a text may use."""
        for claimant in claimants:
            for label in self._overlay.objects(claimant, RDFS.LABEL):
                parts = _PART.findall(without_accents(plain(getattr(label, "value", ""))))
                yield from [part for part in parts if len(part) >= _LEAST_NAME] or parts


@cache
def _accusing() -> WordIndex:
    return WordIndex(ALIKE)


def _alike(form: str, language: str | None) -> Iterator[str]:
    """Yield the words for the same accusation as a form, or as the word of which it is a form."""
    yield from ALIKE.get(form, ())
    for each in () if form in COMMON else LANGUAGES if language is None else (language,):
        for word, is_form in _accusing().akin(form, each):
            yield from ALIKE[word] if is_form else ()


@lru_cache(maxsize=64)
def _parts(text: str) -> frozenset[str]:
    return frozenset(_PART.findall(text))


def _names_of(claimants: Iterable[Term], overlay: Overlay) -> str:
    names = {
        label.value
        for claimant in claimants
        for label in overlay.objects(claimant, RDFS.LABEL)
        if isinstance(label, Literal) and label.language in (None, "en")
    }
    return ", ".join(sorted(names)) or "a claimant"
