"""Build of the index from the store: one pass over the quads, then operations on whole tables.

Intermediate data is in tables of the file, not in memory, so a large graph takes only time and disk.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias, TypeVar

from pyoxigraph import Quad

from kg.query.search.class_letters import ClassLetters
from kg.query.search.folding import fold
from kg.query.search.gathering import Gathered
from kg.query.search.indexed import FACTS
from kg.query.search.tables import (
    INDEX_OF_THINGS,
    INDEXES,
    TABLES,
    IndexStanding,
    first_row,
    list_name,
    open_to_write,
    run,
    write_standing,
)
from kg.store.log import sync_folder as sync
from kg.terms import RDF

Note: TypeAlias = Callable[[str], None]
T = TypeVar("T")

STEP = 50_000
"""Quads that are processed at a time."""

_READ = """
CREATE TABLE read_name (thing TEXT, kind INTEGER, text TEXT, lang TEXT, folded TEXT, count INTEGER);
CREATE TABLE read_fact (thing TEXT, property INTEGER, value TEXT, is_iri INTEGER, lang TEXT, count INTEGER);
CREATE TABLE read_mention (iri TEXT, count INTEGER);
"""
_THINGS = """
INSERT INTO thing (iri, mentions) SELECT iri, sum(count) FROM (
  SELECT iri, count FROM read_mention
  UNION ALL SELECT thing, 0 FROM read_name UNION ALL SELECT thing, 0 FROM read_fact
  UNION ALL SELECT value, 0 FROM read_fact WHERE is_iri
) GROUP BY iri;
DROP TABLE read_mention;
"""
_FACTS = """
INSERT INTO fact SELECT subject.id, property, CASE WHEN is_iri THEN object.id ELSE value END, lang, sum(count)
FROM read_fact JOIN thing AS subject ON subject.iri = read_fact.thing
LEFT JOIN thing AS object ON is_iri AND object.iri = value GROUP BY 1, 2, 3, 4;
DROP TABLE read_fact;
"""
_TYPED = f"""
SELECT thing, group_concat(value) FROM fact
WHERE property = {FACTS[RDF.TYPE]} AND typeof(value) = 'integer' GROUP BY thing"""
_NAMES = """
SELECT thing.id, kind, text, lang, folded, sum(count), mentions, classes
FROM read_name JOIN thing ON thing.iri = read_name.thing
GROUP BY thing.id, kind, text, lang ORDER BY mentions DESC, thing.id, kind"""
_GRAMS = """
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, trigram, row);
INSERT INTO gram SELECT term, doc FROM vocabulary;
DROP TABLE vocabulary;
"""


def build(path: Path, quads: Iterable[Quad], standing: IndexStanding, note: Note) -> None:
    """Write an index of quads to a file that does not exist yet; raises sqlite3.Error and OSError.

    The index is complete and durable on return. ``note`` is called with the progress.
    """
    connection = open_to_write(path)
    try:
        run(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
        run(connection, TABLES + _READ)
        _read(connection, quads, note)
        note("sorting what was read")
        _arrange(connection)
        _list_names(connection, note)
        note("counting trigrams of names")
        connection.execute("INSERT INTO trigram (trigram) VALUES ('optimize')")
        run(connection, _GRAMS)
        write_standing(connection, standing)
        run(connection, "COMMIT; PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    sync(path)


def _read(connection: sqlite3.Connection, quads: Iterable[Quad], note: Note) -> None:
    """Store what the quads say, unsorted."""
    count = 0
    for step in chunks(quads, STEP):
        gathered = Gathered()
        gathered.add(step)
        count += len(step)
        connection.executemany(
            "INSERT INTO read_name VALUES (?, ?, ?, ?, ?, ?)",
            (
                (key.thing, int(key.kind), key.text, key.lang, fold(key.text), number)
                for key, number in gathered.names.items()
            ),
        )
        connection.executemany(
            "INSERT INTO read_fact VALUES (?, ?, ?, ?, ?, ?)",
            ((*key, number) for key, number in gathered.facts.items()),
        )
        connection.executemany("INSERT INTO read_mention VALUES (?, ?)", gathered.mentions.items())
        note(f"{count} quads read")


def _arrange(connection: sqlite3.Connection) -> None:
    """Assign numbers to things, and letters to their classes."""
    run(connection, _THINGS + INDEX_OF_THINGS + _FACTS + INDEXES)
    letters = ClassLetters(connection)
    typed = connection.cursor().execute(_TYPED)
    for step in chunks(typed, STEP):
        connection.executemany(
            "UPDATE thing SET classes = ? WHERE id = ?",
            ((letters.of_types(map(int, types.split(","))), thing) for thing, types in step),
        )


def _list_names(connection: sqlite3.Connection, note: Note) -> None:
    """Enter the names, starting with those of the most mentioned things."""
    count, row = 0, 0
    for step in chunks(connection.cursor().execute(_NAMES), STEP):
        names, listed = [], []
        for *name, mentions, classes in step:
            row = max(row + 1, first_row(mentions))
            names.append((row, *name))
            listed.append((row, name[4], classes))
        connection.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?, ?)", names)
        list_name(connection, listed)
        count += len(names)
        note(f"{count} names entered")
    connection.execute("DROP TABLE read_name")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of ``size`` items; the last may be shorter."""
    iterator = iter(items)
    while some := list(islice(iterator, size)):
        yield some
