"""Things of a class by IRI, read from the index: a page costs no more for a large class."""

import sqlite3
from typing import NamedTuple

from kg import iris
from kg.query.search.index import SearchIndex
from kg.query.search.tables import class_letter, read_standing

SECONDS = 0.2
"""Time for one page; of a class so rare that it takes longer, a reader goes through the members."""
_PAGE = "SELECT iri FROM thing WHERE iri > ? AND iri < ? AND (%s) ORDER BY iri LIMIT ?"
_LAST = "\U0010ffff"


class ListedPage(NamedTuple):
    """The IRIs of some things of our data, and the version of the graph that holds them."""

    version: int
    things: tuple[str, ...]


def things_after(
    of_class: str | None, others: tuple[str, ...], after: str, number: int, index: SearchIndex
) -> ListedPage | None:
    """Return things of a class and those below it, or of all our classes but ``others``, after an IRI.

    None for a class that the index does not know; raises QueryKilled if it takes too long.
    """
    with index.reading(SECONDS) as connection:
        standing = read_standing(connection)
        letters = _letters(connection, of_class, others)
        if standing is None or not letters:
            return None
        query = _PAGE % " OR ".join(["instr(classes, ?)"] * len(letters))
        bounds = (max(after, iris.DATA), iris.DATA + _LAST)
        rows = connection.execute(query, (*bounds, *letters, number)).fetchall()
    return ListedPage(standing.version, tuple(row[0] for row in rows))


def _letters(connection: sqlite3.Connection, of_class: str | None, others: tuple[str, ...]) -> list[str]:
    """Return the letter of a class, or those of ours: a thing has those of the classes above its own too."""
    rows = connection.execute("SELECT iri, number FROM class").fetchall()
    return [
        class_letter(number)
        for iri, number in rows
        if iri == of_class or (of_class is None and iri.startswith(iris.TERMS) and iri not in others)
    ]
