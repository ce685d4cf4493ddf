"""File descriptors: how many the process may have, and how many of them connections may take.

The engine sizes its cache of open files by the limit that it finds when it opens. So it opens under a lower
one, and what that leaves is for connections and readers.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from kg.settings import Settings

MOST_CONNECTIONS = 4096
"""Connections at a time where no setting says how many."""
_LEAST_CONNECTIONS = 8
_OTHERS = 96
"""Descriptors for log, snapshots, event loop, bodies on disk, and the least that the engine opens with."""
_OF_READER = 4


def raise_limit() -> int:
    """Raise the limit of this process as far as it may be raised; return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1 << 20 if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or wanted <= soft:
        return 1 << 20 if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (ValueError, OSError):  # macOS allows less than it says
        return soft
    return wanted


def connections(settings: Settings, limit: int) -> int:
    """Return how many connections may be open at a time under a limit of descriptors."""
    left = limit - _OTHERS - _OF_READER * settings.reader_count
    most = min(settings.connections, left) if settings.connections else min(MOST_CONNECTIONS, left // 2)
    return max(_LEAST_CONNECTIONS, most)


@contextmanager
def kept_free(number: int) -> Iterator[None]:
    """Lower the limit by so many descriptors while this lasts, but not below what the engine opens with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        yield
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft - number, min(soft, 2 * _OTHERS)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
