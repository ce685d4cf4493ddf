"""Rule on hedging words: a report's hedge must not be weaker than its passage's words, such as "allegedly".

The ontology lists, for each hedge, the words that express it, by language, and how strong it is. Words in
quotation marks or in a reported quotation are not the source's own. For a report of a statement, the basis
already shows that words are somebody's claim, so that wording counts only for what the source says itself.
There no hedge helps: such words must be recorded as a statement. In a phrase, "…" stands for a name ("…
said").
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.texts import plain, unquoted, without_accents
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

RULE = SHAPES + "hedge-weaker-than-words"

_TOLD = frozenset({DIP.REPORTS, DIP.QUOTES, DIP.HEDGED_AS, DIP.BASED_ON})
_OF_A_PASSAGE = frozenset({DIP.EXACT_TEXT, DIP.PREFIX, DIP.SUFFIX})
_OF_ANOTHER = frozenset({DIPK.CLAIMED, DIPK.DESCRIBED_AS})
"""Hedges that attribute a source's words to somebody."""
_FACTS = frozenset({DIP.HAPPENING, DIP.OFFICE_HOLDING, DIP.PARTICIPATION, DIP.STATUS_RECORD})
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_SENTENCE_END = re.compile(r"[.!?;]\s")
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_GAP = "…"
_NAME = r"[A-Z][\w'.-]{0,40}"


@dataclass(frozen=True)
class HedgingWords:
    """The words that express each hedge, and the strength of each hedge."""

    words: Mapping[str, NamedNode]
    reserve: Mapping[Term, int]
    sayings: Mapping[str, NamedNode]
    """Phrases with a name that express a hedge: "… said"."""

    @classmethod
    def of(cls, terms: Iterable[Quad]) -> Self:
        """Return the words and strengths from the descriptions of the hedges."""
        words: dict[str, NamedNode] = {}
        sayings: dict[str, NamedNode] = {}
        reserve: dict[Term, int] = {}
        for quad in terms:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                if quad.predicate == DIP.WORDED_AS:
                    told_by = sayings if _GAP in quad.object.value else words
                    told_by[_spelt(quad.object.value)] = quad.subject
                elif quad.predicate == DIP.RESERVE:
                    reserve[quad.subject] = int(quad.object.value)
        return cls(words, reserve, sayings)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield a warning for each new report whose hedge is weaker than the words it quotes."""
        for report in dict.fromkeys(_touched(overlay)):
            hedges = overlay.objects(report, DIP.HEDGED_AS)
            least = max((self.reserve.get(hedge, 0) for hedge in hedges), default=0)
            strongest = max(
                self._shown(overlay, report), default=None, key=lambda each: self.reserve[each[1]]
            )
            if hedges and strongest and self.reserve[strongest[1]] > least:
                is_of_another = strongest[1] in _OF_ANOTHER and _is_said_by_the_source(overlay, report)
                attributions = _of_another(strongest[0]) if is_of_another else _of_more_reserve(*strongest)
                yield _warning(report, hedges[0], attributions)

    def _shown(self, overlay: Overlay, report: Term) -> Iterator[tuple[str, NamedNode]]:
        """Yield the words in a report's quotations that express a hedge, with the hedge."""
        is_of_source = _is_said_by_the_source(overlay, report)
        for text in _texts(overlay, report):
            for words, hedge in self.found(text):
                if hedge in self.reserve and (is_of_source or hedge not in _OF_ANOTHER):
                    yield words, hedge
            if is_of_source:
                yield from self.attributions(text)

    def attributions(self, text: str) -> Iterator[tuple[str, NamedNode]]:
        """Yield the phrases, outside quotation marks, that attribute a text's words, with the hedge."""
        for part in unquoted(text):
            spelt = _SPACE.sub(" ", without_accents(part.translate(_APOSTROPHES)))
            for match in self._saying.finditer(spelt):
                if match.lastgroup:
                    yield match.group(), self._hedges[int(match.lastgroup[1:])]

    @cached_property
    def _hedges(self) -> list[NamedNode]:
        """The hedges of the phrases with a name, in order."""
        return list(self.sayings.values())

    @cached_property
    def _saying(self) -> re.Pattern[str]:
        """Pattern for any phrase with a name; the group's name holds the number of its hedge."""
        forms = (
            f"(?P<_{place}>{_NAME.join(f'(?i:{re.escape(part)})' for part in words.split(_GAP_SPELT))})"
            for place, words in enumerate(self.sayings)
        )
        pattern = rf"(?<!\w)(?:{'|'.join(forms) or '(?!)'})(?!\w)"
        return re.compile(pattern)

    def found(self, text: str) -> Iterator[tuple[str, NamedNode]]:
        """Yield the words outside quotation marks that express a hedge, the longest at each position."""
        for part in unquoted(text):
            spelt = _spelt(part)
            end = 0
            for match in _WORD.finditer(spelt):
                if match.start() >= end:
                    for words in self._by_first.get(match.group(), ()):
                        if _stands_at(spelt, match.start(), words):
                            yield words, self.words[words]
                            end = match.start() + len(words)
                            break

    @cached_property
    def _by_first(self) -> Mapping[str, list[str]]:
        """The phrases by first word, longest first."""
        found: dict[str, list[str]] = defaultdict(list)
        for words in sorted(self.words, key=len, reverse=True):
            if first := _WORD.search(words):
                found[first.group()].append(words)
        return found


