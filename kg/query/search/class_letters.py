"""Class letters: how the full-text table encodes a thing's classes and their superclasses."""

import sqlite3
from collections.abc import Iterable

from kg.query.search.indexed import FACTS, is_numbered
from kg.query.search.tables import MOST_CLASSES, class_letter
from kg.terms import RDF, RDFS


class ClassLetters:
    """The classes of an index, their numbers and superclasses; read once for each change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, int] = dict(connection.execute("SELECT iri, number FROM class"))
        self._above: dict[int, list[int]] = {}
        hierarchy = f"SELECT thing, value FROM fact WHERE property = {FACTS[RDFS.SUB_CLASS_OF]}"
        for below, above in connection.execute(hierarchy):
            self._above.setdefault(below, []).append(above)
        self._letters: dict[int, frozenset[str]] = {}

    def of_thing(self, thing: int) -> str:
        """Return the letters of a thing's classes, by its types in the index."""
        types = self._connection.execute(
            "SELECT value FROM fact WHERE thing = ? AND property = ? AND typeof(value) = 'integer'",
            (thing, FACTS[RDF.TYPE]),
        )
        return self.of_types(row[0] for row in types.fetchall())

    def of_types(self, types: Iterable[int]) -> str:
        """Return the letters of some classes and all their superclasses."""
        return " ".join(sorted({letter for each in types for letter in self._of_class(each)}))

    def _of_class(self, class_id: int) -> frozenset[str]:
        if class_id not in self._letters:
            ids = [class_id]
            for each in ids:  # the list grows during the iteration
                ids += [above for above in self._above.get(each, ()) if above not in ids]
            found = (self._letter(each) for each in ids)
            self._letters[class_id] = frozenset(letter for letter in found if letter)
        return self._letters[class_id]

    def _letter(self, class_id: int) -> str | None:
        (iri,) = self._connection.execute("SELECT iri FROM thing WHERE id = ?", (class_id,)).fetchone()
        if iri not in self._numbers:
            if not is_numbered(iri) or len(self._numbers) >= MOST_CLASSES:
                return None
            self._numbers[iri] = len(self._numbers)
            self._connection.execute("INSERT INTO class VALUES (?, ?)", (iri, self._numbers[iri]))
        return class_letter(self._numbers[iri])
