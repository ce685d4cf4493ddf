"""Rule on hearsay: who speaks for whom, and who held which office, must not rest only on others' words.

An actor's own claim to speak for another is not enough, so a tie needs the words of the source itself, or of
the actor that is spoken for, governed or has the part. A tenure that a source words as a claim must be
recorded as a statement with a claim; if a source merely attributes it, there is a warning. For the records
that a change touches, the rule checks each graph's values with that graph's reports.
"""

from collections.abc import Callable, Iterator

from pyoxigraph import NamedNode, Quad

from kg.changes import Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Severity, Violation, display
from kg.gate.rules.evidence import TIES
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

TIE = SHAPES + "tie-by-hearsay"
CLAIMED_TENURE = SHAPES + "tenure-by-claim"
ATTRIBUTED_TENURE = SHAPES + "tenure-by-hearsay"

_CLAIMED = frozenset({DIPK.CLAIMED, DIPK.DESCRIBED_AS})
_OF_A_TENURE = frozenset({DIP.HOLDS_OFFICE, DIP.HELD_BY, DIP.STARTS_AT, DIP.ENDS_AT, DIP.ATTESTED_AT})
_OF_A_REPORT = frozenset({DIP.BASED_ON, DIP.HEDGED_AS, DIP.RELAYED_THROUGH, DIP.REPORTS})


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by ties and tenures of a change."""
    for record in dict.fromkeys(_touched(overlay)):
        if not overlay.classes(record).isdisjoint((DIP.ACTOR, DIP.OFFICE_HOLDING)):
            yield from _of(overlay, record)
            yield from _warnings(overlay, record)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all ties and tenures of a store, without warnings."""
    told_of = (*TIES, DIP.HOLDS_OFFICE)
    links = (quad for link in told_of for quad in overlay.quads_for_pattern(None, link, None))
    for record in dict.fromkeys(quad.subject for quad in links):
        yield from _of(overlay, record)


def _touched(overlay: Overlay) -> Iterator[Subject]:
    for quad in (*overlay.added, *overlay.removed):
        if quad.predicate in TIES or quad.predicate in _OF_A_TENURE:
            yield quad.subject
        elif quad.predicate in _OF_A_REPORT:
            for record in overlay.objects(quad.subject, DIP.REPORTS):
                if isinstance(record, NamedNode):
                    yield record


def _of(overlay: Overlay, record: Subject) -> Iterator[Violation]:
    classes = overlay.classes(record)
    if DIP.ACTOR in classes:
        for quad in _values(overlay, record, TIES):
            if _rests_on_words_of_others(overlay, quad):
                yield _violation(quad, TIE)
    elif DIP.OFFICE_HOLDING in classes:
        for quad in _values(overlay, record, _OF_A_TENURE):
            if _rests_on_claims(overlay, quad):
                yield _violation(quad, CLAIMED_TENURE)
                break


def _warnings(overlay: Overlay, record: Subject) -> Iterator[Violation]:
    if DIP.OFFICE_HOLDING not in overlay.classes(record):
        return
    for quad in _values(overlay, record, _OF_A_TENURE):
        if _rests_on_words_of_others(overlay, quad) and not _rests_on_claims(overlay, quad):
            yield _violation(quad, ATTRIBUTED_TENURE, "warning")
            break


def _values(overlay: Overlay, record: Subject, properties: frozenset[NamedNode]) -> Iterator[Quad]:
    """Yield the distinct values that graphs give for properties of a record."""
    found = (
        quad for link in sorted(properties, key=str) for quad in overlay.quads_for_pattern(record, link, None)
    )
    yield from {quad.triple: quad for quad in found}.values()


def _rests_on_claims(overlay: Overlay, value: Quad) -> bool:
    """Return whether all reports of a value word it as a claim."""
    return _all_are(
        _reports(overlay, value),
        lambda report: not _CLAIMED.isdisjoint(overlay.objects(report, DIP.HEDGED_AS)),
    )


