"""Idle readers and waiting callers: who is served, and when waiting ends."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kg.query.readers.waiting import IdleReaders


def run(work: Callable[[IdleReaders[str]], Awaitable[None]]) -> None:
    async def main() -> None:
        await work(IdleReaders())

    asyncio.run(main())


def later(idle: IdleReaders[str], *, for_next: bool = False) -> asyncio.Task[str]:
    return asyncio.create_task(idle.wait(idle.loop.time() + 5, for_next=for_next))


def test_the_reader_that_became_idle_last_is_taken_first() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        for reader in ("a", "b", "c"):
            idle.put(reader)
        assert idle.take() == "c"
        assert await later(idle) == "b"
        assert idle.take_all() == ["a"]
        assert idle.take() is None

    run(work)


def test_one_particular_reader_can_be_taken_once() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        idle.put("a")
        idle.put("b")
        assert (idle.remove("a"), idle.remove("a"), idle.take_all()) == (True, False, ["b"])

    run(work)


def test_the_caller_that_has_waited_longest_is_served_first() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        first, second = later(idle), later(idle)
        await asyncio.sleep(0)
        idle.put("a")
        idle.put("b")
        assert (await first, await second, idle.take()) == ("a", "b", None)

    run(work)


def test_a_caller_may_wait_for_the_next_reader_though_one_is_idle() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        idle.put("outdated")
        waiting = later(idle, for_next=True)
        await asyncio.sleep(0)
        idle.put("new")
        assert (await waiting, idle.take()) == ("new", "outdated")

    run(work)


def test_waiting_ends_at_its_time_and_the_next_reader_goes_to_the_next_caller() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        with pytest.raises(TimeoutError):
            await idle.wait(idle.loop.time() + 0.01)
        waiting = later(idle)
        await asyncio.sleep(0)
        idle.put("a")
        assert await waiting == "a"

    run(work)


def test_a_caller_that_is_cancelled_as_it_is_served_passes_its_reader_on() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        leaving, waiting = later(idle), later(idle)
        await asyncio.sleep(0)
        idle.put("a")
        leaving.cancel()
        assert await waiting == "a"
        assert leaving.cancelled()

    run(work)
