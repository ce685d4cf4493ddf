"""Measures the endpoint beside `oxigraph serve` on the same facts, turn by turn, and what else it promises.

Run it by hand: ``python -m tests.bench.endpoint [--quads 1000000]``, or ``make bench-endpoint``. It is no
test. The facts are the visits of tests/bench/gate.py. Beside each figure stands its bar; ratios count, for
single times change with the machine. Both servers listen on the loopback address, only while this runs.
"""

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, repeat
from pathlib import Path
from threading import Thread

import httpx
from pyoxigraph import RdfFormat, serialize

from kg import ontology
from kg.iris import PREFIXES
from tests.bench.gate import filled, visits
from tests.support import live_server
from tests.support.load import Load, get, put_on

TOKEN = "a token for this bench"
ROUNDS = 3
REPEATED = 10_000
DISTINCT = 4_000
CONNECTIONS = 8
OUR_PATH, THEIR_PATH = "/sparql", "/query"

ANALYTIC = {
    "by month and kind": """SELECT ?month ?kind (COUNT(*) AS ?n) {
        ?visit dip:hasKind ?kind ; dip:occursAt/dip:date ?date BIND(SUBSTR(STR(?date), 1, 7) AS ?month)
        } GROUP BY ?month ?kind ORDER BY ?month ?kind""",
    "top partners": """SELECT ?host (COUNT(DISTINCT ?guest) AS ?guests) (COUNT(*) AS ?n) {
        ?visit dip:performedBy ?guest ; dip:hostedBy ?host
        } GROUP BY ?host ORDER BY DESC(?guests) DESC(?n) ?host LIMIT 10""",
    "dyads": """SELECT ?guest ?host (COUNT(*) AS ?n) {
        ?visit dip:performedBy ?guest ; dip:hostedBy ?host
        } GROUP BY ?guest ?host ORDER BY DESC(?n) ?guest ?host LIMIT 20""",
    "not returned": """SELECT (COUNT(*) AS ?n) {
        ?visit dip:performedBy dipid:bench-state-7 ; dip:hostedBy ?host
        FILTER NOT EXISTS { ?back dip:performedBy ?host ; dip:hostedBy dipid:bench-state-7 } }""",
}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c > ?f) }"


@dataclass
class Bars:
    """What was measured beside what was promised."""

    missed: list[str] = field(default_factory=list)

    def tell(self, what: str, value: float, bar: float, *, at_least: bool = False, unit: str = "") -> None:
        """Print a figure; remember it where it misses its bar."""
        is_met = value >= bar if at_least else value <= bar
        sign = "at least" if at_least else "at most"
        print(f"  {what:<46}{value:>10.2f} {unit:<4} (bar: {sign} {bar:g})", flush=True)
        if not is_met:
            self.missed.append(what)


@dataclass(frozen=True)
class Pair:
    """Our server and the other: their addresses, and the number of our process."""

    ours: str
    theirs: str
    process: int

    def loads(self, requests: Callable[[str, str], Iterator[bytes]]) -> tuple[list[Load], list[Load]]:
        """Put the same load on one and the other, several times in turn."""
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(put_on(self.ours, requests(self.ours, OUR_PATH), CONNECTIONS))
            theirs.append(put_on(self.theirs, requests(self.theirs, THEIR_PATH), CONNECTIONS))
        for load in (*ours, *theirs):
            if set(load.statuses) != {b"200"}:
                sys.exit(f"Not all was answered: {load.statuses}")
        return ours, theirs


def main() -> None:
    """Print what was measured; fail where a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quads", type=int, default=1_000_000)
    options.add_argument("--only", nargs="*", default=[measure.__name__ for measure in MEASURES])
    given = options.parse_args()
    bars = Bars()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data, other = make(Path(folder), given.quads)
        print(f"{given.quads:,} quads of visits, {os.cpu_count()} cores")
        starts(data, bars)
        process, ours = stack.enter_context(our_server(data))
        pair = Pair(ours, stack.enter_context(other_server(other)), process)
        for measure in MEASURES:
            if measure.__name__ in given.only:
                measure(pair, bars)
    sys.exit(f"Bars missed: {', '.join(bars.missed)}" if bars.missed else 0)


def make(folder: Path, quads: int) -> tuple[Path, Path]:
    """Make a data directory of ours and one of the other server with the same quads."""
    with (
        filled(folder / "data", ontology.load(), quads) as store,
        (folder / "all.nq").open("wb") as output,
    ):
        store.dump(output)
    location = ("--location", str(folder / "other"))
    for arguments in (("load", *location, "--file", str(folder / "all.nq")), ("optimize", *location)):
        subprocess.run([_oxigraph(), *arguments], check=True, stderr=subprocess.DEVNULL)
    (folder / "all.nq").unlink()
    return folder / "data", folder / "other"


def starts(data: Path, bars: Bars) -> None:
    """Start our server several times, until it answers that it is ready."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with live_server.live(data, token=TOKEN) as (_, url):
            while httpx.get(url + "ready").status_code != 200:
                time.sleep(0.01)
            seconds.append(time.perf_counter() - began)
    print("start")
    bars.tell("until ready, the slowest start", max(seconds), 3.0, unit="s")