def _rests_on_words_of_others(overlay: Overlay, value: Quad) -> bool:
    """Return whether all reports of a value attribute it, and none to an actor entitled to say it."""
    return _all_are(
        _reports(overlay, value),
        lambda report: _is_attributed(overlay, report) and not _is_said(overlay, report, value),
    )


def _is_attributed(overlay: Overlay, report: Term) -> bool:
    return DIPK.ATTRIBUTED in overlay.objects(report, DIP.BASED_ON)


def _all_are(reports: Iterator[Subject], is_so: Callable[[Subject], bool]) -> bool:
    """Return whether there are reports and all satisfy the condition; stops at the first that does not."""
    first = next(reports, None)
    return first is not None and is_so(first) and all(map(is_so, reports))


def _reports(overlay: Overlay, value: Quad) -> Iterator[Subject]:
    """Yield the reports of a record in the graphs that hold its value."""
    for same in overlay.quads_for_pattern(value.subject, value.predicate, value.object):
        for quad in overlay.quads_for_pattern(None, DIP.REPORTS, value.subject, same.graph_name):
            yield quad.subject


def _is_said(overlay: Overlay, report: Subject, value: Quad) -> bool:
    """Return whether a report relays words of the other actor in a tie, or of the body of the office."""
    entitled = set(_entitled(overlay, value))
    words = (*overlay.objects(report, DIP.RELAYED_THROUGH), *overlay.objects(report, DIP.REPORTS))
    speakers = {speaker for each in words for speaker in overlay.objects(each, DIP.MADE_BY)} - {value.subject}
    return not entitled.isdisjoint(speakers.union(*(_spoken_for(overlay, each) for each in speakers)))


def _spoken_for(overlay: Overlay, speaker: Term) -> Iterator[Term]:
    """Yield the actors for whom an actor speaks by more than attributed words: none vouch for each other."""
    if isinstance(speaker, NamedNode):
        for quad in _values(overlay, speaker, frozenset({DIP.SPEAKS_FOR, DIP.GOVERNS})):
            if any(not _is_attributed(overlay, report) for report in _reports(overlay, quad)):
                yield quad.object


def _entitled(overlay: Overlay, value: Quad) -> Iterator[Term]:
    if value.predicate in TIES:
        yield value.object
    for office in overlay.objects(value.subject, DIP.HOLDS_OFFICE):
        yield from overlay.objects(office, DIP.OFFICE_OF)


def _violation(value: Quad, rule: str, severity: Severity = "error") -> Violation:
    parts = display(value.predicate), display(value.object)
    message = {language: text.format(*parts) for language, text in _MESSAGES[rule].items()}
    return Violation(
        focus=value.subject,
        rule=rule,
        value=value.object,
        message=message,
        severity=severity,
    )


_MESSAGES = {
    TIE: {
        "en": "that this actor is tied to another ({0} {1}) rests only on what a source attributes to "
        "somebody else than {1}: report it from a source that says so itself, or from words of "
        "{1}, or leave it out",
        "es": "que este actor esté vinculado a otro ({0} {1}) se apoya solo en lo que una fuente "
        "atribuye a alguien que no es {1}: deje constancia de una fuente que lo diga ella misma "
        "o de palabras de {1}, o suprímalo",
    },
    CLAIMED_TENURE: {
        "en": "the source words what this tenure says ({0}) as somebody's claim: record it as a "
        "dip:Statement with a dip:Claim, and leave it out here",
        "es": "la fuente presenta lo que dice este ejercicio del cargo ({0}) como afirmación de alguien: "
        "regístrelo como dip:Statement con una dip:Claim y suprímalo aquí",
    },
    ATTRIBUTED_TENURE: {
        "en": "the only evidence for this tenure ({0}) is what a source attributes to somebody: "
        "find a source "
        "that says so itself, or record it as a dip:Statement with a dip:Claim",
        "es": "lo que dice este ejercicio del cargo ({0}) se apoya solo en lo que una fuente atribuye a "
        "alguien: busque una fuente que lo diga ella misma o regístrelo como dip:Statement con una dip:Claim",
    },
}
