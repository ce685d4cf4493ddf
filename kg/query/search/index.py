"""Reading of the index, with a time limit; a rebuilt index is opened again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from kg.errors import Damaged, QueryKilled, Unavailable
from kg.query.search import tables

SECONDS = 2.0
"""Maximum seconds of one search."""
_STEPS = 5_000
"""Steps of SQLite between two checks of the clock."""


class SearchIndex:
    """The index of a data directory, for one thread at a time; raises Unavailable if there is none."""

    def __init__(self, directory: Path) -> None:
        self.path = tables.path_in(directory)
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the index of a data directory. Raises Unavailable if there is no readable one."""
        index = cls(directory)
        with index.reading():
            return index

    @property
    def version(self) -> int:
        """The current version of the index; 0 if there is no readable one."""
        with suppress(Unavailable, sqlite3.DatabaseError):
            standing = tables.read_standing(self._opened())
            return standing.version if standing else 0
        return 0

    @contextmanager
    def reading(self, seconds: float = SECONDS) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees one version of the index, for at most ``seconds``.

        Raises QueryKilled after that time, Unavailable without an index, Damaged for one that cannot be read.
        """
        end = monotonic() + seconds
        try:
            connection = self._opened()
            connection.set_progress_handler(lambda: monotonic() > end, _STEPS)
            connection.execute("BEGIN")
            try:
                if tables.read_standing(connection) is None:
                    raise Unavailable("The search index has another format and is being rebuilt; try again.")
                yield connection
            finally:
                connection.set_progress_handler(None, 0)
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as fault:
            if monotonic() > end:
                raise QueryKilled(
                    f"The search took longer than {seconds:g} seconds; give more letters, or a class."
                ) from None
            self.close()
            raise Damaged(
                f"The search index cannot be read: {fault}. It is being rebuilt; try again."
            ) from None

    def close(self) -> None:
        """Close it; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> sqlite3.Connection:
        try:
            inode = self.path.stat().st_ino
        except OSError:
            self.close()
            raise Unavailable("There is no search index yet; it is being built.") from None
        if self._connection is None or inode != self._inode:
            self.close()
            self._connection, self._inode = tables.open_to_read(self.path, across_threads=True), inode
        return self._connection
