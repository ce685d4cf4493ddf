"""Sources of a load, and what became of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import Quad

from kg.changes import Commit
from kg.errors import JSON
from kg.gate.reports import Report, warning_sentences

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Hears the step, how much of it is done, and of how much, where that is known."""


def unheard(_step: str, _done: int, _whole: int | None) -> None:
    """Ignore the progress."""


def no_quads() -> Iterable[Quad]:
    """Return nothing: what most sources tell at their end."""
    return ()


@dataclass(frozen=True)
class LoadSource:
    """One file, or what an importer makes of one.

    ``blocks`` yields whole lines of N-Quads, of any number; it is called once. What names no graph goes to
    ``graph``, and so do the quads of ``closing``, which is called after the last block. ``key`` is a hash
    (hex) of the content and of the version of its mapping: the same key again adds nothing. ``size`` is the
    number of bytes of all blocks, where that is known.
    """

    name: str
    key: str
    graph: str
    blocks: Callable[[], Iterator[bytes]]
    closing: Callable[[], Iterable[Quad]] = no_quads
    size: int | None = None


@dataclass(frozen=True)
class Loaded:
    """What became of a load: its commit (None: all was there already), and the sources that were there."""

    commit: Commit | None
    report: Report = field(default_factory=Report)
    known: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    quads: int = 0

    def as_json(self) -> dict[str, JSON]:
        """Give the members that stand for it in an answer."""
        return {
            "version": self.commit.version if self.commit else None,
            "graphs": list(self.graphs),
            "known": list(self.known),
            "quads": self.quads,
            "warnings": list(warning_sentences(self.report)),
        }
