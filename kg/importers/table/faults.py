"""Faults of a table, each with its line, column and value; all are reported at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kg.errors import JSON, Unreadable
from kg.importers.table.bilingual import Bilingual

MOST_TOLD = 100
"""Maximum faults listed; the others are counted."""

_LONGEST_VALUE = 60


@dataclass(frozen=True)
class TableLine:
    """A line of a table: its number from 1, and in a workbook the number and name of its sheet."""

    number: int
    sheet_number: int = 0
    sheet: str = ""

    def told(self) -> Bilingual:
        """Return its name for messages."""
        if not self.sheet:
            return Bilingual(f"line {self.number}", f"línea {self.number}")
        return Bilingual(f"sheet {self.sheet}, line {self.number}", f"hoja {self.sheet}, línea {self.number}")

    @property
    def place(self) -> tuple[int, int]:
        """Sort key of lines."""
        return self.sheet_number, self.number

    def members(self) -> dict[str, JSON]:
        """Return it as members of a problem document."""
        return {"line": self.number, **({"sheet": self.sheet} if self.sheet else {})}


@dataclass(frozen=True)
class Fault:
    """One fault: its place and value, and what to do about it."""

    line: TableLine
    column: str
    value: str
    wrong: Bilingual

    def sentence(self, language: str = "en") -> str:
        """Return it as one sentence.

        >>> wrong = Bilingual("the nearest is accusation", "lo más parecido es accusation")
        >>> Fault(TableLine(4), "kind", "acusation", wrong).sentence("es")
        'En la línea 4, columna kind, “acusation”: lo más parecido es accusation.'
        """
        place = self.line.told().in_language(language)
        in_, column = ("En la", "columna") if language == "es" else ("In", "column")
        where = [f"{in_} {place}", *([f"{column} {self.column}"] if self.column else [])]
        if self.value:
            where.append(f"“{shortened(self.value)}”")
        return f"{', '.join(where)}: {self.wrong.in_language(language)}."

    def members(self) -> dict[str, JSON]:
        """Return it as members of a problem document."""
        return {
            **self.line.members(),
            "column": self.column or None,
            "value": self.value or None,
            "sentence": {language: self.sentence(language) for language in self.wrong.each()},
        }


def refusal(faults: Iterable[Fault]) -> Unreadable:
    """Return one error for all faults, in table order."""
    found = sorted(
        set(faults), key=lambda fault: (fault.line.place, fault.column, fault.value, fault.wrong.en)
    )
    members: Sequence[JSON] = [fault.members() for fault in found[:MOST_TOLD]]
    message = Bilingual(*(_sentences(found, language) for language in ("en", "es")))
    return unreadable(message, line=found[0].line.number, faults=members)


def unreadable(wrong: Bilingual, line: int | None = None, faults: Sequence[JSON] | None = None) -> Unreadable:
    """Return the error for an unreadable table, in both languages."""
    return Unreadable(wrong.en, line=line, sentence=wrong.each(), faults=faults)


def _sentences(faults: Sequence[Fault], language: str) -> str:
    sentences = [fault.sentence(language) for fault in faults[:MOST_TOLD]]
    first, more = faults[0].line.told(), len(faults) - MOST_TOLD
    if len(faults) > 1:
        sum_ = Bilingual(
            f"{len(faults)} faults, the first in {first.en}; nothing was stored.",
            f"{len(faults)} faltas, la primera en la {first.es}; no se aceptó nada.",
        )
        sentences.insert(0, sum_.in_language(language))
    if more > 0:
        others = Bilingual(f"{more} more faults follow.", f"Siguen {more} faltas más.")
        sentences.append(others.in_language(language))
    return "\n".join(sentences)


def nearest(word: str, words: Iterable[str]) -> Bilingual:
    """Return a hint with the most similar word, or the list of words.

    >>> nearest("acusation", ["accusation", "praise"]).en
    'the nearest is accusation'
    """
    word_list = list(words)
    if near := closest(word, word_list):
        return Bilingual(f"the nearest is {near}", f"lo más parecido es {near}")
    listed = ", ".join(sorted(word_list))
    return Bilingual(f"choose from {listed}", f"hay {listed}")


def closest(word: str, words: Iterable[str]) -> str | None:
    """Return the most similar word; None if no word is similar."""
    by_name = {name.lower(): name for name in sorted(words)}
    close = get_close_matches(word.lower(), by_name, n=1, cutoff=0.6)
    return by_name[close[0]] if close else None


def shortened(text: str) -> str:
    """Return a value on one line, shortened."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_VALUE else f"{plain[: _LONGEST_VALUE - 1]}…"
