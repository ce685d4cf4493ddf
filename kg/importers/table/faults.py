"""What is wrong with a table: each fault with its line, column and value, all of them told at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kg.errors import JSON, Unreadable

MOST_TOLD = 100
"""Faults that are told one by one; of more, the number."""

_LONGEST_VALUE = 60


@dataclass(frozen=True)
class TableLine:
    """A line of a table: its number from 1, and in a workbook the place and the name of its sheet."""

    number: int
    sheet_number: int = 0
    sheet: str = ""

    def __str__(self) -> str:
        return f"sheet {self.sheet}, line {self.number}" if self.sheet else f"line {self.number}"

    @property
    def place(self) -> tuple[int, int]:
        """What lines are ordered by."""
        return self.sheet_number, self.number

    def members(self) -> dict[str, JSON]:
        """Give it as members of a problem document."""
        return {"line": self.number, **({"sheet": self.sheet} if self.sheet else {})}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where, with which value, and what to do about it."""

    line: TableLine
    column: str
    value: str
    wrong: str

    def sentence(self) -> str:
        """Say it in one sentence.

        >>> Fault(TableLine(4), "kind", "acusation", "the nearest is accusation").sentence()
        'In line 4, column kind, “acusation”: the nearest is accusation.'
        """
        place = [str(self.line), *([f"column {self.column}"] if self.column else [])]
        said = f", “{shortened(self.value)}”" if self.value else ""
        return f"In {', '.join(place)}{said}: {self.wrong}."

    def members(self) -> dict[str, JSON]:
        """Give it as members of a problem document."""
        return {
            **self.line.members(),
            "column": self.column or None,
            "value": self.value or None,
            "sentence": self.sentence(),
        }


def refusal(faults: Iterable[Fault]) -> Unreadable:
    """Make one error of all faults, in the order of the table."""
    found = sorted(set(faults), key=lambda fault: (fault.line.place, fault.column, fault.value, fault.wrong))
    told = found[:MOST_TOLD]
    sentences = [fault.sentence() for fault in told]
    if len(found) > 1:
        sentences.insert(0, f"{len(found)} faults, the first in {found[0].line}; nothing was taken.")
    if len(found) > MOST_TOLD:
        sentences.append(f"{len(found) - MOST_TOLD} more faults follow.")
    members: Sequence[JSON] = [fault.members() for fault in told]
    return Unreadable("\n".join(sentences), line=found[0].line.number, faults=members)


def nearest(word: str, words: Iterable[str]) -> str:
    """Say which of the real words is nearest, or which there are.

    >>> nearest("acusation", ["accusation", "praise"])
    'the nearest is accusation'
    """
    known = sorted(words)
    by_name = {name.lower(): name for name in known}
    if close := get_close_matches(word.lower(), by_name, n=1, cutoff=0.6):
        return f"the nearest is {by_name[close[0]]}"
    return f"there is {', '.join(known)}"


def shortened(text: str) -> str:
    """Write a value on one line and not too long."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_VALUE else f"{plain[: _LONGEST_VALUE - 1]}…"
