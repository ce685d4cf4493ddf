"""A full disk, as far as one process is concerned: a limit to the size of its files."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


def limit_files(size: int, pid: int = 0) -> None:
    """Let no file that a process writes grow beyond so many bytes; this process, where none is named."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


@contextmanager
def files_limited(size: int, pid: int = 0) -> Iterator[None]:
    """Let no file grow beyond so many bytes for a while."""
    limit_files(size, pid)
    try:
        yield
    finally:
        limit_files(resource.RLIM_INFINITY, pid)
