"""The pages in a real browser: a person asks, follows a link, and nothing is fetched from elsewhere.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

import time
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browsing import watched
from tests.support.live_server import live


class Served(NamedTuple):
    """A real server on the seed graph: its process and its address."""

    pid: int
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("served") / "data"
    with live(data, token="test-token", log="off", query_seconds=3000.0, memory_budget=0) as (
        process,
        address,
    ):
        yield Served(process.pid, address)


@pytest.fixture(scope="module")
def address(served: Served) -> str:
    return served.address


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest, address: str) -> Iterator[Page]:
    """A page that reports every fault of its console and every request to another host."""
    scheme: Literal["light", "dark"] = request.param
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800})
    with watched(context, address) as opened:
        yield opened


def until(found: Callable[[], bool]) -> None:
    """Wait for something to be true, within bounds."""
    end = time.monotonic() + 120
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


ENDLESS = "SELECT (COUNT(*) AS ?rows) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def write(page: Page, address: str, query: str) -> None:
    """Open the workbench and write a query."""
    page.goto(f"{address}workbench")
    rewrite(page, query)


def rewrite(page: Page, query: str) -> None:
    """Write a query in place of the one in the editor, as a person who pastes it does."""
    page.get_by_label("SPARQL query").press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)


def shown(page: Page) -> Locator:
    """Return the table of the answer."""
    return page.get_by_role("region", name="Answer")


def test_a_person_asks_in_sparql_and_gets_a_table(page: Page, address: str) -> None:
    write(page, address, "SELECT ?gift { ?gift a dip:Gift }")
    page.get_by_label("SPARQL query").press("Control+Enter")
    expect(page.get_by_role("cell", name="Gift of the hat")).to_be_visible()
    assert "1 row in" in page.locator("#answer").inner_text()
    assert "query=SELECT" in page.url


def test_an_address_is_shared(page: Page, address: str, browser: Browser) -> None:
    write(page, address, "SELECT ?gift { ?gift a dip:Gift }")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("cell", name="Gift of the hat")).to_be_visible()
    share = page.get_by_label("Address of this answer").input_value()
    assert share.startswith(address)
    other = browser.new_page(java_script_enabled=False)
    try:
        other.goto(share)
        assert other.get_by_role("cell", name="Gift of the hat").is_visible()
        assert other.get_by_label("SPARQL query").input_value() == "SELECT ?gift { ?gift a dip:Gift }"
        other.get_by_label("SPARQL query").fill("ASK { ?gift a dip:Gift }")
        other.get_by_role("button", name="Ask").click()
        assert "Yes" in other.inner_text("#answer")
    finally:
        other.close()


def test_a_query_is_stopped(page: Page, served: Served) -> None:
    write(page, served.address, ENDLESS)
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#progress")).to_contain_text("the engine has ended the query")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    rewrite(page, "ASK {}")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".verdict")).to_contain_text("Yes")


def test_a_fault_is_marked_at_its_token_and_mended_by_one_click(page: Page, address: str) -> None:
    write(page, address, "SELECT * {\n  ?s foaf:name ?o\n}")
    expect(page.locator(".cm-lintRange-error")).to_have_text("foaf:")  # while one writes
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert")).to_contain_text("line 2, column 6")
    expect(page.locator(".cm-lintRange-error")).to_have_text("foaf:")
    assert "foaf:name" in page.get_by_label("SPARQL query").inner_text()
    page.get_by_role("button", name="PREFIX foaf:").click()
    expect(page.locator("#answer")).to_contain_text("Nothing in the graph matches.")
    assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in page.get_by_label("SPARQL query").inner_text()
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_terms_and_things_are_completed(page: Page, address: str) -> None:
    write(page, address, "")
    editor = page.get_by_label("SPARQL query")
    editor.press_sequentially("SELECT * { ?s dip:madeB")
    option = page.get_by_role("option", name="dip:madeBy")
    expect(option).to_contain_text("made by")
    option.click()  # the editor takes no key in the first moments of a list
    editor.press_sequentially(" gustavo petr")
    expect(page.get_by_role("option", name="dipid:gustavo-petro")).to_be_visible()
    editor.press("Escape")
    for _ in range(len("gustavo petr")):
        editor.press("Backspace")
    editor.press_sequentially("gustavo")
    option = page.get_by_role("option", name="dipid:gustavo-petro")
    expect(option).to_contain_text("Gustavo Petro")
    option.click()
    assert "dip:madeBy dipid:gustavo-petro" in editor.inner_text()


def test_the_tab_key_leaves_the_editor(page: Page, address: str) -> None:
    write(page, address, "ASK {}")
    page.get_by_label("SPARQL query").press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"


def test_an_answer_is_sorted_filtered_and_drawn(page: Page, address: str) -> None:
    write(page, address, "SELECT ?speaker (COUNT(?s) AS ?words) { ?s dip:madeBy ?speaker } GROUP BY ?speaker")
    page.get_by_role("button", name="Ask").click()
    expect(shown(page)).to_be_visible()
    columns = (
        "[...document.querySelectorAll('.answer tbody tr:not([hidden])')].map(r => r.cells[1].innerText)"
    )
    page.evaluate("document.querySelectorAll('.sort')[1].click()")  # headings are not shown on a phone
    ascending = [int(text) for text in page.evaluate(columns)]
    assert ascending == sorted(ascending)
    page.evaluate("document.querySelectorAll('.sort')[1].click()")
    assert [int(text) for text in page.evaluate(columns)] == ascending[::-1]
    page.get_by_label("Filter these rows").fill("petro")
    assert len(page.evaluate(columns)) == 1
    page.get_by_role("button", name="Chart").click()
    expect(page.get_by_role("img", name="words")).to_be_visible()
    assert "view=chart" in page.url
    write(page, address, "SELECT ?speaker ?about { ?s dip:madeBy ?speaker ; dip:concerns ?about }")
    page.get_by_role("button", name="Ask").click()
    expect(shown(page)).to_be_visible()
    page.get_by_role("button", name="Network").click()
    page.locator("svg.network").get_by_role("link", name="Gustavo Petro").focus()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Gustavo Petro")


def test_a_query_of_ones_own_is_kept_in_the_browser(page: Page, address: str) -> None:
    write(page, address, "ASK { ?gift a dip:Gift }")
    page.get_by_text("My queries").click()
    page.get_by_label("Name of the query").fill("Is there a gift?")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{address}workbench")
    page.get_by_text("My queries").click()
    page.get_by_role("button", name="Is there a gift?", exact=True).click()
    assert page.get_by_label("SPARQL query").inner_text().strip() == "ASK { ?gift a dip:Gift }"
    page.get_by_role("button", name="Delete Is there a gift?").click()
    expect(page.get_by_role("button", name="Is there a gift?", exact=True)).to_have_count(0)


def test_the_form_of_a_question_takes_names_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}questions/meetings-of-two-actors")
    actor = page.get_by_role("combobox", name="Actor")
    actor.fill("petr")
    expect(page.get_by_role("option", name="Gustavo Petro").first).to_be_visible()
    actor.press("ArrowDown")
    actor.press("Enter")
    expect(actor).to_have_value("Gustavo Petro")
    other = page.get_by_role("combobox", name="Other")
    other.fill("Donald Trump")
    expect(page.get_by_role("option", name="Donald Trump").first).to_be_visible()
    other.press("Escape")
    other.press("Enter")
    expect(shown(page)).to_contain_text("White House meeting")
    assert "actor=dipid%3Agustavo-petro&other=Donald+Trump" in page.url
    page.get_by_text("The query").click()
    page.get_by_role("button", name="Open in the workbench").click()
    expect(shown(page)).to_contain_text("White House meeting")
    expect(page.get_by_role("textbox", name="SPARQL query")).to_contain_text("VALUES (?actor ?other)")


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


def test_a_name_is_searched_and_a_claim_followed_to_its_passage(page: Page, address: str) -> None:
    until(lambda: httpx.get(f"{address}search?q=x", headers={"Accept": "*/*"}).status_code == 200)
    page.goto(address)
    page.locator("#search").fill("Gustavo Petro")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=Gustavo+Petro")
    page.locator("main").get_by_role("link", name="Gustavo Petro", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gustavo Petro")
    claims = page.locator("#claims")
    expect(claims.locator(".claimed", has_text="refusal to accept two repatriation flights")).to_be_visible()
    claims.locator(".claimed", has_text="refusal to accept").get_by_role("link", name="The claim").click()
    expect(page.get_by_role("note").first).to_contain_text("Not endorsed by this graph.")
    page.get_by_role("link", name="According to whom").click()
    passage = page.locator("#according blockquote").first
    expect(passage).to_contain_text("refusal to accept two repatriation flights he previously authorized")
    page.locator("#according figcaption").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="Its passages, in their order")).to_be_visible()
    expect(page.locator("#passages mark").first).to_be_visible()


def test_an_office_is_asked_for_on_a_day(page: Page, address: str) -> None:
    page.goto(f"{address}id/gustavo-petro")
    page.get_by_label("On the day").fill("2025-01-26")
    page.locator("#offices").get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Offices on 26 January 2025")).to_be_visible()
    expect(page.locator("#offices")).to_contain_text("held then")


def test_a_list_is_narrowed_and_sorted(page: Page, address: str) -> None:
    page.goto(f"{address}id?class=Statement")
    page.get_by_role("navigation", name="By kind").get_by_role("link", name="Accusation").click()
    page.get_by_role("navigation", name="Sort by").get_by_role("link", name="newest first").click()
    rows = page.get_by_role("region", name="Things").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("September 2025")
    page.get_by_role("link", name="Leave out: Accusation").click()
    assert "sort=newest" in page.url


THINGS = (
    *("id/colombia", "id/statement-s4", "id/claim-s3-refusal", "id/standoff-january-2025"),
    *("id/presence-news-article", "id/graph-meeting", "id/alteration-of-the-hat", "id?class=Claim"),
)


@pytest.mark.parametrize("path", THINGS)
def test_each_kind_of_page_fits_a_telephone_and_folds_its_triples(
    page: Page, address: str, path: str
) -> None:
    page.goto(address + path)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if "?" not in path:
        triples = page.locator("#triples")
        assert triples.get_by_text("In which graphs").is_hidden()
        triples.locator("summary").click()
        expect(triples.get_by_text("In which graphs")).to_be_visible()
