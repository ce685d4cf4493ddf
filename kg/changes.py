"""Small typed things that everyone shares: a change, who made it, and what it became."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.characters import check_text
from kg.errors import BadInput

Subject: TypeAlias = NamedNode | BlankNode | Triple
Object: TypeAlias = NamedNode | BlankNode | Literal | Triple
GraphName: TypeAlias = NamedNode | BlankNode | DefaultGraph


LONGEST_NAME = 256
"""Bytes of the name of an author."""
LONGEST_REASON = 4096
"""Bytes of a reason, and of a source."""


_VERSION = re.compile(r"v([0-9]{1,9})|([0-9]{1,7})")
"""Eight digits without a letter are a day, as ISO 8601 writes it in its basic format."""


def version_number(text: str) -> int | None:
    """Read the number of a version; None for a text that is none.

    >>> version_number("v17"), version_number("17"), version_number("20260203")
    (17, 17, None)
    """
    match = _VERSION.fullmatch(text.strip())
    return int(match[1] or match[2]) if match else None


class Quads(Protocol):
    """Anything that can be asked for quads: a store, a snapshot, a store with a delta laid over it."""

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the quads that match; ``None`` matches anything, for the graph too."""
        ...


@runtime_checkable
class Followed(Quads, Protocol):
    """Quads that change in place and pass what each commit adds to the followers."""

    followers: list[Callable[[Sequence[Quad]], None]]


class QuadSet(Quads, Protocol):
    """Quads that also answer whether one is there."""

    def __contains__(self, quad: Quad, /) -> bool:
        """Return whether the quad is there."""
        ...


class ChangeSet(Protocol):
    """Quads that are added and removed, in memory or in files."""

    @property
    def added(self) -> Collection[Quad]:
        """The quads that come."""
        ...

    @property
    def removed(self) -> Collection[Quad]:
        """The quads that go."""
        ...


@dataclass(frozen=True)
class Delta:
    """What a commit adds and removes. A quad in both is added."""

    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def inverse(self) -> "Delta":
        """Give what undoes an effective delta (one of the log's, in which nothing is both added and removed).

        >>> quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("b"))
        >>> Delta(added=(quad,)).inverse() == Delta(removed=(quad,))
        True
        """
        return Delta(added=self.removed, removed=self.added)


@dataclass(frozen=True)
class Provenance:
    """By whom a change was made, from what source, and why; ``is_admin`` may withdraw what others added.

    ``drafter`` names who proposed what a curator adds.

    Raises BadInput for a text that is too long, or that holds a character that XML cannot carry.
    """

    agent: str
    source: str | None = None
    reason: str | None = None
    is_admin: bool = False
    drafter: str | None = None

    def __post_init__(self) -> None:
        for text, what, longest in (
            (self.agent, "The name of the author", LONGEST_NAME),
            (self.drafter, "The name of the drafter", LONGEST_NAME),
            (self.source, "The source", LONGEST_REASON),
            (self.reason, "The reason", LONGEST_REASON),
        ):
            if text is not None and len(text.encode(errors="replace")) > longest:
                raise BadInput(f"{what} is longer than {longest} bytes; shorten it.")
            check_text(text or "", what)


@dataclass(frozen=True)
class Commit:
    """A numbered change of the graph, as the log and the provenance graph tell it.

    ``graphs`` are those it wrote, ``withdrawn`` those it took out whole; ``superseding`` pairs a new graph
    with one it replaces. ``added`` and ``removed`` count the facts that really came and went. ``drafter``
    proposed what ``agent``, a curator, accepted.
    """

    version: int
    time: datetime
    agent: str
    source: str | None
    reason: str | None
    graphs: tuple[str, ...]
    hash: str | None
    software: str
    warnings: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    superseding: tuple[tuple[str, str], ...] = ()
    added: int = 0
    removed: int = 0
    drafter: str | None = None
