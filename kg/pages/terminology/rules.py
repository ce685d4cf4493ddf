"""List of all rules of the shapes graph, in words, by the class whose things they judge."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.changes import Subject
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style, marked
from kg.pages.terminology.shapes import ShapesGraph
from kg.store.store import Contents
from kg.terms import SH

_TITLE = marked("Rules that facts must conform to")


@dataclass(frozen=True)
class ListedRule:
    """A rule: its place in the page, its message, and the further classes that it judges."""

    anchor: str
    iri: str
    message: Cell | None
    is_warning: bool
    also: tuple[Cell, ...]


@dataclass(frozen=True)
class RuleGroup:
    """The rules for the things of a class; without a class, those of the gate's code and shared shapes."""

    of: Cell | None
    rules: tuple[ListedRule, ...]
    anchors: tuple[str, ...]
    """Places of the shapes that say nothing themselves: their rules are among these."""


def page(style: Style, contents: Contents) -> Iterator[bytes]:
    """Yield the list of all rules."""
    cells = style.cells(contents)
    shapes = ShapesGraph(contents)
    yield style.text(
        "rules.html",
        title=_TITLE,
        iri=iris.SHAPES_GRAPH,
        groups=groups(shapes, cells),
    ).encode()


def groups(shapes: ShapesGraph, cells: Cells) -> list[RuleGroup]:
    """Return all rules that have an IRI, each once, by class; last those without a class."""
    classes: dict[NamedNode, dict[NamedNode, None]] = {}
    for shape in shapes.named:
        targets = _named(shapes.values(shape, SH.TARGET_CLASS))
        for rule in (shape, *_named(shapes.parts(shape))) if targets else ():
            classes.setdefault(rule, {}).update(dict.fromkeys(targets))
    found: dict[NamedNode | None, list[ListedRule]] = {}
    for rule in shapes.named:
        judged = [cells.cell(each) for each in classes.get(rule, ())]
        listed = _listed(shapes, rule, judged[1:], cells)
        found.setdefault(next(iter(classes.get(rule, ())), None), []).append(listed)
    by_class = [_group(cells.cell(each) if each else None, rules) for each, rules in found.items()]
    return sorted(
        by_class, key=lambda group: (group.of is None, group.of.text.casefold() if group.of else "")
    )


def _group(of: Cell | None, rules: Sequence[ListedRule]) -> RuleGroup:
    return RuleGroup(
        of,
        tuple(rule for rule in rules if rule.message),
        tuple(rule.anchor for rule in rules if not rule.message),
    )


def _listed(shapes: ShapesGraph, rule: NamedNode, also: Iterable[Cell], cells: Cells) -> ListedRule:
    message = shapes.text(rule, SH.MESSAGE, cells.language)
    return ListedRule(
        rule.value.removeprefix(iris.SHAPES),
        iris.compact(rule.value),
        cells.cell(message) if message else None,
        SH.WARNING in shapes.values(rule, SH.SEVERITY),
        tuple(also),
    )


def _named(nodes: Iterable[Subject | Literal]) -> list[NamedNode]:
    return [each for each in nodes if isinstance(each, NamedNode)]
