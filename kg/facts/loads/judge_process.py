"""Judge process of a load: judges every so-many-th batch, and writes what it finds to a file.

It writes a line to standard output for each batch, with the number of its quads.
"""

import pickle
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.changes import Delta
from kg.facts.judges.release_gate import release_gate
from kg.facts.loads import batches
from kg.facts.loads.batches import SharedNodes, Stores
from kg.gate.overlay import Surrounded
from kg.gate.reports import MOST_LISTED, Violation
from kg.store.store import open_snapshot


def violations(
    folder: Path, load: Stores, numbers: Iterable[int]
) -> Iterator[tuple[int, tuple[Violation, ...]]]:
    """Yield, for some batches, the number of quads and what is wrong with them."""
    before, after = open_snapshot(load.before, load.version), open_snapshot(load.after, load.version)
    view, gate = Surrounded(before, after, SharedNodes(folder)), release_gate()
    for number in numbers:
        quads = batches.read(folder, number)
        yield len(quads), gate.check(Delta(added=quads), view).violations


def main() -> None:
    """Judge the batches that the arguments name: folder, stores, version, the first, their number, the step.

    Stop when there are more errors than a report lists.
    """
    given, before, after, version, first, count, step = sys.argv[1:]
    folder, load = Path(given), Stores(Path(before), Path(after), int(version))
    found: list[Violation] = []
    for quads, some in violations(folder, load, range(int(first), int(count), int(step))):
        found += some
        print(quads, flush=True)
        if sum(violation.severity == "error" for violation in found) > MOST_LISTED:
            break
    (folder / f"found-{first}").write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    main()
