"""What is found for a text: names that are it, begin with it, hold it, or differ from it by typing errors."""

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from kg.query.search.edits import edits_between
from kg.query.search.folding import fold
from kg.query.search.indexed import NameKind
from kg.query.search.tables import class_letter

ROWS_EACH, LEAST_ROWS = 4, 60
"""Names that one look-up reads for each thing that is needed, and at least: a thing has several names."""
MOST_WORDS = 16
"""Words of a text that are searched."""
MOST_MISSPELT = 4
"""Words of a text by which names are looked up that may be misspelt; the names found are compared whole."""
MOST_GRAMS = 8
"""Trigrams that are looked up together, the rarest; the names found are compared whole."""
MOST_GRAMS_OF_SIMILAR = 4
"""The same for each of the ways in which a word may be misspelt."""
ROWS_OF_SIMILAR = 300
"""Names that are compared with a text that may be misspelt."""
ROWS_OF_BEGINNING = 1000
"""Names read that begin with a single letter: as many for each page of an answer, so that none repeats."""
FEW = 5
"""Of fewer things found, names that hold the text within words are looked up, then similar ones."""
SHORTEST_WITH_ERROR = 4
SHORTEST_WITH_TWO = 8
"""Letters of a word in which one error is forgiven, and two."""

_COLUMNS = "name.id, name.thing, name.kind, name.text, name.lang, name.folded, thing.mentions"
_LOOK_UP = f"""SELECT {_COLUMNS} FROM trigram CROSS JOIN name ON name.id = trigram.rowid
CROSS JOIN thing ON thing.id = name.thing WHERE trigram MATCH ? ORDER BY trigram.rowid LIMIT ?"""
_EXACT = f"""SELECT {_COLUMNS} FROM name CROSS JOIN thing ON thing.id = name.thing
WHERE name.folded = ? AND name.kind < 2 AND %s ORDER BY name.id LIMIT ?"""
_BEGINNING = f"""SELECT {_COLUMNS} FROM name CROSS JOIN thing ON thing.id = name.thing
WHERE name.folded >= ? AND name.folded < ? AND name.kind < 2 AND %s LIMIT ?"""
_LAST = "\U0010ffff"


class Tier(IntEnum):
    """How well a name fits a text, best first."""

    EXACT = 0
    WORDS = 1
    PREFIX = 2
    WITHIN = 3
    SIMILAR = 4


class NameRow(NamedTuple):
    """A name as the index has it, and how often its thing is mentioned."""

    row: int
    thing: int
    kind: int
    text: str
    lang: str
    folded: str
    mentions: int


@dataclass(frozen=True)
class Match:
    """A name that fits a text, and how well; ``edits`` counts the typing errors."""

    name: NameRow
    tier: Tier
    edits: int = 0
    more_words: int = 0
    """Words that a name similar to the text has, and the text has not."""

    @property
    def order(self) -> tuple[int, ...]:
        """Sorts matches: by how well they fit, names before words quoted, then by importance."""
        is_words = self.name.kind >= NameKind.QUOTED
        return (
            *(self.tier, self.edits, is_words, self.more_words, -self.name.mentions),
            *(self.name.kind, len(self.name.folded), self.name.thing),
        )


