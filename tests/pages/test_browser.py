"""The pages in a real browser: a person asks, follows a link, and nothing is fetched from elsewhere.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

import os
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.api.test_server import server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server on the seed graph."""
    with server(tmp_path_factory.mktemp("served") / "data", token="test-token") as (_, said):
        yield said[-1].split(" at ")[1].strip()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=os.environ["KG_BROWSER"], args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest, address: str) -> Iterator[Page]:
    """A page that reports every fault of its console and every request to another host."""
    scheme: Literal["light", "dark"] = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800})
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
    context.close()
    assert faults == []


def _is_fault(said: ConsoleMessage) -> bool:
    """Tell a fault of a page from the browser's notes on a refusal, which is no page and has no icon."""
    is_note = "status of 400" in said.text or said.location["url"].endswith("/favicon.ico")
    return said.type == "error" and not is_note


def test_a_person_asks_in_sparql_and_gets_a_table(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("SPARQL query").fill("SELECT ?gift { ?gift a dip:Gift }")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_role("cell", name="Gift of the hat").is_visible()


def test_a_person_asks_a_saved_question_and_follows_a_name(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="saved questions").click()
    page.get_by_role("link", name="Which gestures belong to a meeting").click()
    page.get_by_role("button", name="Ask").click()
    table = page.get_by_role("region", name="Answer")
    assert "Make the Americas Great Again" in table.inner_text()
    assert "Reportedly" in table.inner_text()
    table.get_by_role("link", name="Alteration of the slogan on the hat").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Alteration of the slogan on the hat"


@pytest.mark.parametrize(
    "path", ["", "questions", "terms", "kinds", "shapes", "id/gustavo-petro", "kinds/gift"]
)
def test_every_page_has_one_heading_a_language_and_no_sideways_scroll(
    page: Page, address: str, path: str
) -> None:
    page.goto(address + path)
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_wrong_query_is_told_in_a_sentence(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("SPARQL query").fill("SELECT ?x { ?x dip:madeBy }")
    with page.expect_response(lambda response: response.url.endswith("/sparql")) as answered:
        page.get_by_role("button", name="Ask").click()
    assert answered.value.status == 400
    assert "line" in page.inner_text("body").lower()
