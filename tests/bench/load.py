"""Measures loads beside the engine's own bulk loader, and kills them: what is left is whole or nothing.

Run it by hand: ``python -m tests.bench.load [--sizes 100000 1000000] [--kills 100]``, or ``make bench-load``.
It is no test. Foreign vocabulary is measured; ours as coded rows, of which there are millions; and ours as
curated records, the visits of ``tests/bench/gate.py``, which have no bar: each of them is judged.
``kg add`` is measured on 200 thousand foreign triples. Each load is measured in a process of its own, on a
fresh data directory that holds the release and the seed, right after the engine's own loader takes the same
file. On a busy machine processor seconds tell more than seconds.
"""

import argparse
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from pyoxigraph import NamedNode, RdfFormat, serialize

from kg.facts import releases
from kg.store import verification
from tests.bench.gate import STATES, actor, described_visit, outlet
from tests.support import coded_rows

BARS = {"foreign": 0.5, "coded": 0.25, "curated": 0.0}
"""The least share of the engine's rate, at the largest size."""
QUADS_OF_A_ROW = 8.95
ADD_SECONDS = 7.4
"""A tenth of what ``kg add`` took at commit eb49df6 at most: 36 to 74 s."""
LARGE = 1_000_000
"""The size from which on memory is compared."""
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
    """Print a line for each vocabulary and size, what the kills left, and each bar; fail if one is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    options.add_argument("--what", nargs="+", choices=BARS, default=[*BARS])
    options.add_argument("--kills", type=int, default=0)
    given = options.parse_args()
    print(f"{'what':<9}" + "{:>12}{:>10}{:>8}{:>9}{:>8}{:>7}{:>7}{:>7}".format(*_COLUMNS))
    bars = [bar for what in given.what for bar in of_vocabulary(what, given.sizes)]
    bars.append(of_add())
    if given.kills:
        whole = sum(kill(number) for number in range(given.kills))
        bars.append(Bar(f"whole after {given.kills} kills", whole, given.kills, is_least=True))
    print(*bars, sep="\n")
    sys.exit(0 if all(bar.is_met for bar in bars) else 1)


_COLUMNS = ("triples", "engine s", "cpu s", "load s", "cpu s", "MB", "share", "of cpu")


@dataclass(frozen=True)
class Bar:
    """A bar, and the figure that was measured."""

    name: str
    figure: float
    bar: float
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the figure is on the right side."""
        return self.figure >= self.bar if self.is_least else self.figure <= self.bar

    def __str__(self) -> str:
        side = "least" if self.is_least else "most"
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.name}: {self.figure:.2f}, at {side} {self.bar:.2f}: {verdict}"


def of_vocabulary(what: str, sizes: Sequence[int]) -> Iterator[Bar]:
    """Measure loads of several sizes; yield the bars of rate and memory."""
    lines = {"foreign": foreign, "coded": coded, "curated": curated}[what]
    memory = []
    share = 0.0
    for size in sizes:
        engine, load = measured(partial(lines, size))
        share = engine.seconds / load.seconds
        memory.append(load.megabytes)
        print(
            f"{what:<9}{size:>12,}{engine.seconds:>10.1f}{engine.processor:>8.1f}{load.seconds:>9.1f}"
            f"{load.processor:>8.1f}{load.megabytes:>7}{share:>7.2f}"
            f"{engine.processor / load.processor:>7.2f}",
            flush=True,
        )
    yield Bar(f"{what}: share of the engine's rate at {sizes[-1]:,}", share, BARS[what], is_least=True)
    if len(sizes) > 1 and sizes[-2] >= LARGE:
        growth = memory[-1] / memory[-2]
        yield Bar(f"{what}: memory at {sizes[-1]:,} by that at {sizes[-2]:,}", growth, GROWTH)


def of_add(size: int = 200_000) -> Bar:
    """Measure ``kg add`` of foreign triples."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        path = written(folder, partial(foreign, size))
        releases.open_store(folder / "data").close()
        add = took([sys.executable, "-m", "kg", "add", str(path), "--data", str(folder / "data")])
    print(f"kg add   {size:>12,}{'':>18}{add.seconds:>9.1f}{add.processor:>8.1f}{add.megabytes:>7}")
    return Bar(f"kg add of {size:,} foreign triples, seconds", add.seconds, ADD_SECONDS)


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


def coded(size: int) -> Iterator[str]:
    """Describe a coder's rows, in about so many triples; days and actors are described besides."""
    for some in coded_rows.lines(round(size / QUADS_OF_A_ROW), files=1):
        yield some.decode()


def curated(size: int) -> Iterator[str]:
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
