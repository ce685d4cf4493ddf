"""SHACL validation: runs pySHACL on given pairs of shape and focus node.

For a change, pySHACL never reads the whole graph: the shapes are parsed once, the affected pairs of shape and
focus node come from an index (``affected``), and ``Shape.validate`` checks those through the overlay.
``pyshacl.validate(focus_nodes=...)`` is not used: it also filters the nodes of inner shapes, so it misses
real violations and reports false ones.
"""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

import rdflib
from pyoxigraph import BlankNode, NamedNode, Quad
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib.collection import Collection
from rdflib.namespace import SH

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, display, severity_named
from kg.gate.rules.wording import COMPONENTS, LANGUAGES, OTHER
from kg.gate.shacl.affected import ShapeIndex, Target
from kg.gate.shacl.neighbourhood import Neighbourhood
from kg.gate.shacl.paths import Path, Step, text
from kg.gate.shacl.patterns import Unbounded
from kg.gate.shacl.rdflib_view import OverlayGraph, copy, from_rdflib, to_rdflib
from kg.gate.shacl.reads import path_of
from kg.gate.shacl.suspects import prepare, suspects
from kg.iris import compact

_ONE = rdflib.Literal("1", datatype=rdflib.XSD.boolean, normalize=False)
_PLACEHOLDER = re.compile(r"\{[?$]\w+\}")

Node: TypeAlias = rdflib.term.Node
Result: TypeAlias = tuple[str, Node, list[tuple[Node, Node, Any]]]
"""pySHACL's result: text, node, and triples, whose objects may be pairs (graph, node)."""


@dataclass(frozen=True)
class Finding:
    """One result of pySHACL, read from its triples."""

    focus: Node
    shape: Node
    component: Node
    severity: Node
    path: Node | None
    value: Node | None
    constraint: Node | None
    messages: tuple[str, ...]

    @classmethod
    def of(cls, result: Result) -> Self:
        """Return the finding from a result's triples, without the details of nested results."""
        _, node, triples = result
        pairs = [
            (predicate, obj[1] if isinstance(obj, tuple) else obj)
            for subject, predicate, obj in triples
            if subject == node
        ]
        parts = dict(pairs)
        return cls(
            focus=parts[SH.focusNode],
            shape=parts[SH.sourceShape],
            component=parts[SH.sourceConstraintComponent],
            severity=parts[SH.resultSeverity],
            path=parts.get(SH.resultPath),
            value=parts.get(SH.value),
            constraint=parts.get(SH.sourceConstraint),
            messages=tuple(str(obj) for predicate, obj in pairs if predicate == SH.resultMessage),
        )

    @property
    def component_name(self) -> str:
        """The component's name without namespace and suffix: MinCount, Class, SPARQL ..."""
        return str(self.component).removeprefix(str(SH)).removesuffix("ConstraintComponent")


class Shapes:
    """A shapes graph, parsed once, with its index and validation by pySHACL."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.graph = rdflib.Graph()
        copy(quads, self.graph)
        _declare_imported(self.graph)
        self.graph.remove((None, SH.uniqueLang, _ONE))  # only the literal true activates it (a W3C test)
        parsed = ShapesGraph(self.graph)  # this adds two triples to the copied graph
        self.index = ShapeIndex.of(parsed)
        self._all: tuple[Shape, ...] = tuple(parsed.shapes)
        self._executor = SHACLExecutor()
        # rdflib logs a traceback for each ill-formed literal; the gate reports those itself.
        logging.getLogger("rdflib.term").setLevel(logging.ERROR)

    def prepare(self) -> None:
        """Do the one-time work of the first checks now."""
        prepare(target.shape for target in self.index.targets)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations of the pairs of shape and focus node that a change can affect."""
        graph, neighbourhood = OverlayGraph(overlay), Neighbourhood(overlay)
        for shape, nodes in self.index.affected(overlay).items():
            if found := suspects(neighbourhood, shape, {neighbourhood.number(node) for node in nodes}):
                yield from self._judged(shape, overlay, graph, [neighbourhood.terms[node] for node in found])
        for shape in self.index.always(overlay):
            yield from self._judged(shape, overlay, graph, None)

    def suspected_violations(
        self, overlay: Overlay, suspected: Iterable[tuple[Target, list[Term]]]
    ) -> Iterator[Violation]:
        """Yield violations of shapes by those of their focus nodes that may violate them."""
        graph = OverlayGraph(overlay)
        for target, nodes in suspected:
            yield from self._judged(target.shape, overlay, graph, nodes)

    def all_violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations of every shape by all its focus nodes."""
        graph = OverlayGraph(overlay)
        for shape in self._all:
            yield from self._judged(shape, overlay, graph, None)

    def _judged(
        self, shape: Shape, overlay: Overlay, graph: OverlayGraph, nodes: list[Term] | None
    ) -> Iterator[Violation]:
        focus = None if nodes is None else [to_rdflib(node) for node in nodes]
        _, results = shape.validate(self._executor, graph, focus=focus)
        for result in results:
            yield self._violation(Finding.of(result), shape, overlay)

    def _violation(self, finding: Finding, target: Shape, overlay: Overlay) -> Violation:
        path = self._path(finding.path)
        focus = from_rdflib(finding.focus)
        value = None if finding.value is None else from_rdflib(finding.value)
        message, advice = self._words(finding, path)
        rule = self._named(finding.constraint or finding.shape, finding.shape)
        return Violation(
            focus=focus,
            path=path,
            value=value,
            graph=_graph_of(overlay, focus, path, value),
            rule=str(rule),
            shape=str(self._named(target.node, target.node)),
            component=str(finding.component),
            severity=severity_named(str(finding.severity)),
            message=message,
            advice=advice,
        )

    def _path(self, node: Node | None) -> Path | None:
        try:
            return None if node is None else path_of(self.graph, node)
        except Unbounded:
            return None

    def _named(self, node: Node, otherwise: Node) -> Node:
        """Return the nearest IRI for a shape: its own, or that of an enclosing shape."""
        candidates = [node, otherwise]
        for candidate in candidates:
            if isinstance(candidate, rdflib.URIRef):
                return candidate
            candidates.extend(set(self.graph.subjects(None, candidate)) - set(candidates))
        return otherwise

    def _words(self, finding: Finding, path: Path | None) -> tuple[dict[str, str], dict[str, str]]:
        """Return message and advice, from the shape or else from its component."""
        for node in (finding.constraint, finding.shape, *self._validators(finding), finding.component):
            templates = list(self.graph.objects(node, SH.message)) if node is not None else []
            if templates:
                return dict(_filled(template, finding, path) for template in templates), {}
        wording = COMPONENTS.get(finding.component_name, OTHER)
        told_parts = {
            "path": text(path) if path else display(from_rdflib(finding.focus)),
            "value": display(from_rdflib(finding.value or finding.focus)),
            "expected": self._expected(finding.shape, wording.parameter),
        }
        return (
            {language: wording.wrong[language].format(**told_parts) for language in LANGUAGES},
            {language: wording.advice[language].format(**told_parts) for language in LANGUAGES},
        )

    def _validators(self, finding: Finding) -> Iterator[Node]:
        """Yield the validators of a component defined in the shapes graph, the most specific first."""
        special = SH.nodeValidator if finding.path is None else SH.propertyValidator
        for predicate in (special, SH.validator):
            yield from self.graph.objects(finding.component, predicate)

    def _expected(self, shape: Node, parameter: str) -> str:
        """Return the values of a constraint's parameter as text, with lists expanded."""
        found: list[str] = []
        if not parameter:
            return ""
        for node in self.graph.objects(shape, SH[parameter]):
            is_list = (node, rdflib.RDF.first, None) in self.graph
            members = Collection(self.graph, node) if is_list else [node]
            found.extend(display(from_rdflib(member)) for member in members)
        return ", ".join(sorted(found))


