"""File descriptors: how many the process may open, and how many of them connections may use.

The engine sizes its cache of open files by the descriptor limit when the store is opened. The store is
therefore opened under a lower limit, and the difference is left for connections and readers.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from kg.settings import Settings

MOST_CONNECTIONS = 4096
"""Maximum number of connections if no setting gives one."""
_LEAST_CONNECTIONS = 8
_OTHERS = 96
"""Descriptors for log, snapshots, event loop, bodies on disk, and the engine's minimum."""
_OF_READER = 4


def raise_limit() -> int:
    """Raise the descriptor limit of this process as far as the system permits; return the new limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = 1 << 20 if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or limit <= soft:
        return 1 << 20 if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    except (ValueError, OSError):  # macOS permits less than it reports
        return soft
    return limit


def connections(settings: Settings, limit: int) -> int:
    """Return the maximum number of open connections under a limit of descriptors."""
    available = limit - _OTHERS - _OF_READER * settings.reader_count
    most = (
        min(settings.connections, available)
        if settings.connections
        else min(MOST_CONNECTIONS, available // 2)
    )
    return max(_LEAST_CONNECTIONS, most)


@contextmanager
def kept_free(number: int) -> Iterator[None]:
    """Lower the limit by ``number`` descriptors inside the ``with`` block, but keep the engine's minimum."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        yield
        return
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft - number, min(soft, 2 * _OTHERS)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
