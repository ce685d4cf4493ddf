"""Projections of small graphs: brought up to a store's last commit, and what they hold."""

from pathlib import Path

import duckdb

from kg.query.columnar import manifest, upkeep
from kg.query.columnar.building import rows_of
from kg.store.store import Store

Rows = list[tuple[object, ...]]


def kept_up(store: Store) -> int:
    """Bring the projection of a store up to its last commit."""
    return upkeep.bring_up_to_date(store.directory, lambda: store, lambda _: None)


def rows(directory: Path, table: str, columns: str = "*") -> Rows:
    """Return some columns of a table of a projection, in order."""
    held = upkeep.standing(directory)
    assert held is not None
    if not held.tables[table]:
        return []
    with duckdb.connect() as database:
        query = rows_of(manifest.folder_in(directory), held, table)
        return database.execute(f"SELECT {columns} FROM ({query}) ORDER BY ALL").fetchall()


def content(directory: Path) -> dict[str, Rows]:
    """Return all that a projection holds, however its files divide it."""
    held = upkeep.standing(directory)
    assert held is not None
    return {name: rows(directory, name) for name in held.tables}


def files(directory: Path) -> set[str]:
    """Name the files in the folder of a projection."""
    return {path.name for path in manifest.folder_in(directory).iterdir()}
