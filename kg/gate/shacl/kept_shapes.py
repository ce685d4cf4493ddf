"""pySHACL's shapes with their constraints made once instead of at each look at a node.

pySHACL reads a shape's constraints out of the shapes graph whenever it applies the shape, and checks the text
of a query for each focus node: most of the time of a small submission. Here the constraint objects, which
hold nothing but their parameters, are kept; what they do when they judge is pySHACL's own code.
"""

from collections.abc import Generator, Sequence
from typing import Any, TypeAlias

import rdflib
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ConstraintLoadWarning, ReportableRuntimeError
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph

Node: TypeAlias = rdflib.term.Node


class KeptShape(Shape):
    """A shape that keeps its constraints."""

    __slots__ = ("_constraints",)

    _constraints: list[Any] | None

    def validate(
        self,
        executor: SHACLExecutor,
        target_graph: rdflib.Graph,
        focus: Node | Sequence[Node] | None = None,
        _evaluation_path: list[Any] | None = None,
    ) -> tuple[bool, list[Any]]:
        """Judge focus nodes (None: all the shape's targets), as Shape.validate does without its options."""
        if self.deactivated:
            return True, []
        nodes = self._chosen(target_graph, focus)
        if not nodes:
            return True, []
        trail = [] if _evaluation_path is None else _evaluation_path
        if len(trail) // 2 >= executor.max_validation_depth:
            raise ReportableRuntimeError(f"The shape {self.node} is nested too deeply.")
        trail.append(self)
        values = self.value_nodes(target_graph, nodes)
        conforms, results = True, []
        for constraint in self.constraints():
            is_met, found = constraint.evaluate(executor, target_graph, values, [*trail, constraint])
            conforms = conforms and is_met
            results.extend(found)
        return conforms, results

    def constraints(self) -> list[Any]:
        """Give the shape's constraints, made at the first call."""
        if self._constraints is None:
            given = set(self.sg.graph.predicates(self.node)) & set(ALL_CONSTRAINT_PARAMETERS)
            kinds = {CONSTRAINT_PARAMETERS_MAP[parameter] for parameter in given}
            made = [self._made(kind) for kind in sorted(kinds, key=lambda kind: str(kind.__name__))]
            components = self.find_custom_constraints()  # type: ignore[no-untyped-call]  # as pySHACL has it
            own = [component.make_validator_for_shape(self) for component in components]
            self._constraints = [constraint for constraint in made if constraint is not None] + own
        return self._constraints

    def _made(self, kind: Any) -> Any:
        try:
            constraint = kind(self)
        except ConstraintLoadWarning:  # a constraint that means nothing here; pySHACL passes it over too
            return None
        constraint.make_v_result_description = _untold
        if isinstance(constraint, SPARQLBasedConstraint):
            for query in constraint.sparql_constraints:
                query.check_invalid_sparql(query.select_text)
                query.check_invalid_sparql = lambda *_args, **_options: True
        return constraint

    def _chosen(self, graph: rdflib.Graph, focus: Node | Sequence[Node] | None) -> list[Node]:
        if focus is None:
            return list(self.focus_nodes(graph))  # type: ignore[no-untyped-call]  # as pySHACL has it
        return [focus] if isinstance(focus, rdflib.term.Node) else list(focus)


class KeptShapesGraph(ShapesGraph):
    """A shapes graph whose shapes keep their constraints; the graph must not change any more."""

    def _build_node_shape_cache(self) -> None:
        super()._build_node_shape_cache()  # type: ignore[no-untyped-call]  # as pySHACL has it
        self._node_shape_cache = {node: _kept(shape) for node, shape in self._node_shape_cache.items()}


class KeptGraph(rdflib.Graph):
    """A graph of shapes. Once it is ``settled`` it may not change, and everything is read only once."""

    def __init__(self) -> None:
        super().__init__()
        self.settled = False
        self._lists: dict[Node, tuple[Node, ...]] = {}
        self._objects: dict[tuple[Any, Any], tuple[Node, ...]] = {}
        self._predicates: dict[Any, tuple[Node, ...]] = {}

    def items(self, list: Node) -> Generator[Node, None, None]:  # noqa: A002  # rdflib's name
        """Yield the members of a list."""
        if list not in self._lists:
            self._lists[list] = tuple(super().items(list))
        yield from self._lists[list]

    def objects(
        self, subject: Any = None, predicate: Any = None, unique: bool = False
    ) -> Generator[Node, None, None]:
        """Yield the values of a property."""
        if not self.settled or unique or not isinstance(subject, rdflib.term.Node):
            yield from super().objects(subject, predicate, unique)
            return
        key = subject, predicate
        if key not in self._objects:
            self._objects[key] = tuple(super().objects(subject, predicate))
        yield from self._objects[key]

    def predicates(
        self,
        subject: Any = None,
        object: Any = None,  # noqa: A002  # rdflib's name
        unique: bool = False,
    ) -> Generator[Node, None, None]:
        """Yield the properties of a node."""
        if not self.settled or unique or subject is None or object is not None:
            yield from super().predicates(subject, object, unique)
            return
        if subject not in self._predicates:
            self._predicates[subject] = tuple(super().predicates(subject))
        yield from self._predicates[subject]


def _untold(*_args: Any, **_options: Any) -> str:
    """Leave out the text that pySHACL makes of each result, inner ones too, and that nobody gets to see."""
    return ""


def _kept(shape: Shape) -> KeptShape:
    path = shape.path() if shape.is_property_shape else None
    kept = KeptShape(shape.sg, shape.node, p=shape.is_property_shape, path=path, logger=shape.logger)
    kept._constraints = None
    # Without any message pySHACL writes one for each result; the gate takes its words from the shapes graph.
    kept._messages = kept._messages or {rdflib.Literal("")}
    return kept
