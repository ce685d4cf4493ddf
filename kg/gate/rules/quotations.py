"""Rule on quotations: a quotation's words must occur in a passage that its reports quote.

Quotation marks, dashes, case, white space and the final full stop are ignored. An ellipsis or words in square
brackets are editorial: the parts around them must follow in this order. If a record's reports quote no
passage, there is only a warning, because nothing can be compared.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal, NamedNode

from kg.changes import Object
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.gate.rules.texts import comparable
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP

RULE = SHAPES + "quotation-in-no-passage"
UNQUOTED = SHAPES + "quotation-without-passage"

_LETTER_IN_BRACKETS = re.compile(r"\[(\w{1,2})\](?=\w)")
_LEFT_OUT = re.compile(r"\[[^\[\]]*\]|\([.…]+\)|…|\.{2,}|\. \. \.")
_ENDS = " .,;:!?-"
_BREAK = "\n"
"""Separates passages; it occurs in no text in comparable form."""


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by quotations that a change leaves without a matching passage."""
    added = {quad.subject for quad in overlay.added if quad.predicate == DIP.QUOTATION}
    for record in dict.fromkeys((*added, *_touched(overlay))):
        yield from _of(overlay, record, warns=record in added)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all quotations of a store that occur in no passage quoted by their reports."""
    for record in {quad.subject for quad in overlay.quads_for_pattern(None, DIP.QUOTATION, None)}:
        yield from _of(overlay, record, warns=False)


def _touched(overlay: Overlay) -> Iterator[Term]:
    """Yield the records whose evidence a change touches."""
    for quad in (*overlay.added, *overlay.removed):
        if quad.predicate == DIP.REPORTS:
            yield quad.object
        elif quad.predicate == DIP.QUOTES:
            yield from overlay.objects(quad.subject, DIP.REPORTS)
        elif quad.predicate == DIP.EXACT_TEXT:
            for report in overlay.subjects(DIP.QUOTES, quad.subject):
                yield from overlay.objects(report, DIP.REPORTS)


def _of(overlay: Overlay, record: Term, *, warns: bool) -> Iterator[Violation]:
    quotations = [value for value in overlay.objects(record, DIP.QUOTATION) if isinstance(value, Literal)]
    if not quotations:
        return
    texts = [*_quoted_for(overlay, record)]
    for quotation in quotations:
        if not texts and warns:
            yield _violation(record, quotation, UNQUOTED)
        elif texts and not any(stands_in(quotation.value, text) for text in texts):
            yield _violation(record, quotation, RULE)


def _quoted_for(overlay: Overlay, record: Term) -> Iterator[str]:
    """Yield the text that each report of a record quotes, its passages in the order of the source."""
    for report in overlay.subjects(DIP.REPORTS, record):
        passages = sorted(overlay.objects(report, DIP.QUOTES), key=lambda node: _place(overlay, node))
        texts = [text for passage in passages for text in _values(overlay, passage, DIP.EXACT_TEXT)]
        if texts:
            yield _BREAK.join(map(comparable, texts))


def _place(overlay: Overlay, passage: Object) -> tuple[int, str]:
    starts = [text for text in _values(overlay, passage, DIP.START_OFFSET) if text.isdecimal()]
    return min((int(text[:12]) for text in starts), default=0), str(passage)


def _values(overlay: Overlay, node: Term, predicate: NamedNode) -> Iterable[str]:
    return [value.value for value in overlay.objects(node, predicate) if isinstance(value, Literal)]


def stands_in(quotation: str, text: str) -> bool:
    """Return whether a quotation's parts occur, in order, in a text in comparable form.

    >>> stands_in("[T]his … “piracy”.", comparable("“This is piracy,” she said"))
    True
    >>> stands_in("piracy … this", comparable("“This is piracy,” she said"))
    False
    """
    position = 0
    for part in _parts(quotation):
        position = _after(part, text, position)
        if position < 0:
            return False
    return True


@lru_cache(maxsize=1024)
def _parts(quotation: str) -> tuple[str, ...]:
    joined = _LETTER_IN_BRACKETS.sub(r"\1", quotation)
    parts = (comparable(part).strip(_ENDS) for part in _LEFT_OUT.split(joined))
    return tuple(filter(None, parts))


def _after(part: str, text: str, position: int) -> int:
    """Return the end of the next occurrence of whole words; -1 if there is none."""
    while (start := text.find(part, position)) >= 0:
        end = start + len(part)
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            return end
        position = start + 1
    return -1


def _violation(record: Term, quotation: Literal, rule: str) -> Violation:
    return Violation(
        focus=record,
        rule=rule,
        message=_MESSAGES[rule],
        severity="error" if rule == RULE else "warning",
        path=Step(DIP.QUOTATION),
        value=quotation,
    )


_MESSAGES = {
    RULE: {
        "en": "no passage that its reports quote contains these words; quote the passage that has them"
        " (dip:quotes), or give their gist as dip:paraphrase",
        "es": "estas palabras no figuran en ningún pasaje que citen sus constancias; cite el pasaje que las"
        " contiene (dip:quotes) o dé su sentido como dip:paraphrase",
    },
    UNQUOTED: {
        "en": "no report of this quotes a passage, so these words cannot be checked; add"
        " dip:quotes with the passage, or give their gist as dip:paraphrase",
        "es": "ninguna constancia de esto cita un pasaje, así que no puede verse que sean las palabras"
        " exactas; añada dip:quotes con el pasaje o dé su sentido como dip:paraphrase",
    },
}
