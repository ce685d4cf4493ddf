"""Claims asserted as fact by a word: a text that uses, outside quotation, what only a claimant says.

A claim names its contested words (dip:contestedWord, in lower case). Each run of up to six words of a new
label or outcome is looked up among them, so the cost follows the text and not the number of claims. A word
that becomes contested later does not refuse the claim; ``whole`` finds the texts that used it before.
"""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay
from kg.gate.paths import Step
from kg.gate.reports import Violation
from kg.iris import PREFIXES, SHAPES, TERMS

RULE = SHAPES + "contested-word-as-fact"
CONTESTED_WORD = NamedNode(TERMS + "contestedWord")
LONGEST = 6
"""How many words a contested word may be made of; its shape says the same."""

_TEXTS = frozenset(
    NamedNode(iri)
    for iri in (
        PREFIXES["rdfs"] + "label",
        PREFIXES["skos"] + "prefLabel",
        PREFIXES["skos"] + "altLabel",
        TERMS + "outcome",
        TERMS + "condition",
    )
)
_CLAIMED_BY = NamedNode(TERMS + "claimedBy")
_LABEL = NamedNode(PREFIXES["rdfs"] + "label")
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|«[^»]*»|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_POSSESSIVE = re.compile(r"[’']s\b")
_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_PART = re.compile(r"\w+")


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Find the new texts that use a contested word as if it were a fact."""
    for quad in overlay.added:
        if quad.predicate in _TEXTS and isinstance(quad.object, Literal):
            yield from _of_text(quad, quad.object, overlay)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Find every text of a store that does so; what holds no contested word's first part is passed over."""
    contested = (quad.object for quad in overlay.quads_for_pattern(None, CONTESTED_WORD, None))
    beginnings = {_PART.search(word.value) for word in contested if isinstance(word, Literal)}
    first = {match.group() for match in beginnings if match}
    for predicate in sorted(_TEXTS, key=str) if first else ():
        for quad in overlay.quads_for_pattern(None, predicate, None):
            text = quad.object
            if isinstance(text, Literal) and not first.isdisjoint(_PART.findall(text.value.lower())):
                yield from _of_text(quad, text, overlay)


def outside_quotation(text: str) -> Iterator[str]:
    """Give each run of up to ``LONGEST`` words, in lower case, that no quotation marks enclose.

    >>> list(outside_quotation("A ‘kidnapping’ in Caracas"))
    ['a', 'in', 'in caracas', 'caracas']
    """
    for part in _QUOTED.split(_POSSESSIVE.sub("", text.lower())):
        words = list(_WORD.finditer(part))
        for first in range(len(words)):
            for last in words[first : first + LONGEST]:
                run = re.sub(r"\s+", " ", part[words[first].start() : last.end()])
                yield run
                if "-" in run:
                    yield run.replace("-", " ")


def _of_text(quad: Quad, text: Literal, overlay: Overlay) -> Iterator[Violation]:
    for words in dict.fromkeys(outside_quotation(text.value)):
        claims = [q.subject for q in overlay.quads_for_pattern(None, CONTESTED_WORD, Literal(words))]
        if claims:
            yield _violation(quad, text, words, _claimants(claims, overlay))


def _claimants(claims: Iterable[object], overlay: Overlay) -> str:
    names = {
        label.value
        for claim in claims
        if isinstance(claim, NamedNode)
        for claimant in overlay.objects(claim, _CLAIMED_BY)
        for label in overlay.objects(claimant, _LABEL)
        if isinstance(label, Literal) and label.language in (None, "en")
    }
    return ", ".join(sorted(names)) or "a claimant"


def _violation(quad: Quad, text: Literal, words: str, claimants: str) -> Violation:
    return Violation(
        focus=quad.subject,
        rule=RULE,
        message={
            "en": f"claim asserted as fact: “{words}” is the word of {claimants} alone; put it in quotation"
            " marks and say whose word it is, or leave it out",
            "es": f"afirmación presentada como hecho: «{words}» es palabra solo de {claimants}; póngala entre"
            " comillas y diga de quién es, o suprímala",
        },
        path=Step(quad.predicate),
        value=text,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
    )
