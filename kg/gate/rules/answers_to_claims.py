"""Rule on the statuses of claims: conceded, upheld or rejected, and the evidence for it.

To concede a claim is to say it: the statement must advance that claim, or one with the same content. A
passage in which a source attributes the claim to its claimant, or a part of it, is no evidence for a finding
on the claim. The rule checks the statuses of claims that a change touches; a claim costs a few look-ups per
statement that advances it.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Severity, Violation, display
from kg.gate.rules.texts import comparable
from kg.gate.rules.voices import is_said_by
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

OTHER_WORDS = SHAPES + "conceded-in-other-words"
DENIED_TOO = SHAPES + "conceded-and-denied"
CLAIM_AS_FINDING = SHAPES + "claim-passage-as-finding"

FINDINGS = frozenset({DIPK.UPHELD, DIPK.REJECTED, DIPK.CONCEDED})
_OF_A_REPORT = frozenset({DIP.BASED_ON, DIP.RELAYED_THROUGH, DIP.QUOTES, DIP.REPORTS})


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by statuses of claims that a change touches."""
    for status in dict.fromkeys(_touched(overlay)):
        yield from _of(overlay, status)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all statuses in a store."""
    for kind in FINDINGS:
        for quad in overlay.quads_for_pattern(None, DIP.HAS_STATUS, kind):
            yield from _of(overlay, quad.subject)


def _touched(overlay: Overlay) -> Iterator[Term]:
    for quad in (*overlay.added, *overlay.removed):
        node, predicate = quad.subject, quad.predicate
        if predicate in (DIP.HAS_STATUS, DIP.APPLIES_TO, DIP.HELD_BY):
            yield node
        elif predicate in (DIP.ALLEGED_ACTOR, DIP.CONCERNS):
            yield from overlay.subjects(DIP.APPLIES_TO, node)
        elif predicate == DIP.MADE_BY:
            yield from _relaying(overlay, node)
        elif predicate in (DIP.ADVANCES, DIP.DENIES):
            yield from overlay.subjects(DIP.APPLIES_TO, quad.object)
            yield from _relaying(overlay, node)
        elif predicate == DIP.CLAIM_KEY:
            for same in overlay.subjects(DIP.CLAIM_KEY, quad.object):
                yield from overlay.subjects(DIP.APPLIES_TO, same)
        elif predicate in _OF_A_REPORT:
            yield from _reported(overlay, node)


def _relaying(overlay: Overlay, statement: Term) -> Iterator[Term]:
    for report in overlay.subjects(DIP.RELAYED_THROUGH, statement):
        yield from overlay.objects(report, DIP.REPORTS)


def _reported(overlay: Overlay, report: Term) -> Iterator[Term]:
    """Yield the records that a report reports, and the statuses of the claims that they advance."""
    for record in overlay.objects(report, DIP.REPORTS):
        yield record
        for claim in overlay.objects(record, DIP.ADVANCES):
            yield from overlay.subjects(DIP.APPLIES_TO, claim)


def _of(overlay: Overlay, status: Term) -> Iterator[Violation]:
    kinds = FINDINGS.intersection(overlay.objects(status, DIP.HAS_STATUS))
    for claim in overlay.objects(status, DIP.APPLIES_TO) if kinds else ():
        if DIPK.CONCEDED in kinds:
            yield from _of_concession(overlay, status, claim)
        for passage in _passages_of_the_claim(overlay, status, claim):
            yield _violation(status, CLAIM_AS_FINDING, passage)


def _of_concession(overlay: Overlay, status: Term, claim: Term) -> Iterator[Violation]:
    links = (DIP.ALLEGED_ACTOR, DIP.CONCERNS)
    accused = {actor for link in links for actor in overlay.objects(claim, link)}
    words = [
        each for each in _words(overlay, status) if any(is_said_by(overlay, each, actor) for actor in accused)
    ]
    if words and not any(_says(overlay, each, claim) for each in words):
        yield _violation(status, OTHER_WORDS, words[0])
    for denial in overlay.subjects(DIP.DENIES, claim):
        if any(is_said_by(overlay, denial, holder) for holder in overlay.objects(status, DIP.HELD_BY)):
            yield _violation(status, DENIED_TOO, denial, "warning")


def _words(overlay: Overlay, status: Term) -> Iterator[Term]:
    """Yield the statements that the reports of a status relay or report."""
    for report in overlay.subjects(DIP.REPORTS, status):
        for link in (DIP.RELAYED_THROUGH, DIP.REPORTS):
            found = overlay.objects(report, link)
            yield from (each for each in found if overlay.objects(each, DIP.MADE_BY))


def _says(overlay: Overlay, statement: Term, claim: Term) -> bool:
    """Return whether a statement advances a claim, or one with the same content."""
    keys = set(overlay.objects(claim, DIP.CLAIM_KEY))
    return any(
        advanced_claim == claim or not keys.isdisjoint(overlay.objects(advanced_claim, DIP.CLAIM_KEY))
        for advanced_claim in overlay.objects(statement, DIP.ADVANCES)
    )


def _passages_of_the_claim(overlay: Overlay, status: Term, claim: Term) -> Iterator[Term]:
    """Yield a status's quoted passages that lie within words that their source attributes to the claimant."""
    quoted = [
        passage
        for report in overlay.subjects(DIP.REPORTS, status)
        if not overlay.objects(report, DIP.RELAYED_THROUGH)
        for passage in overlay.objects(report, DIP.QUOTES)
    ]
    attributed = list(_attributed(overlay, claim)) if quoted else []
    for passage in dict.fromkeys(quoted):
        sources = set(overlay.objects(passage, DIP.OCCURS_IN))
        texts = [text for source, text in attributed if source in sources]
        if any(_text(words) in text for words in overlay.objects(passage, DIP.EXACT_TEXT) for text in texts):
            yield passage


