"""Examples of the uniform records of a load.

Decides which examples are representative, and which other records must be judged.

An example is representative if only its own lines mention its node, and if the gate finds no fault in it. A
record like a representative example needs no judgement; the others go to the batches of the load.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.changes import Quads
from kg.facts.loads.batches import BatchWriter, number
from kg.facts.loads.uniform import UniformRecord, UniformRecords, records
from kg.gate.reports import Violation
from kg.gate.uniform_records import UniformClass
from kg.store import bulk_file
from kg.store.bulk_file import BulkFileWriter

MOST_DOUBTFUL = 50_000
"""Maximum further records that are judged if an example has errors: the load is rejected anyway."""
_READ = 1 << 20


class Examples:
    """The uniform records of a load, in files beside its batches; ``base`` is the store before the load."""

    def __init__(
        self, folder: Path, classes: Sequence[UniformClass], base: Quads, batches: BatchWriter
    ) -> None:
        self._classes = classes
        self._base = base
        self._batches = batches
        self._examples = _RecordFile(folder / "examples")
        self._alike = _RecordFile(folder / "alike")

    def take(self, examples: Sequence[UniformRecord], alike: Iterable[UniformRecord]) -> None:
        """Add records of a chunk; the examples are already in the batches."""
        self._examples.add(examples)
        new = []
        for record in alike:
            if self._is_new(record):
                new.append(record)
            else:
                self._judge(record)
        self._alike.add(new)
        self._batches.note(number(record.node[1:-1]) for record in new)

    def complete(self, shared: AbstractSet[int], after: Quads) -> None:
        """Add to the batches the records whose node, or whose example's node, is mentioned elsewhere.

        ``shared`` are the numbers of nodes with several mentions; ``after`` is the store with the load.
        """
        self._examples.finish()
        self._alike.finish()
        uniform_records, is_any_lost = UniformRecords(self._classes, ""), False
        for record in self._examples.records():
            if _is_all_of(record, after):
                uniform_records.is_alike(record)
            else:
                is_any_lost = True
        if not is_any_lost and not self._alike.has(shared):
            return
        for record in self._alike.records():
            if number(record.node[1:-1]) in shared or not uniform_records.is_alike(record):
                self._judge(record)

    def leave_doubtful(self, violations: Iterable[Violation]) -> None:
        """Add to the batches the records like an example that has a violation."""
        violations = list(violations)
        nodes = {
            str(node).encode() for each in violations for node in (each.focus, each.value) if _is_name(node)
        }
        failing, is_any = UniformRecords(self._classes, ""), False
        for record in self._examples.records():
            if record.node in nodes:
                failing.is_alike(record)
                is_any = True
        doubtful = filter(failing.shares, self._alike.records() if is_any else ())
        is_refused = any(each.severity == "error" for each in violations)
        for record in islice(doubtful, MOST_DOUBTFUL if is_refused else None):
            self._judge(record)

    def close(self) -> None:
        """Close the files, complete or not."""
        self._examples.close()
        self._alike.close()

    def _is_new(self, record: UniformRecord) -> bool:
        node = NamedNode(record.node[1:-1].decode())
        patterns = ((node, None, None), (None, None, node))
        return all(next(self._base.quads_for_pattern(*each), None) is None for each in patterns)

    def _judge(self, record: UniformRecord) -> None:
        self._batches.take(tuple(parse(b"".join(record.lines), RdfFormat.N_QUADS)))


class _RecordFile:
    """A compressed file of records, and another with the numbers of their nodes."""

    def __init__(self, path: Path) -> None:
        self._path, self._numbers = path.with_suffix(".zst"), path.with_suffix(".numbers")
        self._writer = BulkFileWriter(self._path)

    def add(self, some: Sequence[UniformRecord]) -> None:
        """Write records."""
        self._writer.write(b"".join(chain.from_iterable(record.lines for record in some)), len(some))
        with self._numbers.open("ab") as file:
            array("q", [number(record.node[1:-1]) for record in some]).tofile(file)

    def finish(self) -> None:
        """Complete the file."""
        self._writer.finish()
        self._writer.close()

    def close(self) -> None:
        """Close the file, complete or not."""
        self._writer.close()

    def records(self) -> Iterator[UniformRecord]:
        """Yield the records."""
        return records(line for lines in bulk_file.read(self._path) for line in lines)

    def has(self, shared: AbstractSet[int]) -> bool:
        """Return True if one of the numbers is that of a node in the file."""
        if not self._numbers.exists():
            return False
        with self._numbers.open("rb") as file:
            while data := file.read(8 * _READ):
                if not shared.isdisjoint(array("q", data)):
                    return True
        return False


def _is_all_of(record: UniformRecord, contents: Quads) -> bool:
    """Return True if only this record mentions its node."""
    node = NamedNode(record.node[1:-1].decode())
    quad_count = sum(1 for _ in contents.quads_for_pattern(node, None, None))
    return (
        quad_count == len(record.lines) and next(contents.quads_for_pattern(None, None, node), None) is None
    )


def _is_name(node: object) -> bool:
    return isinstance(node, NamedNode)
