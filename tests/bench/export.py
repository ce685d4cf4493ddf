"""How fast exports are, beside the engine's own dump, and how their memory grows with the graph.

    python -m tests.bench.export [--quads 1000000 10000000] [--formats nquads]

The graph is generated: statements with five quads each, a thousand to a graph. Each measurement is a process
of its own. The bar of speed is the dump of a store of the same quads that holds nothing else; ours holds
their merge too. The bar of memory is the peak at the largest size over that at the smallest.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat

from kg import iris
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from kg.store import engine
from kg.store.store import open_snapshot
from kg.terms import DIP, RDF, RDFS

LEAST_SPEED = {"nquads": 0.8, "ntriples": 0.0}
MOST_GROWTH = 1.3
STATEMENTS_OF_A_GRAPH = 1000


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
    """Write a store as a data directory has it."""
    engine.write_quads(islice(quads(), count), path)


def dump(path: Path, target: Path) -> None:
    """Have the engine dump a store."""
    pyoxigraph.Store.read_only(str(path)).dump(str(target), RdfFormat.N_QUADS)


def write(name: str, path: Path, target: Path) -> None:
    """Export a store in a format."""
    contents = open_snapshot(path, 1)
    with target.open("wb") as file:
        file.writelines(export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, contents))


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
    """Print what each size takes; return whether all is within the bars."""
    peaks: dict[str, list[int]] = {}
    is_good = True
    for count in counts:
        raw, ours = folder / f"raw-{count}", folder / f"ours-{count}"
        for path, make in ((raw, make_raw), (ours, make_ours)):
            make(path, count)
        for name in names:
            rounds = [(measured("dump", raw, folder), measured(name, ours, folder)) for _ in range(2)]
            bar, (seconds, memory) = min(each[0][0] for each in rounds), min(each[1] for each in rounds)
            speed = bar / seconds
            peaks.setdefault(name, []).append(memory)
            is_good = is_good and speed >= LEAST_SPEED.get(name, 0.0)
            print(
                f"{count:>10} quads, {name}: {seconds:.1f} s, {speed:.2f} of the dump's speed ({bar:.1f} s),"
                f" at most {memory / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
        shutil.rmtree(raw)
        shutil.rmtree(ours)
    for name, memory_by_size in peaks.items():
        growth = memory_by_size[-1] / memory_by_size[0]
        is_good = is_good and growth <= MOST_GROWTH
        print(f"{name}: peak memory grows by {growth:.2f} from {counts[0]} to {counts[-1]} quads")
    return is_good


def main() -> None:
    """Measure as the command line says; exit 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--formats", nargs="+", default=["nquads"], choices=list(EXPORT_FORMATS))
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
