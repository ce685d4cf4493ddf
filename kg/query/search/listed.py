"""Lists of things from the index: by class, kind or another property, sorted, with counts of each.

Up to ``MOST_SORTED`` things are collected, which permits any order and exact counts. Beyond that, the page is
read in the order of an index, and counts stop at a limit: a list takes no longer on a larger graph.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg import iris
from kg.errors import BadInput
from kg.query.search.index import SearchIndex
from kg.query.search.indexed import FACTS, NameKind
from kg.query.search.tables import class_letter, read_standing
from kg.terms import DIP, RDF, RDFS

SECONDS = 0.5
"""Maximum seconds of one list; if it takes longer, a reader goes through the members."""
MOST_SORTED = 20_000
"""Maximum things that are collected to be sorted and counted."""
MOST_COUNTED = 5_000
"""Maximum things of one class or kind that are counted if there are too many to collect."""
ORDERS = ("address", "name", "mentions", "date", "newest")
"""Ways to sort a list: by IRI, by name, most mentioned first, by date, newest date first."""
_ORDERS_OF_MANY = ("address", "name", "mentions")

_TYPE, _BELOW, _KIND = FACTS[RDF.TYPE], FACTS[RDFS.SUB_CLASS_OF], FACTS[DIP.HAS_KIND]
_SPAN, _DATE = FACTS[DIP.OCCURS_AT], FACTS[DIP.DATE]
_LAST = "\U0010ffff"
_OF_CLASS = """
WITH RECURSIVE below (id) AS (
  SELECT id FROM thing WHERE iri = ?
  UNION SELECT fact.thing FROM below JOIN fact ON fact.value = below.id AND fact.property = ?
) SELECT below.id, iri FROM below JOIN thing USING (id)"""
_HOLDERS = "SELECT thing FROM fact WHERE value = ? AND property = ? AND typeof(value) = 'integer' LIMIT ?"
_SORTED = {
    "address": "thing.iri",
    "name": (
        f"(SELECT folded FROM name WHERE name.thing = listed.id AND kind = {NameKind.LABEL.value} "
        "ORDER BY lang <> :language, folded LIMIT 1)"
    ),
    "mentions": "-thing.mentions",
    **{
        order: (
            f"(SELECT {function}(date.value) FROM fact AS span JOIN fact AS date ON date.thing = span.value "
            f"AND date.property = {_DATE} WHERE span.thing = listed.id AND span.property = {_SPAN})"
        )
        for order, function in (("date", "min"), ("newest", "max"))
    },
}


@dataclass(frozen=True)
class ListQuery:
    """Which things of our data to list.

    Those of a class and its subclasses, or of all our classes except ``others``; with a value of a property
    of the index; after an IRI in the order of IRIs, or from ``start`` on in another order.
    """

    of_class: str | None = None
    others: tuple[str, ...] = ()
    predicate: str | None = None
    value: str | None = None
    kind: str | None = None
    after: str = ""
    start: int = 0
    number: int = 51
    order: str = "address"
    language: str = "en"

    @property
    def is_first(self) -> bool:
        """Whether the query asks for the first page, which has counts."""
        return not self.after and not self.start

    @property
    def conditions(self) -> list[tuple[int, str]]:
        """The requested values, by the numbers of their properties in the index."""
        found = [(_KIND, self.kind)] if self.kind else []
        if self.predicate and self.value:
            found.append((FACTS[NamedNode(self.predicate)], self.value))
        return found


class FacetCount(NamedTuple):
    """The number of things of a class or kind; if ``is_more`` is true, there are more."""

    iri: str
    number: int
    is_more: bool = False


class ListedPage(NamedTuple):
    """The IRIs of some things, the version of the graph that holds them, and the counts of a first page."""

    version: int
    things: tuple[str, ...]
    classes: tuple[FacetCount, ...] = ()
    kinds: tuple[FacetCount, ...] = ()


def is_indexed(property_iri: str) -> bool:
    """Return whether the index has the values of a property."""
    return NamedNode(property_iri) in FACTS


def find(query: ListQuery, index: SearchIndex) -> ListedPage | None:
    """Return a page of a list; None if the index does not know the class.

    Raises BadInput for an order that is not possible for so many things, QueryKilled if it takes too long.
    """
    with index.reading(SECONDS) as connection:
        standing = read_standing(connection)
        classes = _classes(connection, query)
        if standing is None or not classes:
            return None
        reading = _Reading(connection, query, classes)
        return ListedPage(standing.version, *reading.page())


def _classes(connection: sqlite3.Connection, query: ListQuery) -> dict[int, str]:
    """Return the classes whose things are listed, by their numbers among things."""
    if query.of_class is not None:
        return dict(connection.execute(_OF_CLASS, (query.of_class, _BELOW)).fetchall())
    rows = connection.execute("SELECT thing.id, iri FROM class JOIN thing USING (iri)").fetchall()
    return {row: iri for row, iri in rows if iri.startswith(iris.TERMS) and iri not in query.others}


class _Reading:
    """Reads one list."""

    def __init__(self, connection: sqlite3.Connection, query: ListQuery, classes: dict[int, str]) -> None:
        self._connection = connection
        self._query = query
        self._classes = classes
        values = [self._id(value) for _, value in query.conditions]
        self._conditions = list(zip((number for number, _ in query.conditions), values, strict=True))

    def page(self) -> tuple[tuple[str, ...], tuple[FacetCount, ...], tuple[FacetCount, ...]]:
        """Return the things, and the counts by class and by kind of a first page."""
        members = self._members(MOST_SORTED + 1)
        if len(members) <= MOST_SORTED:
            return self._gathered(members)
        if self._query.order not in _ORDERS_OF_MANY:
            raise BadInput(
                f"More than {MOST_SORTED} things cannot be sorted by date; narrow the list by a class or "
                "kind, "
                f"or sort it by {' or '.join(_ORDERS_OF_MANY)}."
            )
        return self._streamed()

    def _id(self, iri: str) -> int:
        row = self._connection.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
        return int(row[0]) if row else -1

    def _members(self, most: int) -> list[int]:
        """Return the numbers of the things that are listed, at most ``most``."""
        if self._conditions:
            (number, value), *rest = self._conditions
            found = self._rows(_HOLDERS, value, number, most)
            members = dict.fromkeys(found)
            for other_number, other_value in rest:
                also = f"SELECT 1 FROM fact WHERE thing = ? AND property = {other_number} AND value = ?"
                members = {each: None for each in members if self._rows(also, each, other_value)}
            if len(members) < most:
                typed = f"SELECT value FROM fact WHERE thing = ? AND property = {_TYPE}"
                return [
                    each for each in members if not self._classes.keys().isdisjoint(self._rows(typed, each))
                ]
            return list(members)
        members = {}
        for each in self._classes:
            capacity = most - len(members)
            if capacity <= 0:
                break
            members |= dict.fromkeys(self._rows(_HOLDERS, each, _TYPE, most))
        return list(members)[:most]

    def _rows(self, query: str, *values: object) -> list[int]:
        return [row[0] for row in self._connection.execute(query, values).fetchall()]

    def _gathered(
        self, members: Sequence[int]
    ) -> tuple[tuple[str, ...], tuple[FacetCount, ...], tuple[FacetCount, ...]]:
        self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS listed (id INTEGER PRIMARY KEY)")
        self._connection.execute("DELETE FROM listed")
        self._connection.executemany("INSERT OR IGNORE INTO listed VALUES (?)", ((each,) for each in members))
        query = self._query
        key = _SORTED[query.order]
        direction = "DESC" if query.order == "newest" else "ASC"
        rows = self._connection.execute(
            f"SELECT iri FROM listed JOIN thing USING (id) WHERE iri > :first AND iri < :last "
            f"ORDER BY {key} IS NULL, {key} {direction}, iri LIMIT :number OFFSET :start",
            {
                "first": max(query.after, iris.DATA),
                "last": iris.DATA + _LAST,
                "language": query.language,
                "number": query.number,
                "start": query.start,
            },
        )
        things = tuple(row[0] for row in rows.fetchall())
        if not query.is_first:
            return things, (), ()
        return things, self._counted(_TYPE, ours=True), self._counted(_KIND)

    def _counted(self, number: int, *, ours: bool = False) -> tuple[FacetCount, ...]:
        rows = self._connection.execute(
            "SELECT value.iri, count(*) FROM listed JOIN thing USING (id) "
            "JOIN fact ON fact.thing = listed.id AND fact.property = ? "
            "JOIN thing AS value ON value.id = fact.value "
            "WHERE thing.iri > ? AND thing.iri < ? AND typeof(fact.value) = 'integer' GROUP BY value.iri",
            (number, iris.DATA, iris.DATA + _LAST),
        )
        listed = set(self._classes.values())
        return tuple(FacetCount(iri, count) for iri, count in rows.fetchall() if not ours or iri in listed)

    def _streamed(self) -> tuple[tuple[str, ...], tuple[FacetCount, ...], tuple[FacetCount, ...]]:
        """Return a page of many things in the order of an index, with the counts that are fast."""
        query = self._query
        letters = self._letters()
        tests = [f"({' OR '.join(['instr(thing.classes, ?)'] * len(letters))})"] + [
            "EXISTS (SELECT 1 FROM fact WHERE fact.thing = thing.id "
            f"AND property = {number} AND value = {value})"
            for number, value in self._conditions
        ]
        bounds = "thing.iri > ? AND thing.iri < ?"
        where = " AND ".join([bounds, *tests])
        values = (max(query.after, iris.DATA), iris.DATA + _LAST, *letters, query.number, query.start)
        if query.order == "address":
            text = f"SELECT iri FROM thing WHERE {where} ORDER BY iri LIMIT ? OFFSET ?"
        else:
            order = "name.id" if query.order == "mentions" else "name.folded"
            text = (
                "SELECT iri FROM name CROSS JOIN thing ON thing.id = name.thing "
                f"WHERE {where} AND name.kind < 2 AND name.kind = {NameKind.LABEL.value} ORDER BY {order}"
            )
            values = values[:-2]
        found: dict[str, None] = {}
        for (iri,) in self._connection.execute(text, values):
            found[iri] = None
            if len(found) == query.number + (query.start if query.order != "address" else 0):
                break
        things = tuple(found) if query.order == "address" else tuple(found)[query.start :]
        if not query.is_first:
            return things, (), ()
        kinds = dict(
            self._connection.execute(
                "SELECT id, iri FROM thing WHERE iri > ? AND iri < ?", (iris.KINDS, iris.KINDS + _LAST)
            ).fetchall()
        )
        return (
            things,
            self._counts(_TYPE, self._classes, where, values),
            self._counts(_KIND, kinds, where, values),
        )

    def _counts(
        self, number: int, rows: dict[int, str], where: str, values: Sequence[object]
    ) -> tuple[FacetCount, ...]:
        """Count the things of each class or kind among the first that the index has of it."""
        tests = values[: 2 + len(self._letters())]
        text = (
            "SELECT count(*) FROM (SELECT thing AS id FROM fact WHERE value = ? AND property = ? "
            f"AND typeof(value) = 'integer' LIMIT {MOST_COUNTED}) JOIN thing USING (id) WHERE {where}"
        )
        found = []
        for row, iri in rows.items():
            (count,) = self._connection.execute(text, (row, number, *tests)).fetchone()
            if count:
                found.append(FacetCount(iri, count, self._has_more(row, number)))
        return tuple(found)

    def _has_more(self, row: int, number: int) -> bool:
        return len(self._rows(_HOLDERS + " OFFSET ?", row, number, 1, MOST_COUNTED)) > 0

    def _letters(self) -> list[str]:
        numbers = dict(self._connection.execute("SELECT iri, number FROM class").fetchall())
        class_iris = [self._query.of_class] if self._query.of_class else self._classes.values()
        return [class_letter(numbers[each]) for each in class_iris if each in numbers]
