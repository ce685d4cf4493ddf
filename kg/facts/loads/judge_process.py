"""Judge process of a load: builds the gate and forks child processes, among which it divides the batches.

It writes the number of quads of each judged batch to standard output, a line each; violations go to files.
"""

import gc
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from kg.changes import Delta
from kg.facts.judges.release_gate import release_gate
from kg.facts.kept_texts import TextsAtHand
from kg.facts.loads import batches
from kg.facts.loads.batches import SharedNodes, Stores
from kg.gate.overlay import Surrounded
from kg.gate.reports import MOST_LISTED, Violation
from kg.store import loading
from kg.store.store import open_snapshot

_SECONDS = 0.05
"""Seconds between two checks for forked processes that have ended."""


def violations(folder: Path, load: Stores, numbers: Iterable[int]) -> Iterator[tuple[int, list[Violation]]]:
    """Yield, for each batch, the number of its quads and its violations."""
    before, after = open_snapshot(load.before, load.version), open_snapshot(load.after, load.version)
    view, gate = Surrounded(before, after, SharedNodes(folder)), release_gate()
    texts = TextsAtHand(loading.directory_of(folder.parent), view)
    for number in numbers:
        quads = batches.read(folder, number)
        with _uncollected():
            delta = Delta(added=quads)
            found = texts.judged(gate.check(delta, view).violations, delta)
        yield len(quads), found


@contextmanager
def _uncollected() -> Iterator[None]:
    """Suspend garbage collection: it would visit millions of objects that are all in use."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def main() -> None:
    """Judge the batches in the arguments: folder, stores, version, first, end, number of processes.

    Exits with 1 if one of the processes fails.
    """
    folder, before, after, version, first, end, share = sys.argv[1:]
    load = Stores(Path(before), Path(after), int(version))
    release_gate()
    gc.collect()
    gc.freeze()  # keeps shared memory from being copied
    loader, parent = os.getppid(), os.getpid()
    children = []
    for number in range(int(share)):
        if not (child := os.fork()):
            with _ending():
                _judge(Path(folder), load, range(int(first) + number, int(end), int(share)), number, parent)
        children.append(child)
    sys.exit(1 if any(_statuses(children, loader)) else 0)


def _statuses(children: Iterable[int], loader: int) -> Iterator[int]:
    """Wait for processes, and yield their exit statuses; kill them if the process of the load has ended."""
    waiting = set(children)
    while waiting:
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            waiting.discard(child)
            yield status
        elif os.getppid() != loader:
            for each in waiting:
                os.kill(each, signal.SIGKILL)
            return
        else:
            sleep(_SECONDS)


@contextmanager
def _ending() -> Iterator[None]:
    """Exit after the block, without the parent's exit handlers."""
    status = 1
    try:
        yield
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(status)


def _judge(folder: Path, load: Stores, numbers: Iterable[int], own: int, parent: int) -> None:
    """Judge batches until there are more errors than a report lists, or the parent has ended."""
    found: list[Violation] = []
    for quads, some in violations(folder, load, numbers):
        found += some
        os.write(1, b"%d\n" % quads)
        is_enough = sum(violation.severity == "error" for violation in found) > MOST_LISTED
        if is_enough or os.getppid() != parent:
            break
    (folder / f"found-{own}").write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    main()
