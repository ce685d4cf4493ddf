"""Rule on passages: a part of a claim's passage is not evidence of fact, and passages of one text must agree.

The text of a source may not be stored, only its hash and the quoted passages. Overlapping passages must
agree, and words that a source attributes to somebody are not its own voice, nor is a part of them. The rule
checks the passages of sources with a text hash, whose number the text's length limits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.answers_to_claims import FINDINGS
from kg.iris import SHAPES
from kg.terms import DIP, DIPK

PIECE_OF_A_CLAIM = SHAPES + "claim-piece-as-ground"
CONTRADICTED = SHAPES + "passage-contradicted"

_PAIRS = 50_000
"""Maximum number of overlapping passages of one text that are compared."""
_DIGITS = 12
_WHO = (DIP.PERFORMED_BY, DIP.INVOLVES, DIP.GIVEN_BY, DIP.TAKES_PART_IN)


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by pairs of passages, at least one of which a change touches."""
    touched = frozenset(quad.subject for quad in overlay.added)
    texts = {text for quad in overlay.added for text in _texts(overlay, quad.subject, quad.predicate)}
    for text in sorted(texts, key=str):
        yield from (each.violation for each in _of(overlay, text) if not touched.isdisjoint(each.nodes))


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all passages of a store."""
    for quad in overlay.quads_for_pattern(None, DIP.TEXT_HASH, None):
        yield from (each.violation for each in _of(overlay, quad.subject))


@dataclass(frozen=True)
class _Span:
    """A passage and its place in the text."""

    node: Term
    start: int
    words: str

    @property
    def end(self) -> int:
        return self.start + len(self.words)

    def agrees_with(self, later: "_Span") -> bool:
        """Return whether two passages have the same characters where they overlap."""
        common = min(self.end, later.end) - later.start
        begins = later.start - self.start
        return self.words[begins : begins + common] == later.words[:common]

    def is_piece_of(self, other: "_Span") -> bool:
        """Return whether this passage is a proper part of another; equal words are left to the shapes."""
        return other.start <= self.start and self.end <= other.end and self.words != other.words


@dataclass(frozen=True)
class _Found:
    """A violation, and the nodes that cause it together."""

    violation: Violation
    nodes: frozenset[Term]


def _texts(overlay: Overlay, node: Term, predicate: NamedNode) -> Iterator[Term]:
    """Yield the sources with a text hash whose passages a quad about the node can affect."""
    passages: set[Term] = set()
    if predicate in (DIP.OCCURS_IN, DIP.EXACT_TEXT, DIP.START_OFFSET):
        passages = {node}
    elif predicate in (DIP.QUOTES, DIP.BASED_ON, DIP.REPORTS):
        passages = set(overlay.objects(node, DIP.QUOTES)) if _matters(overlay, node) else set()
    elif predicate in (DIP.ADVANCES, DIP.ALLEGED_ACTOR, DIP.HAS_STATUS, *_WHO):
        records = overlay.subjects(DIP.ADVANCES, node) if predicate == DIP.ALLEGED_ACTOR else (node,)
        reports = [report for record in records for report in overlay.subjects(DIP.REPORTS, record)]
        passages = {passage for report in reports for passage in overlay.objects(report, DIP.QUOTES)}
    for passage in passages:
        yield from (
            text for text in overlay.objects(passage, DIP.OCCURS_IN) if overlay.objects(text, DIP.TEXT_HASH)
        )


def _matters(overlay: Overlay, report: Term) -> bool:
    """Return whether a report concerns a claim's statement, or is evidence for a happening or a finding."""
    records = overlay.objects(report, DIP.REPORTS)
    if any(overlay.objects(record, DIP.ADVANCES) for record in records):
        return True
    is_own_voice = DIPK.OWN_VOICE in overlay.objects(report, DIP.BASED_ON)
    return is_own_voice and any(
        _is_happening(overlay, record) or _is_finding(overlay, record) for record in records
    )


def _is_happening(overlay: Overlay, record: Term) -> bool:
    return any(overlay.objects(record, who) for who in _WHO)


def _is_finding(overlay: Overlay, record: Term) -> bool:
    """Return whether a record is a status that settles a claim."""
    return not FINDINGS.isdisjoint(overlay.objects(record, DIP.HAS_STATUS))


def _of(overlay: Overlay, text: Term) -> Iterator[_Found]:
    spans = sorted(_spans(overlay, text), key=lambda span: (span.start, str(span.node)))
    for earlier, later in islice(_overlapping(spans), _PAIRS):
        if not earlier.agrees_with(later):
            yield _contradiction(earlier, later)
            continue
        for piece, all_of_it in ((earlier, later), (later, earlier)):
            if piece.is_piece_of(all_of_it):
                yield from _grounded(overlay, piece.node, all_of_it.node)


def _spans(overlay: Overlay, text: Term) -> Iterator[_Span]:
    for passage in overlay.subjects(DIP.OCCURS_IN, text):
        for start in overlay.objects(passage, DIP.START_OFFSET):
            for words in overlay.objects(passage, DIP.EXACT_TEXT):
                if isinstance(start, Literal) and isinstance(words, Literal) and _is_number(start.value):
                    yield _Span(passage, int(start.value), words.value)


