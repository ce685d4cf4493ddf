"""The read that failed because tables of the store are damaged: tried again when asked, until it succeeds."""

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
    """Read every quad, and yield nothing; raises what the engine raises for damaged tables."""
    contents.dump(_Nowhere())  # type: ignore[arg-type]  # the serialiser calls write() and flush() only
    yield b""


class ReadFault:
    """Remembers the job that failed last, and why; ``try_again`` does the job anew, to its end."""

    def __init__(self, try_again: Callable[[Job], Awaitable[None]]) -> None:
        self._try_again = try_again
        self._failed: tuple[Job, Damaged] | None = None
        self._next_trial = 0.0

    def note(self, job: Job, fault: Damaged) -> None:
        """Remember that a job failed."""
        self._failed = (job, fault)

    async def check(self) -> None:
        """Return if reading works, as far as is known; else raise Damaged, with a new trial now and then."""
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
        except KGError:  # it ran into a limit, or all readers are busy: nothing new is known
            raise fault from None
        self._failed = None