@dataclass(frozen=True)
class FoldedText:
    """A text to be found, folded, and the letters of the classes that it is to be found among."""

    words: tuple[str, ...]
    letters: tuple[str, ...] = ()
    is_narrowed: bool = False
    needed: int = 20

    @classmethod
    def of(
        cls, connection: sqlite3.Connection, text: str, classes: Collection[str] = (), needed: int = 20
    ) -> "FoldedText":
        """Fold a text; classes are IRIs, and stand for those below them too; ``needed`` counts things."""
        numbers = (connection.execute("SELECT number FROM class WHERE iri = ?", (each,)) for each in classes)
        letters = tuple(class_letter(row[0]) for found in numbers for row in found)
        return cls(tuple(fold(text).split()[:MOST_WORDS]), letters, bool(classes), needed)

    @property
    def rows(self) -> int:
        """How many names one look-up reads."""
        return LEAST_ROWS + ROWS_EACH * self.needed

    @property
    def folded(self) -> str:
        """The words as a name would be folded."""
        return " ".join(self.words)

    def tier_of(self, folded: str) -> Tier | None:
        """Say how a folded name fits without typing errors; None if it does not."""
        if folded == self.folded:
            return Tier.EXACT
        padded = f" {folded} "
        if all(f" {word} " in padded for word in self.words):
            return Tier.WORDS
        if all(f" {word}" in padded for word in self.words):
            return Tier.PREFIX
        return Tier.WITHIN if all(word in padded for word in self.words) else None

    def edits_to(self, folded: str) -> int | None:
        """Count the typing errors that lie between this and the words of a name; None for too many."""
        others, total = set(folded.split()), 0
        for word in self.words:
            if word not in others:
                most = _forgiven(word)
                near = (other for other in others if abs(len(other) - len(word)) <= most)
                edits = min((edits_between(word, other, most) for other in near), default=most + 1)
                if edits > most:
                    return None
                total += edits
        return total


def find(connection: sqlite3.Connection, wanted: FoldedText) -> list[Match]:
    """Find the things that a text names, best first, each by the name that fits best."""
    found: dict[int, Match] = {}
    if not wanted.words or (wanted.is_narrowed and not wanted.letters):
        return []
    _take(found, wanted, _exact(connection, wanted))
    for expression in _fitting(connection, wanted):
        if len(found) < wanted.needed:
            _take(found, wanted, _looked_up(connection, wanted, expression))
    if len(wanted.words) == 1 and len(wanted.words[0]) == 1:
        _take(found, wanted, _beginning(connection, wanted))
    if _is_short_of(found):
        for expression in _within(connection, wanted):
            _take(found, wanted, _looked_up(connection, wanted, expression))
    if _is_short_of(found):
        for expression in _similar(connection, wanted):
            if not found:
                _take_similar(found, wanted, _looked_up(connection, wanted, expression, ROWS_OF_SIMILAR))
    return sorted(found.values(), key=lambda match: match.order)


def _is_short_of(found: Mapping[int, Match]) -> bool:
    """Return whether more should be forgiven: few things are found, and none of exactly this name."""
    return len(found) < FEW and all(match.tier != Tier.EXACT for match in found.values())


def _take(found: dict[int, Match], wanted: FoldedText, rows: Iterable[NameRow]) -> None:
    for row in rows:
        if (tier := wanted.tier_of(row.folded)) is not None:
            _keep(found, Match(row, tier))


def _take_similar(found: dict[int, Match], wanted: FoldedText, rows: Iterable[NameRow]) -> None:
    for row in rows:
        if edits := wanted.edits_to(row.folded):
            more = abs(len(row.folded.split()) - len(wanted.words))
            _keep(found, Match(row, Tier.SIMILAR, edits, more))


def _keep(found: dict[int, Match], match: Match) -> None:
    known = found.get(match.name.thing)
    if known is None or match.order < known.order:
        found[match.name.thing] = match


def _exact(connection: sqlite3.Connection, wanted: FoldedText) -> Iterator[NameRow]:
    narrowed, letters = _narrowing(wanted)
    return map(NameRow._make, connection.execute(_EXACT % narrowed, (wanted.folded, *letters, wanted.rows)))


def _beginning(connection: sqlite3.Connection, wanted: FoldedText) -> Iterator[NameRow]:
    """Look up names by a single first letter, which makes no trigram."""
    narrowed, letters = _narrowing(wanted)
    bounds = (wanted.folded, wanted.folded + _LAST)
    rows = connection.execute(_BEGINNING % narrowed, (*bounds, *letters, ROWS_OF_BEGINNING))
    return map(NameRow._make, rows)


def _narrowing(wanted: FoldedText) -> tuple[str, tuple[str, ...]]:
    if not wanted.letters:
        return "1", ()
    return f"({' OR '.join(['instr(thing.classes, ?)'] * len(wanted.letters))})", wanted.letters


