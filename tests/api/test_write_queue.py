"""The queue of writes runs one piece of work at a time, to its end, and returns when it is durable."""

import asyncio
import gc
from functools import partial
from threading import Event, current_thread, main_thread
from weakref import ref

import pytest
from kg.api.write_queue import WriteQueue


def queue() -> WriteQueue:
    return WriteQueue(None)


def test_work_runs_one_at_a_time_and_off_the_event_loop() -> None:
    running: list[int] = []
    most: list[int] = []

    def work(number: int) -> int:
        assert current_thread() is not main_thread()
        running.append(number)
        most.append(len(running))
        Event().wait(0.01)
        running.remove(number)
        return number

    async def run() -> list[int]:
        judging = queue()
        return await asyncio.gather(*(judging.judge(partial(work, number)) for number in range(4)))

    assert asyncio.run(run()) == [0, 1, 2, 3]
    assert most == [1] * 4


def test_the_frames_of_failed_work_hold_nothing() -> None:
    held: list[ref[Event]] = []

    def fail() -> None:
        iterator = Event()
        held.append(ref(iterator))
        raise LookupError("gone")

    async def run() -> BaseException:
        with pytest.raises(LookupError) as fault:
            await queue().judge(fail)
        return fault.value

    fault = asyncio.run(run())
    gc.collect()
    assert held[0]() is None
    assert fault.__traceback__ is not None


def test_a_server_that_only_reads_has_no_queue_to_write() -> None:
    with pytest.raises(AssertionError, match="only reads"):
        asyncio.run(queue().write(list))
