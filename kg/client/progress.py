"""Messages on a terminal about work that takes long; elsewhere (a pipe, a notebook) nothing is written."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

PATIENCE = 1.0
"""Seconds before a terminal shows what the program is doing."""


def talk(sentence: str) -> None:
    """Print a message to standard error."""
    print(sentence, file=sys.stderr, flush=True)


@contextmanager
def working(sentence: str) -> Iterator[None]:
    """Say on a terminal what is being done, once it has taken more than a second.

    One line and no moving picture: Ctrl-C may end the program at once, and would leave the cursor hidden.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    timer = Timer(PATIENCE, talk, [f"{sentence} ..."])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
