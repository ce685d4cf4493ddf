"""Address-space limit of a reader that builds tables.

Raised during the build, then lowered so that the free address space is as before.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from kg.query.readers.reader import held_memory

ADDRESSES = 3 << 30
"""Bytes of address space that DuckDB's allocator reserves during a build and never fills."""


@contextmanager
def room_to_build() -> Iterator[None]:
    """Raise this process's limit on address space inside the block; DuckDB's own limit bounds its memory.

    Afterwards, as much address space is free as before.
    """
    limit, most = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        yield
        return
    room = limit - held_memory()
    _limit_addresses(limit + ADDRESSES, most)
    try:
        yield
    finally:
        _limit_addresses(held_memory() + room, most)


def _limit_addresses(limit: int, most: int) -> None:
    resource.setrlimit(
        resource.RLIMIT_AS, (limit if most == resource.RLIM_INFINITY else min(limit, most), most)
    )
