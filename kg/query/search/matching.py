"""Matching of a text with names: equal, beginning with it, containing it, or with typing errors."""

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
"""Names that one look-up reads: for each thing needed, and at least; a thing has several names."""
MOST_WORDS = 16
"""Maximum words of a text that are searched."""
MOST_MISSPELT = 4
"""Maximum words, possibly misspelt, by which names are looked up; the names found are compared whole."""
MOST_GRAMS = 8
"""Maximum trigrams that are looked up together, the rarest; the names found are compared whole."""
MOST_GRAMS_OF_SIMILAR = 4
"""The same for each way in which a word may be misspelt."""
ROWS_OF_SIMILAR = 300
"""Maximum names that are compared with a text that may be misspelt."""
ROWS_OF_BEGINNING = 1000
"""Names read that begin with a single letter: the same number for each page, so that no name repeats."""
FEW = 5
"""Number of hits below which a search also looks inside words, then for similar names."""
SHORTEST_WITH_ERROR = 4
SHORTEST_WITH_TWO = 8
"""Minimum letters of a word in which one error is forgiven, and in which two are."""

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
    """A name in the index, and how often its thing is mentioned."""

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
    """Words of a similar name that the text does not have."""

    @property
    def order(self) -> tuple[int, ...]:
        """Sort key: by fit, names before quoted words, then by importance."""
        is_words = self.name.kind >= NameKind.QUOTED
        return (
            *(self.tier, self.edits, is_words, self.more_words, -self.name.mentions),
            *(self.name.kind, len(self.name.folded), self.name.thing),
        )


@dataclass(frozen=True)
class FoldedText:
    """A folded search text, and the letters of the classes to search in."""

    words: tuple[str, ...]
    letters: tuple[str, ...] = ()
    is_narrowed: bool = False
    needed: int = 20

    @classmethod
    def of(
        cls, connection: sqlite3.Connection, text: str, classes: Collection[str] = (), needed: int = 20
    ) -> "FoldedText":
        """Fold a text; ``classes`` are IRIs and include their subclasses; ``needed`` counts things."""
        numbers = (connection.execute("SELECT number FROM class WHERE iri = ?", (each,)) for each in classes)
        letters = tuple(class_letter(row[0]) for found in numbers for row in found)
        return cls(tuple(fold(text).split()[:MOST_WORDS]), letters, bool(classes), needed)

    @property
    def rows(self) -> int:
        """The number of names that one look-up reads."""
        return LEAST_ROWS + ROWS_EACH * self.needed

    @property
    def folded(self) -> str:
        """The words as in a folded name."""
        return " ".join(self.words)

    def tier_of(self, folded: str) -> Tier | None:
        """Return how a folded name fits without typing errors; None if it does not."""
        if folded == self.folded:
            return Tier.EXACT
        padded = f" {folded} "
        if all(f" {word} " in padded for word in self.words):
            return Tier.WORDS
        if all(f" {word}" in padded for word in self.words):
            return Tier.PREFIX
        return Tier.WITHIN if all(word in padded for word in self.words) else None

    def edits_to(self, folded: str) -> int | None:
        """Count the typing errors between this text and the words of a name; None if there are too many."""
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


def find(connection: sqlite3.Connection, query: FoldedText) -> list[Match]:
    """Return the things that a text names, best first, each with the name that fits best."""
    found: dict[int, Match] = {}
    if not query.words or (query.is_narrowed and not query.letters):
        return []
    _take(found, query, _exact(connection, query))
    for expression in _fitting(connection, query):
        if len(found) < query.needed:
            _take(found, query, _looked_up(connection, query, expression))
    if len(query.words) == 1 and len(query.words[0]) == 1:
        _take(found, query, _beginning(connection, query))
    if _is_short_of(found):
        for expression in _within(connection, query):
            _take(found, query, _looked_up(connection, query, expression))
    if _is_short_of(found):
        for expression in _similar(connection, query):
            if not found:
                _take_similar(found, query, _looked_up(connection, query, expression, ROWS_OF_SIMILAR))
    return sorted(found.values(), key=lambda match: match.order)


def _is_short_of(matches: Mapping[int, Match]) -> bool:
    """Return whether to forgive more: few things are found, and none with exactly this name."""
    return len(matches) < FEW and all(match.tier != Tier.EXACT for match in matches.values())


def _take(matches: dict[int, Match], query: FoldedText, rows: Iterable[NameRow]) -> None:
    for row in rows:
        if (tier := query.tier_of(row.folded)) is not None:
            _keep(matches, Match(row, tier))


