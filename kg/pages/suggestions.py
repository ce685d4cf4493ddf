"""What a parameter of a saved question may be: things like the one in its example."""

from collections.abc import Iterator
from itertools import islice

from pyoxigraph import NamedNode

from kg.changes import Quads
from kg.errors import BadInput
from kg.pages.cells import Cell, Cells
from kg.query.parameters import Parameter
from kg.terms import RDF, RDFS, SKOS

MOST = 300
"""Things that are suggested at most."""


def suggested(cells: Cells, parameter: Parameter) -> list[Cell]:
    """Give things to fill a blank with, by their names; nothing where no thing is asked for."""
    example = named(parameter, parameter.example)
    if example is None:
        return []
    things = dict.fromkeys(islice(_alike(cells.contents, example), MOST))
    return sorted((cells.cell(thing) for thing in things), key=lambda cell: cell.text.casefold())


def named(parameter: Parameter, text: str) -> NamedNode | None:
    """Read the thing that a value names; None where it names none."""
    try:
        term = parameter.term(text)
    except BadInput:
        return None
    return term if isinstance(term, NamedNode) else None


def _alike(contents: Quads, node: NamedNode) -> Iterator[NamedNode]:
    """Yield the things of a thing's list, or else those that share the widest of its classes."""
    lists = list(_objects(contents, node, SKOS.IN_SCHEME))
    if lists:
        for each in lists:
            yield from _subjects(contents, SKOS.IN_SCHEME, each)
        return
    for each in _under(contents, _widest(contents, list(_objects(contents, node, RDF.TYPE)))):
        yield from _subjects(contents, RDF.TYPE, each)


def _widest(contents: Quads, classes: list[NamedNode]) -> list[NamedNode]:
    seen, found = list(classes), []
    for each in seen:  # grows while it is gone through
        above = [one for one in _objects(contents, each, RDFS.SUB_CLASS_OF) if one not in seen]
        seen += above
        if not any(True for _ in _objects(contents, each, RDFS.SUB_CLASS_OF)):
            found.append(each)
    return found


def _under(contents: Quads, classes: list[NamedNode]) -> list[NamedNode]:
    seen = list(classes)
    for each in seen:  # grows while it is gone through
        seen += [one for one in _subjects(contents, RDFS.SUB_CLASS_OF, each) if one not in seen]
    return seen


def _objects(contents: Quads, node: NamedNode, predicate: NamedNode) -> Iterator[NamedNode]:
    for quad in contents.quads_for_pattern(node, predicate, None):
        if isinstance(quad.object, NamedNode):
            yield quad.object


def _subjects(contents: Quads, predicate: NamedNode, value: NamedNode) -> Iterator[NamedNode]:
    for quad in contents.quads_for_pattern(None, predicate, value):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject
