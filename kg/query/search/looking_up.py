"""Look-up of things in the index by IRI: returns the description of each, and its names."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.query.search.describing import Describer
from kg.query.search.index import SECONDS, SearchIndex
from kg.query.search.indexed import NameKind


@dataclass(frozen=True)
class IndexEntry:
    """A thing: its heading, class and line of description, and its labels and alternative names, folded."""

    iri: str
    label: str
    type: str
    type_label: str
    description: str
    names: frozenset[str]
    classes: frozenset[str]
    """Its classes and their superclasses."""


def look_up(
    index: SearchIndex, iris: Iterable[str], lang: str = "en", seconds: float = SECONDS
) -> dict[str, IndexEntry]:
    """Return the index entries of some things, by IRI; things that the index lacks are left out."""
    with index.reading(seconds) as connection:
        describer = Describer(connection, lang)
        entries = {}
        for iri in dict.fromkeys(iris):
            row = connection.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
            if row is not None:
                names = connection.execute(
                    f"SELECT folded FROM name WHERE thing = ? AND kind < {int(NameKind.QUOTED)}", row
                )
                entries[iri] = IndexEntry(
                    iri,
                    describer.heading(row[0]).text,
                    *describer.type_of(row[0]),
                    describer.line(row[0]),
                    frozenset(name[0] for name in names.fetchall()),
                    describer.classes(row[0]),
                )
        return entries
