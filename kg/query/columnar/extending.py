"""Extends a projection by the commits that it lacks: rebuilds the record from its quads, and adds rows.

A commit normally adds or removes complete coded rows. If a commit changes part of a row, by a direct write,
the projection is rebuilt.
"""

from collections.abc import Iterable
from pathlib import Path

from kg.iris import TERMS
from kg.query.columnar import coded_sql, connection, lines
from kg.query.columnar.building import (
    MOST_PARTS,
    QUADS,
    Building,
    Files,
    Note,
    paths_of,
    rows_of,
)
from kg.query.columnar.coded_sql import OCCURRENCES, ROW_TABLES, RowTable
from kg.query.columnar.manifest import Manifest, TableFile
from kg.store.log import ADDED, REMOVED, CommitLog

_COLUMNS = ", ".join(lines.COLUMNS)
_NET = f"""
CREATE TABLE change AS
SELECT {_COLUMNS}, arg_max(comes, (version, comes)) AS comes FROM step GROUP BY ALL
"""
_ALONE = "CREATE TABLE change AS SELECT * EXCLUDE version FROM step"
"""For a single commit, which never adds and removes the same quad."""
_DIVIDED = f"""
CREATE TABLE changed_key AS {coded_sql.CODED_KEYS.format(quads="change")};
CREATE TABLE coded_key AS {coded_sql.CODED_KEYS.format(quads="(FROM change WHERE comes)")};
CREATE TABLE gone_key AS {coded_sql.CODED_KEYS.format(quads="(FROM change WHERE NOT comes)")};
CREATE TABLE read_quad AS SELECT * EXCLUDE comes FROM change WHERE comes;
"""
_RECORD = f"""
CREATE TABLE quad AS
SELECT * FROM {{held}} ANTI JOIN change USING ({_COLUMNS})
UNION ALL SELECT * EXCLUDE comes FROM change ANTI JOIN changed_key USING (s, g) WHERE comes
"""
_OF_A_ROW = [TERMS + name for name in ("codedIn", "codedActor", "codedTarget", "codedAs", "codedPlace")]
_OF_A_ROW += [TERMS + name for name in ("occursAt", "intensity", "rowId", "story", "codedContext", "score")]
_CHANGED_IN_PART = f"""
SELECT 1 FROM {{rows}} AS held
SEMI JOIN (
  SELECT DISTINCT s AS {{key}}, g AS graph FROM change ANTI JOIN changed_key USING (s, g)
  WHERE p IN {lines.listed(_OF_A_ROW)}
) USING ({{key}}, graph)
"""
_MOVED = """
CREATE TABLE moved AS
WITH held AS (SELECT DISTINCT coded_actor, actor FROM {held} WHERE counts AND actor IS NOT NULL)
SELECT coded_actor FROM ((FROM held EXCEPT FROM resolved) UNION ALL (FROM resolved EXCEPT FROM held))
"""
"""The coded actors whose curated actors have changed."""


def extend(folder: Path, projection: Manifest, log: CommitLog, version: int, note: Note) -> Files | None:
    """Write the changes up to a version; return the files of all tables, or None if a rebuild is needed."""
    with Building.begin(folder, version, note, connection.BUILDING_MEMORY) as building:
        _read_changes(building, log, range(projection.version + 1, version + 1))
        building.run(_DIVIDED)
        for table in ROW_TABLES:
            parts = projection.tables[table.name]
            changed = _CHANGED_IN_PART.format(rows=_of(folder, parts), key=table.key)
            if parts and building.finds(changed):
                return None
        building.run(_RECORD.format(held=f"({rows_of(folder, projection, QUADS)})"))
        building.make_record()
        building.run(_MOVED.format(held=f"({rows_of(folder, projection, 'actor_resolutions')})"))
        for table in ROW_TABLES:
            building.written[table.name] = _parts(building, table, projection.tables[table.name])
        return building.written


def _read_changes(building: Building, log: CommitLog, versions: range) -> None:
    """Read the quads that the commits add and remove, and keep the last change of each quad."""
    building.run(
        f"CREATE TABLE step ({' VARCHAR, '.join(lines.COLUMNS)} VARCHAR, version INTEGER, comes BOOLEAN)"
    )
    path = building.scratch / "change.nq"
    for version in versions:
        building.note(f"applying commit {version} of {versions[-1]}")
        for side in (REMOVED, ADDED):
            if _write(path, log.lines(version, side)):
                quads = lines.quads_of(lines.read_lines(path))
                building.run(f"INSERT INTO step SELECT *, {version}, {side == ADDED} FROM ({quads})")
    path.unlink(missing_ok=True)
    building.run(_NET if len(versions) > 1 else _ALONE)


def _write(path: Path, pieces: Iterable[list[bytes]]) -> int:
    """Write lines to a file; return the number of bytes."""
    with path.open("wb") as file:
        return sum(file.write(b"".join(lines)) for lines in pieces)


def _parts(building: Building, table: RowTable, parts: tuple[TableFile, ...]) -> tuple[TableFile, ...]:
    """Write the changed rows of a table of coded rows, and return its files.

    A file that no change touches stays. The rows of all other files go into one new file with the new rows,
    so that all rows of an occurrence are in one file.
    """
    folder = building.folder
    building.run(
        "CREATE OR REPLACE TABLE touched AS SELECT s FROM (FROM coded_key UNION FROM gone_key)"
        f" WHERE is_row = {table.is_of_rows}"
    )
    stale = tuple(part for part in parts if _is_touched(building, table, part))
    rows = table.read
    if stale:
        removed_keys = f"SELECT s AS {table.key}, g AS graph FROM gone_key"
        remaining = (
            f"({_read_again(table, folder, stale)}) ANTI JOIN ({removed_keys}) USING ({table.key}, graph)"
        )
        rows = f"FROM ({rows}) UNION ALL BY NAME FROM {remaining}"
    fresh = tuple(part for part in parts if part not in stale)
    files = (*fresh, *building.write_rows(table, rows))
    if len(files) > MOST_PARTS:
        files = building.write_rows(table, _read_again(table, folder, files))
    return files


def _is_touched(building: Building, table: RowTable, part: TableFile) -> bool:
    """Return whether a file has rows that are removed or added again, or whose curated actors changed."""
    rows = _of(building.folder, (part,))
    if building.finds(f"FROM {rows} AS held SEMI JOIN touched ON s = {table.key}"):
        return True
    if table is not OCCURRENCES:
        return False
    moved = "coded_actor IN (FROM moved) OR coded_target IN (FROM moved)"
    return building.finds("FROM moved") and building.finds(f"FROM {rows} WHERE {moved}")


def _read_again(table: RowTable, folder: Path, parts: tuple[TableFile, ...]) -> str:
    """Return SQL for the rows of files without the columns that are derived again."""
    added = f" EXCLUDE ({', '.join(table.added)})" if table.added else ""
    return f"SELECT DISTINCT *{added} FROM {_of(folder, parts)}"


def _of(folder: Path, parts: tuple[TableFile, ...]) -> str:
    return f"read_parquet({paths_of(folder, parts)})"
