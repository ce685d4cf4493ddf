"""Extends a projection by the commits that it lacks: the record is rebuilt from its quads, rows are added.

What a commit says of coded rows is whole rows that come or go. A commit that changes a row otherwise, by a
direct write, has the projection built anew.
"""

from collections.abc import Iterable
from pathlib import Path

from kg.iris import TERMS
from kg.query.columnar import coded_sql, connection, lines
from kg.query.columnar.building import (
    MOST_PARTS,
    OCCURRENCES,
    QUADS,
    Building,
    Files,
    Note,
    paths_of,
    rows_of,
)
from kg.query.columnar.manifest import Manifest, TableFile
from kg.store.log import ADDED, REMOVED, CommitLog

_COLUMNS = ", ".join(lines.COLUMNS)
_NET = f"""
CREATE TABLE change AS
SELECT {_COLUMNS}, arg_max(comes, (version, comes)) AS comes FROM step GROUP BY ALL
"""
_ALONE = "CREATE TABLE change AS SELECT * EXCLUDE version FROM step"
"""No commit adds and removes the same quad."""
_DIVIDED = f"""
CREATE TABLE changed_key AS {coded_sql.CODED_KEYS.format(quads="change")};
CREATE TABLE coded_key AS {coded_sql.CODED_KEYS.format(quads="(FROM change WHERE comes)")};
CREATE TABLE gone_key AS
SELECT s, g FROM ({coded_sql.CODED_KEYS.format(quads="(FROM change WHERE NOT comes)")}) WHERE is_row;
CREATE TABLE read_quad AS SELECT * EXCLUDE comes FROM change WHERE comes;
"""
_RECORD = f"""
CREATE TABLE quad AS
SELECT * FROM {{held}} ANTI JOIN change USING ({_COLUMNS})
UNION ALL SELECT * EXCLUDE comes FROM change ANTI JOIN changed_key USING (s, g) WHERE comes
"""
_OF_A_ROW = [TERMS + name for name in ("codedIn", "codedActor", "codedTarget", "codedAs", "codedPlace")]
_OF_A_ROW += [TERMS + name for name in ("occursAt", "intensity", "rowId", "story", "codedContext")]
_CHANGED_IN_PART = f"""
SELECT 1 FROM {{rows}} AS held
SEMI JOIN (
  SELECT DISTINCT s AS occurrence, g AS graph FROM change ANTI JOIN changed_key USING (s, g)
  WHERE p IN {lines.listed(_OF_A_ROW)}
) USING (occurrence, graph) LIMIT 1
"""
_MOVED = """
WITH held AS (SELECT DISTINCT coded_actor, actor FROM {held} WHERE counts AND actor IS NOT NULL),
moved AS ((FROM held EXCEPT FROM resolved) UNION ALL (FROM resolved EXCEPT FROM held))
SELECT 1 FROM moved SEMI JOIN {known} AS known USING (coded_actor) LIMIT 1
"""


def extend(folder: Path, held: Manifest, log: CommitLog, version: int, note: Note) -> Files | None:
    """Write what changes up to a version and return the files of all tables; None if they must be built."""
    with Building.begin(folder, version, note, connection.BUILDING_MEMORY) as building:
        _read_changes(building, log, range(held.version + 1, version + 1))
        building.run(_DIVIDED)
        parts = held.tables[OCCURRENCES]
        if parts and _finds(building, _CHANGED_IN_PART.format(rows=_of(folder, parts))):
            return None
        building.run(_RECORD.format(held=f"({rows_of(folder, held, QUADS)})"))
        building.make_record()
        building.written[OCCURRENCES] = _parts(building, held, parts)
        return building.written


def _read_changes(building: Building, log: CommitLog, versions: range) -> None:
    """Read what the commits add and remove, and keep of each quad what the last of them makes of it."""
    building.run(
        f"CREATE TABLE step ({' VARCHAR, '.join(lines.COLUMNS)} VARCHAR, version INTEGER, comes BOOLEAN)"
    )
    path = building.scratch / "change.nq"
    for version in versions:
        building.note(f"taking in commit {version} of {versions[-1]}")
        for side in (REMOVED, ADDED):
            if _write(path, log.lines(version, side)):
                quads = lines.quads_of(lines.read_lines(path))
                building.run(f"INSERT INTO step SELECT *, {version}, {side == ADDED} FROM ({quads})")
    path.unlink(missing_ok=True)
    building.run(_NET if len(versions) > 1 else _ALONE)


def _write(path: Path, pieces: Iterable[list[bytes]]) -> int:
    """Write lines to a file; return how many bytes that is."""
    with path.open("wb") as file:
        return sum(file.write(b"".join(lines)) for lines in pieces)


def _parts(building: Building, held: Manifest, parts: tuple[TableFile, ...]) -> tuple[TableFile, ...]:
    """Return the files of coded rows: without the rows that go, and with one more for those that come."""
    folder = building.folder
    gone = building.run("SELECT count(*) FROM gone_key").fetchall()[0][0]
    if parts and gone:
        held_rows = _of(folder, parts)
        kept = f"SELECT rows.* FROM {held_rows} AS rows ANTI JOIN gone_key ON s = occurrence AND g = graph"
        parts = building.write_rows(_unresolved(kept))
    elif parts and _finds(building, _moved(folder, held)):
        parts = building.write_rows(_unresolved(f"FROM {_of(folder, parts)}"))
    parts = (*parts, *building.write_rows())
    if len(parts) > MOST_PARTS:
        parts = building.write_rows(_unresolved(f"FROM {_of(folder, parts)}"))
    return parts


def _moved(folder: Path, held: Manifest) -> str:
    """Return SQL that finds a coded actor of the rows whose curated actors are others now."""
    resolutions, known = rows_of(folder, held, "actor_resolutions"), rows_of(folder, held, "coded_actors")
    return _MOVED.format(held=f"({resolutions})", known=f"({known})")


def _unresolved(rows: str) -> str:
    """Return SQL for rows without their curated actors, which are found anew."""
    return f"SELECT DISTINCT * EXCLUDE (actor, target) FROM ({rows})"


def _of(folder: Path, parts: tuple[TableFile, ...]) -> str:
    return f"read_parquet({paths_of(folder, parts)})"


def _finds(building: Building, query: str) -> bool:
    return bool(building.run(query).fetchall())
