"""Rule on announcements: a report based on an announcement is no more certain than the report of it.

Such a report needs a report of the announcement that is hedged no more strongly, and that takes the
announcement from its speaker, not from another speaker's statement. If the report's own source reports the
announcement, only that source's reports count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

RULE = SHAPES + "announcement-by-hearsay"
HEDGED = SHAPES + "announcement-hedged"

_TOLD = frozenset({DIP.REPORTS, DIP.HEDGED_AS, DIP.BASED_ON, DIP.RELAYED_THROUGH, DIP.FOUND_IN})
_MOST = 100
"""Maximum number of relaying reports that are followed."""


@dataclass(frozen=True)
class Announcements:
    """The rule, with the reserve of each hedge."""

    reserve: Mapping[Term, int]

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by reports that a change adds, or whose announcement it affects."""
        for report in dict.fromkeys(_touched(overlay)):
            yield from self._of(overlay, report)

    def whole(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by all reports of a store."""
        quads = overlay.quads_for_pattern(None, DIP.BASED_ON, DIPK.ANNOUNCED_BY_PERFORMER)
        for report in dict.fromkeys(quad.subject for quad in quads):
            yield from self._of(overlay, report)

    def _of(self, overlay: Overlay, report: Term) -> Iterator[Violation]:
        if DIPK.ANNOUNCED_BY_PERFORMER not in overlay.objects(report, DIP.BASED_ON):
            return
        for statement in overlay.objects(report, DIP.RELAYED_THROUGH):
            reports = _reports_of(overlay, statement, report)
            direct = [each for each in reports if _is_from_speaker(overlay, each, statement, {})]
            if reports and not direct:
                yield _violation(report, RULE, statement)
            elif reports and min(self._reserve(overlay, each) for each in direct) > self._reserve(
                overlay, report
            ):
                yield _violation(report, HEDGED, statement)

    def _reserve(self, overlay: Overlay, report: Term) -> int:
        return max(
            (self.reserve.get(hedge, 0) for hedge in overlay.objects(report, DIP.HEDGED_AS)), default=0
        )


def _touched(overlay: Overlay) -> Iterator[Term]:
    """Yield the changed reports, and the reports relayed through statements that those report."""
    for quad in (*overlay.added, *overlay.removed):
        if quad.predicate in _TOLD:
            yield quad.subject
            for statement in _reported(overlay, quad):
                yield from overlay.subjects(DIP.RELAYED_THROUGH, statement)


def _reported(overlay: Overlay, quad: Quad) -> tuple[Term, ...]:
    own = (quad.object,) if quad.predicate == DIP.REPORTS else ()
    return (*own, *overlay.objects(quad.subject, DIP.REPORTS))


def _reports_of(overlay: Overlay, statement: Term, report: Term) -> list[Term]:
    """Return the other reports of a statement: those of the same source, if there are any."""
    reports: list[Term] = [each for each in overlay.subjects(DIP.REPORTS, statement) if each != report]
    sources = set(overlay.objects(report, DIP.FOUND_IN))
    same = [each for each in reports if not sources.isdisjoint(overlay.objects(each, DIP.FOUND_IN))]
    return same or reports


def _is_from_speaker(overlay: Overlay, report: Term, statement: Term, results: dict[Term, bool]) -> bool:
    """Return whether a report has a statement directly from its speaker; each report is checked once."""
    if report not in results and len(results) < _MOST:
        results[report] = False  # a report that depends on itself does not count
        results[report] = all(
            _speak_alike(overlay, relaying, statement)
            and any(
                _is_from_speaker(overlay, each, relaying, results)
                for each in _reports_of(overlay, relaying, report)
            )
            for relaying in overlay.objects(report, DIP.RELAYED_THROUGH)
        )
    return results.get(report, False)


def _speak_alike(overlay: Overlay, relaying: Term, statement: Term) -> bool:
    """Return whether two statements have the same speaker, or one speaker speaks for the other."""
    one, other = (_voices(overlay, each) for each in (relaying, statement))
    return not one.isdisjoint(other)


def _voices(overlay: Overlay, statement: Term) -> set[Term]:
    """Return the speakers of a statement, and those for whom they speak, govern or hold office."""
    speakers = set(overlay.objects(statement, DIP.MADE_BY))
    offices = (
        office
        for tenure in overlay.objects(statement, DIP.MADE_IN_OFFICE)
        for office in overlay.objects(tenure, DIP.HOLDS_OFFICE)
    )
    bodies = {body for office in offices for body in overlay.objects(office, DIP.OFFICE_OF)}
    return (
        speakers
        | bodies
        | {
            other
            for actor in speakers | bodies
            for link in (DIP.SPEAKS_FOR, DIP.GOVERNS)
            for other in overlay.objects(actor, link)
        }
    )


def _violation(report: Term, rule: str, statement: Term) -> Violation:
    message = {language: text.format(display(statement)) for language, text in _MESSAGES[rule].items()}
    return Violation(focus=report, rule=rule, message=message, value=statement)


_MESSAGES = {
    RULE: {
        "en": "claim asserted as fact: {0} is known only through another's statement, so it is not the"
        " performer's announcement; record what that other says as a dip:Claim, or report the announcement"
        " from a source that has it from the performer",
        "es": "afirmación presentada como hecho: {0} solo se conoce por la declaración de otro, así que no es"
        " un anuncio de quien lo realiza; registre lo que dice ese otro como dip:Claim o aporte una"
        " constancia del anuncio de una fuente que lo tenga de quien lo realiza",
    },
    HEDGED: {
        "en": "the source hedges {0} more strongly than this report does; give this report a hedge"
        " with as much reserve, or report the announcement from a source that words it without",
        "es": "la fuente expresa {0} con más reserva que la de esta constancia; dele un matiz de igual"
        " reserva o aporte una constancia del anuncio de una fuente que lo exprese sin ella",
    },
}
