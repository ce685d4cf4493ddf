"""Commits on their way to the disk: one flush for all that wait, while the next writer is at work.

A commit is pending from when the engine holds it until the disk does too. Whoever waits for one flushes all
that are pending, unless another's flush has settled it by then. Where a flush fails, all that is pending is
withdrawn, newest first, and everybody who waits is refused: also who only saw what is withdrawn, for the
verdict may rest on it.

Locks are taken in one order, the writers' before that of the flushes. So whoever finds that a flush failed
lets go of the second before taking the first.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, RLock, local
from types import TracebackType

from kg.errors import Unavailable
from kg.store import disk_space, table_check
from kg.store.log import CommitLog

MOST_PENDING = 64
"""Commits that may be pending; the next one flushes them first."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Pending:
    """A commit that the engine holds and that the disk may not hold yet."""

    version: int
    is_durable: bool = False
    fault: OSError | None = None
    """Why it was withdrawn."""

    @property
    def is_settled(self) -> bool:
        """Whether it is known what became of it."""
        return self.is_durable or self.fault is not None


class PendingCommits:
    """The commits that are pending, oldest first; ``publish`` hears up to which version all is durable."""

    def __init__(self, log: CommitLog, publish: Callable[[int], None]) -> None:
        self._log = log
        self._publish = publish
        self._commits: list[Pending] = []
        self._flushing = Lock()
        self.fault: OSError | None = None
        """Why the last flush failed; until what is pending has been withdrawn there is no other."""

    @property
    def all(self) -> tuple[Pending, ...]:
        """Those there are now."""
        return tuple(self._commits)

    @property
    def last(self) -> Pending | None:
        """The newest of them."""
        return next(reversed(self.all), None)

    def admit(self) -> None:
        """Make place for one more; raises where a flush failed, and its writer saw what will be withdrawn."""
        if len(self._commits) >= MOST_PENDING:
            self.flush(self.last)
        if self.fault is not None:
            raise unwritten(self.fault) from self.fault

    def add(self, version: int) -> None:
        """Note a commit that the engine now holds."""
        self._commits.append(Pending(version))

    def flush(self, until: Pending | None) -> None:
        """Make all of them durable, or note the fault; not where the one meant has been settled."""
        with self._flushing:
            if until is None or until.is_settled or self.fault is not None:
                return
            flushed = self.all
            try:
                self._log.settle([commit.version for commit in flushed])
            except OSError as fault:
                self.fault = fault
                return
            self._publish(flushed[-1].version)
            for commit in flushed:
                commit.is_durable = True
            del self._commits[: len(flushed)]

    def refuse(self) -> None:
        """Tell everybody who waits that all of them have been withdrawn."""
        with self._flushing:
            for commit in self._commits:
                commit.fault = self.fault
            self._commits.clear()
            self.fault = None


class Writing:
    """Held by whoever checks and then commits, so that nothing comes between; one thread may take it again.

    Let go of for good it waits, with the next writer at work, until what was seen and written is durable.
    Then it raises NoRoom or Unavailable where that was not to be had and has been withdrawn.
    """

    def __init__(self, pending: PendingCommits, withdraw: Callable[[], None]) -> None:
        self.lock = RLock()
        self._pending = pending
        self._withdraw = withdraw
        self._depth = 0
        self._thread = local()

    def __enter__(self) -> None:
        self.lock.acquire()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        seen = self._pending.last if self._depth == 0 else None
        self.lock.release()
        if seen is not None:
            getattr(self._thread, "leave", self.wait)(seen)

    def wait(self, commit: Pending) -> None:
        """Return when a commit is durable; raises NoRoom or Unavailable when it has been withdrawn."""
        while not commit.is_settled:
            self._pending.flush(commit)
            self.withdraw_failed()
        if commit.fault is not None:
            raise unwritten(commit.fault) from commit.fault

    def settle(self) -> None:
        """Leave nothing pending, durable or withdrawn; raises Unavailable where it cannot be withdrawn."""
        with self.lock:
            self._pending.flush(self._pending.last)
            self.withdraw_failed()

    def withdraw_failed(self) -> None:
        """Withdraw what is pending where a flush failed; raises Unavailable where that cannot be done."""
        if self._pending.fault is not None:
            with self.lock:
                if self._pending.fault is not None:
                    self._withdraw()
                    self._pending.refuse()

    @contextmanager
    def leaving(self, leave: Callable[[Pending], None]) -> Iterator[None]:
        """Have this thread not wait, but leave what it would have waited for to another."""
        self._thread.leave = leave
        try:
            yield
        finally:
            del self._thread.leave


def unwritten(fault: Exception) -> Exception:
    """Give the error for a commit that could not be written, and of which nothing is kept."""
    if not isinstance(fault, OSError):
        return table_check.unreadable(None, fault) if table_check.is_damage(fault) else fault
    if disk_space.is_lacking(fault):
        return disk_space.lacking()
    _log.error("A commit could not be written: %s", fault)
    return Unavailable("Nothing was stored, for the disk failed to take it; try again, or look at the disk.")
