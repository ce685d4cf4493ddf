"""Rival values: two submissions give different values for a property that allows only one.

Neither value is simply wrong. The message asks for an account of the value's holder, or for a submission that
supersedes the other; within a single submission it asks to keep the right value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import NamedNode

from kg.changes import GraphName, Object
from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display
from kg.gate.rules.consistency import FUNCTIONAL_PROPERTY
from kg.gate.rules.describers import NO_FACTS
from kg.gate.shacl.paths import Step
from kg.iris import PREFIXES

_MAX_COUNT = f"{PREFIXES['sh']}MaxCountConstraintComponent"


def named(violations: Iterable[Violation], overlay: Overlay) -> Iterator[Violation]:
    """Yield violations; if another submission gives the first value, the message says what to do about it."""
    for each in violations:
        is_functional = each.rule == FUNCTIONAL_PROPERTY
        rival = _rival(each, overlay) if is_functional or each.component == _MAX_COUNT else None
        if rival is None:
            yield each
        else:
            message = _only_one(each) if is_functional else each.message
            yield replace(each, message=message, advice=_advice(*rival))


def _rival(violation: Violation, overlay: Overlay) -> tuple[GraphName, Term] | None:
    """Return a graph and its value that other graphs contradict, preferably an older one, or None."""
    path, node = violation.path, violation.focus
    if not isinstance(path, Step) or path.inverse or not isinstance(node, NamedNode):
        return None
    graphs: dict[Object, set[GraphName]] = {}
    for quad in overlay.quads_for_pattern(node, path.predicate, None):
        if quad.graph_name not in NO_FACTS:
            graphs.setdefault(quad.object, set()).add(quad.graph_name)
    rivals = [value for value, of in graphs.items() if any(map(of.isdisjoint, graphs.values()))]
    if not rivals:
        return None
    predicate = path.predicate
    value = min(rivals, key=lambda value: (not overlay.had(node, predicate, value), str(value)))
    return min(graphs[value], key=str), value


def _only_one(violation: Violation) -> dict[str, str]:
    name = display(violation.path.predicate) if isinstance(violation.path, Step) else ""
    return {"en": f"{name} has one value at most", "es": f"{name} tiene un valor como máximo"}


def _advice(graph: GraphName, value: Term) -> dict[str, str]:
    home = display(graph) if isinstance(graph, NamedNode) else "DEFAULT"
    return {
        "en": f"{home} gives {display(value)}, and values of two submissions are rivals: record yours as a "
        "claim"
        f" in an account of its holder, or supersede {home}",
        "es": f"{home} da {display(value)}, y los valores de dos envíos son rivales: registre el suyo como"
        f" afirmación en una versión de quien lo sostiene o sustituya {home}",
    }