def _declare_imported(shapes: rdflib.Graph) -> None:
    """Copy to each ontology used in sh:prefixes the prefix declarations of its imports.

    SHACL, section 5.2.1, follows owl:imports; pySHACL reads only the ontology's own declarations.
    """
    for ontology in set(shapes.objects(None, SH.prefixes)):
        for imported in set(shapes.transitive_objects(ontology, rdflib.OWL.imports)):
            for declaration in set(shapes.objects(imported, SH.declare)):
                shapes.add((ontology, SH.declare, declaration))


def _filled(template: Node, finding: Finding, path: Path | None) -> tuple[str, str]:
    """Return a message with its values.

    pySHACL fills in the messages of queries but drops their language, so its text is matched with the
    messages.
    """
    language = getattr(template, "language", None) or "en"
    if "{" not in (filled_text := str(template)):
        return language, filled_text
    fixed = _PLACEHOLDER.split(filled_text)
    for message in finding.messages:
        if message != filled_text and _fits(message, fixed):
            return language, _shortened(message)
    parts = {"this": finding.focus, "value": finding.value}
    for name, node in parts.items():
        if node is not None:
            filled_text = _put(filled_text, name, display(from_rdflib(node)))
    return language, _put(filled_text, "path", text(path) if path else "")


def _fits(message: str, fixed: Sequence[str]) -> bool:
    """Return whether a message contains the fixed parts in order, the first and last at its ends.

    >>> _fits("a hat and a coat", ["a ", " and a ", ""]), _fits("a hat", ["a ", " and ", ""])
    (True, False)
    """
    if len(fixed) == 1 or not message.startswith(fixed[0]):
        return message == fixed[0]
    first, *middle, last = fixed
    position = len(first)
    for part in middle:
        position = message.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return message.endswith(last) and len(message) - len(last) >= position


def _put(template: str, name: str, value: str) -> str:
    return template.replace(f"{{?{name}}}", value).replace(f"{{${name}}}", value)


def _shortened(message: str) -> str:
    """Return a message with the IRIs of our namespaces in prefixed form."""
    return re.sub(r"https?://[^\s<>\"]+[\w/#]", lambda match: _compacted(match.group()), message)


def _compacted(iri: str) -> str:
    name = compact(iri)
    return iri if name.startswith("<") else name


def _graph_of(overlay: Overlay, focus: Term, path: Path | None, value: Term | None) -> NamedNode | None:
    """Return the graph that holds the violating triple, preferably a graph of the change."""
    if not isinstance(focus, NamedNode | BlankNode):
        return None
    predicate = path.predicate if isinstance(path, Step) and not path.inverse else None
    if predicate is None or value is None:
        found = next(overlay.quads_for_pattern(focus, None, None), None)
    else:
        found = next(overlay.quads_for_pattern(focus, predicate, value), None)
    return found.graph_name if found and isinstance(found.graph_name, NamedNode) else None
