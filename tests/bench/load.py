"""Measures loads beside the engine's own bulk loader, and kills them: what is left is whole or nothing.

Run it by hand: ``python -m tests.bench.load [--sizes 100000 1000000] [--kills 100]``, or ``make bench-load``.
It is no test. Foreign vocabulary is measured, and ours: the visits of ``tests/bench/gate.py``, in one graph.
Each load is measured in a process of its own, on a fresh data directory that holds the release and the seed.
Rates are in triples a second, of all processes; on a busy machine processor seconds tell more than seconds.
"""

import argparse
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from pyoxigraph import NamedNode, RdfFormat, serialize

from kg.facts import releases
from kg.store import verification
from tests.bench.gate import STATES, actor, described_visit, outlet

BARS = {"foreign": 0.5, "ours": 0.25}
"""The least share of the engine's rate."""
GROWTH = 1.3
"""How many times the memory of the second size the last one may take."""
_EX = "http://example.com/"
GRAPH = NamedNode(f"{_EX}graph")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_ENGINE = """
import pyoxigraph, sys
store = pyoxigraph.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()
"""


@dataclass(frozen=True)
class Took:
    """What a process took, with those that it started."""

    seconds: float
    processor: float
    megabytes: int


def main() -> None:
    """Print a line for each vocabulary and size, then what the kills left; fail where a bar is passed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    options.add_argument("--kills", type=int, default=0)
    given = options.parse_args()
    passed: list[str] = []
    names = ("triples", "engine s", "cpu s", "load s", "cpu s", "MB", "share")
    print(f"{'what':<9}" + "{:>12}{:>10}{:>8}{:>9}{:>8}{:>7}{:>7}".format(*names))
    for name, lines in (("foreign", foreign), ("ours", ours)):
        memory = []
        for size in given.sizes:
            engine, load = measured(partial(lines, size))
            share = engine.seconds / load.seconds
            memory.append(load.megabytes)
            print(
                f"{name:<9}{size:>12,}{engine.seconds:>10.1f}{engine.processor:>8.1f}{load.seconds:>9.1f}"
                f"{load.processor:>8.1f}{load.megabytes:>7}{share:>7.2f}",
                flush=True,
            )
        passed += [f"rate of {name}"] * (share < BARS[name])
        passed += [f"memory of {name}"] * (len(memory) > 2 and memory[-1] > GROWTH * memory[-2])
    if given.kills:
        passed += ["kills"] * (not all(kill(number) for number in range(given.kills)))
    sys.exit(f"Bars passed: {', '.join(passed)}" if passed else 0)


def foreign(size: int) -> Iterator[str]:
    """Describe so many triples of another vocabulary, ten about each thing."""
    random = Random(1)
    for number in range(size // 10):
        subject = f"<{_EX}item/{number}>"
        values = (
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{_EX}Thing>"),
            ("http://www.w3.org/2000/01/rdf-schema#label", f'"Item number {number}, {random.random()}"'),
            (f"{_EX}near", f"<{_EX}item/{random.randrange(size // 10)}>"),
            (f"{_EX}far", f"<{_EX}item/{random.randrange(size // 10)}>"),
            (f"{_EX}kind", f"<{_EX}kind/{random.randrange(100)}>"),
            (f"{_EX}size", f'"{random.randrange(10**6)}"^^<{_XSD}integer>'),
            (f"{_EX}day", f'"20{random.randrange(10, 26)}-0{random.randrange(1, 10)}-11"^^<{_XSD}date>'),
            (f"{_EX}page", f"<https://news.example.net/story/{random.randrange(10**9)}>"),
            (f"{_EX}note", f'"Some words {random.randrange(10**9)}"@en'),
            (f"{_EX}code", f'"c{random.randrange(300)}"'),
        )
        yield "".join(f"{subject} <{name}> {value} <{_EX}graph> .\n" for name, value in values)


def ours(size: int) -> Iterator[str]:
    """Describe visits, whole ones, in about so many triples."""
    described = (described_visit(number) for number in range(size // len(list(described_visit(0)))))
    actors = (actor(state) for state in range(STATES))
    for quads in (outlet(), *actors, *described):
        yield (serialize(quads, format=RdfFormat.N_QUADS) or b"").decode()


def measured(lines: Callable[[], Iterator[str]]) -> tuple[Took, Took]:
    """Load a file with the engine alone, and as a load."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        path = written(folder, lines)
        releases.open_store(folder / "data").close()
        engine = took([sys.executable, "-c", _ENGINE, str(path), str(folder / "engine")])
        return engine, took(loading(path, folder / "data"))


def written(folder: Path, lines: Callable[[], Iterator[str]]) -> Path:
    """Write a file."""
    path = folder / "facts.nq"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines())
    return path


def loading(path: Path, data: Path) -> list[str]:
    """Return the command that loads a file."""
    return [sys.executable, "-m", "kg", "load", str(path), "--data", str(data)]


def took(command: list[str]) -> Took:
    """Run a command and measure it; its memory is the most that one of its processes held."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    watched = f"import subprocess, resource; subprocess.run({command!r}, check=True, stdout=-3);"
    told = "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    run = subprocess.run([sys.executable, "-c", watched + told], check=True, stdout=subprocess.PIPE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(time.perf_counter() - begun, processor, int(run.stdout))


def kill(number: int, size: int = 30_000) -> bool:
    """Kill a load at some moment; return whether what is left is the version before or the load, whole."""
    random = Random(number)
    with tempfile.TemporaryDirectory() as directory:
        folder, data = Path(directory), Path(directory) / "data"
        path = written(folder, partial(foreign, size))
        with releases.open_store(data) as store:
            before = store.version
        process = subprocess.Popen(loading(path, data), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        while process.poll() is None and not (data / "loads").is_dir():
            time.sleep(0.01)
        time.sleep(random.random() ** 2 * 6)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with releases.open_store(data) as store:
            loaded = sum(1 for _ in store.quads_for_pattern(None, None, None, GRAPH))
            version, is_left = store.version, (data / "loads").exists()
        faults = list(verification.verify(data, lambda _: None))
    is_whole = (version, loaded) in ((before, 0), (before + 1, size)) and not (faults or is_left)
    print(f"kill {number}: version {version}, {loaded} triples{'' if is_whole else ' NOT WHOLE'}", flush=True)
    return is_whole


if __name__ == "__main__":
    main()
