"""Profile of a term: its definition, its place among other terms, its rules in words, its uses."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.changes import Object, Subject
from kg.pages.cells import Cell
from kg.pages.profiles.reading import Item, ProfileReader
from kg.pages.rendering import marked
from kg.pages.terminology import diagram
from kg.pages.terminology.diagram import Diagram, Neighbour
from kg.pages.terminology.shapes import Node, Rule, ShapesGraph, judging
from kg.terms import OWL, RDF, RDFS, SH, SKOS

SORTS: Mapping[NamedNode, str] = {
    OWL.CLASS: marked("Class"),
    OWL.OBJECT_PROPERTY: marked("Property between things"),
    OWL.DATATYPE_PROPERTY: marked("Property with values"),
    OWL.ANNOTATION_PROPERTY: marked("Property of terms"),
    SKOS.CONCEPT: marked("Kind"),
    SKOS.CONCEPT_SCHEME: marked("List of kinds"),
}
"""Sorts of terms by their type."""
_ABOVE = (RDFS.SUB_CLASS_OF, RDFS.SUB_PROPERTY_OF, SKOS.BROADER)
_SHOWN = 6
_LOOKED_AT = 200
"""Maximum facts examined for examples."""
_LISTED = frozenset(
    (
        *(RDF.TYPE, RDFS.LABEL, RDFS.IS_DEFINED_BY, SKOS.DEFINITION, SKOS.EXAMPLE, SKOS.SCOPE_NOTE),
        *(SKOS.PREF_LABEL, SKOS.IN_SCHEME),
    )
)
"""Properties of a term that its page shows in dedicated sections."""


@dataclass(frozen=True)
class RuleLine:
    """A rule in words: what it judges, which values it asks for and how many, and its message."""

    of: tuple[Cell, ...]
    path: Markup
    values: tuple[Cell, ...]
    least: int | None
    most: int | None
    name: Cell | None
    message: Cell | None
    address: str | None
    is_warning: bool
    is_inherited: bool


@dataclass(frozen=True)
class Sample:
    """A fact of the graph that uses the term.

    The thing, and the property and value if they add information.
    """

    thing: Item
    predicate: Cell | None = None
    value: Item | None = None


@dataclass(frozen=True)
class TermProfile:
    """The content of a term's page."""

    sort: str
    name: str
    definition: Cell | None
    examples: tuple[Cell, ...]
    notes: tuple[Cell, ...]
    trail: tuple[Cell, ...]
    above: tuple[Cell, ...]
    below: tuple[Cell, ...]
    lists: tuple[Cell, ...]
    facts: tuple[tuple[Cell, tuple[Cell, ...]], ...]
    drawing: Diagram | None
    fields: tuple[RuleLine, ...]
    rules: tuple[RuleLine, ...]
    samples: tuple[Sample, ...]
    all_samples: str


def profile(reader: ProfileReader, node: NamedNode) -> TermProfile:
    """Return the profile of a class, a property, a kind or a list of kinds."""
    return _TermReader(reader, node).profile()


