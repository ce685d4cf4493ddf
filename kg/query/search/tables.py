"""Tables of the index, an SQLite file beside the store, and its connections.

``name.id`` is the row of the name in the full-text table, and orders names by importance: rows are read in
that order, so the first rows of a long list are those of the most mentioned things. The full-text table holds
trigrams of folded names between spaces, and behind them the letter of each class, three times.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.query.search.indexed import FACTS
from kg.terms import RDFS

FORMAT = 2
"""The format of the index; an index in another format is rebuilt."""

FOLDER = "search"
FILE_NAME = "index.sqlite"
LOCK_NAME = "lock"

MOST_CLASSES = 6400
"""Maximum classes with a letter: the size of the private use area."""
_FIRST_LETTER = 0xE000
_BUCKETS = 40
_IN_BUCKET = 1 << 32

TABLES = """
CREATE TABLE told (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL, mentions INTEGER NOT NULL, classes TEXT NOT NULL DEFAULT ''
);
CREATE TABLE name (
  id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, kind INTEGER NOT NULL, text TEXT NOT NULL,
  lang TEXT NOT NULL, folded TEXT NOT NULL, count INTEGER NOT NULL
);
CREATE TABLE fact (
  thing INTEGER NOT NULL, property INTEGER NOT NULL, value, lang TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (thing, property, value, lang)
) WITHOUT ROWID;
CREATE TABLE class (iri TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gram (gram TEXT PRIMARY KEY, rows INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE trigram USING fts5(
  body, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
"""
INDEX_OF_THINGS = "CREATE UNIQUE INDEX thing_iri ON thing (iri);"
INDEXES = f"""
CREATE INDEX name_thing ON name (thing);
CREATE INDEX name_exact ON name (folded) WHERE kind < 2;
CREATE INDEX fact_value ON fact (value, property) WHERE typeof(value) = 'integer';
CREATE INDEX fact_above ON fact (thing, value) WHERE property = {FACTS[RDFS.SUB_CLASS_OF]};
"""


@dataclass(frozen=True)
class IndexStanding:
    """The version of an index; the commit's time distinguishes it from a withdrawn one of the same number."""

    version: int
    time: str


def path_in(directory: Path) -> Path:
    """Return the path of the index of a data directory."""
    return directory / FOLDER / FILE_NAME


def open_to_read(path: Path, *, across_threads: bool = False) -> sqlite3.Connection:
    """Open an index that another process may write. Raises sqlite3.DatabaseError."""
    connection = _opened(f"{path.absolute().as_uri()}?mode=ro", across_threads)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.OperationalError:  # a read-only folder, in which SQLite can have no log
        connection.close()
        connection = _opened(f"{path.absolute().as_uri()}?mode=ro&immutable=1", across_threads)
    connection.execute("PRAGMA mmap_size = 1073741824")
    return connection


def open_to_write(path: Path) -> sqlite3.Connection:
    """Open an index that only this process writes; create it if it does not exist."""
    connection = _opened(path.absolute().as_uri(), False)
    connection.execute("PRAGMA cache_size = -65536")
    return connection


def _opened(uri: str, across_threads: bool) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=30.0, check_same_thread=not across_threads
    )


def run(connection: sqlite3.Connection, script: str) -> None:
    """Execute statements within the caller's transaction, which ``executescript`` would end."""
    for statement in filter(str.strip, script.split(";")):
        connection.execute(statement)


def read_standing(connection: sqlite3.Connection) -> IndexStanding | None:
    """Return the version of a complete index; None for one that is incomplete or in another format."""
    with suppress(sqlite3.OperationalError):
        members = dict(connection.execute("SELECT key, value FROM told").fetchall())
        if members.get("format") == FORMAT:
            return IndexStanding(int(members["version"]), str(members["time"]))
    return None


def write_standing(connection: sqlite3.Connection, standing: IndexStanding) -> None:
    """Write the version of an index, in the transaction of the change."""
    members = {"format": FORMAT, "version": standing.version, "time": standing.time}
    connection.executemany("INSERT OR REPLACE INTO told VALUES (?, ?)", members.items())


def first_row(mentions: int) -> int:
    """Return the first row for names of things with this number of mentions.

    >>> first_row(0) > first_row(1) > first_row(2) == first_row(3)
    True
    """
    return max(_BUCKETS - max(mentions, 0).bit_length(), 0) * _IN_BUCKET + 1


def next_row(connection: sqlite3.Connection, mentions: int) -> int:
    """Return a free row for a name of a thing with this number of mentions."""
    first = first_row(mentions)
    bounds = (first, first + _IN_BUCKET - 2)
    last = connection.execute("SELECT max(id) FROM name WHERE id BETWEEN ? AND ?", bounds).fetchone()[0]
    return first if last is None else int(last) + 1


def class_letter(number: int) -> str:
    """Return the trigram that stands for a class."""
    return chr(_FIRST_LETTER + number) * 3


def body(folded: str, classes: str) -> str:
    """Return the entry of a name in the full-text table."""
    return f" {folded} {classes}"


def list_name(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Enter names in the full-text table: row, folded name, letters of the classes."""
    connection.executemany(
        "INSERT INTO trigram (rowid, body) VALUES (?, ?)", ((row, body(*rest)) for row, *rest in rows)
    )


def unlist_name(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, str]]) -> None:
    """Remove names from the full-text table, which needs the text of each entry for that."""
    connection.executemany(
        "INSERT INTO trigram (trigram, rowid, body) VALUES ('delete', ?, ?)",
        ((row, body(*rest)) for row, *rest in rows),
    )
