"""A read that failed on damaged tables is tried again until it succeeds, not at each call."""

import asyncio

import pytest

from kg.errors import Damaged, Unavailable
from kg.query.job import Job, QueryJob
from kg.query.readers import read_fault
from kg.query.readers.read_fault import ReadFault

JOB = QueryJob("ASK {}", "text/csv")


def test_reading_works_until_it_fails_and_again_once_the_same_read_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes: list[Exception | None] = [Damaged("still"), Unavailable("all readers are busy"), None]
    tried: list[Job] = []

    async def again(job: Job) -> None:
        tried.append(job)
        if (outcome := outcomes.pop(0)) is not None:
            raise outcome

    async def run() -> None:
        fault = ReadFault(again)
        await fault.check()
        fault.note(JOB, Damaged("at first"))
        for said in ("still", "at first"):
            with pytest.raises(Damaged, match=said):
                await fault.check()
        await fault.check()
        await fault.check()

    monkeypatch.setattr(read_fault, "SECONDS_BETWEEN_TRIALS", 0.0)
    asyncio.run(run())
    assert tried == [JOB] * 3


def test_between_trials_the_last_reason_is_given() -> None:
    tried: list[Job] = []

    async def again(job: Job) -> None:
        tried.append(job)
        raise Damaged("still")

    async def run() -> None:
        fault = ReadFault(again)
        fault.note(JOB, Damaged("at first"))
        for _ in range(5):
            with pytest.raises(Damaged):
                await fault.check()

    asyncio.run(run())
    assert tried == [JOB]