def _looked_up(
    connection: sqlite3.Connection, wanted: FoldedText, expression: str, rows: int | None = None
) -> Iterator[NameRow]:
    """Look names up by an expression of trigrams, as many as are needed or so many."""
    among = " OR ".join(map(_quoted, wanted.letters))
    text = f"({expression}) AND ({among})" if among else expression
    return map(NameRow._make, connection.execute(_LOOK_UP, (text, rows or wanted.rows)))


def _fitting(connection: sqlite3.Connection, wanted: FoldedText) -> Iterator[str]:
    """Yield the expressions for names that have the words, and that have words which begin with them."""
    for ends in (" ", ""):
        if expression := _all_of(connection, [f" {word}{ends}" for word in wanted.words]):
            yield expression


def _within(connection: sqlite3.Connection, wanted: FoldedText) -> Iterator[str]:
    """Yield the expression for names that hold the words anywhere."""
    if expression := _all_of(connection, wanted.words):
        yield expression


def _all_of(connection: sqlite3.Connection, texts: Iterable[str]) -> str:
    """Write that a name holds some texts: by the rarest of their trigrams."""
    grams = {gram for text in texts for gram in _grams(text)}
    return _together(grams, _frequencies(connection, grams), MOST_GRAMS)


def _frequencies(connection: sqlite3.Connection, grams: Collection[str]) -> Mapping[str, int]:
    """Return in how many names each trigram was when the index was built; a new one is in none."""
    marks = ", ".join("?" * len(grams))
    return dict(connection.execute(f"SELECT gram, rows FROM gram WHERE gram IN ({marks})", [*grams]))


def _together(grams: Collection[str], frequencies: Mapping[str, int], most: int) -> str:
    """Write that a name holds the rarest of some trigrams, so many at most."""
    rarest = sorted(grams, key=lambda gram: (frequencies.get(gram, 0), gram))
    return " AND ".join(map(_quoted, rarest[:most]))


def _similar(connection: sqlite3.Connection, wanted: FoldedText) -> Iterator[str]:
    """Yield the expressions for names in which each word may be misspelt: by one error, then by two.

    One error touches two neighbouring letters at most, so what stands before and after some two letters is
    in the name; of two errors, one of three parts of the word is free.
    """
    words = wanted.words[:MOST_MISSPELT]
    for most in range(1, 1 + max(map(_forgiven, words))):
        either = [_similar_word(connection, word, min(most, _forgiven(word))) for word in words]
        if expression := " AND ".join(f"({each})" for each in either if each):
            yield expression


def _similar_word(connection: sqlite3.Connection, word: str, errors: int) -> str:
    """Write that a name has a word, perhaps misspelt; empty if the word is too short to tell."""
    parts_kept = [(f" {word}",), *_kept_parts(word, errors)]
    choices = [{gram for part in parts for gram in _grams(part)} for parts in parts_kept]
    frequencies = _frequencies(connection, set().union(*choices))
    written = {_together(choice, frequencies, MOST_GRAMS_OF_SIMILAR) for choice in choices if choice}
    return " OR ".join(f"({each})" for each in sorted(written))


def _kept_parts(word: str, errors: int) -> Iterator[tuple[str, ...]]:
    """Yield the parts of a word that so many errors may leave alone."""
    if errors == 1:
        for place in range(len(word) - 1):
            yield f" {word[:place]}", f"{word[place + 2 :]} "
    if errors == 2:
        third = len(word) // 3
        yield (f" {word[:third]}",)
        yield (word[third : len(word) - third],)
        yield (f"{word[len(word) - third :]} ",)


def _forgiven(word: str) -> int:
    """Return how many typing errors are forgiven in a word; none in a number."""
    if len(word) < SHORTEST_WITH_ERROR or word.isdigit():
        return 0
    return 2 if len(word) >= SHORTEST_WITH_TWO else 1


def _grams(text: str) -> Iterator[str]:
    return (text[place : place + 3] for place in range(len(text) - 2))


def _quoted(gram: str) -> str:
    """Write a trigram as a string of the full-text query language, in which nothing has a meaning."""
    return f'"{re.sub(chr(34), chr(34) * 2, gram)}"'
