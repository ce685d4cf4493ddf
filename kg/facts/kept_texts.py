"""Passages of sources whose full text is kept: computes their offsets, and checks that they occur there.

A passage occurs where its words, prefix and suffix match, code point by code point. For a passage that does
not occur, the message quotes the nearest words of the text only if they include at least half of the
passage's words, and no more of them than a short quotation: a client must know most of the words already to
learn the rest.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Delta, Object, Quads
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.texts import comparable
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.store.source_texts import SourceTexts
from kg.terms import DIP

RULE = SHAPES + "kept-text"
LOCATED = SHAPES + "Passage-located"
"""The shape that requires offsets; suppressed where this rule explains why there are none."""

LONGEST_EXCERPT = 160
"""Maximum code points of the text that one message quotes."""
_MOST_PLACES = 1000
"""Maximum occurrences of one word, or of a passage, that are examined."""
_OF_PASSAGES = (DIP.OCCURS_IN, DIP.EXACT_TEXT, DIP.START_OFFSET, DIP.PREFIX, DIP.SUFFIX)
_OF_SOURCES = (DIP.TEXT_HASH, DIP.TEXT_LENGTH)
_WORD = re.compile(r"\w[\w\u0300-\u036f]*")
_OFFSET = re.compile(r"[0-9]{1,12}")


class TextsAtHand:
    """The stored texts of a data directory, looked up by the sources in a change and in a store."""

    def __init__(self, directory: Path, store: Quads) -> None:
        self._kept = SourceTexts(directory)
        self._store = store
        self._texts: dict[str, SourceText | None] = {}

    def completed(self, quads: list[Quad]) -> list[Quad]:
        """Add the start offset of each passage that occurs exactly once, and the lengths of texts."""
        values_by_subject: dict[Term, dict[NamedNode, list[Quad]]] = {}
        for quad in quads if self._kept else ():
            if quad.predicate in (*_OF_PASSAGES, *_OF_SOURCES):
                values_by_subject.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad)
        return [
            *quads,
            *(
                quad
                for values in values_by_subject.values()
                for quad in self._following(values, values_by_subject)
            ),
        ]

    def _following(
        self,
        values: Mapping[NamedNode, list[Quad]],
        values_by_subject: Mapping[Term, Mapping[NamedNode, list[Quad]]],
    ) -> Iterator[Quad]:
        match values.get(DIP.TEXT_HASH, ()), DIP.TEXT_LENGTH in values:
            case [Quad() as quad], False if text := self._text([quad.object]):
                yield Quad(quad.subject, DIP.TEXT_LENGTH, Literal(len(text.text)), quad.graph_name)
        match values.get(DIP.OCCURS_IN, ()), values.get(DIP.EXACT_TEXT, ()), DIP.START_OFFSET in values:
            case [Quad() as place], [Quad() as words], False:
                hashes = [
                    quad.object for quad in values_by_subject.get(place.object, {}).get(DIP.TEXT_HASH, ())
                ]
                text = self._text(hashes or self._hashes_in_store(place.object))
                sides = (
                    _value(quad.object for quad in values.get(side, ())) for side in (DIP.PREFIX, DIP.SUFFIX)
                )
                found = text.places(_value([words.object]), *sides) if text else []
                if len(found) == 1:
                    yield Quad(place.subject, DIP.START_OFFSET, Literal(found[0]), place.graph_name)

    def judged(self, violations: Iterable[Violation], delta: Delta) -> list[Violation]:
        """Return the gate's violations for a change, together with those from the kept texts."""
        own = list(self.violations(delta))
        nodes = {each.focus for each in own}
        return [*(each for each in violations if each.rule != LOCATED or each.focus not in nodes), *own]

    def violations(self, delta: Delta) -> Iterator[Violation]:
        """Yield violations for passages that a change affects and that do not occur, and for wrong sizes."""
        touched = [quad for quad in delta.added if quad.predicate in (*_OF_PASSAGES, *_OF_SOURCES)]
        if not touched or not self._kept:
            return
        overlay = Overlay(self._store, delta)
        sources = dict.fromkeys(quad.subject for quad in touched if quad.predicate in _OF_SOURCES)
        passages = dict.fromkeys(quad.subject for quad in touched if quad.predicate in _OF_PASSAGES)
        for source in sources:
            if text := self._text(overlay.objects(source, DIP.TEXT_HASH)):
                yield from _wrong_lengths(overlay, source, text)
                passages.update(dict.fromkeys(overlay.subjects(DIP.OCCURS_IN, source)))
        yield from self.of_passages(overlay, passages)

    def of_passages(self, overlay: Overlay, passages: Iterable[Term]) -> Iterator[Violation]:
        """Yield violations for those of the given passages that do not occur at their offsets."""
        for passage in passages:
            for source in overlay.objects(passage, DIP.OCCURS_IN):
                if text := self._text(overlay.objects(source, DIP.TEXT_HASH)):
                    yield from _Passage.of(overlay, passage).faults(source, text)

    def _hashes_in_store(self, source: Term) -> list[Object]:
        if not isinstance(source, NamedNode):
            return []
        return [quad.object for quad in self._store.quads_for_pattern(source, DIP.TEXT_HASH, None)]

    def _text(self, hashes: Iterable[Object]) -> "SourceText | None":
        for value in hashes:
            digest = value.value if isinstance(value, Literal) else ""
            if digest not in self._texts:
                text = self._kept.text(digest)
                self._texts[digest] = None if text is None else SourceText(text)
            if found := self._texts[digest]:
                return found
        return None


