"""Rule on copies: one document described as two sources, and words of a claim in another source's passage.

The rules on passages compare passages of one source, so a second description of the same document, with the
same text hash or URL, would escape them. URLs are compared without scheme, "www.", fragment and final slash.
"""

from collections.abc import Iterator
from itertools import islice, product
from urllib.parse import urldefrag

from pyoxigraph import Literal, Quad

from kg.changes import Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP, DIPK, XSD

RULE = SHAPES + "source-described-twice"
WORDS_OF_A_CLAIM = SHAPES + "words-of-a-claim-elsewhere"

_SIGNS = (DIP.TEXT_HASH, DIP.URL)
_TOLD = (DIP.REPORTS, DIP.QUOTES, DIP.BASED_ON)
_MOST = 100
"""Maximum number of passages with the same words that are checked."""
_FEWEST = 3
"""Minimum number of words by which a passage is recognised in another source."""


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by new sources that copy another; warn of passages with the words of a claim."""
    added = {(quad.subject, quad.predicate) for quad in overlay.added if quad.predicate in _SIGNS}
    for quad in overlay.added:
        if quad.predicate in _SIGNS:
            for other in _others(overlay, quad):
                is_added = (other, quad.predicate) in added or not overlay.was_described(other)
                if not (is_added and str(other) > str(quad.subject)):
                    yield _twice(quad, other)
    for report in dict.fromkeys(quad.subject for quad in overlay.added if quad.predicate in _TOLD):
        yield from _of_report(overlay, report)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all documents of a store that two sources describe."""
    for sign in _SIGNS:
        first: dict[str, Quad] = {}
        quads = overlay.quads_for_pattern(None, sign, None)
        for quad in sorted(quads, key=lambda quad: str(quad.subject)):
            if isinstance(quad.object, Literal):
                first_quad = first.setdefault(_comparable(quad.object.value), quad)
                if first_quad.subject != quad.subject:
                    yield _twice(quad, first_quad.subject)


def _others(overlay: Overlay, quad: Quad) -> list[Subject]:
    """Return the other sources with the same text hash or URL."""
    values = [quad.object]
    if quad.predicate == DIP.URL and isinstance(quad.object, Literal):
        spellings = _spellings(quad.object.value)
        values += [Literal(spelling, datatype=XSD.ANY_URI) for spelling in spellings]
    found = {other for value in values for other in overlay.subjects(quad.predicate, value)}
    return sorted(found - {quad.subject}, key=str)


def _comparable(address: str) -> str:
    """Return a URL without the parts that do not distinguish documents; a text hash stays unchanged."""
    rest = urldefrag(address).url.removeprefix("https://").removeprefix("http://")
    return rest.removeprefix("www.").rstrip("/")


def _spellings(address: str) -> list[str]:
    """Return the usual spellings of a URL."""
    rest = _comparable(address)
    usual = ("".join(parts) for parts in product(("https://", "http://"), ("", "www."), (rest,), ("", "/")))
    return [each for each in usual if each != address]


def _of_report(overlay: Overlay, report: Term) -> Iterator[Violation]:
    """Warn if evidence of a happening has the exact words in which another source attributes a claim."""
    if DIPK.OWN_VOICE not in overlay.objects(report, DIP.BASED_ON):
        return
    if not any(DIP.HAPPENING in overlay.classes(each) for each in overlay.objects(report, DIP.REPORTS)):
        return
    for passage in overlay.objects(report, DIP.QUOTES):
        if claim := _claim_in_the_same_words(overlay, passage):
            yield _warning(report, passage, claim)


def _claim_in_the_same_words(overlay: Overlay, passage: Term) -> Term | None:
    sources = set(overlay.objects(passage, DIP.OCCURS_IN))
    for words in overlay.objects(passage, DIP.EXACT_TEXT):
        if isinstance(words, Literal) and len(words.value.split()) >= _FEWEST:
            for other in islice(overlay.subjects(DIP.EXACT_TEXT, words), _MOST):
                is_elsewhere = sources.isdisjoint(overlay.objects(other, DIP.OCCURS_IN))
                if is_elsewhere and (claim := next(_claims(overlay, other), None)):
                    return claim
    return None


def _claims(overlay: Overlay, passage: Term) -> Iterator[Term]:
    for report in overlay.subjects(DIP.QUOTES, passage):
        if DIPK.ATTRIBUTED in overlay.objects(report, DIP.BASED_ON):
            for statement in overlay.objects(report, DIP.REPORTS):
                yield from overlay.objects(statement, DIP.ADVANCES)


def _twice(quad: Quad, other: Term) -> Violation:
    name = display(other)
    return Violation(
        focus=quad.subject,
        rule=RULE,
        path=Step(quad.predicate),
        value=quad.object,
        message={
            "en": f"{name} already describes this document; leave this source out, and refer to {name} in"
            " dip:foundIn and dip:occursIn",
            "es": f"{name} ya describe este documento; omita esta fuente y nombre {name} en dip:foundIn y"
            " dip:occursIn",
        },
    )


def _warning(report: Term, passage: Term, claim: Term) -> Violation:
    return Violation(
        focus=report,
        rule=WORDS_OF_A_CLAIM,
        severity="warning",
        value=passage,
        message={
            "en": f"another source attributes {display(claim)} to somebody in these very words; check that "
            "this "
            "source says it itself, or record it as a dip:Statement",
            "es": f"otra fuente atribuye {display(claim)} a alguien con estas mismas palabras; compruebe que"
            " esta fuente lo dice ella misma o regístrelo como dip:Statement",
        },
    )
