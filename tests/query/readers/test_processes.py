"""The server's end of its processes: frames, priority, and how a reader has ended."""

import asyncio
import os
import signal
from pathlib import Path
from typing import cast

import pytest
import uvloop

from kg.query.job import QueryJob
from kg.query.readers.forkserver import CopySource, ForkServerOptions
from kg.query.readers.pool import ReaderPool
from kg.query.readers.processes import (
    LOW_PRIORITY,
    READ_AHEAD,
    ForkedReader,
    ForkServerLost,
    ForkServerProcess,
    ReaderConnection,
    ReaderProcess,
)
from kg.query.readers.reader import DATA, END, FAULT, FRAME, HEAD, WHOLE, Task
from kg.store.store import Store
from tests.support.readers import LONG, run, until, values


@pytest.mark.parametrize("may_come_forward", [True, False])
def test_a_query_that_takes_long_lets_others_go_first(
    tmp_path: Path, budget: int, monkeypatch: pytest.MonkeyPatch, may_come_forward: bool
) -> None:
    monkeypatch.setattr("kg.query.readers.queue.SECONDS_AT_NORMAL_PRIORITY", 0.01)
    if not may_come_forward:
        monkeypatch.setattr(ReaderProcess, "restore_priority", lambda _: False)

    async def ask(_: Store, pool: ReaderPool) -> None:
        answer = await pool.answer(QueryJob(f"{LONG} LIMIT 20000"))
        (slow,) = pool.readers.alive
        await until(lambda: slow.has_low_priority)
        assert niceness(slow) == LOW_PRIORITY
        monkeypatch.setattr("kg.query.readers.queue.SECONDS_AT_NORMAL_PRIORITY", 60)
        await answer.read()
        assert await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }")) == ["7"]
        (next_one,) = pool.readers.alive
        assert niceness(next_one) == niceness(None)
        assert (next_one is slow) == may_come_forward

    run(tmp_path, ask, memory_budget=budget)


def niceness(reader: ReaderProcess | None) -> int:
    """Tell how nice a reader is, or this process."""
    return os.getpriority(os.PRIO_PROCESS, reader.pid if reader else 0)


class Link(asyncio.Transport):
    """A socket that counts how often it is paused."""

    pauses = 0
    is_paused = False

    def pause_reading(self) -> None:
        self.pauses += 1
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False


def test_frames_are_read_as_they_come_in_pieces() -> None:
    async def read() -> list[tuple[bytes, bytes]]:
        connection = ReaderConnection()
        connection.connection_made(Link())
        sent = b"".join(FRAME.pack(kind, len(data)) + data for kind, data in FRAMES)
        reading = asyncio.create_task(connection.next())
        for byte in sent:
            await asyncio.sleep(0)
            connection.data_received(bytes([byte]))
        found = [await reading, await connection.next()]
        connection.connection_lost(None)
        with pytest.raises(EOFError):
            await connection.next()
        assert connection.has_ended
        return found

    assert asyncio.run(read()) == FRAMES


FRAMES = [(b"D", b"some bytes"), (b"E", b"")]


def test_a_long_answer_is_read_ahead_to_a_limit() -> None:
    async def read() -> None:
        link, connection = Link(), ReaderConnection()
        connection.connection_made(link)
        for _ in range(3):
            connection.data_received(FRAME.pack(b"D", READ_AHEAD) + b"x" * READ_AHEAD)
        assert (link.is_paused, link.pauses) == (True, 1)
        for _ in range(3):
            assert len((await connection.next())[1]) == READ_AHEAD
        waiting = asyncio.create_task(connection.next())
        await asyncio.sleep(0)
        assert not link.is_paused
        waiting.cancel()

    asyncio.run(read())


@pytest.mark.parametrize(("sent", "is_timeout"), [(signal.SIGALRM, True), (signal.SIGKILL, False)])
def test_a_reader_says_whether_its_timer_ended_it(tmp_path: Path, sent: int, is_timeout: bool) -> None:
    async def ask(_: Store, pool: ReaderPool) -> bool:
        (reader,) = pool.readers.alive
        os.kill(reader.pid, sent)
        assert await reader.timed_out() == is_timeout
        return reader.has_ended

    assert run(tmp_path, ask)


def test_a_fork_server_whose_copy_exceeds_its_budget_does_not_start(tmp_path: Path) -> None:
    async def ask(_: Store, pool: ReaderPool) -> None:
        snapshot = await pool.snapshots.hold()
        source = CopySource(str(snapshot.path), snapshot.version, budget=-(1 << 26))
        with pytest.raises(ForkServerLost):
            await ForkServerProcess.start(
                ForkServerOptions(1 << 30, str(pool.snapshots.log.folder), (), source)
            )
        pool.snapshots.leave(snapshot)

    run(tmp_path, ask)


@pytest.mark.parametrize(
    ("frames", "answer"),
    [
        ([(WHOLE, b"text/csv\0x")], (WHOLE, b"text/csv\0x")),
        ([(HEAD, b"text/csv"), (DATA, b"x"), (DATA, b"yz"), (END, b"")], (WHOLE, b"text/csv\0xyz")),
        ([(FAULT, b"{}")], (FAULT, b"{}")),
        ([(HEAD, b"text/csv"), (DATA, b"x"), (FAULT, b"{}")], (FAULT, b"{}")),
    ],
    ids=["one frame", "several frames", "a fault", "a fault in the middle"],
)
def test_a_whole_answer_is_read_from_all_its_frames(
    frames: list[tuple[bytes, bytes]], answer: tuple[bytes, bytes]
) -> None:
    async def main() -> None:
        connection = ReaderConnection()
        connection.connection_made(Link())
        connection.data_received(b"".join(FRAME.pack(kind, len(data)) + data for kind, data in frames))
        forked = ForkedReader(0, 0, 1, connection.loop.create_future())
        reader = ReaderProcess(cast(ForkServerProcess, None), forked, connection)
        assert await reader.answer() == answer
        connection.connection_lost(None)
        with pytest.raises(EOFError):
            await reader.answer()

    asyncio.run(main())


def test_a_reader_ends_that_is_stopped_after_another_fork_server_was_started(tmp_path: Path) -> None:
    async def main() -> None:
        options = ForkServerOptions(1 << 30, str(tmp_path / "log"))
        first = await ForkServerProcess.start(options)
        reader = await first.fork()
        second = await ForkServerProcess.start(options)
        reader.stop()
        await until(lambda: not Path(f"/proc/{reader.pid}").exists())
        await first.close()
        await second.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # asyncio's own closes descriptors
        runner.run(main())


def test_a_task_for_a_reader_that_has_ended_raises_at_its_answer(tmp_path: Path) -> None:
    async def main() -> None:
        server = await ForkServerProcess.start(ForkServerOptions(1 << 30, str(tmp_path / "log")))
        reader = await server.fork()
        server.kill(reader.pid)
        await until(lambda: reader.has_ended and not Path(f"/proc/{reader.pid}").exists())
        await asyncio.sleep(0.1)  # the loop has closed the socket
        reader.send(Task(QueryJob("ASK {}"), None, 1, 1.0))
        with pytest.raises(EOFError):
            await reader.frame()
        await server.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # asyncio's own lets anybody write
        runner.run(main())