def _attributed(overlay: Overlay, claim: Term) -> Iterator[tuple[Term, str]]:
    """Yield each source with the words in which it attributes the claim to a claimant."""
    for passage in dict.fromkeys(_quoted_for(overlay, overlay.subjects(DIP.ADVANCES, claim))):
        for source in overlay.objects(passage, DIP.OCCURS_IN):
            for words in overlay.objects(passage, DIP.EXACT_TEXT):
                yield source, _text(words)


def _quoted_for(overlay: Overlay, statements: Iterable[Term]) -> Iterator[Term]:
    for statement in statements:
        for report in overlay.subjects(DIP.REPORTS, statement):
            if DIPK.ATTRIBUTED in overlay.objects(report, DIP.BASED_ON):
                yield from overlay.objects(report, DIP.QUOTES)


def _text(words: Term) -> str:
    return comparable(words.value) if isinstance(words, Literal) else ""


def _violation(status: Term, rule: str, value: Term, severity: Severity = "error") -> Violation:
    message = {language: text.format(display(value)) for language, text in _MESSAGES[rule].items()}
    return Violation(focus=status, rule=rule, message=message, value=value, severity=severity)


_MESSAGES = {
    OTHER_WORDS: {
        "en": "the statement that is given as conceding this claim, {0}, does not say what the "
        "claim says: relay a "
        "statement that advances the claim (dip:advances), or a claim of the same content, or leave this "
        "status out",
        "es": "las palabras con las que se reconocería esta afirmación, {0}, no dicen lo que ella dice: "
        "transmita una declaración que sostenga la afirmación (dip:advances) u otra de igual contenido, o "
        "suprima este estado",
    },
    DENIED_TOO: {
        "en": "the holder of this status denies the claim in {0}; check that the holder also "
        "conceded it, and when",
        "es": "el titular de este estado niega la afirmación en {0}: compruebe que también la reconoció, y "
        "cuándo",
    },
    CLAIM_AS_FINDING: {
        "en": "in {0}, or in words of which it is a part, the source attributes this claim to its claimant, "
        "so this is no evidence for a finding: quote the words of the finding, or leave this status out",
        "es": "en {0}, o en palabras de las que es parte, la fuente atribuye esta afirmación a quien la "
        "hace, así que no resuelven nada: cite las palabras del dictamen o suprima este estado",
    },
}
