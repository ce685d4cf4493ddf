"""What is wrong with a table: each fault with its line, column and value, all of them told at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kg.errors import JSON, Unreadable

MOST_TOLD = 100
"""Faults that are told one by one; of more, the number."""

_LONGEST_VALUE = 60


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong: where, with which value, and what to do about it."""

    line: int
    column: str
    value: str
    wrong: str

    def sentence(self) -> str:
        """Say it in one sentence.

        >>> Fault(4, "kind", "acusation", "there is no such kind; the nearest is accusation").sentence()
        'In line 4, column kind, “acusation”: there is no such kind; the nearest is accusation.'
        """
        place = [f"line {self.line}", *([f"column {self.column}"] if self.column else [])]
        said = f", “{shortened(self.value)}”" if self.value else ""
        return f"In {', '.join(place)}{said}: {self.wrong}."

    def members(self) -> dict[str, JSON]:
        """Give it as members of a problem document."""
        return {
            "line": self.line,
            "column": self.column or None,
            "value": self.value or None,
            "sentence": self.sentence(),
        }


def refusal(faults: Iterable[Fault]) -> Unreadable:
    """Make one error of all faults, in the order of the table."""
    found = sorted(set(faults))
    told = found[:MOST_TOLD]
    sentences = [fault.sentence() for fault in told]
    if len(found) > 1:
        sentences.insert(0, f"{len(found)} faults, the first in line {found[0].line}; nothing was taken.")
    if len(found) > MOST_TOLD:
        sentences.append(f"{len(found) - MOST_TOLD} more faults follow.")
    members: Sequence[JSON] = [fault.members() for fault in told]
    return Unreadable("\n".join(sentences), line=found[0].line, faults=members)


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
