"""Shared types for a change of the graph: quads, delta, provenance and commit."""

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
"""Maximum bytes of an author's name."""
LONGEST_REASON = 4096
"""Maximum bytes of a reason or a source."""


_VERSION = re.compile(r"v([0-9]{1,9})|([0-9]{1,7})")
"""Eight digits without a letter are a day in ISO 8601's basic format, so a bare number has at most seven."""


def version_number(text: str) -> int | None:
    """Return the number of a version, or None if the text is not a version.

    >>> version_number("v17"), version_number("17"), version_number("20260203")
    (17, 17, None)
    """
    match = _VERSION.fullmatch(text.strip())
    return int(match[1] or match[2]) if match else None


class Quads(Protocol):
    """A source of quads that answers patterns: a store, a snapshot, an overlay."""

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        """Yield the matching quads; ``None`` matches anything, as a graph too."""
        ...


@runtime_checkable
class Followed(Quads, Protocol):
    """Quads that change in place and call each follower with the quads that a commit adds."""

    followers: list[Callable[[Sequence[Quad]], None]]


class QuadSet(Quads, Protocol):
    """Quads that can also be tested for membership."""

    def __contains__(self, quad: Quad, /) -> bool:
        """Return whether the set holds the quad."""
        ...


class ChangeSet(Protocol):
    """Added and removed quads, in memory or in files."""

    @property
    def added(self) -> Collection[Quad]:
        """The added quads."""
        ...

    @property
    def removed(self) -> Collection[Quad]:
        """The removed quads."""
        ...


@dataclass(frozen=True)
class Delta:
    """The quads that a commit adds and removes. A quad in both is added."""

    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def inverse(self) -> "Delta":
        """Return the inverse of an effective delta (as in the log, where no quad is both added and removed).

        >>> quad = Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("b"))
        >>> Delta(added=(quad,)).inverse() == Delta(removed=(quad,))
        True
        """
        return Delta(added=self.removed, removed=self.added)


@dataclass(frozen=True)
class Provenance:
    """Who made a change, from what source, and why; ``is_admin`` allows withdrawing other agents' graphs.

    ``drafter`` is the author of a proposal that a curator accepts. Raises BadInput if a text is too long or
    holds a character that XML cannot represent.
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
    """A numbered change of the graph, as recorded in the log and the provenance graph.

    ``graphs`` lists the graphs it wrote, ``withdrawn`` those it removed completely; ``superseding`` pairs a
    new graph with the graph that it replaces. ``added`` and ``removed`` count the effective changes.
    ``drafter`` wrote the proposal that ``agent``, a curator, accepted.
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