@contextmanager
def our_server(data: Path) -> Iterator[tuple[int, str]]:
    """Serve our data directory, and wait until its copy in memory and its index of names are made.

    Without a line for each request: the other server writes none, and this process would have to read them.
    """
    with live_server.live(data, token=TOKEN, client_requests=0, log="off") as (process, url):
        url = url.rstrip("/")
        numbers = count()
        _until(lambda: _asked(url, f"ASK {{}} # {next(numbers)}") and _served_from_memory(url) > 0)
        _until(lambda: _is_searched(url), 600)
        yield process.pid, url


@contextmanager
def other_server(location: Path) -> Iterator[str]:
    """Serve the other directory, with the union of all graphs as the default graph, as ours is."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
    arguments = ["serve", "--location", str(location), "--bind", address, "--union-default-graph"]
    process = subprocess.Popen([_oxigraph(), *arguments], stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _asked(f"http://{address}", "ASK {}", THEIR_PATH))
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()


def repeated(pair: Pair, bars: Bars) -> None:
    """Ask the same few look-ups again and again."""
    ours, theirs = pair.loads(lambda url, path: repeat(get(url, path, look_up(77)), REPEATED))
    print("the same look-up again")
    _tell_rates(ours, theirs)
    bars.tell("our answers in a second to theirs", _ratio(ours, theirs), 1.5, at_least=True)


def distinct(pair: Pair, bars: Bars) -> None:
    """Ask look-ups that were not asked before."""
    numbers = {pair.ours: count(), pair.theirs: count()}

    def requests(url: str, path: str) -> Iterator[bytes]:
        return iter([get(url, path, look_up(next(numbers[url]))) for _ in range(DISTINCT)])

    ours, theirs = pair.loads(requests)
    print("look-ups never asked before")
    _tell_rates(ours, theirs)
    bars.tell("our answers in a second to theirs", _ratio(ours, theirs), 0.3, at_least=True)


def analytic(pair: Pair, bars: Bars) -> None:
    """Ask what takes the engine its time; a number in a comment makes each query a new one.

    The first time does not count: it fills the caches of the one and the other.
    """
    print("analytic queries, one at a time")
    medians: list[list[float]] = [[], []]
    with httpx.Client(timeout=60) as client:
        for name, text in ANALYTIC.items():
            ours, theirs = [], []
            for number in range(6):
                ours.append(_seconds(client, pair.ours + OUR_PATH, f"{text} # {number}"))
                theirs.append(_seconds(client, pair.theirs + THEIR_PATH, f"{text} # {number}"))
            times = [1000 * statistics.median(found[1:]) for found in (ours, theirs)]
            for told, found in zip(medians, times, strict=True):
                told.append(found)
            print(
                f"  {name:<46}{times[0]:>7.0f} ms, theirs {times[1]:.0f} ms: {times[1] / times[0]:.1f} times"
            )
    ratio = statistics.median(medians[1]) / statistics.median(medians[0])
    bars.tell("their median latency to ours", ratio, 2.5, at_least=True)


def runaway(pair: Pair, bars: Bars) -> None:
    """Ask look-ups beside a query that does not end, and without it."""
    numbers = count(1_000_000)

    def asked(seconds: float) -> Load:
        requests = (get(pair.ours, OUR_PATH, look_up(next(numbers))) for _ in count())
        return put_on(pair.ours, requests, connections=2, until=seconds)

    alone, beside = [], []
    for number in range(4):  # in turn: a p99 of milliseconds changes with whatever else the machine does
        alone.append(asked(3))
        text = f"{RUNAWAY} # {number}"
        running = Thread(target=_asked, args=(pair.ours, text))
        running.start()
        time.sleep(1)
        beside.append(asked(3))
        running.join()
    late = [statistics.median(load.percentile(0.99) for load in loads) for loads in (alone, beside)]
    print(f"one runaway query: p99 of the others {late[1]:.2f} ms, without it {late[0]:.2f} ms")
    bars.tell("how many times as late", late[1] / late[0], 2.0)


def memory(pair: Pair, bars: Bars) -> None:
    """Ask 10,000 mixed queries, and look at the memory of server and readers before and after."""
    numbers = count(2_000_000)

    def mixed(queries: int) -> Iterator[bytes]:
        for number in range(queries):
            if number % 100 == 0:
                text = list(ANALYTIC.values())[number // 100 % 3] + f" # {next(numbers)}"
            elif number % 10 == 0:
                text = f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT 2000 # {next(numbers)}"
            else:
                text = look_up(next(numbers))
            yield get(pair.ours, OUR_PATH, _prefixed(text))

    put_on(pair.ours, mixed(3000), connections=4)
    before = _memory(pair.process)
    load = put_on(pair.ours, mixed(10_000), connections=4)
    after = _memory(pair.process)
    print(f"10,000 mixed queries {load.statuses}: {before >> 20} MB before, {after >> 20} MB after")
    bars.tell("memory after to before", after / before, 1.1)


def commits(pair: Pair, bars: Bars) -> None:
    """Add facts, and ask for them as soon as they are acknowledged."""
    waits, adds = [], []
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/n-triples"}
    with httpx.Client(timeout=60) as client:
        for run in range(500, 530):
            quads = list(visits(run, 20))
            facts = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
            began = time.perf_counter()
            client.post(f"{pair.ours}/facts", content=facts, headers=headers).raise_for_status()
            acknowledged = time.perf_counter()
            text = f"ASK {{ {quads[0].subject} {quads[0].predicate} {quads[0].object} }}"
            seen = client.get(pair.ours + OUR_PATH, params={"query": text}).json()["boolean"]
            waits.append(1000 * (time.perf_counter() - acknowledged))
            adds.append(1000 * (acknowledged - began))
            if not seen:
                sys.exit("What was acknowledged is not there.")
    print(f"30 commits: acknowledged after {statistics.median(adds):.1f} ms in the middle")
    bars.tell("until the next query sees it, the slowest", max(waits), 100, unit="ms")


MEASURES = (repeated, distinct, analytic, runaway, memory, commits)


def look_up(number: int) -> str:
    """Ask for all that is said of one visit."""
    return _prefixed(f"SELECT ?p ?o {{ dipid:bench-visit-{number} ?p ?o }}")


def _prefixed(text: str) -> str:
    return f"PREFIX dip: <{PREFIXES['dip']}> PREFIX dipid: <{PREFIXES['dipid']}> {text}"


def _tell_rates(ours: Sequence[Load], theirs: Sequence[Load]) -> None:
    for who, loads in (("ours", ours), ("theirs", theirs)):
        rate = statistics.median(load.rate for load in loads)
        print(f"  {who:<10}{rate:>9,.0f} a second, p99 {loads[-1].percentile(0.99):.1f} ms")


def _ratio(ours: Sequence[Load], theirs: Sequence[Load]) -> float:
    return statistics.median(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True))


def _seconds(client: httpx.Client, address: str, text: str) -> float:
    began = time.perf_counter()
    accept = {"Accept": "application/sparql-results+json"}
    client.get(address, params={"query": _prefixed(text)}, headers=accept).raise_for_status()
    return time.perf_counter() - began


def _asked(url: str, text: str, path: str = OUR_PATH) -> bool:
    with httpx.Client(timeout=60) as client:
        return client.get(url + path, params={"query": text}).status_code == 200


def _served_from_memory(url: str) -> int:
    found = re.search(r'^kg_answers_total{graph="memory"} (\d+)$', httpx.get(f"{url}/metrics").text, re.M)
    return int(found[1]) if found else 0


def _is_searched(url: str) -> bool:
    """Return whether the index of names is built."""
    answer = httpx.get(
        f"{url}/search", params={"q": "visit"}, headers={"Accept": "application/json"}, timeout=60
    )
    return answer.status_code == 200 and "KG-Warning" not in answer.headers


def _memory(process: int) -> int:
    """Add up the bytes of a process and those it started; what they share counts once (Linux: Pss)."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        started = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has ended meanwhile
    found = re.search(r"^Pss:\s+(\d+) kB$", rollup, re.MULTILINE)
    return (int(found[1]) << 10 if found else 0) + sum(_memory(int(child)) for child in started)


def _until(is_so: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if is_so():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    sys.exit(f"This did not come about within {seconds:g} seconds: {is_so}")


def _oxigraph() -> str:
    found = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return found or sys.exit("oxigraph is not installed; make bench-endpoint does that.")


if __name__ == "__main__":
    main()