@dataclass(frozen=True)
class _Passage:
    """A passage as the graph describes it; ``start`` is None without a valid offset."""

    node: Term
    words: str
    start: int | None
    prefix: str
    suffix: str

    @classmethod
    def of(cls, overlay: Overlay, node: Term) -> "_Passage":
        start = _value(overlay.objects(node, DIP.START_OFFSET))
        sides = (_value(overlay.objects(node, side)) for side in (DIP.PREFIX, DIP.SUFFIX))
        words = _value(overlay.objects(node, DIP.EXACT_TEXT))
        return cls(node, words, int(start) if _OFFSET.fullmatch(start) else None, *sides)

    def faults(self, source: Term, text: "SourceText") -> Iterator[Violation]:
        """Yield its first fault, if it has one."""
        if not self.words:  # the shapes report it
            return
        places = text.places(self.words)
        fitting = text.places(self.words, self.prefix, self.suffix)
        if self.start in fitting or (self.start is None and len(fitting) == 1):
            return
        if not places:
            yield self._violation(DIP.EXACT_TEXT, self.words, text.nearest(self.words).display(source))
        elif self.start is not None and self.start not in places:
            yield self._violation(DIP.START_OFFSET, self.start, _elsewhere(source, fitting or places))
        elif self.start is None and len(fitting) > 1:
            yield self._violation(DIP.EXACT_TEXT, self.words, _several(source, len(fitting)))
        else:
            yield from self._faults_beside(source, text, places if self.start is None else [self.start])

    def _faults_beside(self, source: Term, text: "SourceText", places: list[int]) -> Iterator[Violation]:
        begins = {place: text.text[max(0, place - len(self.prefix)) : place] for place in places}
        preceded = [place for place, before in begins.items() if before == self.prefix]
        if not preceded:
            message = _beside(source, self.prefix, list(begins.values()), _BEFORE)
            yield self._violation(DIP.PREFIX, self.prefix, message)
            return
        ends = (place + len(self.words) for place in preceded)
        after = [text.text[end : end + len(self.suffix)] for end in ends]
        yield self._violation(DIP.SUFFIX, self.suffix, _beside(source, self.suffix, after, _AFTER))

    def _violation(self, path: NamedNode, value: str | int, message: dict[str, str]) -> Violation:
        return Violation(self.node, RULE, message, Step(path), Literal(value))


@dataclass(frozen=True)
class Nearest:
    """The words of a text that are nearest to a passage; no excerpt if none are near enough."""

    excerpt: str = ""
    is_same_but_for_print: bool = False
    is_same_but_for_accents: bool = False

    def display(self, source: Term) -> dict[str, str]:
        """Return the message, by language, that quotes the excerpt."""
        name = display(source)
        if not self.excerpt:
            return {
                "en": f"these words do not occur in the stored text of {name}; copy the passage "
                "from that text",
                "es": f"estas palabras no figuran en el texto de {name}, que se guarda; cópielas de él",
            }
        how = _HOW[self.is_same_but_for_accents, self.is_same_but_for_print]
        return {
            "en": f"the text of {name} does not have exactly these words; it has “{self.excerpt}”{how['en']}",
            "es": f"el texto de {name} no tiene estas mismas palabras; tiene «{self.excerpt}»{how['es']}",
        }


