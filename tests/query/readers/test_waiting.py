"""Idle readers and waiting callers: who is served, and when waiting ends."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from kg.query.readers.shares import EXTRA, ReaderShares
from kg.query.readers.waiting import IdleReaders


def run(work: Callable[[IdleReaders[str]], Awaitable[None]]) -> None:
    async def main() -> None:
        await work(IdleReaders(ReaderShares(4)))

    asyncio.run(main())


def later(idle: IdleReaders[str], client: str = "", *, for_next: bool = False) -> asyncio.Task[str]:
    return asyncio.create_task(idle.wait(idle.loop.time() + 5, client, for_next=for_next))


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


def test_a_client_that_holds_half_of_the_readers_waits_while_others_do() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        for reader in "abc":
            idle.put(reader)
        assert [idle.take("many"), idle.take("many"), idle.take("many")] == ["c", "b", "a"]
        greedy = [later(idle, "many") for _ in range(3)]
        other = later(idle, "other")
        await asyncio.sleep(0)
        idle.put("a")
        assert await other == "a"
        idle.put("b")
        assert await greedy[0] == "b"
        for waiting in greedy:
            waiting.cancel()

    run(work)


def test_readers_given_at_once_are_counted_at_once() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        greedy, other = [later(idle, "many") for _ in range(3)], later(idle, "other")
        await asyncio.sleep(0)
        for reader in "abc":
            idle.put(reader)
        await asyncio.sleep(0)
        assert [task.done() for task in (*greedy, other)] == [True, True, False, True]
        greedy[2].cancel()

    run(work)


def test_the_last_readers_wait_for_another_client_until_this_one_holds_less() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        for number in range(EXTRA):
            idle.put(f"held {number}")
            idle.take("many")
        waiting = later(idle, "many")
        await asyncio.sleep(0)
        idle.put("spare")
        await asyncio.sleep(0)
        assert not waiting.done()
        assert idle.waiting == 0
        assert idle.take("many") is None
        assert idle.take("other") == "spare"
        idle.put("spare")
        idle.lose("held 0")
        assert await waiting == "spare"

    run(work)


def test_the_end_of_a_reader_gives_no_idle_one_to_a_caller_that_waits_for_the_next() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        idle.put("outdated")
        waiting = later(idle, for_next=True)
        await asyncio.sleep(0)
        idle.lose("another")
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()

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


def test_each_caller_gives_up_at_its_own_time_in_whatever_order_they_came() -> None:
    async def work(idle: IdleReaders[str]) -> None:
        now = idle.loop.time()
        patient = asyncio.create_task(idle.wait(now + 60))
        for until in (0.06, 0.01, 0.03):
            await asyncio.sleep(0)
            with pytest.raises(TimeoutError):
                await idle.wait(idle.loop.time() + until)
        both = [asyncio.create_task(idle.wait(idle.loop.time() + until)) for until in (0.04, 0.02)]
        assert [type(fault) for fault in await asyncio.gather(*both, return_exceptions=True)] == (
            [TimeoutError] * 2
        )
        idle.put("a")
        assert await patient == "a"
        idle.close()

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
