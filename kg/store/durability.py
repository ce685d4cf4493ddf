"""Durability of commits: one flush makes all pending commits durable, while the next writer already works.

A commit is pending while the engine holds it and the disk may not. A caller that waits for a commit flushes
all pending commits, unless another caller's flush has settled it first. If a flush fails, all pending commits
roll back, newest first, and every waiting caller gets an error, including callers that only read them: their
result may depend on a withdrawn commit.

Locks are taken in one order: the writers' lock, then the flush lock. So a caller whose flush failed releases
the flush lock before it takes the writers' lock.
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
"""Maximum number of pending commits; the next commit flushes them first."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Pending:
    """A commit that is in the engine, but possibly not on disk yet."""

    version: int
    is_durable: bool = False
    fault: OSError | None = None
    """Why the commit was withdrawn."""

    @property
    def is_settled(self) -> bool:
        """Whether the commit is durable or withdrawn."""
        return self.is_durable or self.fault is not None


class PendingCommits:
    """The pending commits, oldest first; ``publish`` is called with the newest durable version."""

    def __init__(self, log: CommitLog, publish: Callable[[int], None]) -> None:
        self._log = log
        self._publish = publish
        self._commits: list[Pending] = []
        self._flushing = Lock()
        self.fault: OSError | None = None
        """Why the last flush failed; there is no further flush until all pending commits are withdrawn."""

    @property
    def all(self) -> tuple[Pending, ...]:
        """The commits that are pending now."""
        return tuple(self._commits)

    @property
    def last(self) -> Pending | None:
        """The newest pending commit."""
        return next(reversed(self.all), None)

    def admit(self) -> None:
        """Make room for one more commit.

        If a flush failed, raises NoRoom or Unavailable: the caller has read commits that will be withdrawn.
        """
        if len(self._commits) >= MOST_PENDING:
            self.flush(self.last)
        if self.fault is not None:
            raise unwritten(self.fault) from self.fault

    def add(self, version: int) -> None:
        """Add a commit that the engine now holds."""
        self._commits.append(Pending(version))

    def flush(self, until: Pending | None) -> None:
        """Make all pending commits durable, or set ``fault``; do nothing if ``until`` is already settled."""
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
        """Mark all pending commits as withdrawn, so that their waiting callers get an error."""
        with self._flushing:
            for commit in self._commits:
                commit.fault = self.fault
            self._commits.clear()
            self.fault = None


class Writing:
    """Lock for a check and the commit after it, so that no other write comes between; reentrant per thread.

    The outermost release waits, while the next writer is at work, until all commits read or written under the
    lock are durable. If they were withdrawn instead, it raises NoRoom or Unavailable.
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
        last_pending = self._pending.last if self._depth == 0 else None
        self.lock.release()
        if last_pending is not None:
            getattr(self._thread, "leave", self.wait)(last_pending)

    def wait(self, commit: Pending) -> None:
        """Return when a commit is durable; raises NoRoom or Unavailable if it was withdrawn."""
        while not commit.is_settled:
            self._pending.flush(commit)
            self.withdraw_failed()
        if commit.fault is not None:
            raise unwritten(commit.fault) from commit.fault

    def settle(self) -> None:
        """Make every pending commit durable or withdraw it; raises Unavailable if withdrawing fails."""
        with self.lock:
            self._pending.flush(self._pending.last)
            self.withdraw_failed()

    def withdraw_failed(self) -> None:
        """If a flush failed, withdraw all pending commits; raises Unavailable if that fails."""
        if self._pending.fault is not None:
            with self.lock:
                if self._pending.fault is not None:
                    self._withdraw()
                    self._pending.refuse()

    @contextmanager
    def leaving(self, leave: Callable[[Pending], None]) -> Iterator[None]:
        """Inside the block, pass this thread's commits to ``leave`` instead of waiting for them."""
        self._thread.leave = leave
        try:
            yield
        finally:
            del self._thread.leave


def unwritten(fault: Exception) -> Exception:
    """Return the error for a commit that could not be written and was removed completely."""
    if not isinstance(fault, OSError):
        return table_check.unreadable(None, fault) if table_check.is_damage(fault) else fault
    if disk_space.is_lacking(fault):
        return disk_space.lacking()
    _log.error("A commit could not be written: %s", fault)
    return Unavailable("Nothing was stored: the disk could not be written; try again, or check the disk.")
