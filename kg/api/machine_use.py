"""Machine use of the server: memory of its processes (on Linux only), and disk."""

import os
import resource
import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.store.log import CommitLog

_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class MachineUse:
    """Bytes: resident memory of the server and of its child processes, free disk, store and log."""

    server: int
    others: int
    disk_free: int
    store: int
    log: int


class LogSize:
    """The size of a log. Only a purge changes records, so that only new ones are measured."""

    def __init__(self, log: CommitLog) -> None:
        self._log = log
        self._known = 0
        self._bytes = 0

    def bytes_up_to(self, version: int) -> int:
        """Return the bytes of the records up to a version."""
        for number in range(self._known + 1, version + 1):
            with suppress(OSError):
                self._bytes += self._log.path_of(number).stat().st_size
        self._known = max(self._known, version)
        return self._bytes


def measure(data: Path, log: LogSize, version: int) -> MachineUse:
    """Return the use of the machine; it takes some milliseconds and reads the names of all processes."""
    memory = dict(_resident(os.getpid()))
    server = memory.pop(os.getpid(), 0)
    return MachineUse(
        server=server,
        others=sum(memory.values()),
        disk_free=shutil.disk_usage(data).free,
        store=sum(_sizes(data / "store")),
        log=log.bytes_up_to(version),
    )


def _sizes(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        with suppress(OSError):  # the engine may remove tables meanwhile
            yield path.stat().st_size if path.is_file() else 0


def _resident(root: int) -> Iterator[tuple[int, int]]:
    """Yield a process and all its descendants, each with its resident memory in bytes."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for path in _PROCESSES.glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):  # it has ended
            children[int(path.read_bytes().rpartition(b")")[2].split()[1])].append(int(path.parent.name))
    processes = [root]
    while processes:
        process = processes.pop()
        processes += children[process]
        with suppress(OSError, ValueError):
            pages = int((_PROCESSES / str(process) / "statm").read_bytes().split()[1])
            yield process, pages * resource.getpagesize()
