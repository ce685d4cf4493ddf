"""Progress messages on a terminal; nothing is written to a pipe or a notebook."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Timer
from time import monotonic

PATIENCE = 1.0
"""Seconds before a terminal shows what the program does."""


def print_message(sentence: str) -> None:
    """Print a message to standard error."""
    print(sentence, file=sys.stderr, flush=True)


@contextmanager
def working(sentence: str) -> Iterator[None]:
    """Show on a terminal what the program does, if the block takes more than a second.

    One line without animation: Ctrl-C may end the program at once, and would leave the cursor hidden.
    """
    if not _is_terminal():
        yield
        return
    timer = Timer(PATIENCE, print_message, [f"{sentence} ..."])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def progress() -> Callable[[str], None]:
    """Return a function that shows progress on a terminal, at most once a second."""
    if not _is_terminal():
        return lambda _: None
    last_time = monotonic()

    def show(sentence: str) -> None:
        nonlocal last_time
        if monotonic() - last_time > PATIENCE:
            last_time = monotonic()
            print_message(f"{sentence} ...")

    return show


def counted(chunks: Iterable[bytes], doing: str) -> Iterator[bytes]:
    """Yield the chunks of a document, and show their total size on a terminal."""
    size, show = 0, progress()
    for chunk in chunks:
        yield chunk
        size += len(chunk)
        show(f"{doing}, {size / 1e6:.0f} MB so far")


def _is_terminal() -> bool:
    """Return True if standard error is a terminal; a program without a console (``pythonw``) has none."""
    return sys.stderr is not None and sys.stderr.isatty()
