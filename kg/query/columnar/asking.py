"""Answers a saved question from the projection: runs its SQL instead of its SPARQL, with the same answer.

Only processes that can be killed do this, never the server process. If there is no projection of the
requested version, there is no answer, and the caller queries the store.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import duckdb
from duckdb import DuckDBPyConnection
from pyoxigraph import (
    Literal,
    NamedNode,
    Variable,
)

from kg import iris
from kg.changes import Object
from kg.errors import QueryKilled
from kg.iris import TERMS
from kg.query.columnar import building, connection, manifest, upkeep
from kg.query.columnar.coded_sql import OCCURRENCES
from kg.query.columnar.lines import quoted
from kg.query.columnar.manifest import Manifest
from kg.query.job import TableQuery
from kg.terms import DIP, SKOS, XSD

SECONDS_TO_CATCH_UP = 2.0
"""Seconds that a question waits for an outdated projection of many rows, which the store reads slowly."""
_SECONDS_BETWEEN_LOOKS = 0.05
_MOST_VALUES = 1 << 12
_PARAMETER = re.compile(r"\$([a-z]\w*)")
_WORD = re.compile(r"[a-z_]+")
_OF_MACROS = ["coding_runs", "codes"]
"""The tables that the macros use."""

MACROS = f"""
CREATE OR REPLACE MACRO term(name) AS {quoted(TERMS)} || name;
CREATE OR REPLACE MACRO kind(name) AS {quoted(iris.KINDS)} || name;
CREATE OR REPLACE MACRO any_coder() AS {quoted(DIP.ACTOR.value)};
CREATE OR REPLACE MACRO any_scheme() AS {quoted(SKOS.CONCEPT_SCHEME.value)};
CREATE OR REPLACE MACRO quad_class(code, scale) AS CASE scale
  WHEN term('quadClassByGdelt') THEN code.quad_class_by_gdelt
  WHEN term('quadClassByPlover') THEN code.quad_class_by_plover END;
CREATE OR REPLACE MACRO chosen_runs(who, book) AS TABLE SELECT DISTINCT run, coder FROM coding_runs
  WHERE (who = any_coder() OR coder = who) AND (book = any_scheme() OR scheme = book);
CREATE OR REPLACE MACRO occurrences(again, found) AS
  sum(CASE WHEN again IS NULL THEN found ELSE least(found, 1) END)::BIGINT;
"""
"""Macros that the SQL of questions uses; README.md of ``queries/`` explains them."""


class TableAnswer(NamedTuple):
    """The columns and the rows of an answer; equal values are one object."""

    columns: Sequence[str]
    rows: Iterable[tuple[Object | None, ...]]


def answered(question: TableQuery, version: int, bindings: Mapping[Variable, Object]) -> TableAnswer | None:
    """Return the answer to a question; None if there is no projection of the version.

    Raises QueryKilled if the question needs more memory than it may use.
    """
    directory = Path(question.directory)
    projection = _standing(directory, version)
    if projection is None:
        return None
    parameter_names = set(_PARAMETER.findall(question.sql))
    values = {name.value: _value(term) for name, term in bindings.items() if name.value in parameter_names}
    with _replacement_ignored(), _memory_errors():
        result = _opened(str(directory), projection.version, projection.time).ask(question.sql, values)
        columns = [str(column[0]) for column in result.description]
        are_iris = [name in question.iris for name in columns]
        return TableAnswer(columns, [tuple(map(_term, row, are_iris)) for row in result.fetchall()])
    return None


@contextmanager
def _replacement_ignored() -> Iterator[None]:
    """Suppress the error if the projection's files were replaced meanwhile.

    The next question opens the new files.
    """
    try:
        yield
    except duckdb.IOException:
        _opened.cache_clear()


@contextmanager
def _memory_errors() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException:
        megabytes = connection.ASKING_MEMORY >> 20
        raise QueryKilled(
            f"The question was ended: it exceeded {megabytes} MB; ask for less, or in smaller parts."
        ) from None


class _Tables:
    """The opened projection of a version; a table is attached when a question first names it."""

    def __init__(self, folder: Path, projection: Manifest) -> None:
        self._folder = folder
        self._files = dict(projection.tables)
        self._database = connection.to_ask()

    def ask(self, sql: str, values: Mapping[str, str | int | date]) -> DuckDBPyConnection:
        """Run the SQL of a question."""
        words = _WORD.findall(sql) + _OF_MACROS
        files_named = {name: self._files.pop(name) for name in words if name in self._files}
        building.attach(self._database, self._folder, files_named)
        if files_named:
            self._database.execute(MACROS)
        return self._database.execute(sql, values)


@lru_cache(1)
def _opened(directory: str, version: int, time: str) -> _Tables:  # the time tells equal version numbers apart
    """Open the projection of a version; a reader keeps the last one open."""
    folder = manifest.folder_in(Path(directory))
    projection = manifest.read(folder)
    if projection is None or (projection.version, projection.time) != (version, time):
        raise duckdb.IOException("the projection was replaced")
    return _Tables(folder, projection)


def _standing(directory: Path, version: int) -> Manifest | None:
    """Return the manifest of a version; if the projection is outdated and large, wait up to a limit."""
    end = monotonic() + SECONDS_TO_CATCH_UP
    while True:
        projection = upkeep.standing(directory)
        if projection is None or projection.made_by != building.MADE_BY:
            return None
        if projection.version >= version:
            return projection if projection.version == version else None
        rows = sum(file.rows for file in projection.tables[OCCURRENCES.name])
        if rows < upkeep.MANY_ROWS or monotonic() > end:
            return None
        sleep(_SECONDS_BETWEEN_LOOKS)


def _value(term: Object) -> str | int | date:
    if isinstance(term, NamedNode):
        return term.value
    assert isinstance(term, Literal)
    if term.datatype == XSD.INTEGER:
        return int(term.value)
    return date.fromisoformat(term.value) if term.datatype == XSD.DATE else term.value


@lru_cache(_MOST_VALUES, typed=True)
def _term(value: object, is_iri: bool) -> Object | None:
    """Return a value as a term; cached, as an answer has few distinct values."""
    match value:
        case None:
            return None
        case str():
            return NamedNode(value) if is_iri and not value.startswith("_:") else Literal(value)
        case int():
            return Literal(value)
        case date():
            return Literal(value.isoformat(), datatype=XSD.DATE)
        case _:
            return Literal(str(value))
