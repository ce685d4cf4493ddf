"""SHACL property paths: as data, walked forwards and backwards, and as SPARQL text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from pyoxigraph import NamedNode

from kg.iris import compact

Node = TypeVar("Node")


class Links(Protocol[Node]):
    """A graph to walk in, with nodes of any type."""

    def objects(self, subject: Node, predicate: NamedNode, /) -> Iterable[Node]:
        """Return the values of a property."""
        ...

    def subjects(self, predicate: NamedNode, obj: Node, /) -> Iterable[Node]:
        """Return the subjects with a value for a property."""
        ...


@dataclass(frozen=True)
class Step:
    """One predicate, from subject to object or, if ``inverse``, from object to subject."""

    predicate: NamedNode
    inverse: bool = False


@dataclass(frozen=True)
class Sequence:
    """Paths one after another; an empty sequence stays at the node."""

    parts: tuple["Path", ...] = ()


@dataclass(frozen=True)
class Alternative:
    """Any one of several paths."""

    parts: tuple["Path", ...]


@dataclass(frozen=True)
class Repeat:
    """A repeated path: ``?`` (zero or one), ``*`` (zero or more), ``+`` (one or more)."""

    part: "Path"
    at_least: int
    many: bool = True


Path: TypeAlias = Step | Sequence | Alternative | Repeat
HERE = Sequence()


def joined(*paths: Path) -> Path:
    """Return the sequence of paths, flattened."""
    parts: list[Path] = []
    for path in paths:
        parts.extend(path.parts if isinstance(path, Sequence) else [path])
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))


def steps(path: Path) -> Iterator[tuple[Path, Step]]:
    """Yield each step of a path with the path before it."""
    match path:
        case Step():
            yield HERE, path
        case Sequence(parts):
            for index, part in enumerate(parts):
                for before, step in steps(part):
                    yield joined(*parts[:index], before), step
        case Alternative(parts):
            for part in parts:
                yield from steps(part)
        case Repeat(part, _, many):
            again = Repeat(part, 0) if many else HERE
            for before, step in steps(part):
                yield joined(again, before), step


def walk(view: Links[Node], path: Path, starts: Iterable[Node], *, backwards: bool = False) -> set[Node]:
    """Return all nodes that a path reaches from the starts; if backwards, all nodes from which it does."""
    reached = set(starts)
    match path:
        case Step(predicate, inverse):
            return {
                end for node in reached for end in _neighbours(view, predicate, node, inverse != backwards)
            }
        case Sequence(parts):
            for part in reversed(parts) if backwards else parts:
                reached = walk(view, part, reached, backwards=backwards)
            return reached
        case Alternative(parts):
            return set().union(*(walk(view, part, reached, backwards=backwards) for part in parts))
        case Repeat(part, at_least, many):
            return _repeated(view, part, reached, at_least, many, backwards)


def text(path: Path) -> str:
    """Return a path in SPARQL syntax.

    >>> text(Sequence((Step(NamedNode("urn:p"), inverse=True), Repeat(Step(NamedNode("urn:q")), 0))))
    '^<urn:p>/<urn:q>*'
    """
    match path:
        case Step(predicate, inverse):
            return ("^" if inverse else "") + compact(predicate.value)
        case Sequence(parts):
            return "/".join(_grouped(part) for part in parts)
        case Alternative(parts):
            return "|".join(_grouped(part) for part in parts)
        case Repeat(part, at_least, many):
            return _grouped(part) + ("+" if at_least else "*" if many else "?")


def _neighbours(view: Links[Node], predicate: NamedNode, node: Node, inverse: bool) -> Iterable[Node]:
    return view.subjects(predicate, node) if inverse else view.objects(node, predicate)


def _repeated(
    view: Links[Node], part: Path, starts: set[Node], at_least: int, many: bool, backwards: bool
) -> set[Node]:
    reached: set[Node] = set() if at_least else set(starts)
    frontier = starts
    while frontier:
        frontier = walk(view, part, frontier, backwards=backwards) - reached
        reached |= frontier
        if not many:
            break
    return reached


def _grouped(path: Path) -> str:
    simple = isinstance(path, Step) or (isinstance(path, Repeat) and isinstance(path.part, Step))
    return text(path) if simple else f"({text(path)})"
