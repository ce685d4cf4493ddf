"""Builds the tables of a projection: all of them from the store, or changes of some commits."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Self, TypeAlias

from duckdb import DuckDBPyConnection

from kg.query.columnar import coded_sql, connection, lines, record_sql
from kg.query.columnar.coded_sql import ROW_TABLES, RowTable
from kg.query.columnar.manifest import SUFFIX, Manifest, TableFile
from kg.query.columnar.tables import TABLES, RecordTable

Note: TypeAlias = Callable[[str], None]
Files: TypeAlias = Mapping[str, tuple[TableFile, ...]]

QUADS = "quads"
MOST_PARTS = 8
"""Maximum number of files of coded rows; more are merged into one."""
RECORDS_OF_A_FILE = 200_000
"""Maximum number of records in a file of a table of the record: bounds the memory that writing one takes."""
_SCRATCH = "building-"
_NO_QUADS = f"({' VARCHAR, '.join(lines.COLUMNS)} VARCHAR)"
_NOTHING = f"""
CREATE OR REPLACE TABLE quad {_NO_QUADS}; CREATE OR REPLACE TABLE read_quad {_NO_QUADS};
CREATE OR REPLACE TABLE coded_key (s VARCHAR, g VARCHAR, is_row BOOLEAN);
CREATE OR REPLACE TABLE resolved (coded_actor VARCHAR, actor VARCHAR);
{record_sql.GROUNDWORK}
"""
"""SQL for the tables that empty tables are derived from."""
_STATEMENTS = (
    lines.quads_of("lines"),
    record_sql.GROUNDWORK,
    *map(record_sql.make, TABLES.values()),
    *coded_sql.DIMENSIONS.values(),
    coded_sql.ACTS,
    *(f"{table.read}{table.completed}{table.sorted}" for table in ROW_TABLES),
)
MADE_BY = sha256("".join(_STATEMENTS).encode()).hexdigest()
"""The hash of the statements that make the tables."""


@dataclass
class Building:
    """Tables being built in a temporary database, and written to files in a folder."""

    folder: Path
    scratch: Path
    database: DuckDBPyConnection
    version: int
    note: Note
    written: dict[str, tuple[TableFile, ...]] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def begin(cls, folder: Path, version: int, note: Note, memory: int) -> Iterator[Self]:
        """Open a database for a build; first remove what a killed build left."""
        for old_folder in folder.glob(f"{_SCRATCH}*"):
            shutil.rmtree(old_folder, ignore_errors=True)
        scratch = folder / f"{_SCRATCH}{os.getpid()}"
        scratch.mkdir(parents=True)
        try:
            with connection.to_build(scratch, memory) as database:
                yield cls(folder, scratch, database, version, note)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def read(self, path: Path) -> None:
        """Read lines of N-Quads into ``read_quad``."""
        self.note("reading the graph")
        self.run(f"CREATE TABLE read_quad AS {lines.quads_of(lines.read_lines(path))}")

    def divide(self) -> None:
        """Split what was read into the record and the keys of coded rows."""
        self.note("separating coded rows from the record")
        self.run(f"CREATE TABLE coded_key AS {coded_sql.CODED_KEYS.format(quads='read_quad')}")
        self.run("CREATE TABLE quad AS SELECT * FROM read_quad ANTI JOIN coded_key USING (s, g)")

    def make_record(self) -> None:
        """Make and write every table except those of coded rows, from ``quad``."""
        self.run(record_sql.GROUNDWORK)
        classes = {head for (head,) in self.run("SELECT DISTINCT head FROM typed").fetchall()}
        for name, table in TABLES.items():
            self.note(f"writing {name}")
            is_empty = table.of_class_iri not in classes
            self.written[name] = () if is_empty else tuple(self._write_records(name, table))
        for name, query in coded_sql.DIMENSIONS.items():
            self.note(f"writing {name}")
            self.run(f"CREATE OR REPLACE TABLE {name} AS {query}")
            self.write(name, f"FROM {name}")
        self.write("acts", coded_sql.ACTS)
        self.write(QUADS, "SELECT * FROM quad ORDER BY ALL")
        self.run(coded_sql.RESOLVED)

    def _write_records(self, name: str, table: RecordTable) -> Iterator[TableFile]:
        """Write a table of the record: one file for each range of records."""
        number = f"(row_number() OVER (ORDER BY s) - 1) // {RECORDS_OF_A_FILE}"
        records = record_sql.records_of(table)
        self.run(f"CREATE OR REPLACE TABLE numbered AS SELECT s, {number} AS file FROM ({records})")
        for (file,) in self.run("SELECT DISTINCT file FROM numbered ORDER BY file").fetchall():
            self.run(f"CREATE OR REPLACE TABLE chosen AS SELECT s FROM numbered WHERE file = {file}")
            yield self.copy(name, record_sql.make(table, "FROM chosen"))

    def write_rows(self, table: RowTable, rows: str = "") -> tuple[TableFile, ...]:
        """Write coded rows, by default those just read, in order to one file; no file if there are none."""
        self.note(f"writing {table.name}")
        self.run(f"CREATE OR REPLACE TABLE pending AS {table.completed.format(rows=rows or table.read)}")
        if not self.finds("FROM pending"):
            return ()
        return (self.copy(table.name, table.sorted.format(rows="pending")),)

    def write(self, name: str, query: str) -> None:
        """Write a table to a file."""
        self.written[name] = (self.copy(name, query),)

    def copy(self, name: str, query: str) -> TableFile:
        """Write the rows of a query to a file of a table."""
        path = self._unused(name)
        result = self.run(f"COPY ({query}) TO {lines.quoted(str(path))} (FORMAT parquet, COMPRESSION zstd)")
        return TableFile.of(path, int(result.fetchall()[0][0]))

    def run(self, sql: str) -> DuckDBPyConnection:
        """Run SQL statements."""
        return self.database.execute(sql)

    def finds(self, query: str) -> bool:
        """Return whether a query yields a row."""
        return bool(self.run(f"SELECT 1 FROM ({query}) LIMIT 1").fetchall())

    def _unused(self, name: str) -> Path:
        """Return an unused path: a version may be built again, for example after a purge."""
        number = 0
        while (path := self.folder / f"{name}-{self.version}-{number}{SUFFIX}").exists():
            number += 1
        return path


def build(
    folder: Path,
    version: int,
    dump: Callable[[Path], object],
    note: Note,
    memory: int = connection.BUILDING_MEMORY,
) -> Files:
    """Write all tables of a version and return their files; ``dump`` writes the quads to a path (N-Quads)."""
    with Building.begin(folder, version, note, memory) as building:
        path = building.scratch / "quads.nq"
        dump(path)
        building.read(path)
        path.unlink()
        building.divide()
        building.make_record()
        for table in ROW_TABLES:
            building.written[table.name] = building.write_rows(table)
        return building.written


def attach(database: DuckDBPyConnection, folder: Path, files: Files) -> None:
    """Attach the tables of a projection to a connection as views; a table without rows has columns too."""
    if not all(files.values()):
        database.execute(_NOTHING)
    for name, found in files.items():
        rows = f"read_parquet({paths_of(folder, found)})" if found else f"({_without_rows(name)})"
        database.execute(f"CREATE VIEW {name} AS SELECT * FROM {rows}")


def _without_rows(name: str) -> str:
    """Return SQL for the columns of a table that has no file."""
    for table in ROW_TABLES:
        if table.name == name:
            return table.sorted.format(rows=f"({table.completed.format(rows=table.read)})")
    return record_sql.make(TABLES[name])


def paths_of(folder: Path, files: Iterable[TableFile]) -> str:
    """Return the paths of files as an SQL list."""
    return f"[{', '.join(lines.quoted(str(folder / file.name)) for file in files)}]"


def rows_of(folder: Path, manifest: Manifest, name: str) -> str:
    """Return SQL for the rows of a table of a projection."""
    return f"SELECT * FROM read_parquet({paths_of(folder, manifest.tables[name])})"
