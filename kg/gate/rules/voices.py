"""Rule on voices: a status, judgement or claim needs words of its own holder, assessor or claimant.

A source's own voice is that of its publisher; attributed words are those of the speaker through whom the
source has them. Another actor's words are no evidence for an actor's status, judgement or claim. The rule
checks the records whose holder, assessor or report a change touches; a report costs a few look-ups.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

STATUS_IN_OWN_VOICE = SHAPES + "status-in-own-voice"
STATUS_OF_ANOTHER = SHAPES + "status-in-words-of-another"
CONCEDED_BY_ANOTHER = SHAPES + "conceded-by-another"
JUDGEMENT_IN_OWN_VOICE = SHAPES + "judgement-in-own-voice"
JUDGEMENT_OF_ANOTHER = SHAPES + "judgement-in-words-of-another"
JUDGEMENT_OF_THE_SOURCE = SHAPES + "judgement-in-words-of-the-source"
CLAIM_OF_THE_OUTLET = SHAPES + "claim-of-the-outlet"

_OF_A_RECORD = frozenset({DIP.HELD_BY, DIP.ASSESSED_BY, DIP.APPLIES_TO, DIP.HAS_STATUS})
_OF_A_REPORT = frozenset({DIP.BASED_ON, DIP.FOUND_IN, DIP.RELAYED_THROUGH, DIP.QUOTES, DIP.REPORTS})
_IN_OWN_VOICE = frozenset({DIPK.OWN_VOICE, DIPK.RECORDED_AS_DATA})
_ON_A_MATTER = (DIP.HOLDS_OUT, DIP.ASKS_FOR, DIP.ANNOUNCES, DIP.PREDICTS, DIP.ADVANCES, DIP.DENIES)


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by a change that attributes words to an actor who does not say them."""
    for record in dict.fromkeys(_touched(overlay)):
        yield from _of(overlay, record)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all records of a store."""
    predicates = (DIP.HELD_BY, DIP.ASSESSED_BY, DIP.ADVANCES)
    for record in {
        quad.subject for each in predicates for quad in overlay.quads_for_pattern(None, each, None)
    }:
        yield from _of(overlay, record)


def _touched(overlay: Overlay) -> Iterator[Term]:
    for quad in (*overlay.added, *overlay.removed):
        node, predicate = quad.subject, quad.predicate
        if predicate in _OF_A_RECORD or predicate == DIP.ADVANCES:
            yield node
        elif predicate == DIP.CLAIMED_BY:
            yield from overlay.subjects(DIP.ADVANCES, node)
        elif predicate in (DIP.MADE_BY, DIP.MADE_IN_OFFICE):
            for link in (DIP.RELAYED_THROUGH, DIP.REPORTS):
                for report in overlay.subjects(link, node):
                    yield from overlay.objects(report, DIP.REPORTS)
        elif predicate in _OF_A_REPORT:
            yield from overlay.objects(node, DIP.REPORTS)


def _of(overlay: Overlay, record: Term) -> Iterator[Violation]:
    reports = [_Report(overlay, report) for report in overlay.subjects(DIP.REPORTS, record)]
    if overlay.objects(record, DIP.APPLIES_TO):
        yield from _of_status(overlay, record, reports)
    for assessor in overlay.objects(record, DIP.ASSESSED_BY):
        for report in reports:
            if rule := _wrong_for_an_assessor(report, assessor):
                yield _violation(record, rule, assessor)
    for claim in overlay.objects(record, DIP.ADVANCES):
        for claimant in overlay.objects(claim, DIP.CLAIMED_BY):
            if any(report.attributes_to_its_outlet(claimant) for report in reports):
                yield _violation(claim, CLAIM_OF_THE_OUTLET, claimant)


def _of_status(overlay: Overlay, status: Term, reports: list["_Report"]) -> Iterator[Violation]:
    matters = overlay.objects(status, DIP.APPLIES_TO)
    for holder in overlay.objects(status, DIP.HELD_BY):
        for report in reports:
            if report.is_in_own_voice:
                if not (report.is_published_by(holder) or report.tells_of(holder, matters)):
                    yield _violation(status, STATUS_IN_OWN_VOICE, holder)
            elif (words := report.words) and not any(is_said_by(overlay, each, holder) for each in words):
                yield _violation(status, STATUS_OF_ANOTHER, holder)
    if DIPK.CONCEDED in overlay.objects(status, DIP.HAS_STATUS):
        for claim in matters:
            accused = {
                each for link in (DIP.ALLEGED_ACTOR, DIP.CONCERNS) for each in overlay.objects(claim, link)
            }
            if not any(
                is_said_by(overlay, words, actor)
                for report in reports
                for words in report.words
                for actor in accused
            ):
                yield _violation(status, CONCEDED_BY_ANOTHER, claim)


def _wrong_for_an_assessor(report: "_Report", assessor: Term) -> str | None:
    """Return the rule that a report violates by attributing a judgement to an assessor, or None."""
    if report.is_in_own_voice:
        return None if report.is_published_by(assessor) else JUDGEMENT_IN_OWN_VOICE
    if report.relayed and not any(is_said_by(report.overlay, words, assessor) for words in report.relayed):
        return JUDGEMENT_OF_ANOTHER
    return JUDGEMENT_OF_THE_SOURCE if report.quotes_only_its_source(assessor) else None


@dataclass(frozen=True)
class _Report:
    """One report, and the actors whose words it passes on."""

    overlay: Overlay
    node: Term

    @property
    def is_in_own_voice(self) -> bool:
        return not _IN_OWN_VOICE.isdisjoint(self.overlay.objects(self.node, DIP.BASED_ON))

    @property
    def relayed(self) -> tuple[Term, ...]:
        """The statements through which the source has the record."""
        return self.overlay.objects(self.node, DIP.RELAYED_THROUGH)

    @property
    def words(self) -> list[Term]:
        """The statements that the report relays or reports."""
        candidates = (*self.relayed, *self.overlay.objects(self.node, DIP.REPORTS))
        return [each for each in candidates if self.overlay.objects(each, DIP.MADE_BY)]

    @property
    def publishers(self) -> list[Term]:
        return [
            publisher
            for source in self.overlay.objects(self.node, DIP.FOUND_IN)
            for publisher in self.overlay.objects(source, DIP.PUBLISHED_BY)
        ]

    def is_published_by(self, actor: Term) -> bool:
        """Return whether an actor is a publisher of the source, is spoken for by one, or is part of one."""
        publishers = self.publishers
        spoken_for = _with_those_spoken_for(self.overlay, publishers)
        return actor in spoken_for or not set(publishers).isdisjoint(self.overlay.objects(actor, DIP.PART_OF))

    def tells_of(self, holder: Term, matters: Iterable[Term]) -> bool:
        """Return whether the report has words or a refusal by the holder on the matter itself."""
        on = set(matters)
        return any(
            (self._is_on(record, on, _ON_A_MATTER) and is_said_by(self.overlay, record, holder))
            or (
                self._is_on(record, on, (DIP.REFUSES,))
                and holder in self.overlay.objects(record, DIP.PERFORMED_BY)
            )
            for record in self.overlay.objects(self.node, DIP.REPORTS)
        )

    def _is_on(self, record: Term, matters: set[Term], links: Iterable[NamedNode]) -> bool:
        return any(not matters.isdisjoint(self.overlay.objects(record, link)) for link in links)

    def attributes_to_its_outlet(self, claimant: Term) -> bool:
        """Return whether the words are attributed, yet given to the outlet that publishes them."""
        return (
            DIPK.ATTRIBUTED in self.overlay.objects(self.node, DIP.BASED_ON)
            and claimant in self.publishers
            and DIP.OUTLET in self.overlay.classes(claimant)
        )

    def quotes_only_its_source(self, assessor: Term) -> bool:
        """Return whether a quoted passage holds the publisher's judgement, and no words of the assessor."""
        if assessor in self.publishers:
            return False
        return any(
            self._is_of_its_source(passage) and not self._has_words_of(assessor, passage)
            for passage in self.overlay.objects(self.node, DIP.QUOTES)
        )

    def _is_of_its_source(self, passage: Term) -> bool:
        publishers = set(self.publishers)
        return any(
            not publishers.isdisjoint(self.overlay.objects(judgement, DIP.ASSESSED_BY))
            for other in self._reports_quoting(passage)
            if DIPK.OWN_VOICE in self.overlay.objects(other, DIP.BASED_ON)
            for judgement in self.overlay.objects(other, DIP.REPORTS)
        )

    def _has_words_of(self, actor: Term, passage: Term) -> bool:
        return any(
            is_said_by(self.overlay, statement, actor)
            for other in self._reports_quoting(passage)
            for statement in self.overlay.objects(other, DIP.REPORTS)
        )

    def _reports_quoting(self, passage: Term) -> Iterator[Term]:
        """Yield the reports that quote a passage's words in its source, under any passage name."""
        sources = set(self.overlay.objects(passage, DIP.OCCURS_IN))
        for words in self.overlay.objects(passage, DIP.EXACT_TEXT):
            for same in self.overlay.subjects(DIP.EXACT_TEXT, words):
                if not sources.isdisjoint(self.overlay.objects(same, DIP.OCCURS_IN)):
                    yield from self.overlay.subjects(DIP.QUOTES, same)


