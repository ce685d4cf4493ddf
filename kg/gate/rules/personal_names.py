"""Rule on personal names: a warning for names that describe the person, such as "the criminal".

A description is somebody's opinion: it belongs in a claim, or in a characterization with its assessor. A name
of several words shares one of them with the person's other names, and has a capital letter if its script has
any.
"""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation
from kg.gate.rules.texts import plain, without_accents
from kg.gate.shacl.paths import Step
from kg.iris import SHAPES
from kg.terms import DIP, RDFS, SKOS

RULE = SHAPES + "name-that-describes"

_NAMES = (RDFS.LABEL, SKOS.ALT_LABEL)
_WORD = re.compile(r"\w+")


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield a warning for each new alternative name of a person that reads like a description."""
    for quad in overlay.added:
        if quad.predicate == SKOS.ALT_LABEL and DIP.PERSON in overlay.classes(quad.subject):
            name = quad.object
            if isinstance(name, Literal) and _describes(
                name.value, _other_names(overlay, quad.subject, name)
            ):
                yield _warning(quad)


def _other_names(overlay: Overlay, person: Term, name: Literal) -> list[str]:
    labels = (label for predicate in _NAMES for label in overlay.objects(person, predicate))
    return [label.value for label in labels if isinstance(label, Literal) and label != name]


def _describes(name: str, others: list[str]) -> bool:
    """Return whether a name reads like a description, given the person's other names.

    >>> [_describes(name, ["Gustavo Petro"]) for name in ("the criminal", "The Criminal", "Sr. Petro", "GP")]
    [True, True, False, False]
    """
    if name == name.lower() != name.upper():
        return True
    words = _words(name)
    return len(words) > 1 and bool(others) and words.isdisjoint(_words(" ".join(others)))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(without_accents(plain(text))))


def _warning(quad: Quad) -> Violation:
    return Violation(
        focus=quad.subject,
        rule=RULE,
        severity="warning",
        message=_MESSAGE,
        path=Step(quad.predicate),
        value=quad.object,
    )


_MESSAGE = {
    "en": "this reads like a description of a person, and not like a name: who calls the person so says it in"
    " a dip:Claim or a dip:Characterization; leave it out, unless it is a name that the person is known by",
    "es": "esto se lee como una descripción de una persona y no como un nombre: quien la llama así lo dice en"
    " una dip:Claim o una dip:Characterization; quítelo, salvo que se la conozca por ese nombre",
}
