"""Claim keys: a hash of who is alleged to have done what to whom, which finds similar claims and happenings.

The key is the SHA-256, in hexadecimal, of three lines: alleged actors, kind, alleged targets (see
ontology/README.md). It is written when a claim is added, so one look-up tells whether a happening matches a
claim, however many claims there are.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Subject
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Repeat, Step, walk
from kg.iris import SHAPES
from kg.terms import DIP, RDF, RDFS, SKOS

RULE = SHAPES + "resembles-claim"

_ALLEGED = (DIP.ALLEGED_ACTOR, DIP.ALLEGED_KIND, DIP.ALLEGED_TARGET)
_DONE = (DIP.PERFORMED_BY, DIP.HAS_KIND, DIP.DIRECTED_AT)
_KINDS_ABOVE = Repeat(Step(SKOS.BROADER), 0)


def key(actors: Iterable[Term], kind: Term, targets: Iterable[Term]) -> str:
    """Return the key of an allegation.

    >>> key([NamedNode("urn:a")], NamedNode("urn:k"), [])[:8]
    '0b0e6d07'
    """
    lines = (" ".join(sorted(map(_iri, nodes))) for nodes in (actors, (kind,), targets))
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _iri(node: Term) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def keyed(quads: Iterable[Quad]) -> list[Quad]:
    """Add the missing key of each claim that is described with actor and kind."""
    quads = list(quads)
    claims = {
        quad.subject: quad.graph_name
        for quad in quads
        if quad.predicate == RDF.TYPE and quad.object == DIP.CLAIM
    }
    if not claims:
        return quads
    values: dict[tuple[Subject, NamedNode], set[Term]] = {}
    for quad in quads:
        if quad.subject in claims:
            values.setdefault((quad.subject, quad.predicate), set()).add(quad.object)
    for claim, graph in claims.items():
        actors, kinds, targets = (values.get((claim, part), set()) for part in _ALLEGED)
        if actors and len(kinds) == 1 and (claim, DIP.CLAIM_KEY) not in values:
            quads.append(Quad(claim, DIP.CLAIM_KEY, Literal(key(actors, kinds.pop(), targets)), graph))
    return quads


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield a warning for each happening with the same performer, target and (broader) kind as a claim."""
    for happening in {quad.subject for quad in overlay.added if quad.predicate in _DONE}:
        performers, kinds, targets = (set(overlay.objects(happening, part)) for part in _DONE)
        for kind in walk(overlay, _KINDS_ABOVE, kinds) if performers else ():
            for claim in overlay.subjects(DIP.CLAIM_KEY, Literal(key(performers, kind, targets))):
                yield _warning(happening, claim, claimants(overlay, claim))


def claimants(overlay: Overlay, claim: Term) -> str:
    """Return the names of a claim's claimants, separated by commas."""
    names = {
        label.value
        for claimant in overlay.objects(claim, DIP.CLAIMED_BY)
        for label in overlay.objects(claimant, RDFS.LABEL)
        if isinstance(label, Literal) and label.language in (None, "en")
    }
    return ", ".join(sorted(names)) or "a claimant"


def _warning(happening: Subject, claim: Subject, names: str) -> Violation:
    return Violation(
        focus=happening,
        rule=RULE,
        severity="warning",
        value=claim,
        message={
            "en": f"this happening matches what {display(claim)}, a claim of {names}, alleges: "
            "performer, kind "
            "and"
            " target are the same; check that it has a ground of its own: it is acceptable if the event has "
            "its own passage",
            "es": f"esto da por hecho lo que alega {display(claim)}, una afirmación de {names}: autor, tipo y"
            " destinatario son los mismos; compruebe que tiene fundamento propio: puede quedar así si el"
            " suceso tiene su propio pasaje",
        },
    )
