"""Pages of things with a thousand mentions each: the time of the reader that writes one, and its size.

    python -m tests.bench.pages [--mentions 1000]

The world is the seed with a submission in which an actor, an event, a claim and a source have so many
records. The graph is in memory, as readers hold one that fits, and on disk. Times are those of one thread
without HTTP; the processor's time is less than that on the clock where the machine does other work.
"""

import argparse
import gzip
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, thread_time

from kg.changes import Delta, Provenance
from kg.iris import DATA
from kg.pages.profiles import thing_page
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.rendering import Style, prepare
from kg.store import engine
from kg.store.log import CommitLog
from kg.store.store import Contents, Store
from tests.support.crowded import crowd
from tests.support.stores import open_store

RUNS = 30
BAR = 0.050
"""Seconds within which half of all pages are written."""
MOST_BYTES = 300_000
THINGS = (
    *("busy", "rival", "crowded-event", "disputed-claim", "wire-page", "graph-crowd", "words-7", "claim-7"),
    *("gustavo-petro", "standoff-january-2025", "claim-s3-refusal", "presence-news-article", "statement-s4"),
)


def main() -> int:
    """Measure, print a table, and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mentions", type=int, default=1000)
    mentions = parser.parse_args().mentions
    prepare()
    is_missed = False
    with (
        tempfile.TemporaryDirectory(prefix="kg-bench-") as folder,
        open_store(Path(folder) / "data") as store,
    ):
        quads = tuple(crowd(mentions))
        store.commit(Delta(quads), Provenance("Ana"), content_hash="ab")
        print(f"{len(quads)} quads beside the seed, {mentions} mentions; the bar is {BAR * 1000:.0f} ms")
        for name, contents in _kept(store):
            print(f"{name:24} {'median':>8} {'of CPU':>8} {'longest':>8} {'size':>9} {'coded':>9}")
            for thing in THINGS:
                is_missed |= _measured(thing, contents, store.log)
    return int(is_missed)


def _kept(store: Store) -> Iterator[tuple[str, Contents]]:
    yield "on disk", store
    held = engine.in_memory(store.quads_for_pattern(None, None, None))
    yield "in memory", Contents(held, store.version)


def _measured(thing: str, contents: Contents, log: CommitLog) -> bool:
    """Print the times of one page; return whether it misses a bar."""
    clock, processor = [], []
    for _ in range(RUNS):
        began, worked = perf_counter(), thread_time()
        page = b"".join(thing_page.write(Style("/"), ThingRequest(DATA + thing), log, contents))
        clock.append(perf_counter() - began)
        processor.append(thread_time() - worked)
    median, coded = statistics.median(clock), len(gzip.compress(page, 6))
    print(
        f"  {thing:22} {median * 1000:6.1f}ms {statistics.median(processor) * 1000:6.1f}ms "
        f"{max(clock) * 1000:6.1f}ms {len(page):9} {coded:9}"
    )
    return median > BAR or coded > MOST_BYTES


if __name__ == "__main__":
    sys.exit(main())
