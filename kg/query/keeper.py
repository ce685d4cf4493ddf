"""Keeper process: keeps a copy of the graph up to date, apart from the server, at a low priority.

The first argument names the module of the copy's upkeep (search index, columnar projection), the second the
data directory. Each line on standard input requests an update to the last commit; the line ``check`` first
verifies the whole copy and rebuilds it if it is damaged. The answers are lines of JSON: ``{"note": ...}``
reports progress, ``{"version": ...}`` or ``{"fault": ...}`` ends an answer.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Protocol, cast

from kg.errors import JSON, KGError
from kg.store.read_only import open_read_only
from kg.store.store import Contents

CHECK = "check"
_NICE = 10
_SECONDS_BETWEEN_NOTES = 0.5


class Upkeep(Protocol):
    """The functions of a copy's upkeep module."""

    FAULTS: tuple[type[Exception], ...]
    NAME: str

    def bring_up_to_date(
        self, directory: Path, open_contents: Callable[[], Contents], note: Callable[[str], None]
    ) -> int:
        """Update the copy to the last durable commit, and return its version."""
        ...

    def is_whole(self, directory: Path) -> bool:
        """Return whether the copy can be read to its end."""
        ...

    def discard(self, directory: Path) -> None:
        """Discard the copy, so that the next use rebuilds it."""
        ...


class _Reporter:
    """Reports progress from time to time; ends the process if the server has ended."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._told = monotonic()

    def __call__(self, note: str) -> None:
        if os.getppid() != self._parent:
            raise SystemExit(0)
        if monotonic() - self._told > _SECONDS_BETWEEN_NOTES:
            self._told = monotonic()
            _send("note", note)


def main() -> None:
    """Work until standard input ends."""
    upkeep = cast(Upkeep, import_module(sys.argv[1]))
    directory, note = Path(sys.argv[2]), _Reporter()
    with suppress(OSError):
        os.nice(_NICE)
    for order in sys.stdin:
        if order.strip() == CHECK and not upkeep.is_whole(directory):
            upkeep.discard(directory)
        _bring_up_to_date(upkeep, directory, note)


def _bring_up_to_date(upkeep: Upkeep, directory: Path, note: _Reporter) -> None:
    try:
        version = upkeep.bring_up_to_date(
            directory, lambda: open_read_only(directory, takes_damaged=True), note
        )
    except KGError as fault:
        _send("fault", fault.detail)
    except upkeep.FAULTS as fault:
        _send("fault", f"{upkeep.NAME} cannot be written: {fault}.")
    else:
        _send("version", version)


def _send(name: str, value: JSON) -> None:
    sys.stdout.write(json.dumps({name: value}) + "\n")
    sys.stdout.flush()
