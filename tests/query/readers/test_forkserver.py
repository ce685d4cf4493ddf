"""The fork server: its options, and the modules that its readers share."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from kg import ontology
from kg.query.job import ReadJob
from kg.query.readers.forkserver import CopySource, ForkServerOptions
from kg.query.readers.pool import ReaderPool
from kg.settings import Settings
from kg.store.store import Contents
from tests.support.stores import open_store

calls: list[str] = []


def record_call() -> None:
    calls.append("called")


def imported(_: Contents) -> Iterator[bytes]:
    """Say which of the modules of the test the reader found imported, and what was called before."""
    yield f"{'wave' in sys.modules} {calls}".encode()


def test_options_survive_the_way_over_the_command_line() -> None:
    bare = ForkServerOptions(1 << 30, "/data/log")
    full = ForkServerOptions(1, "log", ("kg.a", "kg.b:c"), CopySource("snapshots/v3", 3, 1 << 40))
    for options in (bare, full):
        assert ForkServerOptions.from_json(options.to_json()) == options


def test_readers_share_the_modules_that_are_preloaded(tmp_path: Path) -> None:
    async def ask(*preload: str) -> bytes:
        settings = Settings(readers=1, memory_budget=1 << 30)
        async with ReaderPool(store, settings, tmp_path / "data" / "snapshots", preload) as pool:
            async with asyncio.timeout(120):
                while pool.copy.version < store.version:
                    await asyncio.sleep(0.01)
            answer = await pool.answer(ReadJob("text/plain", imported))
            assert pool.served == {"memory": 1, "disk": 0}
            return await answer.read()

    with open_store(tmp_path / "data", ontology.load(tmp_path / "none")) as store:
        assert asyncio.run(ask("wave", f"{__name__}:record_call")) == b"True ['called']"
        assert asyncio.run(ask()) == b"False []"
