"""Compaction: reclaims the disk space of removed quads, which scans must skip until then.

Reading and writing continue meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from time import monotonic

AT_ONCE = 2000
"""Minimum number of quads removed between two compactions."""
BYTES_EACH = 10_000
"""A compaction is due once there is at least one removed quad for this many bytes of the store.

About one quad in thirty.
"""
QUIET = 10
"""Both thresholds are divided by this after ``SECONDS_OF_QUIET`` without a removal."""
SECONDS_OF_QUIET = 5.0


class Compaction:
    """Calls ``compact`` when enough quads are removed, on a thread that starts with the first removal."""

    def __init__(self, compact: Callable[[], None], size: Callable[[], int]) -> None:
        self._compact = compact
        self._size = size
        self._pending = 0
        self._last = 0.0
        self._is_busy = False
        self._is_over = False
        self._thread: Thread | None = None
        self._changed = Condition()

    def note(self, removed: int) -> None:
        """Count removed quads."""
        if removed == 0:
            return
        with self._changed:
            self._pending += removed
            self._last = monotonic()
            self._changed.notify_all()
            if self._thread is None:
                self._thread = Thread(target=self._work, daemon=True)
                self._thread.start()

    def settle(self) -> None:
        """Wait until no compaction is running or due."""
        with self._changed:
            while self._is_busy or self._is_due(0):
                self._changed.wait(0.1)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Wait for a running compaction, and start none inside the ``with`` block."""
        with self._changed:
            while self._is_busy:
                self._changed.wait()
            yield

    def end(self) -> None:
        """Wait for a running compaction, and start no more."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        with self._changed:
            while not self._is_over:
                if self._is_due(SECONDS_OF_QUIET):
                    self._do()
                else:
                    self._changed.wait(SECONDS_OF_QUIET if self._is_due(0) else None)

    def _do(self) -> None:
        self._pending = 0
        self._is_busy = True
        self._changed.release()
        try:
            self._compact()
        finally:
            self._changed.acquire()
            self._is_busy = False
            self._changed.notify_all()

    def _is_due(self, quiet: float) -> bool:
        """Return whether enough quads are removed; fewer suffice after ``quiet`` seconds without removals."""
        share = QUIET if monotonic() - self._last >= quiet else 1
        return self._pending * share >= AT_ONCE and self._pending * share * BYTES_EACH >= self._size()