class _TermReader:
    """Reads one term."""

    def __init__(self, reader: ProfileReader, node: NamedNode) -> None:
        self._reader = reader
        self._cells = reader.all_cells
        self._contents = reader.all_cells.contents
        self._node = node
        self._types = reader.nodes.nodes(node, RDF.TYPE)
        self._is_class = OWL.CLASS in self._types
        self._is_kind = SKOS.CONCEPT in self._types or SKOS.CONCEPT_SCHEME in self._types
        self._shapes = ShapesGraph(self._contents)
        self._trail = [*self._way_up(node)]

    def profile(self) -> TermProfile:
        above, below = self._over(self._node), self._under(self._node)
        lists = self._reader.nodes.nodes(self._node, SKOS.IN_SCHEME)
        if SKOS.CONCEPT_SCHEME in self._types:
            members = self._reader.nodes.subjects(self._node, SKOS.IN_SCHEME)
            below = [each for each in members if not self._over(each)]
        constraints = [*self._constraints()]
        fields = [self._line(*each) for each in constraints if each[1].path is not None]
        return TermProfile(
            next((SORTS[each] for each in SORTS if each in self._types), ""),
            iris.compact(self._node.value),
            next(iter(self._texts(SKOS.DEFINITION)), None),
            self._texts(SKOS.EXAMPLE),
            self._texts(SKOS.SCOPE_NOTE),
            self._named(reversed(self._trail)),
            self._named(above),
            self._named(below),
            self._named(lists),
            tuple(self._facts()),
            self._drawing(above, below),
            tuple(sorted(fields, key=lambda each: (each.is_inherited, each.of[0].text if each.of else ""))),
            tuple(self._line(*each) for each in constraints if each[1].path is None),
            tuple(self._samples()),
            self._all_samples(),
        )

    def _over(self, node: NamedNode) -> list[NamedNode]:
        return [each for each in self._reader.nodes.nodes(node, *_ABOVE) if _is_ours(each)]

    def _under(self, node: NamedNode) -> list[NamedNode]:
        return [each for each in self._reader.nodes.subjects(node, *_ABOVE) if _is_ours(each)]

    def _way_up(self, node: NamedNode) -> Iterator[NamedNode]:
        """Yield the broader terms, the nearest first; of several, all."""
        queue, visited = self._over(node), {node}
        while queue:
            each = queue.pop(0)
            if each not in visited:
                visited.add(each)
                yield each
                queue += self._over(each)

    def _constraints(self) -> Iterator[tuple[NamedNode | None, Rule]]:
        """Yield the rules that concern the term, each with the class from which the term inherits it."""
        judged = judging(self._shapes, [self._node, *self._trail]) if self._is_class else []
        yield from judged
        judged_rules = {rule for _, rule in judged}
        lists = set(self._lists())
        for rule in (*self._shapes.rules, *self._shapes.examining):
            if rule in judged_rules:
                continue
            if self._is_class:
                if rule.path is None and self._shapes.mentions(rule.node, self._node):
                    yield None, rule
            elif self._is_kind:
                if lists & set(self._shapes.lists(rule.node)) or self._shapes.mentions(rule.node, self._node):
                    yield None, rule
            elif self._shapes.mentions(rule.node, self._node):
                yield None, rule

    def _lists(self) -> Iterator[NamedNode]:
        """Yield a kind, its lists and those of the broader kinds."""
        for each in (self._node, *self._trail):
            yield each
            yield from self._reader.nodes.nodes(each, SKOS.IN_SCHEME)

    def _line(self, origin: NamedNode | None, rule: Rule) -> RuleLine:
        shapes, language = self._shapes, self._cells.language
        name, message = (shapes.text(rule.node, each, language) for each in (SH.NAME, SH.MESSAGE))
        address = rule.address
        return RuleLine(
            self._named([origin] if origin else rule.classes),
            _path(shapes, rule.path, self._cells.cell) if rule.path is not None else Markup(""),
            self._named(_values(shapes, rule.node)),
            shapes.number(rule.node, SH.MIN_COUNT),
            shapes.number(rule.node, SH.MAX_COUNT),
            self._cells.cell(name) if name else None,
            self._cells.cell(message) if message else None,
            self._cells.cell(address).link if address else None,
            SH.WARNING in shapes.values(rule.node, SH.SEVERITY),
            self._is_class and origin not in (None, self._node),
        )

    def _facts(self) -> Iterator[tuple[Cell, tuple[Cell, ...]]]:
        """Yield the other statements about the term.

        Its layer, its matches in other vocabularies, its codes.
        """
        found: dict[NamedNode, dict[Object, None]] = {}
        for quad in self._contents.quads_for_pattern(self._node, None, None):
            is_shown = quad.predicate in _LISTED or (
                quad.predicate in _ABOVE and isinstance(quad.object, NamedNode) and _is_ours(quad.object)
            )
            if not is_shown:
                found.setdefault(quad.predicate, {})[quad.object] = None
        for predicate in sorted(found, key=str):
            values = tuple(map(self._cells.cell, sorted(found[predicate], key=str)))
            yield self._cells.cell(predicate), values

    def _drawing(self, above: Sequence[NamedNode], below: Sequence[NamedNode]) -> Diagram | None:
        if self._is_kind or OWL.ANNOTATION_PROPERTY in self._types:
            return None
        before, after = self._around_class() if self._is_class else self._around_property()
        cell = self._cells.cell(self._node)
        return diagram.draw(cell, self._named(above), self._named(below), before, after)

    def _around_class(self) -> tuple[list[Neighbour], list[Neighbour]]:
        """Return the classes that refer to this class, and the classes to which it refers."""
        before: dict[NamedNode, dict[NamedNode, None]] = {}
        after: dict[NamedNode, dict[NamedNode, None]] = {}
        wide = (self._node, *self._trail)
        for each in wide:
            for rule in self._shapes.rules:
                if isinstance(rule.path, NamedNode) and each in self._shapes.value_classes(rule.node):
                    for of in rule.classes:
                        before.setdefault(of, {})[rule.path] = None
        for _, rule in judging(self._shapes, wide):
            if isinstance(rule.path, NamedNode):
                for value in self._shapes.value_classes(rule.node):
                    after.setdefault(value, {})[rule.path] = None
        return self._neighbours(before), self._neighbours(after)

    def _around_property(self) -> tuple[list[Neighbour], list[Neighbour]]:
        """Return the classes whose things have this property, and what its values are."""
        own = [rule for rule in self._shapes.rules if rule.path == self._node]
        before = dict.fromkeys(each for rule in own for each in rule.classes)
        after = dict.fromkeys(each for rule in own for each in _values(self._shapes, rule.node))
        return [Neighbour(each) for each in self._named(before)], [
            Neighbour(each) for each in self._named(after)
        ]

    def _neighbours(self, neighbours: Mapping[NamedNode, Mapping[NamedNode, None]]) -> list[Neighbour]:
        return [
            Neighbour(self._cells.cell(each), self._named(through)) for each, through in neighbours.items()
        ]

    def _samples(self) -> Iterator[Sample]:
        """Yield some facts of the graph that use the term."""
        if self._is_class:
            subjects = self._instances()
            yield from (Sample(self._reader.item(each)) for each in subjects)
        elif self._is_kind:
            quads = islice(self._contents.quads_for_pattern(None, None, self._node), _LOOKED_AT)
            pairs = {
                (quad.subject, quad.predicate)
                for quad in quads
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(iris.DATA)
            }
            for subject, predicate in sorted(pairs, key=str)[:_SHOWN]:
                yield Sample(self._reader.item(subject), self._cells.cell(predicate))
        else:
            quads = islice(self._contents.quads_for_pattern(None, self._node, None), _LOOKED_AT)
            uses = {(q.subject, q.object) for q in quads if isinstance(q.subject, NamedNode)}
            for subject, value in sorted(uses, key=str)[:_SHOWN]:
                yield Sample(self._reader.item(subject), None, self._item(value))

    def _instances(self) -> Sequence[NamedNode]:
        """Return some things of a class, of narrower ones only if it has too few of its own."""
        found: dict[NamedNode, None] = {}
        queue = [self._node]
        for each in queue:  # grows during iteration
            quads = islice(self._contents.quads_for_pattern(None, RDF.TYPE, each), _LOOKED_AT)
            names = (quad.subject for quad in quads if isinstance(quad.subject, NamedNode))
            found |= dict.fromkeys(sorted(names, key=str))
            if len(found) >= _SHOWN:
                break
            queue += [narrower for narrower in self._under(each) if narrower not in queue]
        return [*found][:_SHOWN]

    def _item(self, value: Subject | Object) -> Item:
        if isinstance(value, NamedNode):
            return self._reader.item(value)
        return Item(self._cells.cell(value), "", is_words=isinstance(value, Literal))

    def _all_samples(self) -> str:
        """Return the query of the list of all things that use the term; empty for a property."""
        if self._is_class:
            return f"class={self._node.value.removeprefix(iris.TERMS)}"
        return f"kind={self._node.value.removeprefix(iris.KINDS)}" if SKOS.CONCEPT in self._types else ""

    def _texts(self, predicate: NamedNode) -> tuple[Cell, ...]:
        """Return the texts in the reader's language, or if there are none, those in others."""
        found = self._reader.nodes.texts(self._node, predicate)
        own = [each for each in found if each.language in (self._cells.language, None)]
        return tuple(map(self._cells.cell, own or found))

    def _named(self, nodes: Iterable[Subject | Object]) -> tuple[Cell, ...]:
        return tuple(map(self._cells.cell, nodes))


def _path(shapes: ShapesGraph, path: Node, cell: Callable[[Node], Cell]) -> Markup:
    """Return a property path as links: ``←`` for the inverse, ``›`` between steps."""
    if isinstance(path, NamedNode):
        return cell(path).html
    if members := [*shapes.members(path)]:
        return Markup(" › ").join(_path(shapes, each, cell) for each in members)
    if (inner := shapes.value(path, SH.INVERSE_PATH)) is not None:
        return Markup("← ") + _path(shapes, inner, cell)
    if (inner := shapes.value(path, SH.ZERO_OR_MORE_PATH)) is not None:
        return _path(shapes, inner, cell) + Markup(" …")
    choices = shapes.values(path, SH.ALTERNATIVE_PATH)
    return Markup(" / ").join(
        _path(shapes, each, cell) for choice in choices for each in shapes.members(choice)
    )


def _values(shapes: ShapesGraph, rule: Subject) -> list[NamedNode]:
    """Return the classes, lists, kinds or datatypes that a value must belong to."""
    return [*shapes.value_classes(rule), *shapes.lists(rule), *shapes.datatypes(rule)]


def _is_ours(node: NamedNode) -> bool:
    return node.value.startswith((iris.TERMS, iris.KINDS))