class SourceText:
    """A kept text, with searches for words in it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def places(self, words: str, prefix: str = "", suffix: str = "") -> list[int]:
        """Return the offsets at which the words occur between a prefix and a suffix."""
        found: list[int] = []
        whole = prefix + words + suffix
        place = self.text.find(whole) if words else -1
        while place >= 0 and len(found) < _MOST_PLACES:
            found.append(place + len(prefix))
            place = self.text.find(whole, place + 1)
        return found

    def nearest(self, words: str) -> Nearest:
        """Return the part of the text that has the most words in common with a passage, in the same order."""
        spoken = [_folded(match[0]) for match in _WORD.finditer(words)]
        votes = Counter(
            place - number
            for number, word in enumerate(spoken)
            for place in self._places_of_words.get(word, ())[:_MOST_PLACES]
        )
        near = Counter({first: votes[first] + votes[first + 1] + votes[first - 1] for first in votes})
        if not near or 2 * max(near.values()) < len(spoken):
            return Nearest()
        first = min(near, key=lambda each: (-near[each], -votes[each], each))
        stretch = self._stretch(words, first, len(spoken))
        return Nearest(
            _shortened(words, stretch),
            is_same_but_for_print=comparable(words) == comparable(stretch),
            is_same_but_for_accents=unicodedata.normalize("NFC", words)
            == unicodedata.normalize("NFC", stretch),
        )

    def _stretch(self, words: str, first: int, number: int) -> str:
        """Return ``number`` words of the text from ``first`` on, with margins as long as in ``words``."""
        inside = self._spans[max(0, first) : max(0, first) + number]
        own = [match.span() for match in _WORD.finditer(words)]
        lead, tail = own[0][0], len(words) - own[-1][1]
        return self.text[max(0, inside[0][0] - lead) : inside[-1][1] + tail]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in _WORD.finditer(self.text)]

    @cached_property
    def _places_of_words(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, (start, end) in enumerate(self._spans):
            found.setdefault(_folded(self.text[start:end]), []).append(number)
        return found


def _folded(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _shortened(words: str, stretch: str) -> str:
    """Cut a stretch of the text around its first difference from the passage."""
    blocks = SequenceMatcher(None, words, stretch[: 4 * len(words)], autojunk=False).get_opcodes()
    differs = next((begin for tag, _, _, begin, _ in blocks if tag != "equal"), 0)
    begin = max(0, min(differs - LONGEST_EXCERPT // 2, len(stretch) - LONGEST_EXCERPT))
    cut = stretch[begin : begin + LONGEST_EXCERPT].replace("\n", "⏎")
    return f"{'…' if begin else ''}{cut}{'…' if begin + LONGEST_EXCERPT < len(stretch) else ''}"


def _wrong_lengths(overlay: Overlay, source: Term, text: SourceText) -> Iterator[Violation]:
    for value in overlay.objects(source, DIP.TEXT_LENGTH):
        if isinstance(value, Literal) and value.value != str(len(text.text)):
            message = {
                "en": f"the stored text has {len(text.text)} code points; correct the length",
                "es": f"el texto guardado tiene {len(text.text)} puntos de código; corrija la longitud",
            }
            yield Violation(source, RULE, message, Step(DIP.TEXT_LENGTH), value)


def _value(values: Iterable[Object]) -> str:
    return next((value.value for value in values if isinstance(value, Literal)), "")


def _elsewhere(source: Term, places: list[int]) -> dict[str, str]:
    listed = ", ".join(map(str, places[:3])) + (" …" if len(places) > 3 else "")
    return {
        "en": f"the words do not start here in the text of {display(source)}, but at {listed}; correct the"
        " offset, or leave it out",
        "es": f"las palabras no empiezan aquí en el texto de {display(source)}, sino en {listed}; corrija la"
        " posición u omítala",
    }


def _several(source: Term, number: int) -> dict[str, str]:
    return {
        "en": f"these words occur {number} times in the text of {display(source)}; add dip:prefix or "
        "dip:suffix to say which is meant, or dip:startOffset",
        "es": f"estas palabras figuran {number} veces en el texto de {display(source)}; añada dip:prefix o"
        " dip:suffix que indique cuál, o dip:startOffset",
    }


def _beside(source: Term, passage: str, passages: list[str], side: Mapping[str, str]) -> dict[str, str]:
    near = max(passages, key=lambda each: SequenceMatcher(None, passage, each, autojunk=False).ratio())
    is_near = SequenceMatcher(None, passage, near, autojunk=False).ratio() >= _NEAR
    excerpt = near.replace("\n", "⏎")
    return {
        "en": f"this text is not {side['en']} the words in the text of {display(source)}"
        + (f"; there is “{excerpt}”" if is_near else "; copy it from the text, or leave it out"),
        "es": f"esto no está {side['es']} de las palabras en el texto de {display(source)}"
        + (f"; está «{excerpt}»" if is_near else "; cópielo del texto u omítalo"),
    }


_NEAR = 0.6
_BEFORE = {"en": "before", "es": "antes"}
_AFTER = {"en": "after", "es": "después"}
_COPY = {"en": "; copy them from it", "es": "; cópielas de él"}
_PRINT = {
    "en": ", which differs only in punctuation, case, white space or line ends (⏎); write it so",
    "es": ", que solo difiere en signos, mayúsculas, espacios o saltos de línea (⏎); escríbalo así",
}
_ACCENTS = {
    "en": ", whose accented letters use another Unicode normalization form; copy them from it",
    "es": ", cuyos acentos se componen de otros caracteres; cópielas de él",
}
_HOW = {(False, False): _COPY, (False, True): _PRINT, (True, False): _ACCENTS, (True, True): _ACCENTS}
