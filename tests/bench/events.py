"""Questions over a million coded rows: how long they take, and what loading the rows and a restart cost.

    python -m tests.bench.events [--rows 1000000] [--keep DIR]

Rows are generated, in three files of three coders, a few pairs with most of them. They are loaded as one
commit, judged by the gate; then the projection is extended. Each question is asked of a live server for the
busiest pair and for a middling one, each time with another period, so that no cache answers. Figures are
medians of seconds, each with its bar; progress goes to standard error, with the load of the machine.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from kg.changes import Provenance
from kg.facts import releases
from kg.facts.loads.load import load
from kg.facts.loads.source import LoadSource
from kg.query import questions
from kg.query.columnar import manifest, upkeep
from tests.support import coded_rows
from tests.support.live_server import live

ASKINGS = 15
SECONDS_BETWEEN_NOTES = 10
BEGUN = perf_counter()
PAIRS = {
    "busiest": ("dipid:united-states", "dipid:colombia"),
    "middling": ("dipid:ecuador", "dipid:nicaragua"),
}
PAIR_BAR, WHOLE_BAR, LOAD_BAR, READY_BAR = 0.100, 0.500, 360.0, 5.0
"""Seconds: for one pair or actor, for a whole histogram, for loading with projection, until ready."""
WHOLE = ("coded-rows-by-month",)


def main() -> None:
    """Load, ask and restart; exit with 1 if a bar is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--keep", type=Path, help="a data directory to keep, and to use again")
    given = arguments.parse_args()
    print(f"{'what':<62}{'seconds':>9}{'bar':>6}", flush=True)
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        directory = given.keep or Path(scratch) / "data"
        are_met = []
        if not directory.exists():
            are_met.append(loaded(directory, given.rows))
        _tell("starting the server")
        with live(directory) as (_, address):
            wait_for_projection(directory)
            are_met += [_asked(address, name) for name, each in questions.load().items() if each.sql]
        are_met.append(_restarted(directory))
    print("All bars are met." if all(are_met) else "Some bars are MISSED.")
    sys.exit(0 if all(are_met) else 1)


def loaded(directory: Path, rows: int) -> bool:
    """Load rows and bring the projection up to them."""
    _tell("making a data directory")
    with releases.open_store(directory) as store:
        upkeep.bring_up_to_date(directory, lambda: store, lambda _: None)
        _tell(f"loading {rows:,} rows")
        start = perf_counter()
        steps = _Steps()
        made = load(store, _sources(rows), Provenance("bench"), progress=steps)
        loaded = perf_counter()
        upkeep.bring_up_to_date(directory, lambda: store, lambda note: steps(f"projection: {note}", 0, None))
        end = perf_counter()
    size = sum(path.stat().st_size for path in manifest.folder_in(directory).glob("*.parquet")) >> 20
    peak = max(getrusage(who).ru_maxrss for who in (RUSAGE_SELF, RUSAGE_CHILDREN)) >> 10
    print(
        f"{rows:,} rows, {made.quads:,} quads: load {loaded - start:.1f} s, projection {end - loaded:.1f} s"
    )
    print(f"{size} MB of Parquet, peak memory {peak} MB")
    return _is_met("load with projection", end - start, LOAD_BAR)


class _Steps:
    """Tells every so many seconds how far a load or a projection is."""

    def __init__(self) -> None:
        self._told = perf_counter()

    def __call__(self, step: str, done: int, whole: int | None) -> None:
        if perf_counter() - self._told > SECONDS_BETWEEN_NOTES:
            self._told = perf_counter()
            _tell(f"{step}{f', {done:,}' if done else ''}{f' of {whole:,}' if whole else ''}")


def _tell(what: str) -> None:
    begun = perf_counter() - BEGUN
    print(f"[{begun:5.0f} s, load {os.getloadavg()[0]:.1f}] {what}", file=sys.stderr, flush=True)


def _sources(rows: int) -> list[LoadSource]:
    files = len(coded_rows.CODERS)
    sources = []
    for number in range(files):
        share = rows // files + (number < rows % files)
        file = coded_rows.CodedFile(number, share, seed=1, actors=400)
        key = sha256(f"{number} {rows}".encode()).hexdigest()
        sources.append(LoadSource(f"file {number}", key, file.graph.strip("<>"), partial(_blocks, file)))
    return sources


def _blocks(file: coded_rows.CodedFile) -> Iterator[bytes]:
    yield from file.lines()


def wait_for_projection(directory: Path) -> None:
    """Wait until a directory has a projection of its last commit."""
    while upkeep.standing(directory) is None:
        sleep(0.2)


def _asked(address: str, name: str) -> bool:
    question = questions.load()[name]
    _tell(f"asking {name}")
    are_met = True
    for kind, (actor, other) in PAIRS.items():
        times = []
        for number in range(ASKINGS):
            until = coded_rows.FIRST_DAY + timedelta(coded_rows.DAYS + number)
            values = {
                "actor": actor,
                "other": other,
                "until": str(until),
                "since": str(date(2000, 1, 1 + number)),
            }
            known = {each: value for each, value in values.items() if each in question.examples}
            if "happening" in question.examples:
                known = {"happening": question.examples["happening"], "days": str(3 + number)}
            start = perf_counter()
            with urlopen(f"{address}questions/{name}.csv?{urlencode(known)}") as answer:
                rows = answer.read().count(b"\n") - 1
            times.append(perf_counter() - start)
        bar = WHOLE_BAR if name in WHOLE else PAIR_BAR
        are_met &= _is_met(f"{name}, {kind} ({rows} rows)", statistics.median(times), bar)
        if "actor" not in question.examples:
            break
    return are_met


def _restarted(directory: Path) -> bool:
    _tell("starting the server again")
    start = perf_counter()
    with live(directory) as (_, address):
        while not _is_ready(address):
            sleep(0.02)
        return _is_met("ready after a restart", perf_counter() - start, READY_BAR)


def _is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}ready") as answer:
            return bool(json.loads(answer.read()))
    except URLError:
        return False


def _is_met(what: str, seconds: float, bar: float) -> bool:
    print(f"{what:<62}{seconds:>9.3f}{bar:>6g}  {'met' if seconds <= bar else 'MISSED'}", flush=True)
    return seconds <= bar


if __name__ == "__main__":
    main()
