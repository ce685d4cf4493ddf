"""Pages of a live server: first paint and size in a browser, and the server's time on a million events.

    KG_BROWSER=/usr/bin/chromium python -m tests.bench.served_pages [--rows 1000000] [--keep DIR]

On the seed graph, each kind of page is opened in a browser with an empty cache: the median of the first
contentful paint, and the bytes of the page with its scripts and styles as they are sent. On a graph with the
rows of ``tests.bench.events``, pages that read many of them are requested over HTTP; the cache of answers is
off. Figures are medians, each with its bar.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import httpx
from playwright.sync_api import Browser, Response

from tests.bench import events
from tests.support.browsing import launched, until_searchable
from tests.support.live_server import live
from tests.support.page_list import PAGES

PAINT_BAR, SIZE_BAR = 300.0, 300_000
"""Milliseconds until something is painted; bytes of a page and its files as they are sent."""
TIME_BAR = 150.0
"""Milliseconds of the server for a page on the graph with a million events."""
LOADS = 5
REQUESTS = 11
ON_EVENTS = {
    "home": "",
    "busiest actor": "id/united-states",
    "its neighbour": "id/colombia",
    "person": "id/gustavo-petro",
    "event": "id/white-house-meeting",
    "source": "id/presence-news-article",
    "busiest pair": "duet?actor=dipid%3Aunited-states&other=dipid%3Acolombia",
    "network": "network?actor=dipid%3Aunited-states",
    "threats": "threats",
    "line-up": "line-up",
    "accounts": "accounts",
    "list of things": "id",
    "list of coded rows": "id?class=CodedOccurrence",
    "search": "search?q=colombia",
    "history": "commits",
}
"""The pages that are asked on the graph with many events."""
_PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  if (paint) done(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


def main() -> int:
    """Measure, print a table, and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="a data directory with the rows, to keep and to use again")
    parser.add_argument("--only", choices=("seed", "events"))
    given = parser.parse_args()
    print(f"{'what':<44}{'median':>9}{'bar':>9}", flush=True)
    are_met: list[bool] = []
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as scratch:
        if given.only != "events":
            are_met += _in_browser(Path(scratch) / "seed")
        if given.only != "seed":
            are_met += _on_events(given.keep or Path(scratch) / "events", given.rows)
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    print("All bars are met." if all(are_met) else "Some bars are MISSED.")
    return 0 if all(are_met) else 1


def _in_browser(data: Path) -> Iterator[bool]:
    with live(data, log="off") as (_, address), launched() as browser:
        until_searchable(address)
        for name, path in PAGES.items():
            opened = [_opened(browser, address + path) for _ in range(LOADS)]
            yield _is_met(f"first paint of {name}, ms", statistics.median(ms for ms, _ in opened), PAINT_BAR)
            yield _is_met(f"size of {name}, bytes", max(size for _, size in opened), SIZE_BAR)


def _opened(browser: Browser, address: str) -> tuple[float, int]:
    """Return when something of a page is painted, in milliseconds, and the bytes that it takes."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="load")
    painted = float(page.evaluate(_PAINT))
    size = sum(answer.request.sizes()["responseBodySize"] for answer in answers)
    context.close()
    return painted, size


def _on_events(data: Path, rows: int) -> Iterator[bool]:
    if not data.exists():
        yield events.loaded(data, rows)
    with live(data, log="off", cache_bytes=0) as (_, address), httpx.Client(timeout=60) as client:
        until_searchable(address)
        events.wait_for_projection(data)
        for name, path in ON_EVENTS.items():
            times = []
            for _ in range(REQUESTS):
                begun = perf_counter()
                answer = client.get(address + path, headers={"Accept": "text/html"}).raise_for_status()
                times.append((perf_counter() - begun) * 1000)
            assert answer.headers["content-type"].startswith("text/html")
            yield _is_met(f"{name} on {rows:,} events, ms", statistics.median(times), TIME_BAR)


def _is_met(what: str, figure: float, bar: float) -> bool:
    is_met = figure <= bar
    print(f"{what:<44}{figure:>9,.0f}{bar:>9,.0f}  {'met' if is_met else 'MISSED'}", flush=True)
    return is_met


if __name__ == "__main__":
    sys.exit(main())
