"""Batches of a load that the gate judges one by one: whole records as they were sent, in files.

A node that one batch alone mentions needs no look at the rest of the load; the others are found by the hashes
of their names, which any process can compute.
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
"""Quads of a batch, about: some hundred bytes of memory each. Nodes of several batches cost look-ups."""
_SHARED = "shared"


@dataclass(frozen=True)
class Stores:
    """The store without a load and with it, and its version before."""

    before: Path
    after: Path
    version: int

    def arguments(self) -> list[str]:
        """Write it for a command line."""
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
        """Take in quads as they were sent, record by record."""
        for _subject, record in groupby(quads, attrgetter("subject")):
            self._waiting += record
            if len(self._waiting) >= LARGEST:
                self._write()

    def note(self, numbers: Iterable[int]) -> None:
        """Note the nodes that are mentioned elsewhere, by ``number``, each as often as it is mentioned."""
        self._nodes.note_numbers(numbers)

    def finish(self) -> AbstractSet[int]:
        """Write what is left, and return the numbers of the nodes that are mentioned several times."""
        self.flush()
        shared = self._nodes.suspects()
        with (self._folder / _SHARED).open("wb") as file:
            array("q", shared).tofile(file)
        return shared

    def flush(self) -> None:
        """Write what is left; it may come after ``finish`` if its nodes are among the shared ones."""
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
    """The nodes that several batches mention."""

    def __init__(self, folder: Path) -> None:
        self._numbers = frozenset(array("q", (folder / _SHARED).read_bytes()))

    def __contains__(self, node: object) -> bool:
        return not isinstance(node, NamedNode) or number(node.value.encode()) in self._numbers


def number(name: bytes) -> int:
    """Return a hash of the name of a node, of 64 bits; any process computes the same."""
    return int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True)


def _path(folder: Path, number: int) -> Path:
    return folder / f"batch-{number}.nq"
