"""A real browser for tests of pages: its start, the modes in which pages are looked at, its faults."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: ViewportSize = {"width": 390, "height": 800}
DESK: ViewportSize = {"width": 1280, "height": 900}
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": DESK, "locale": "en"},
    "dark": {"color_scheme": "dark", "viewport": DESK, "locale": "en"},
    "phone": {"color_scheme": "light", "viewport": PHONE, "locale": "en", "has_touch": True},
    "Spanish": {"color_scheme": "dark", "viewport": PHONE, "locale": "es-CO"},
}
"""How a context of the browser is opened for each mode."""
MOST_MILLISECONDS = 60_000
"""Bound of each wait, for a machine that is slow and busy."""
MOST_SEARCHES = 60


@contextmanager
def launched() -> Iterator[Browser]:
    """Start the browser that ``KG_BROWSER`` names, and end it."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=os.environ["KG_BROWSER"], args=FLAGS)
        expect.set_options(timeout=MOST_MILLISECONDS)
        yield opened
        opened.close()


@contextmanager
def watched(context: BrowserContext, address: str) -> Iterator[Page]:
    """Open a page in a context of its own, as ``watched_page`` does; close both."""
    with watched_page(context, address) as opened:
        yield opened
        context.close()


@contextmanager
def watched_page(context: BrowserContext, address: str) -> Iterator[Page]:
    """Open a page; fail at its end for a fault of its console and for a request to another host."""
    context.set_default_timeout(MOST_MILLISECONDS)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on(
        "request",
        lambda asked: (
            faults.append(asked.url) if urlsplit(asked.url).netloc != urlsplit(address).netloc else None
        ),
    )
    yield opened
    opened.close()
    assert faults == [], faults


def until_searchable(address: str) -> None:
    """Wait until a server has its search index; each request waits for it."""
    for _ in range(MOST_SEARCHES):
        with suppress(HTTPError), urlopen(f"{address}search?q=x&format=json", timeout=60) as answer:
            assert answer.status == 200
            return
    raise AssertionError("There is no search index yet.")


def _is_fault(said: ConsoleMessage) -> bool:
    """Tell a fault of a page from the browser's notes on a refusal, which is no page and has no icon."""
    is_note = re.search("status of 4(0|22)", said.text) or said.location["url"].endswith("/favicon.ico")
    return said.type == "error" and not is_note
