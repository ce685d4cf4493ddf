"""Detection of lines that occur in several chunks of a load, in bounded memory.

The hash of each line goes to one of several files, each of which is then searched for repeated hashes. The
hashes are Python's own, which are stable only within this process; that is enough here.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

_FILES = 16
_READ = 1 << 20
"""Hashes read at a time."""


class Repetitions:
    """Hashes of the lines of a load, in files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"hashes-{number}" for number in range(_FILES)]

    def note(self, lines: Iterable[bytes]) -> None:
        """Add the lines of a chunk."""
        self.note_numbers(map(hash, lines))

    def note_numbers(self, numbers: Iterable[int]) -> None:
        """Add 64-bit hashes."""
        parts = [array("q") for _ in range(_FILES)]
        takes = [part.append for part in parts]
        for number in numbers:
            takes[number % _FILES](number)
        for path, part in zip(self._paths, parts, strict=True):
            with path.open("ab") as file:
                part.tofile(file)

    def suspects(self) -> set[int]:
        """Return the hashes that occur more than once."""
        return {number for path in self._paths for number in _repeated(path)}


def without_repetitions(lines: Iterable[list[bytes]], suspects: set[int]) -> Iterator[list[bytes]]:
    """Yield distinct lines; ``suspects`` are the hashes of lines that may be repeated."""
    line_set: set[bytes] = set()
    for some in lines:
        distinct_lines = []
        for line in some:
            if hash(line) in suspects:
                if line in line_set:
                    continue
                line_set.add(line)
            distinct_lines.append(line)
        yield distinct_lines


def _repeated(path: Path) -> Iterator[int]:
    """Yield the numbers that occur more than once in a file."""
    numbers: set[int] = set()
    with path.open("rb") as file:
        while data := file.read(8 * _READ):
            for number in array("q", data):
                if number in numbers:
                    yield number
                numbers.add(number)
