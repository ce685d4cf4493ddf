"""Preparation process of a load: adds files to a copy of the store and judges them; the server commits.

The order arrives as JSON on standard input. Progress goes to standard output, one JSON object a line; the
result, or the error, goes to a file in the folder of the load.
"""

import json
import os
import pickle
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TypeAlias

from kg.errors import KGError
from kg.facts.loads.files import LoadFile
from kg.facts.loads.load import prepare
from kg.formats import rdf_format
from kg.gate.reports import Report
from kg.store.loading import BulkChange

Prepared: TypeAlias = tuple[BulkChange, Report] | KGError
_RESULT = "prepared"
_NICE = 5
_SECONDS = 0.2
"""Seconds between two checks that the server still runs."""


@dataclass(frozen=True)
class PreparationOrder:
    """A file to load, and the folder of the load, which holds a copy of the store at a version."""

    folder: str
    base: int
    path: str
    format: str
    name: str
    graph: str | None

    @property
    def file(self) -> LoadFile:
        """The file."""
        return LoadFile(Path(self.path), rdf_format(self.format), self.name)


def read_result(folder: Path) -> Prepared | None:
    """Return the result of the process, or its error; None if it crashed before."""
    path = folder / _RESULT
    if not path.exists():
        return None
    result: Prepared = pickle.loads(path.read_bytes())  # written by our own process
    return result


def main() -> None:
    """Prepare the load ordered on standard input."""
    order = PreparationOrder(**json.loads(sys.stdin.read()))
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    os.nice(_NICE)  # readers have priority
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server handles it and ends this process
    folder = Path(order.folder)
    file = order.file

    def shown(step: str, done: int, _whole: int | None) -> None:
        share = min(file.read / file.size, 1.0) if file.size else 1.0
        print(json.dumps({"step": step, "triples": done, "share": round(share, 3)}), flush=True)

    try:
        result: Prepared = prepare(folder, order.base, [file.source(order.graph)], shown)
    except KGError as fault:
        result = fault
    (folder / _RESULT).write_bytes(pickle.dumps(result))


def _end_with(server: int) -> None:
    """End this process and its children when the server ends: no process would commit the load."""
    while os.getppid() == server:
        time.sleep(_SECONDS)
    with suppress(ProcessLookupError):  # the process has no group of its own
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    main()
