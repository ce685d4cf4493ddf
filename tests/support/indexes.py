"""Indexes of small graphs, and what an index holds, whatever numbers it gives its things."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pyoxigraph import Quad

from kg.changes import Delta, Provenance
from kg.query.search import tables, upkeep
from kg.query.search.building import build
from kg.query.search.index import SearchIndex
from kg.query.search.search import Hit, SearchQuery, search
from kg.query.search.tables import IndexStanding
from kg.store.store import Store

ME = Provenance("Ana")


def built(directory: Path, quads: Iterable[Quad]) -> SearchIndex:
    """Build the index of some quads in a directory of its own."""
    path = tables.path_in(directory)
    path.parent.mkdir(parents=True)
    build(path, quads, IndexStanding(1, "then"), lambda _: None)
    return SearchIndex.open(directory)


def kept_up(store: Store) -> int:
    """Bring the index of a store up to its last commit."""
    return upkeep.bring_up_to_date(store.directory, lambda: store, lambda _: None)


def commit(store: Store, added: Iterable[Quad] = (), removed: Iterable[Quad] = ()) -> int:
    """Commit quads, and return the version."""
    return store.commit(Delta(tuple(added), tuple(removed)), ME).version


def labels(index: SearchIndex, text: str, *classes: str, lang: str = "en") -> list[str]:
    """Return the headings of what is found, best first."""
    return [hit.label for hit in hits(index, text, *classes, lang=lang)]


def hits(index: SearchIndex, text: str, *classes: str, lang: str = "en") -> tuple[Hit, ...]:
    """Return what is found, best first."""
    return search(index, SearchQuery(text, classes, lang)).hits


def content(directory: Path) -> dict[str, object]:
    """Return what an index holds: names with place and classes, facts, mentions, and rows by trigram."""
    with closing(tables.open_to_read(tables.path_in(directory))) as connection:
        classes = {
            tables.class_letter(number): iri
            for iri, number in connection.execute("SELECT iri, number FROM class")
        }
        things = {
            number: (iri, mentions, frozenset(classes[each] for each in letters.split()))
            for number, iri, mentions, letters in connection.execute("SELECT * FROM thing")
        }
        return {
            "things": sorted((iri, mentions, sorted(of)) for iri, mentions, of in things.values()),
            "names": sorted(
                (things[thing][0], *rest, tables.first_row(things[thing][1]) <= row)
                for row, thing, *rest in connection.execute("SELECT * FROM name")
            ),
            "facts": sorted(
                (things[thing][0], number, things[value][0] if isinstance(value, int) else value, *rest)
                for thing, number, value, *rest in connection.execute("SELECT * FROM fact")
            ),
            "grams": _grams(connection),
        }


def _grams(connection: sqlite3.Connection) -> dict[str, int]:
    """Return in how many rows each trigram of letters is; those of classes have other letters each time."""
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, trigram, row)")
    found = connection.execute("SELECT term, doc FROM temp.vocabulary").fetchall()
    return {term: rows for term, rows in found if not any("\ue000" <= letter <= "\uf8ff" for letter in term)}
