"""Rule on external identifiers.

A warning if two of our things share one, or if one thing has two of the same scheme.

The description of dipsh:identifier-shared lists the properties. The scheme of an IRI is its host, that of a
text its property. Things that a judgement of identity calls the same may share one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Self
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Object
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import BASE, DATA, SHAPES
from kg.ontology import examined
from kg.terms import DIP, DIPK

RULE = SHAPES + "identifier-shared"

_MOST_SHARERS = 100
"""Maximum number of things with one identifier that are checked."""


@dataclass(frozen=True)
class Identifiers:
    """The properties that give a thing's identifier in another dataset."""

    properties: frozenset[NamedNode]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Return the properties from the description of the rule among the shapes."""
        return cls(examined(shapes, NamedNode(RULE)).properties)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield a warning for each identifier of a change that is shared, or second in its scheme."""
        for quad in overlay.added:
            if quad.predicate in self.properties and _is_ours(quad.subject) and not _is_ours(quad.object):
                yield from self._of(overlay, quad)

    def _of(self, overlay: Overlay, quad: Quad) -> Iterator[Violation]:
        thing, identifier = quad.subject, quad.object
        if other := self._sharer(overlay, thing, identifier):
            yield _violation(quad, _shared(other))
        scheme = _scheme(identifier, quad.predicate)
        for predicate in sorted(self.properties, key=str):
            for value in sorted(overlay.objects(thing, predicate), key=str):
                if value != identifier and _scheme(value, predicate) == scheme:
                    yield _violation(quad, _beside(value))
                    return

    def _sharer(self, overlay: Overlay, thing: Term, identifier: Object) -> Term | None:
        """Return another thing of ours with the identifier, unless a judgement calls the two the same."""
        for predicate in sorted(self.properties, key=str):
            quads = overlay.quads_for_pattern(None, predicate, identifier)
            for other in sorted({quad.subject for quad in islice(quads, _MOST_SHARERS)}, key=str):
                if other != thing and _is_ours(other) and not _are_judged_same(overlay, thing, other):
                    return other
        return None


def _are_judged_same(overlay: Overlay, one: Term, other: Term) -> bool:
    """Return whether a judgement of identity calls two things the same."""
    return any(
        DIPK.SAME in overlay.objects(judgement, DIP.HAS_VERDICT)
        for first, second in ((one, other), (other, one))
        for judgement in overlay.subjects(DIP.COMPARED_WITH, second)
        if first in overlay.objects(judgement, DIP.ASSESSES)
    )


def _is_ours(node: Term) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith((DATA, BASE))


def _scheme(identifier: Term, predicate: NamedNode) -> str:
    """Return the scheme of an identifier."""
    if not isinstance(identifier, NamedNode):
        return predicate.value if isinstance(identifier, Literal) else ""
    try:
        host = urlsplit(identifier.value).hostname or ""
    except ValueError:
        return identifier.value
    return host.removeprefix("www.")


def _violation(quad: Quad, message: Mapping[str, str]) -> Violation:
    return Violation(
        quad.subject, RULE, message, path=Step(quad.predicate), value=quad.object, severity="warning"
    )


def _shared(other: Term) -> Mapping[str, str]:
    return {
        "en": f"{display(other)} also has this identifier; correct one of the two, or record a"
        " dip:IdentityJudgement if they are the same",
        "es": f"{display(other)} también tiene este identificador; corrija uno de los dos, o registre un"
        " dip:IdentityJudgement si son lo mismo",
    }


def _beside(value: Object) -> Mapping[str, str]:
    return {
        "en": f"this thing has the identifier {display(value)} of the same scheme already; keep "
        "the right one",
        "es": f"esto ya tiene el identificador {display(value)} de la misma lista; deje el correcto",
    }
