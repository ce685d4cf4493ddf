"""Failed read of damaged tables: remembered, and tried again on request until it succeeds."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from kg.errors import Damaged, KGError
from kg.query.job import Job
from kg.store.store import Contents

SECONDS_BETWEEN_TRIALS = 5.0


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        pass


def read_all(contents: Contents) -> Iterator[bytes]:
    """Read every quad and yield nothing; raises what the engine raises for damaged tables."""
    contents.dump(_Nowhere())  # type: ignore[arg-type]  # the serialiser calls write() and flush() only
    yield b""


class ReadFault:
    """The last failed job and its error; ``try_again`` runs the job again, to its end."""

    def __init__(self, try_again: Callable[[Job], Awaitable[None]]) -> None:
        self._try_again = try_again
        self._failed: tuple[Job, Damaged] | None = None
        self._next_trial = 0.0

    def note(self, job: Job, fault: Damaged) -> None:
        """Record that a job failed."""
        self._failed = (job, fault)

    async def check(self) -> None:
        """Raise Damaged if the last read failed; retry it from time to time."""
        if self._failed is None:
            return
        job, fault = self._failed
        now = asyncio.get_running_loop().time()
        if now < self._next_trial:
            raise fault
        self._next_trial = now + SECONDS_BETWEEN_TRIALS
        try:
            await self._try_again(job)
        except Damaged:
            raise
        except KGError:  # a limit or busy readers: nothing new is known
            raise fault from None
        self._failed = None
