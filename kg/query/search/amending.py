"""Changes of an index by quads: adds and removes names, and reorders things whose mentions change."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from kg.query.search.class_letters import ClassLetters
from kg.query.search.folding import fold
from kg.query.search.gathering import FactKey, Gathered, NameKey
from kg.query.search.indexed import FACTS
from kg.query.search.tables import first_row, list_name, next_row, unlist_name
from kg.terms import RDF


class _Thing(NamedTuple):
    id: int
    mentions: int
    classes: str


def amend(connection: sqlite3.Connection, gathered: Gathered) -> None:
    """Update an index from one version to another, within the caller's transaction."""
    _Amendment(connection).make(gathered)


class _Amendment:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}

    def make(self, gathered: Gathered) -> None:
        for key, step in gathered.facts.items():
            self._count_fact(key, step)
        retyped = {key.thing for key in gathered.facts if key.property == FACTS[RDF.TYPE]}
        moved = {iri for iri, step in gathered.mentions.items() if self._count_mentions(iri, step)}
        letters = ClassLetters(self._connection)
        for iri in sorted(retyped | moved):
            self._list_anew(self._thing(iri), letters)
        for name, step in gathered.names.items():
            self._count_name(name, step)
        self._forget(list(self._ids.values()))

    def _count_fact(self, key: FactKey, step: int) -> None:
        if step == 0:
            return
        thing = self._id(key.thing)
        value = self._id(key.value) if key.is_iri else key.value
        row = (thing, key.property, value, key.lang)
        self._connection.execute(
            "INSERT INTO fact VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (thing, property, value, lang) DO UPDATE SET count = count + excluded.count",
            (*row, step),
        )
        self._connection.execute(
            "DELETE FROM fact WHERE thing = ? AND property = ? AND value = ? AND lang = ? AND count <= 0", row
        )

    def _count_mentions(self, iri: str, step: int) -> bool:
        """Change the number of mentions of a thing; return whether its names move to other rows."""
        if step == 0:
            return False
        before = self._thing(iri)
        after = max(before.mentions + step, 0)
        self._connection.execute("UPDATE thing SET mentions = ? WHERE id = ?", (after, before.id))
        return first_row(before.mentions) != first_row(after)

    def _list_anew(self, thing: _Thing, letters: ClassLetters) -> None:
        """Enter the names of a thing again, with its new importance and classes."""
        names = self._connection.execute(
            "SELECT id, folded FROM name WHERE thing = ?", (thing.id,)
        ).fetchall()
        unlist_name(self._connection, ((row, folded, thing.classes) for row, folded in names))
        classes = letters.of_thing(thing.id)
        self._connection.execute("UPDATE thing SET classes = ? WHERE id = ?", (classes, thing.id))
        for row, folded in names:
            place = row
            if first_row(thing.mentions) != first_row_of(row):
                place = next_row(self._connection, thing.mentions)
                self._connection.execute("UPDATE name SET id = ? WHERE id = ?", (place, row))
            list_name(self._connection, [(place, folded, classes)])

    def _count_name(self, key: NameKey, step: int) -> None:
        if step == 0:
            return
        thing = self._thing(key.thing)
        found = self._connection.execute(
            "SELECT id, count, folded FROM name WHERE thing = ? AND kind = ? AND text = ? AND lang = ?",
            (thing.id, int(key.kind), key.text, key.lang),
        ).fetchone()
        if found is None:
            if step > 0:
                self._add_name(thing, key, step)
            return
        row, count, folded = found
        if count + step > 0:
            self._connection.execute("UPDATE name SET count = ? WHERE id = ?", (count + step, row))
        else:
            self._connection.execute("DELETE FROM name WHERE id = ?", (row,))
            unlist_name(self._connection, [(row, folded, thing.classes)])

    def _add_name(self, thing: _Thing, key: NameKey, count: int) -> None:
        row, folded = next_row(self._connection, thing.mentions), fold(key.text)
        self._connection.execute(
            "INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row, thing.id, int(key.kind), key.text, key.lang, folded, count),
        )
        list_name(self._connection, [(row, folded, thing.classes)])

    def _forget(self, things: Iterable[int]) -> None:
        """Remove those things that have no mentions, names or facts left."""
        self._connection.executemany(
            "DELETE FROM thing WHERE id = ?1 AND mentions = 0"
            " AND NOT EXISTS (SELECT 1 FROM name WHERE thing = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM fact WHERE thing = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM fact WHERE value = ?1 AND typeof(value) = 'integer')",
            ((thing,) for thing in things),
        )

    def _id(self, iri: str) -> int:
        if iri not in self._ids:
            self._ids[iri] = self._thing(iri).id
        return self._ids[iri]

    def _thing(self, iri: str) -> _Thing:
        found = self._connection.execute(
            "SELECT id, mentions, classes FROM thing WHERE iri = ?", (iri,)
        ).fetchone()
        if found is None:
            cursor = self._connection.execute("INSERT INTO thing (iri, mentions) VALUES (?, 0)", (iri,))
            found = (cursor.lastrowid, 0, "")
        self._ids[iri] = found[0]
        return _Thing(*found)


def first_row_of(row: int) -> int:
    """Return the first row of the block that contains a row."""
    return (row - 1 >> 32 << 32) + 1