def _with_those_spoken_for(overlay: Overlay, actors: Iterable[Term]) -> set[Term]:
    found = set(actors)
    return found.union(
        other
        for actor in found
        for link in (DIP.SPEAKS_FOR, DIP.GOVERNS)
        for other in overlay.objects(actor, link)
    )


def is_said_by(overlay: Overlay, statement: Term, actor: Term) -> bool:
    """Return whether an actor, or its spokesperson, government or office holder, makes a statement.

    The holder of an office in a state also speaks for its government.
    """
    speakers = overlay.objects(statement, DIP.MADE_BY)
    if actor in _with_those_spoken_for(overlay, speakers):
        return True
    bodies = {actor, *overlay.objects(actor, DIP.GOVERNS)}
    return any(
        not bodies.isdisjoint(overlay.objects(office, DIP.OFFICE_OF))
        for tenure in overlay.objects(statement, DIP.MADE_IN_OFFICE)
        for office in overlay.objects(tenure, DIP.HOLDS_OFFICE)
    )


def _violation(focus: Term, rule: str, value: Term) -> Violation:
    return Violation(focus=focus, rule=rule, message=_MESSAGES[rule], value=value)


_MESSAGES = {
    STATUS_IN_OWN_VOICE: {
        "en": "a source says this in its own voice, and its holder does not publish that source: name the "
        "publisher in dip:heldBy, or report the holder's own statement (dip:basedOn dipk:attributed, "
        "dip:relayedThrough)",
        "es": "una fuente dice esto con voz propia y el titular no publica esa fuente: nombre en dip:heldBy "
        "a quien la publica, o deje constancia de la declaración del titular (dip:basedOn "
        "dipk:attributed, dip:relayedThrough)",
    },
    STATUS_OF_ANOTHER: {
        "en": "the statement through which a source has this was made by somebody else: the holder of a "
        "status is who says so; correct dip:heldBy or dip:relayedThrough",
        "es": "la declaración por la que una fuente sabe esto es de otro: el titular de un estado es quien "
        "lo dice; corrija dip:heldBy o dip:relayedThrough",
    },
    CONCEDED_BY_ANOTHER: {
        "en": "only the actor about whom a claim is made can concede it: name that actor's own "
        "statement with "
        "dip:relayedThrough in the dip:Report of this status",
        "es": "una afirmación la reconoce aquel de quien se dice: nombre su propia declaración con "
        "dip:relayedThrough en el dip:Report de este estado",
    },
    JUDGEMENT_IN_OWN_VOICE: {
        "en": "a source says this in its own voice, and the assessor does not publish that source: name the "
        "publisher in dip:assessedBy, or quote the words in which it says that the assessor judges so "
        "(dip:basedOn dipk:attributed)",
        "es": "una fuente dice esto con voz propia y quien valora no publica esa fuente: nombre en "
        "dip:assessedBy a quien la publica o cite las palabras en que dice que lo juzga quien valora "
        "(dip:basedOn dipk:attributed)",
    },
    JUDGEMENT_OF_ANOTHER: {
        "en": "the statement through which a source has this judgement was made by somebody else: the "
        "assessor is who says it; correct dip:assessedBy or dip:relayedThrough",
        "es": "la declaración por la que una fuente conoce esta valoración es de otro: valora quien lo "
        "dice; corrija dip:assessedBy o dip:relayedThrough",
    },
    JUDGEMENT_OF_THE_SOURCE: {
        "en": "in the passage that is to bear this out the source speaks in its own voice and quotes "
        "nobody: quote the words in which the assessor judges so, or name the publisher in "
        "dip:assessedBy",
        "es": "en el pasaje que ha de respaldar esto la fuente habla con voz propia y no cita a nadie: cite "
        "las palabras en que lo juzga quien valora o nombre en dip:assessedBy a quien la publica",
    },
    CLAIM_OF_THE_OUTLET: {
        "en": "the outlet attributes this to somebody and so does not claim it itself: name in "
        "dip:claimedBy and dip:madeBy the one to whom it attributes the words; what it says itself is "
        "reported with the basis dipk:own-voice",
        "es": "el medio atribuye esto a alguien, así que no lo afirma él: nombre en dip:claimedBy y "
        "dip:madeBy a quien atribuye las palabras; lo que dice él mismo consta con la base "
        "dipk:own-voice",
    },
}
