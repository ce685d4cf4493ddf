"""Finds the lines that stand in several chunks of a load, in memory that does not grow with the load.

The hash of each line goes to one of several files. Each is then looked at by itself for hashes that occur
twice. Hashes are Python's own: they hold in this process, which is all that is asked of them.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

_FILES = 16
_READ = 1 << 20
"""Hashes that are read at once."""


class Repetitions:
    """The hashes of the lines of a load, in files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"hashes-{number}" for number in range(_FILES)]

    def note(self, lines: Iterable[bytes]) -> None:
        """Take in the lines of a chunk."""
        self.note_numbers(map(hash, lines))

    def note_numbers(self, numbers: Iterable[int]) -> None:
        """Take in hashes of 64 bits that are known already."""
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
    """Yield lines, each once; ``suspects`` are the hashes of those that may occur again."""
    seen: set[bytes] = set()
    for some in lines:
        kept = []
        for line in some:
            if hash(line) in suspects:
                if line in seen:
                    continue
                seen.add(line)
            kept.append(line)
        yield kept


def _repeated(path: Path) -> Iterator[int]:
    """Yield the numbers of a file that occur again."""
    seen: set[int] = set()
    with path.open("rb") as file:
        while data := file.read(8 * _READ):
            for number in array("q", data):
                if number in seen:
                    yield number
                seen.add(number)
