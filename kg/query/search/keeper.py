"""Keeper process: keeps the index of a data directory up, apart from the server and at a low priority.

Each line on standard input asks it to bring the index up to the last commit; ``check`` has it read the whole
index first, and build it anew if it is damaged. It answers in lines of JSON: ``{"note": ...}`` tells how far
it is, ``{"version": ...}`` or ``{"fault": ...}`` ends an answer.
"""

import json
import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

from kg.errors import JSON, KGError
from kg.query.search import upkeep
from kg.store.read_only import open_read_only

CHECK = "check"
_NICE = 10
_SECONDS_BETWEEN_NOTES = 0.5


class _Reporter:
    """Tells how far the work is, now and then; ends the process when the server has ended."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._told = monotonic()

    def __call__(self, note: str) -> None:
        if os.getppid() != self._parent:
            raise SystemExit(0)
        if monotonic() - self._told > _SECONDS_BETWEEN_NOTES:
            self._told = monotonic()
            _tell("note", note)


def main() -> None:
    """Work until standard input ends."""
    directory, note = Path(sys.argv[1]), _Reporter()
    with suppress(OSError):
        os.nice(_NICE)
    for order in sys.stdin:
        if order.strip() == CHECK and not upkeep.is_whole(directory):
            upkeep.discard(directory)
        _bring_up_to_date(directory, note)


def _bring_up_to_date(directory: Path, note: _Reporter) -> None:
    try:
        version = upkeep.bring_up_to_date(
            directory, lambda: open_read_only(directory, takes_damaged=True), note
        )
    except KGError as fault:
        _tell("fault", fault.detail)
    except (OSError, sqlite3.Error) as fault:
        _tell("fault", f"The search index cannot be written: {fault}.")
    else:
        _tell("version", version)


def _tell(name: str, value: JSON) -> None:
    sys.stdout.write(json.dumps({name: value}) + "\n")
    sys.stdout.flush()
