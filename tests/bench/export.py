"""How fast exports are, beside the engine's own dump, and how their memory grows with the graph.

    python -m tests.bench.export [--quads 1000000 10000000] [--formats nquads parquet]

The graph is generated: statements with five quads each, a thousand to a graph. Each measurement is a process
of its own, and dump and exports take turns, so that a busy machine slows all of them down. The bar of speed
is the dump of a store of the same quads that holds nothing else; ours holds their merge too. Tables come from
the projection beside the store, as a server keeps it; how long making one takes is printed as well. The bar
of memory is the peak at the largest size over that at the smallest; beside it the growth of the engine's own
dump is printed, whose index blocks and filters grow with the store.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from time import perf_counter

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg import iris
from kg.changes import Commit
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from kg.query.columnar import upkeep
from kg.store import engine
from kg.store.log import CommitLog
from kg.store.store import open_snapshot
from kg.terms import DIP, RDF, RDFS

LEAST_SPEED = {"nquads": 0.8, "parquet": 0.5}
"""Of the speed of the dump, at a million quads."""
OF_SIZE = 1_000_000
MOST_GROWTH = 1.3
ROUNDS = 3
STATEMENTS_OF_A_GRAPH = 1000
STORE = "store"


def quads() -> Iterator[Quad]:
    """Yield statements without end, five quads each."""
    number = 0
    while True:
        node = NamedNode(f"{iris.DATA}statement-{number}")
        graph = NamedNode(f"{iris.DATA}graph-{number // STATEMENTS_OF_A_GRAPH}")
        yield Quad(node, RDF.TYPE, DIP.STATEMENT, graph)
        yield Quad(node, RDFS.LABEL, Literal(f"Statement number {number}", language="en"), graph)
        yield Quad(node, DIP.MADE_BY, NamedNode(f"{iris.DATA}actor-{number % 997}"), graph)
        yield Quad(node, DIP.OCCURS_AT, NamedNode(f"{iris.DATA}time-{number % 9001}"), graph)
        yield Quad(node, DIP.QUOTATION, Literal(f"the words of the statement number {number}"), graph)
        number += 1


def make_raw(path: Path, count: int) -> None:
    """Write a store that holds the quads and nothing else."""
    store = pyoxigraph.Store(str(path))
    store.bulk_extend(islice(quads(), count))
    store.flush()


def make_ours(path: Path, count: int) -> None:
    """Write store, log and projection as a data directory has them."""
    engine.write_quads(islice(quads(), count), path / STORE)
    log = CommitLog(path / "log")
    log.folder.mkdir()
    log.append(Commit(1, datetime(2026, 11, 30, tzinfo=UTC), "bench", None, None, (), None, "kg"))
    log.settle([1])
    begun = perf_counter()
    upkeep.bring_up_to_date(path, lambda: open_snapshot(path / STORE, 1), lambda _: None)
    print(f"{count:>10} quads: a projection is made in {perf_counter() - begun:.1f} s", flush=True)


def dump(path: Path, target: Path) -> None:
    """Have the engine dump a store."""
    pyoxigraph.Store.read_only(str(path)).dump(str(target), RdfFormat.N_QUADS)


def write(name: str, path: Path, target: Path) -> None:
    """Export a data directory in a format."""
    contents = open_snapshot(path / STORE, 1)
    with target.open("wb") as file:
        file.writelines(export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, contents, path))


def measure(work: str, path: Path, target: Path) -> None:
    """Do one piece of work, and print its seconds and the peak of memory in bytes."""
    begun = perf_counter()
    if work == "dump":
        dump(path, target)
    else:
        write(work, path, target)
    seconds = perf_counter() - begun
    print(seconds, peak_memory())


def peak_memory() -> int:
    """Return the most bytes that this process held; ``getrusage`` counts those of its parent before exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10  # type: ignore[index]


def measured(work: str, path: Path, folder: Path) -> tuple[float, int]:
    """Measure in a process of its own: seconds, and bytes of memory at most."""
    target = folder / "written"
    command = [sys.executable, "-m", "tests.bench.export", "--measure", work, str(path), str(target)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    target.unlink()
    seconds, memory = run.stdout.split()
    return float(seconds), int(memory)


def compare(folder: Path, counts: list[int], names: list[str]) -> bool:
    """Print what each size takes, beside the bars; return whether all is within them."""
    peaks: dict[str, list[int]] = {name: [] for name in names}
    peaks_of_dump: list[int] = []
    are_met = []
    for count in counts:
        raw, ours = folder / f"raw-{count}", folder / f"ours-{count}"
        ours.mkdir()
        make_raw(raw, count)
        make_ours(ours, count)
        rounds = []
        for _ in range(ROUNDS):
            bar, memory = measured("dump", raw, folder)
            rounds.append((bar, {name: measured(name, ours, folder) for name in names}))
        peaks_of_dump.append(memory)
        for name in names:
            seconds = statistics.median(taken[name][0] for _, taken in rounds)
            speed = statistics.median(bar / taken[name][0] for bar, taken in rounds)
            peaks[name].append(min(taken[name][1] for _, taken in rounds))
            print(
                f"{count:>10} quads, {name}: {seconds:.1f} s, at most {peaks[name][-1] / 1e6:.0f} MB", end=""
            )
            dumped = statistics.median(bar for bar, _ in rounds)
            print(f"; the dump {dumped:.1f} s; load {os.getloadavg()[0]:.1f}")
            least = LEAST_SPEED.get(name, 0.0) if count == OF_SIZE else 0.0
            are_met.append(is_met(f"speed of {name}, of the dump's", speed, least, speed >= least))
        shutil.rmtree(raw)
        shutil.rmtree(ours)
    for name, (smallest, *_, largest) in peaks.items() if len(counts) > 1 else ():
        growth = largest / smallest
        told = f"peak memory of {name} at {counts[-1]:,} quads, of that at {counts[0]:,}"
        are_met.append(is_met(told, growth, MOST_GROWTH, growth <= MOST_GROWTH))
    if len(counts) > 1:
        print(f"peak memory of the dump grows by {peaks_of_dump[-1] / peaks_of_dump[0]:.2f}")
    return all(are_met)


def is_met(what: str, figure: float, bar: float, is_within: bool) -> bool:
    """Print a bar, the figure, and whether it is met."""
    print(f"{what}: {figure:.2f}; bar {bar:.2f}: {'met' if is_within else 'MISSED'}", flush=True)
    return is_within


def main() -> None:
    """Measure as the command line says; exit 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--formats", nargs="+", default=["nquads", "parquet"], choices=list(EXPORT_FORMATS))
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        work, path, target = given.measure
        measure(work, Path(path), Path(target))
        return
    with tempfile.TemporaryDirectory() as folder:
        if not compare(Path(folder), given.quads, given.formats):
            sys.exit(1)


if __name__ == "__main__":
    main()
