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
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
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
class OrderedFile:
    """A file to load, and the graph for its triples in no graph."""

    path: str
    format: str
    name: str
    graph: str | None

    @property
    def file(self) -> LoadFile:
        """The file."""
        return LoadFile(Path(self.path), rdf_format(self.format), self.name)


@dataclass(frozen=True)
class PreparationOrder:
    """The files of a load, and its folder, which holds a copy of the store at a version."""

    folder: str
    base: int
    files: Sequence[OrderedFile]

    def to_json(self) -> str:
        """Return it as JSON, as ``from_json`` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "PreparationOrder":
        """Read an order."""
        order = json.loads(text)
        return cls(order["folder"], order["base"], [OrderedFile(**each) for each in order["files"]])


def read_result(folder: Path) -> Prepared | None:
    """Return the result of the process, or its error; None if it crashed before."""
    path = folder / _RESULT
    if not path.exists():
        return None
    result: Prepared = pickle.loads(path.read_bytes())  # written by our own process
    return result


def main() -> None:
    """Prepare the load ordered on standard input."""
    order = PreparationOrder.from_json(sys.stdin.read())
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    os.nice(_NICE)  # readers have priority
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server handles it and ends this process
    folder = Path(order.folder)
    files = [each.file for each in order.files]
    size = sum(file.size for file in files)

    def shown(step: str, triples: int, _whole: int | None) -> None:
        share = min(sum(file.read for file in files) / size, 1.0) if size else 1.0
        print(json.dumps({"step": step, "triples": triples, "share": round(share, 3)}), flush=True)

    try:
        sources = [
            file.source(ordered_file.graph) for file, ordered_file in zip(files, order.files, strict=True)
        ]
        result: Prepared = prepare(folder, order.base, sources, shown)
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