def _is_number(text: str) -> bool:
    return len(text) <= _DIGITS and text.isascii() and text.isdecimal()


def _overlapping(spans: list[_Span]) -> Iterator[tuple[_Span, _Span]]:
    for place, earlier in enumerate(spans):
        for later in spans[place + 1 :]:
            if later.start >= earlier.end:
                break
            if later.node != earlier.node:  # the shapes reject a passage of two texts
                yield earlier, later


def _grounded(overlay: Overlay, piece: Term, passage: Term) -> Iterator[_Found]:
    """Yield violations by records that rest on part of a passage in which the source attributes a claim."""
    for saying, statement, claim in _attributions(overlay, passage):
        for report in overlay.subjects(DIP.QUOTES, piece):
            if DIPK.OWN_VOICE not in overlay.objects(report, DIP.BASED_ON):
                continue
            for record in overlay.objects(report, DIP.REPORTS):
                nodes = frozenset({piece, passage, saying, statement, claim, report, record})
                if _is_happening(overlay, record):
                    yield _Found(_violation(record, PIECE_OF_A_CLAIM, piece, _PIECE), nodes)
                elif _is_finding(overlay, record):
                    yield _Found(_violation(record, PIECE_OF_A_CLAIM, piece, _PIECE_AS_FINDING), nodes)
                elif _is_claimed_by_its_publisher(overlay, record, report):
                    yield _Found(_violation(record, PIECE_OF_A_CLAIM, piece, _PIECE_OF_ANOTHER), nodes)


def _is_claimed_by_its_publisher(overlay: Overlay, record: Term, report: Term) -> bool:
    """Return whether a record is a statement by the source's publisher that advances a claim."""
    speakers = set(overlay.objects(record, DIP.MADE_BY))
    publishers = (
        publisher
        for source in overlay.objects(report, DIP.FOUND_IN)
        for publisher in overlay.objects(source, DIP.PUBLISHED_BY)
    )
    return bool(overlay.objects(record, DIP.ADVANCES)) and any(each in speakers for each in publishers)


def _attributions(overlay: Overlay, passage: Term) -> Iterator[tuple[Term, Term, Term]]:
    for saying in overlay.subjects(DIP.QUOTES, passage):
        if DIPK.ATTRIBUTED in overlay.objects(saying, DIP.BASED_ON):
            for statement in overlay.objects(saying, DIP.REPORTS):
                for claim in overlay.objects(statement, DIP.ADVANCES):
                    if overlay.objects(claim, DIP.ALLEGED_ACTOR):
                        yield saying, statement, claim


def _contradiction(earlier: _Span, later: _Span) -> _Found:
    other = display(earlier.node)
    message = {
        "en": f"its words differ from those of {other} at this position of the text; correct the "
        "offset or the words",
        "es": f"sus palabras no son las de {other} en el mismo lugar del texto; vuelva a contar o corríjalas",
    }
    violation = _violation(later.node, CONTRADICTED, earlier.node, message)
    return _Found(violation, frozenset({earlier.node, later.node}))


def _violation(focus: Term, rule: str, value: Term, message: dict[str, str]) -> Violation:
    return Violation(focus=focus, rule=rule, message=message, value=value)


_PIECE = {
    "en": "claim asserted as fact: the passage that is to ground this happening is a piece of one in which"
    " its source attributes a claim to somebody; keep the claim and leave the happening out, or quote the"
    " words in which the source says it itself; if the words are the source's own, end the claim's passage"
    " before them and name the rest as further passages (more_passages)",
    "es": "afirmación presentada como hecho: el pasaje que ha de fundamentar este suceso es parte de otro en"
    " que su fuente atribuye una afirmación a alguien; conserve la afirmación y suprima el suceso, o cite las"
    " palabras en que la fuente lo dice ella misma; si las palabras son de la propia fuente, termine antes de"
    " ellas el pasaje de la afirmación y nombre el resto como otros pasajes (more_passages)",
}

_PIECE_AS_FINDING = {
    "en": "claim asserted as fact: the passage that is to settle a claim is a piece of one in which its"
    " source attributes a claim to somebody; quote the words of the finding, or leave this status out",
    "es": "afirmación presentada como hecho: el pasaje que resolvería una afirmación es parte de otro en que"
    " su fuente atribuye una afirmación a alguien; cite las palabras del dictamen o suprima este estado",
}

_PIECE_OF_ANOTHER = {
    "en": "claim asserted as fact: the passage in which the publisher is to claim this is a piece of one in"
    " which its source attributes a claim to somebody else; leave this statement out, or quote the words in"
    " which the publisher says it itself",
    "es": "afirmación presentada como hecho: el pasaje en que lo afirmaría quien publica es parte de otro en"
    " que su fuente atribuye una afirmación a otro; suprima esta declaración o cite las palabras en que lo"
    " dice quien publica",
}
