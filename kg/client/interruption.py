"""Signals during a write in this process: Ctrl-C and SIGTERM end it before its commit, never during it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


@contextmanager
def terminable() -> Iterator[None]:
    """Raise KeyboardInterrupt for SIGTERM too, so that cleanup code runs."""
    with _handling(signal.SIGTERM, signal.default_int_handler):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore both signals: the block runs to its end, and the caller gets its result."""
    with _handling(signal.SIGINT, _ignore), _handling(signal.SIGTERM, _ignore):
        yield


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Ignore a signal; unlike SIG_IGN, this is not inherited by processes started meanwhile."""


@contextmanager
def _handling(number: signal.Signals, handler: "signal._HANDLER") -> Iterator[None]:
    """Replace a signal's handler inside the block; does nothing outside the main thread."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)
