"""Sources of a load, and its result."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from pyoxigraph import Quad

from kg.changes import Commit
from kg.errors import JSON
from kg.gate.reports import Report, warning_sentences

Progress: TypeAlias = Callable[[str, int, int | None], None]
"""Called with the step, the amount done, and the total if it is known."""


def unheard(_step: str, _done: int, _whole: int | None) -> None:
    """Ignore the progress."""


def no_quads() -> Iterable[Quad]:
    """Return no quads: most sources have none at their end."""
    return ()


@dataclass(frozen=True)
class LoadSource:
    """One file, or an importer's output for one.

    ``blocks`` yields blocks of whole N-Quads lines, and is called once. Triples in no graph go to ``graph``,
    and so do the quads of ``closing``, which is called after the last block. ``key`` is a hash (hex) of the
    content and of the version of its mapping: a source with the key of an earlier one adds nothing. ``size``
    is the number of bytes of all blocks, if known. ``normal`` names the graphs of a source whose lines are
    foreign vocabulary in the store's normal form, each once and in a graph.
    """

    name: str
    key: str
    graph: str
    blocks: Callable[[], Iterator[bytes]]
    closing: Callable[[], Iterable[Quad]] = no_quads
    size: int | None = None
    normal: frozenset[str] | None = None


@dataclass(frozen=True)
class Loaded:
    """Result of a load: its commit (None if all sources were already loaded), and sources already loaded."""

    commit: Commit | None
    report: Report = field(default_factory=Report)
    known: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    quads: int = 0

    def as_json(self) -> dict[str, JSON]:
        """Return the result as members of a JSON object."""
        return {
            "version": self.commit.version if self.commit else None,
            "graphs": list(self.graphs),
            "known": list(self.known),
            "quads": self.quads,
            "warnings": list(warning_sentences(self.report)),
        }