def _spelt(text: str) -> str:
    return _SPACE.sub(" ", without_accents(plain(text).translate(_APOSTROPHES)))


def _stands_at(text: str, start: int, words: str) -> bool:
    end = start + len(words)
    return text.startswith(words, start) and not text[end : end + 1].isalnum()


def _touched(overlay: Overlay) -> Iterator[Term]:
    for quad in overlay.added:
        if quad.predicate in _TOLD:
            yield quad.subject
        elif quad.predicate in _OF_A_PASSAGE:
            yield from overlay.subjects(DIP.QUOTES, quad.subject)


def _is_said_by_the_source(overlay: Overlay, report: Term) -> bool:
    """Return whether a report has a fact in the source's own voice."""
    return DIPK.OWN_VOICE in overlay.objects(report, DIP.BASED_ON) and any(
        not _FACTS.isdisjoint(overlay.classes(record)) for record in overlay.objects(report, DIP.REPORTS)
    )


def _texts(overlay: Overlay, report: Term) -> Iterator[str]:
    """Yield each quoted passage with the rest of its sentence, without the reported quotations."""
    attributions = [
        quotation
        for record in overlay.objects(report, DIP.REPORTS)
        for quotation in _values(overlay, record, DIP.QUOTATION)
    ]
    for passage in overlay.objects(report, DIP.QUOTES):
        for text in _values(overlay, passage, DIP.EXACT_TEXT):
            for quotation in attributions:
                text = text.replace(quotation, " “” ")
            before = " ".join(_values(overlay, passage, DIP.PREFIX))
            after = " ".join(_values(overlay, passage, DIP.SUFFIX))
            yield f"{_SENTENCE_END.split(before)[-1]}{text}{_SENTENCE_END.split(after)[0]}"


def _values(overlay: Overlay, node: Term, predicate: NamedNode) -> list[str]:
    return [value.value for value in overlay.objects(node, predicate) if isinstance(value, Literal)]


_GAP_SPELT = _spelt(_GAP)


def _warning(report: Term, hedge: Term, message: Mapping[str, str]) -> Violation:
    return Violation(
        focus=report,
        rule=RULE,
        severity="warning",
        path=Step(DIP.HEDGED_AS),
        value=hedge,
        message=message,
    )


def _of_more_reserve(words: str, hedge: NamedNode) -> Mapping[str, str]:
    return {
        "en": f"the words that it quotes say “{words}”, which is a stronger hedge; use the hedge"
        f" {display(hedge)}, or quote words with the hedge that you gave",
        "es": f"las palabras que cita dicen «{words}», que es más reserva; dé el matiz {display(hedge)} o"
        " cite las palabras en que la fuente lo dice así",
    }


def _of_another(words: str) -> Mapping[str, str]:
    return {
        "en": f"the words that it quotes say “{words}”, so they may be somebody's and not the source's own;"
        " if this is what is said, record it as a dip:Statement with a dip:Claim, else shorten the passage",
        "es": f"las palabras que cita dicen «{words}», así que quizá son de alguien y no de la fuente; si"
        " esto es lo que se dice, regístrelo como dip:Statement con una dip:Claim, y si no, acorte el pasaje",
    }
