"""DuckDB connections with limits of memory and without network access: no extension is downloaded."""

from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

BUILDING_MEMORY = 1 << 30
"""Maximum bytes of memory for a build; beyond that DuckDB writes to its folder for temporary files."""
ASKING_MEMORY = 1 << 29


def to_build(folder: Path, memory: int = BUILDING_MEMORY, *, threads: int = 2) -> DuckDBPyConnection:
    """Open a database in a folder, for the intermediate tables of a build."""
    return _opened(str(folder / "building.duckdb"), memory, threads, str(folder / "spill"))


def to_ask(*, threads: int = 1, memory: int = ASKING_MEMORY) -> DuckDBPyConnection:
    """Open a database in memory to query files; it writes no file."""
    connection = _opened(":memory:", memory, threads, "")
    connection.execute("SET parquet_metadata_cache = true")
    return connection


def _opened(name: str, memory: int, threads: int, spill: str) -> DuckDBPyConnection:
    connection = duckdb.connect(
        name,
        config={
            "threads": threads,
            "memory_limit": f"{memory >> 20}MiB",
            "temp_directory": spill,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": False,
        },
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection
