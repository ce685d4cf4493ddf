"""Rule on commit data: only commits write numbers, hashes, reasons and withdrawals; facts must not.

A submitted graph may say of itself that it is a submission and what it supersedes; an edit supersedes
nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode, Quad

from kg import provenance
from kg.changes import GraphName
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.shacl.paths import Step
from kg.iris import DATA, RELEASED_GRAPHS, SHAPES
from kg.terms import DIP, PROV, RDF

RULE = SHAPES + "told-by-commits"

_TOLD = (
    DIP.CONTENT_HASH,
    DIP.REASON,
    DIP.RETRACTS,
    DIP.SOFTWARE_VERSION,
    DIP.VERSION,
    DIP.WARNING,
)
_OF_ITSELF = frozenset({(RDF.TYPE, DIP.SUBMISSION), (DIP.SUPERSEDES, None)})
_ELSEWHERE = frozenset({provenance.GRAPH, *map(NamedNode, RELEASED_GRAPHS)})
_COMMIT_NAME = re.compile(re.escape(DATA) + r"commit-\d+")
_AGENT_NAME = DATA + "agent-"


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by new facts that state commit data, or describe another graph as a submission."""
    for quad in overlay.added:
        if quad.graph_name not in _ELSEWHERE and (message := _fault(quad, overlay)):
            yield _violation(quad, message)


def whole(overlay: Overlay) -> Iterator[Violation]:
    """Yield violations by all such facts of a store."""
    patterns = [*((predicate, None) for predicate in (*_TOLD, DIP.SUPERSEDES))]
    for predicate, value in (*patterns, *((RDF.TYPE, c) for c in (DIP.COMMIT, DIP.SUBMISSION))):
        for quad in overlay.quads_for_pattern(None, predicate, value):
            if quad.graph_name not in _ELSEWHERE and (message := _fault(quad, overlay)):
                yield _violation(quad, message)


def of_edits(quads: Iterable[Quad]) -> Iterator[Violation]:
    """Yield violations by an edit that describes its own graph as a submission."""
    for quad in quads:
        if quad.subject == quad.graph_name and _is_of_itself(quad):
            yield _violation(quad, _EDITED)


def _fault(quad: Quad, overlay: Overlay) -> Mapping[str, str] | None:
    if quad.predicate in _TOLD:
        return _of_property(quad.predicate)
    if (quad.predicate, quad.object) == (RDF.TYPE, DIP.COMMIT) or _names_commit(quad):
        return _FORGED
    if (_is_agent(quad.subject, overlay)) or (
        quad.predicate == PROV.WAS_ATTRIBUTED_TO and _is_agent(quad.object, overlay)
    ):
        return _AGENT
    return _ANOTHER if _is_of_itself(quad) and quad.subject != quad.graph_name else None


def _is_agent(node: Term, overlay: Overlay) -> bool:
    """Return whether a node is the IRI of an agent or drafter."""
    if not isinstance(node, NamedNode) or not node.value.startswith(_AGENT_NAME):
        return False
    agents = overlay.quads_for_pattern(node, RDF.TYPE, PROV.AGENT, provenance.GRAPH)
    return next(agents, None) is not None


def is_commit(node: Term | GraphName) -> bool:
    """Return whether a node has the IRI of a commit."""
    return isinstance(node, NamedNode) and _COMMIT_NAME.fullmatch(node.value) is not None


def _names_commit(quad: Quad) -> bool:
    is_made = quad.predicate == PROV.WAS_GENERATED_BY and is_commit(quad.object)
    return is_made or is_commit(quad.subject) or is_commit(quad.graph_name)


def _is_of_itself(quad: Quad) -> bool:
    return not _OF_ITSELF.isdisjoint({(quad.predicate, quad.object), (quad.predicate, None)})


def _violation(quad: Quad, message: Mapping[str, str]) -> Violation:
    graph = quad.graph_name if isinstance(quad.graph_name, NamedNode) else None
    return Violation(quad.subject, RULE, message, Step(quad.predicate), quad.object, graph)


def _of_property(predicate: NamedNode) -> Mapping[str, str]:
    return {
        "en": f"{display(predicate)} is written only by commits, not by facts; leave it out: it is recorded "
        "automatically",
        "es": f"{display(predicate)} solo lo escriben los asientos, nunca los hechos; omítalo: queda "
        "registrado",
    }


_FORGED = {
    "en": "each change of the graph records its commit, so facts cannot describe one; leave this out",
    "es": "un asiento se hace al cambiar el grafo y nadie lo describe; omita esto",
}
_AGENT = {
    "en": "this is the agent of a commit, and only commits describe agents; use a name of your "
    "own for the actor",
    "es": "esto nombra a alguien que hace asientos, y solo ellos hablan de él; describa un actor propio",
}
_ANOTHER = {
    "en": "a graph may state this only about itself: name your graph and state it there, or "
    "supersede with kg "
    "add --supersedes",
    "es": "un grafo solo dice esto de sí mismo: dé nombre a su grafo y dígalo en él, o sustituya con"
    " kg add --supersedes",
}
_EDITED = {
    "en": "a graph edited by updates is not a submission and cannot supersede another graph; "
    "send the correction as facts"
    " (kg add --supersedes)",
    "es": "un grafo que se edita no es un envío ni sustituye a otro; envíe la corrección como hechos"
    " (kg add --supersedes)",
}
