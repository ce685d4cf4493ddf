"""Batches of a load, which the gate judges one by one: whole records as they were sent, in files.

A node that only one batch mentions needs no look-up in the rest of the load. Nodes in several batches are
found by hashes of their names, which every process computes alike.
"""

from array import array
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from kg.facts.loads.repetitions import Repetitions

LARGEST = 60_000
"""Approximate quads of a batch: some hundred bytes of memory each.

Nodes shared by several batches require look-ups.
"""
_SHARED = "shared"


@dataclass(frozen=True)
class Stores:
    """The store without a load and with it, and its version before."""

    before: Path
    after: Path
    version: int

    def arguments(self) -> list[str]:
        """Return it as command-line arguments."""
        return [str(self.before), str(self.after), str(self.version)]


class BatchWriter:
    """Writes the batches of a load to a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._waiting: list[Quad] = []
        self._nodes = Repetitions(folder)
        self.count = 0
        self.quads = 0

    def take(self, quads: Sequence[Quad]) -> None:
        """Add quads as they were sent, record by record."""
        for _subject, record in groupby(quads, attrgetter("subject")):
            self._waiting += record
            if len(self._waiting) >= LARGEST:
                self._write()

    def note(self, numbers: Iterable[int]) -> None:
        """Count mentions of nodes outside of batches, by ``number``, one per mention."""
        self._nodes.note_numbers(numbers)

    def finish(self) -> AbstractSet[int]:
        """Write the last batch, and return the numbers of nodes with several mentions."""
        self.flush()
        shared = self._nodes.suspects()
        with (self._folder / _SHARED).open("wb") as file:
            array("q", shared).tofile(file)
        return shared

    def flush(self) -> None:
        """Write buffered quads; may follow ``finish`` if their nodes are among the shared ones."""
        if self._waiting:
            self._write()

    def _write(self) -> None:
        serialize(self._waiting, str(_path(self._folder, self.count)), RdfFormat.N_QUADS)
        nodes = {node for quad in self._waiting for node in (quad.subject, quad.object)}
        self.note(number(node.value.encode()) for node in nodes if isinstance(node, NamedNode))
        self.count += 1
        self.quads += len(self._waiting)
        self._waiting = []


def read(folder: Path, number: int) -> tuple[Quad, ...]:
    """Return the quads of a batch."""
    return tuple(parse(path=str(_path(folder, number)), format=RdfFormat.N_QUADS))


class SharedNodes:
    """Nodes that several batches mention."""

    def __init__(self, folder: Path) -> None:
        self._numbers = frozenset(array("q", (folder / _SHARED).read_bytes()))

    def __contains__(self, node: object) -> bool:
        return not isinstance(node, NamedNode) or number(node.value.encode()) in self._numbers


def number(name: bytes) -> int:
    """Return a 64-bit hash of a node's name, the same in every process."""
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _path(folder: Path, number: int) -> Path:
    return folder / f"batch-{number}.nq"
