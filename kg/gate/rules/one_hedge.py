"""Rule on hedges: all reports of one passage need the same hedge and basis.

A second report of the same words with another hedge or basis would contradict the first. Words count as the
same if the passages are identical, overlap in their text, or one contains the other. The rule checks the
reports of the records that a touched report reports.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.texts import comparable
from kg.iris import SHAPES
from kg.terms import DIP

RULE = SHAPES + "hedge-of-one-passage"
UNQUOTED = SHAPES + "hedge-of-one-source"

_TOLD = frozenset({DIP.REPORTS, DIP.QUOTES, DIP.HEDGED_AS, DIP.BASED_ON, DIP.FOUND_IN})
_OF_A_PASSAGE = frozenset({DIP.EXACT_TEXT, DIP.START_OFFSET, DIP.OCCURS_IN})
_FEWEST = 3
"""Minimum number of words by which a passage is recognised inside another."""
_DIGITS = 12


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by new reports with another hedge or basis; without a passage, a warning."""
    touched = set(_touched(overlay))
    for report in touched:
        for other in _beside(overlay, report):
            is_first = other in touched and str(other) > str(report)
            if not is_first and _differ(overlay, report, other):
                yield from _of_two(overlay, report, other)


def _of_two(overlay: Overlay, report: Term, other: Term) -> Iterator[Violation]:
    if _share_words(overlay, report, other):
        yield _violation(report, other)
    elif not all(overlay.objects(each, DIP.QUOTES) for each in (report, other)):
        yield _warning(report, other)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all reports of a store that give one passage two hedges or bases."""
    for report in {quad.subject for quad in overlay.quads_for_pattern(None, DIP.QUOTES, None)}:
        for other in _beside(overlay, report):
            is_second = str(other) < str(report) and _differ(overlay, report, other)
            if is_second and _share_words(overlay, report, other):
                yield _violation(report, other)


def _touched(overlay: Overlay) -> Iterator[Term]:
    for quad in overlay.added:
        if quad.predicate in _TOLD:
            yield quad.subject
        elif quad.predicate in _OF_A_PASSAGE:
            yield from overlay.subjects(DIP.QUOTES, quad.subject)


def _beside(overlay: Overlay, report: Term) -> list[Term]:
    """Return the other reports of the same records from the same source."""
    sources = set(overlay.objects(report, DIP.FOUND_IN))
    others = {
        other: None
        for record in overlay.objects(report, DIP.REPORTS)
        for other in overlay.subjects(DIP.REPORTS, record)
        if other != report and not sources.isdisjoint(overlay.objects(other, DIP.FOUND_IN))
    }
    return list(others)


def _differ(overlay: Overlay, report: Term, other: Term) -> bool:
    return any(
        set(overlay.objects(report, predicate)) != set(overlay.objects(other, predicate))
        for predicate in (DIP.HEDGED_AS, DIP.BASED_ON)
    )


def _share_words(overlay: Overlay, report: Term, other: Term) -> bool:
    theirs = overlay.objects(other, DIP.QUOTES)
    return any(
        passage == another or _overlap(overlay, passage, another)
        for passage in overlay.objects(report, DIP.QUOTES)
        for another in theirs
    )


def _overlap(overlay: Overlay, passage: Term, another: Term) -> bool:
    """Return whether two passages of a source share words: by offset, or by text if one has no offset."""
    texts = [_text(overlay, each) for each in (passage, another)]
    starts = [_start(overlay, each) for each in (passage, another)]
    if starts[0] is not None and starts[1] is not None:
        return starts[0] < starts[1] + len(texts[1]) and starts[1] < starts[0] + len(texts[0])
    shorter, longer = sorted(map(comparable, texts), key=len)
    if shorter == longer:
        return True
    return shorter.count(" ") >= _FEWEST - 1 and f" {shorter} " in f" {longer} "


def _text(overlay: Overlay, passage: Term) -> str:
    return next((text.value for text in _literals(overlay.objects(passage, DIP.EXACT_TEXT))), "")


def _start(overlay: Overlay, passage: Term) -> int | None:
    starts = (start.value for start in _literals(overlay.objects(passage, DIP.START_OFFSET)))
    return next((int(start) for start in starts if start.isdecimal() and len(start) <= _DIGITS), None)


def _literals(terms: Iterable[Term]) -> Iterator[Literal]:
    return (term for term in terms if isinstance(term, Literal))


def _violation(report: Term, other: Term) -> Violation:
    return Violation(
        focus=report,
        rule=RULE,
        value=other,
        message={
            "en": f"{display(other)} bears out the same record by the same words with another hedge or basis,"
            " and one passage has one of each; leave this report out, or supersede the graph of that one",
            "es": f"{display(other)} respalda el mismo registro con las mismas palabras y otro matiz o base, "
            "y"
            " un pasaje tiene uno solo de cada; omita esta constancia o sustituya el grafo de aquella",
        },
    )


def _warning(report: Term, other: Term) -> Violation:
    return Violation(
        focus=report,
        rule=UNQUOTED,
        severity="warning",
        value=other,
        message={
            "en": f"{display(other)} bears out the same record from the same source with another hedge or "
            "basis;"
            " quote the passage of each (dip:quotes), so that it shows which words say what",
            "es": f"{display(other)} respalda el mismo registro con la misma fuente y otro matiz o base; "
            "cite el"
            " pasaje de cada una (dip:quotes) para que se vea qué palabras dicen qué",
        },
    )