def _take_similar(matches: dict[int, Match], query: FoldedText, rows: Iterable[NameRow]) -> None:
    for row in rows:
        if edits := query.edits_to(row.folded):
            more = abs(len(row.folded.split()) - len(query.words))
            _keep(matches, Match(row, Tier.SIMILAR, edits, more))


def _keep(matches: dict[int, Match], match: Match) -> None:
    earlier = matches.get(match.name.thing)
    if earlier is None or match.order < earlier.order:
        matches[match.name.thing] = match


def _exact(connection: sqlite3.Connection, query: FoldedText) -> Iterator[NameRow]:
    narrowed, letters = _narrowing(query)
    return map(NameRow._make, connection.execute(_EXACT % narrowed, (query.folded, *letters, query.rows)))


def _beginning(connection: sqlite3.Connection, query: FoldedText) -> Iterator[NameRow]:
    """Yield names by a single first letter, which makes no trigram."""
    narrowed, letters = _narrowing(query)
    bounds = (query.folded, query.folded + _LAST)
    rows = connection.execute(_BEGINNING % narrowed, (*bounds, *letters, ROWS_OF_BEGINNING))
    return map(NameRow._make, rows)


def _narrowing(query: FoldedText) -> tuple[str, tuple[str, ...]]:
    if not query.letters:
        return "1", ()
    return f"({' OR '.join(['instr(thing.classes, ?)'] * len(query.letters))})", query.letters


def _looked_up(
    connection: sqlite3.Connection, query: FoldedText, expression: str, rows: int | None = None
) -> Iterator[NameRow]:
    """Yield the names that an expression of trigrams finds, up to ``rows`` or the number needed."""
    among = " OR ".join(map(_quoted, query.letters))
    text = f"({expression}) AND ({among})" if among else expression
    return map(NameRow._make, connection.execute(_LOOK_UP, (text, rows or query.rows)))


def _fitting(connection: sqlite3.Connection, query: FoldedText) -> Iterator[str]:
    """Yield expressions for names that have the words, then for names with words that begin with them."""
    for ends in (" ", ""):
        if expression := _all_of(connection, [f" {word}{ends}" for word in query.words]):
            yield expression


def _within(connection: sqlite3.Connection, query: FoldedText) -> Iterator[str]:
    """Yield the expression for names that contain the words anywhere."""
    if expression := _all_of(connection, query.words):
        yield expression


def _all_of(connection: sqlite3.Connection, texts: Iterable[str]) -> str:
    """Return the expression for a name that contains some texts: by their rarest trigrams."""
    grams = {gram for text in texts for gram in _grams(text)}
    return _together(grams, _frequencies(connection, grams), MOST_GRAMS)


def _frequencies(connection: sqlite3.Connection, grams: Collection[str]) -> Mapping[str, int]:
    """Return the number of names with each trigram when the index was built; 0 for a new trigram."""
    marks = ", ".join("?" * len(grams))
    return dict(connection.execute(f"SELECT gram, rows FROM gram WHERE gram IN ({marks})", [*grams]))


def _together(grams: Collection[str], frequencies: Mapping[str, int], most: int) -> str:
    """Return the expression for a name that contains the rarest of some trigrams, at most ``most``."""
    rarest = sorted(grams, key=lambda gram: (frequencies.get(gram, 0), gram))
    return " AND ".join(map(_quoted, rarest[:most]))


def _similar(connection: sqlite3.Connection, query: FoldedText) -> Iterator[str]:
    """Yield expressions for names in which each word may be misspelt: with one error, then with two.

    One error changes two neighbouring letters at most, so the parts of the word before and after these are in
    the name; with two errors, one of three parts of the word is unchanged.
    """
    words = query.words[:MOST_MISSPELT]
    for most in range(1, 1 + max(map(_forgiven, words))):
        either = [_similar_word(connection, word, min(most, _forgiven(word))) for word in words]
        if expression := " AND ".join(f"({each})" for each in either if each):
            yield expression


def _similar_word(connection: sqlite3.Connection, word: str, errors: int) -> str:
    """Return the expression for a name with a word, perhaps misspelt; empty if the word is too short."""
    parts_kept = [(f" {word}",), *_kept_parts(word, errors)]
    choices = [{gram for part in parts for gram in _grams(part)} for parts in parts_kept]
    frequencies = _frequencies(connection, set().union(*choices))
    expressions = {_together(choice, frequencies, MOST_GRAMS_OF_SIMILAR) for choice in choices if choice}
    return " OR ".join(f"({each})" for each in sorted(expressions))


def _kept_parts(word: str, errors: int) -> Iterator[tuple[str, ...]]:
    """Yield, for each position of the errors, the parts of a word that they leave unchanged."""
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
    """Return a trigram as a quoted string of the full-text query language."""
    return f'"{re.sub(chr(34), chr(34) * 2, gram)}"'
