"""The walks of a reader in a real browser with key events only, and a focus that shows wherever it is.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.support.keys import Unseen, follow, stops, tab_to
from tests.support.page_list import PAGES

ENDLESS = "SELECT (COUNT(*) AS ?rows) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_the_focus_shows_wherever_it_is(desk: Page, address: str, path: str) -> None:
    desk.goto(address + path)
    assert len(list(stops(desk, most=40))) > 3
    desk.goto(address + path)
    assert len(list(stops(desk, "Shift+Tab", most=15))) > 3


def test_a_focus_that_does_not_show_is_noticed(desk: Page) -> None:
    desk.set_content("<a href='#' style='outline: none'>One</a>")
    with pytest.raises(Unseen):
        list(stops(desk))
    desk.set_content("<a href='#' style='position: absolute; left: -999px'>One</a>")
    with pytest.raises(Unseen):
        list(stops(desk))


def test_the_content_is_one_key_away(desk: Page, address: str) -> None:
    desk.goto(f"{address}id/gustavo-petro")
    follow(desk, "Skip to the content")
    desk.keyboard.press("Tab")
    assert desk.evaluate("Boolean(document.activeElement.closest('main'))")


def test_a_name_is_searched_and_opened(desk: Page, address: str) -> None:
    desk.goto(f"{address}glossary")
    tab_to(desk, "Search names and quoted words")
    desk.keyboard.type("gustavo pe")
    expect(desk.get_by_role("option").first).to_contain_text("Gustavo Petro")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Gustavo Petro")
    desk.goto(address)
    tab_to(desk, "Search names and quoted words")
    desk.keyboard.type("petro")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?q=petro")
    follow(desk, "Gustavo Petro")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Gustavo Petro")


def test_a_claim_is_followed_to_its_passage(desk: Page, address: str) -> None:
    desk.goto(f"{address}id/gustavo-petro")
    follow(desk, "The claim…")
    expect(desk.get_by_role("note").first).to_contain_text("Not endorsed by this graph.")
    follow(desk, "According to whom")
    desk.wait_for_url("**#according")
    words = desk.locator("#according blockquote").first.inner_text()
    desk.keyboard.press("Tab")
    assert desk.evaluate("Boolean(document.activeElement.closest('#according'))")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Its passages, in their order")).to_be_visible()
    expect(desk.locator("#passages")).to_contain_text(words.strip("\u201c\u201d"))


def test_a_duet_is_asked_for(desk: Page, address: str) -> None:
    desk.goto(address)
    follow(desk, "Two actors")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Words and deeds of two actors")
    tab_to(desk, "Actor")
    desk.keyboard.type("Gustavo Petro")
    tab_to(desk, "Other actor")
    desk.keyboard.type("Donald Trump")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Gustavo Petro and Donald Trump")
    tab_to(desk, "Before and after…")
    desk.keyboard.type("White House")
    follow(desk, "Show")
    desk.wait_for_url("**event=http*")
    expect(desk.get_by_role("main")).to_contain_text("order unknown")


def test_a_question_is_asked_with_a_picker(desk: Page, address: str) -> None:
    desk.goto(address)
    follow(desk, "Questions")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Saved questions")
    follow(desk, "When and where did two actors meet or agree, and how is the date known?")
    expect(desk.get_by_role("combobox", name="Actor")).to_be_visible()
    for field, written, name in (
        ("Actor", "petr", "Gustavo Petro"),
        ("Other", "donald tru", "Donald Trump"),
    ):
        tab_to(desk, field)
        desk.keyboard.type(written)
        expect(desk.get_by_role("option", name=name).first).to_be_visible()
        while not desk.locator("[role=option][aria-selected=true]", has_text=name).count():
            desk.keyboard.press("ArrowDown")
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("combobox", name=field)).to_have_value(name)
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="Answer")).to_contain_text("White House meeting")
    tab_to(desk, "The query")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("region", name="The query")).to_be_visible()


def test_a_query_is_run_and_another_stopped(desk: Page, address: str) -> None:
    desk.goto(address)
    follow(desk, "Workbench")
    expect(desk.get_by_role("textbox", name="SPARQL query")).to_be_visible()
    tab_to(desk, "SPARQL query")
    empty(desk)
    desk.keyboard.type("SELECT ?gift { ?gift a dip:Gift }")
    desk.keyboard.press("Escape")  # the list of completions
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("cell", name="Gift of the hat")).to_be_visible()
    tab_to(desk, "gift")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("columnheader", name="gift")).to_have_attribute("aria-sort", "ascending")
    desk.goto(f"{address}workbench")
    tab_to(desk, "SPARQL query")
    empty(desk)
    desk.keyboard.insert_text(ENDLESS)
    desk.keyboard.press("Escape")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("button", name="Stop")).to_be_visible()
    tab_to(desk, "Stop")
    desk.keyboard.press("Enter")
    expect(desk.locator("#progress")).to_contain_text("the engine has ended the query")
    assert desk.evaluate("document.activeElement.id") == "run"


def empty(page: Page) -> None:
    """Empty the editor. Typed over, Chromium would try to keep the style of the text, against the policy."""
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_role("textbox", name="SPARQL query")).not_to_contain_text("SELECT")


def test_the_language_is_switched(desk: Page, address: str) -> None:
    desk.goto(f"{address}id/gift-of-the-hat")
    follow(desk, "ES")
    expect(desk.locator("html")).to_have_attribute("lang", "es")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Obsequio de la gorra")
    follow(desk, "EN")
    expect(desk.locator("html")).to_have_attribute("lang", "en")
