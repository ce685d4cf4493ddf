"""Ctrl-C and SIGTERM during a write in this process: they end it before its commit and never within."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType


@contextmanager
def terminable() -> Iterator[None]:
    """Raise KeyboardInterrupt for SIGTERM too, so that what was begun is left in order."""
    with _handling(signal.SIGTERM, signal.default_int_handler):
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore both signals: what is done here is done to its end, and its result tells so."""
    with _handling(signal.SIGINT, _ignore), _handling(signal.SIGTERM, _ignore):
        yield


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing; unlike SIG_IGN, this is not inherited by a process that is started meanwhile."""


@contextmanager
def _handling(number: signal.Signals, handler: "signal._HANDLER") -> Iterator[None]:
    """Handle a signal in another way; only the main thread can."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)
