"""Sets of texts in bounded memory: SQLite keeps the rest in a temporary file."""

import sqlite3
from collections.abc import Iterable, Iterator

_CACHED = 1 << 14
"""KiB of a set that stay in memory."""
_AT_ONCE = 1000


class TextSet:
    """A set of texts, such as IRIs, that may be larger than memory.

    Different threads may use it one after the other. No cursor stays open between two steps, so texts may be
    added during iteration.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHED};"
            "CREATE TABLE held (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE); BEGIN"
        )
        for text in texts:
            self.add(text)

    def add(self, text: str) -> bool:
        """Add a text; return True if it is new."""
        return self._database.execute("INSERT OR IGNORE INTO held (text) VALUES (?)", [text]).rowcount == 1

    def __contains__(self, text: str) -> bool:
        return self._database.execute("SELECT 1 FROM held WHERE text = ?", [text]).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        """Yield the texts in the order of their code points."""
        last, query = "", "SELECT text FROM held WHERE text > ? ORDER BY text LIMIT ?"
        while texts := self._database.execute(query, [last, _AT_ONCE]).fetchall():
            yield from (text for (text,) in texts)
            (last,) = texts[-1]

    def as_added(self) -> Iterator[str]:
        """Yield the texts in the order in which they were added, including those added during iteration."""
        last, query = 0, "SELECT number, text FROM held WHERE number > ? ORDER BY number LIMIT ?"
        while rows := self._database.execute(query, [last, _AT_ONCE]).fetchall():
            yield from (text for _, text in rows)
            last = rows[-1][0]
