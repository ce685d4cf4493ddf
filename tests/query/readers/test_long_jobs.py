"""Long jobs have half of the readers at most."""

import asyncio
from typing import cast

import pytest

from kg.errors import Unavailable
from kg.query.readers.long_jobs import LongJobs
from kg.query.readers.processes import ReaderProcess

READER, OTHER = cast(ReaderProcess, "a reader"), cast(ReaderProcess, "another")


@pytest.mark.parametrize(("readers", "slots"), [(1, 1), (3, 1), (4, 2)])
def test_half_of_the_readers_at_most_take_long_jobs(readers: int, slots: int) -> None:
    async def main() -> None:
        jobs = LongJobs(readers)
        for _ in range(slots):
            await jobs.reserve(1)
        with pytest.raises(Unavailable, match="exports"):
            await jobs.reserve(0.01)
        jobs.cancel()
        await jobs.reserve(1)

    asyncio.run(main())


def test_a_reader_frees_its_slot_once_and_one_without_a_slot_frees_none() -> None:
    async def main() -> None:
        jobs = LongJobs(1)
        await jobs.reserve(1)
        jobs.assign(READER)
        jobs.finish(OTHER)
        with pytest.raises(Unavailable):
            await jobs.reserve(0.01)
        jobs.finish(READER)
        jobs.finish(READER)
        await jobs.reserve(1)
        with pytest.raises(Unavailable):
            await jobs.reserve(0.01)

    asyncio.run(main())
