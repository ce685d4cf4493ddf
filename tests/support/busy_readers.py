"""Reader processes of a server that are at work, from the process table."""

from pathlib import Path

_TICKS = 20
"""So much time of a processor, in ticks of 10 ms, that no start of a process takes."""


def descendants(pid: int) -> set[int]:
    """Return the processes that a process started, and those that these started."""
    children = {
        int(each)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for each in path.read_text("ascii").split()
    }
    return children.union(*map(descendants, children))


def ticks(pid: int) -> int | None:
    """Return the time of a processor that a process took, in ticks; None if it has ended."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except FileNotFoundError:
        return None
    return None if state == "Z" else int(rest[10]) + int(rest[11])


def readers(server: int) -> set[int]:
    """Return the reader processes of a server."""
    return {
        pid
        for pid in descendants(server)
        if b"kg.query.readers.reader" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


class Watch:
    """The readers of a server that does nothing, and the time each has taken."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._before = {pid: ticks(pid) for pid in readers(server)}

    def is_idle(self) -> bool:
        """Return True if no reader has worked since the start of the watch."""
        return self._before == {pid: ticks(pid) for pid in readers(self._server)}

    def busy(self) -> set[int]:
        """Return the readers that worked for long since the start of the watch."""
        now = {pid: ticks(pid) or 0 for pid in self._before}
        return {pid for pid, taken in now.items() if taken - (self._before[pid] or 0) > _TICKS}
