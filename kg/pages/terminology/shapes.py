"""Shapes graph in memory: its rules by the class they judge, and what each rule says of a term."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.changes import Object, Quads, Subject
from kg.terms import DIP, RDF, SH, XSD

Node = Subject | Object


@dataclass(frozen=True)
class Rule:
    """A constraint of the shapes graph, and the classes whose things it judges.

    ``path`` is the constrained property path, None for a rule on the whole record.
    """

    node: Subject
    classes: tuple[NamedNode, ...]
    path: Node | None

    @property
    def address(self) -> NamedNode | None:
        """The IRI under which the shapes document lists the rule; None for a part of another rule."""
        return self.node if isinstance(self.node, NamedNode) else None


class ShapesGraph:
    """The shapes of one version, read once."""

    def __init__(self, contents: Quads) -> None:
        self._values: dict[Subject, dict[NamedNode, list[Object]]] = {}
        graph = NamedNode(iris.SHAPES_GRAPH)
        for quad in contents.quads_for_pattern(None, None, None, graph):
            self._values.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)

    def values(self, node: Node, predicate: NamedNode) -> list[Object]:
        """Return the values of a property."""
        by_predicate = {} if isinstance(node, Literal) else self._values.get(node, {})
        found: list[Object] = by_predicate.get(predicate, [])
        return found

    def value(self, node: Node, predicate: NamedNode) -> Object | None:
        """Return the first value of a property; None if there is none."""
        return next(iter(self.values(node, predicate)), None)

    def members(self, node: Node) -> Iterator[Object]:
        """Yield the members of an RDF list."""
        while (first := self.value(node, RDF.FIRST)) is not None:
            yield first
            node = self.value(node, RDF.REST) or RDF.TYPE

    def number(self, node: Node, predicate: NamedNode) -> int | None:
        """Return the number that is a property's value; None if there is none."""
        found = self.value(node, predicate)
        return int(found.value) if isinstance(found, Literal) and found.value.isdigit() else None

    def text(self, node: Node, predicate: NamedNode, language: str) -> Literal | None:
        """Return a text in a language, else in English, else in any; None if there is none."""
        found = [each for each in self.values(node, predicate) if isinstance(each, Literal)]
        by_language = {each.language: each for each in sorted(found, key=str, reverse=True)}
        return by_language.get(language) or by_language.get("en") or next(iter(by_language.values()), None)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """All rules of shapes with a target class, and the rules in code, sorted by IRI."""
        classes: dict[tuple[Subject, Node | None], list[NamedNode]] = {}
        for shape in self._values:
            targets = [each for each in self.values(shape, SH.TARGET_CLASS) if isinstance(each, NamedNode)]
            targets += [
                each for each in self.values(shape, DIP.EXAMINES_NAMES_OF) if isinstance(each, NamedNode)
            ]
            for rule in self.parts(shape) if targets else ():
                rule_classes = classes.setdefault((rule, self.value(rule, SH.PATH)), [])
                rule_classes += [each for each in targets if each not in rule_classes]
        found = [
            Rule(node, tuple(sorted(rule_classes, key=str)), path)
            for (node, path), rule_classes in classes.items()
        ]
        return tuple(sorted(found, key=lambda rule: str(rule.node)))

    @cached_property
    def examining(self) -> tuple[Rule, ...]:
        """The rules in code that examine the values of properties."""
        found = [node for node, values in self._values.items() if DIP.EXAMINES_VALUES_OF in values]
        return tuple(Rule(node, (), None) for node in sorted(found, key=str))

    @cached_property
    def named(self) -> tuple[NamedNode, ...]:
        """All shapes and rules that have an IRI, sorted."""
        found = [node for node in self._values if isinstance(node, NamedNode)]
        return tuple(sorted((node for node in found if node.value.startswith(iris.SHAPES)), key=str))

    def parts(self, shape: Subject) -> Iterator[Subject]:
        """Yield a shape that has constraints of its own, and its property shapes and queries."""
        if self.values(shape, SH.MESSAGE):
            yield shape
        for predicate in (SH.PROPERTY, SH.SPARQL):
            for part in self.values(shape, predicate):
                if not isinstance(part, Literal):
                    yield part

    def steps(self, path: Node | None) -> frozenset[NamedNode]:
        """Return the properties in a path."""
        if path is None or isinstance(path, NamedNode):
            return frozenset([path] if isinstance(path, NamedNode) else [])
        inner = [*self.members(path)]
        for predicate in (SH.INVERSE_PATH, SH.ZERO_OR_MORE_PATH, SH.ALTERNATIVE_PATH):
            inner += self.values(path, predicate)
        return frozenset[NamedNode]().union(*map(self.steps, inner))

    def value_classes(self, rule: Subject) -> tuple[NamedNode, ...]:
        """Return the classes that a value of the constrained property must belong to."""
        return self._values_of(rule, SH.CLASS)

    def datatypes(self, rule: Subject) -> tuple[NamedNode, ...]:
        """Return the datatypes that a value of the constrained property may have.

        A language-tagged string (rdf:langString) counts as xsd:string.
        """
        found = self._values_of(rule, SH.DATATYPE)
        return tuple(dict.fromkeys(XSD.STRING if each == RDF.LANG_STRING else each for each in found))

    def lists(self, rule: Subject) -> tuple[NamedNode, ...]:
        """Return the lists of kinds that a value must belong to, or the allowed kinds."""
        found: list[NamedNode] = [each for each in self._chosen(rule) if isinstance(each, NamedNode)]
        for shape in self._values_of(rule, SH.NODE):
            for part in self.values(shape, SH.PROPERTY):
                found += [each for each in self.values(part, SH.HAS_VALUE) if isinstance(each, NamedNode)]
        return tuple(dict.fromkeys(found))

    def mentions(self, rule: Subject, term: NamedNode) -> bool:
        """Return whether a rule's query, path or values name a term."""
        query = self.value(rule, SH.SELECT)
        if isinstance(query, Literal) and re.search(
            rf"\b{re.escape(iris.compact(term.value))}(?![\w-])", query.value
        ):
            return True
        if term in self.values(rule, DIP.EXAMINES_VALUES_OF) or term in self.steps(self.value(rule, SH.PATH)):
            return True
        return term in (*self.value_classes(rule), *self.lists(rule))

    def _chosen(self, rule: Subject) -> Iterable[Object]:
        yield from self.values(rule, SH.HAS_VALUE)
        for each in self.values(rule, SH.IN):
            yield from self.members(each)

    def _values_of(self, rule: Subject, predicate: NamedNode) -> tuple[NamedNode, ...]:
        found: list[Object] = [*self.values(rule, predicate)]
        for choice in self.values(rule, SH.OR):
            for member in self.members(choice):
                found += self.values(member, predicate)
        return tuple(dict.fromkeys(each for each in found if isinstance(each, NamedNode)))


def judging(shapes: ShapesGraph, classes: Sequence[NamedNode]) -> list[tuple[NamedNode, Rule]]:
    """Return the rules for things of these classes, each with the first class that it judges."""
    found = []
    for rule in shapes.rules:
        for each in classes:
            if each in rule.classes:
                found.append((each, rule))
                break
    return found
