"""All pages in a real browser, with axe-core: light and dark, on a phone and paper, in English and Spanish.

Then the frame of the pages: search, languages, the list of terms. Collected where ``KG_BROWSER`` names a
Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.support.accessibility import COLOURS, hindrances
from tests.support.browsing import DESK, MODES, watched, watched_page
from tests.support.page_list import PAGES
from tests.support.paper import losses
from tests.support.unmarked_english import unmarked_english

SMALLEST: ViewportSize = {"width": 360, "height": 740}
SIDEWAYS = "Math.max(0, document.documentElement.scrollWidth - window.innerWidth)"
"""By how much a page is wider than its window, in pixels."""


@pytest.fixture(scope="module", params=["en", "es-CO"])
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A context of the browser for all pages in one language."""
    with browser.new_context(locale=request.param, reduced_motion="reduce") as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_every_page_hinders_nobody_on_a_screen_a_phone_and_paper(
    window: BrowserContext, address: str, path: str
) -> None:
    """One load of a page serves all: light, dark (where colours alone differ), small, printed."""
    with watched_page(window, address) as page:
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
        page.goto(address + path)
        language = page.evaluate("navigator.language").partition("-")[0]
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        if language == "es":
            assert unmarked_english(page) == []
        assert page.evaluate(SIDEWAYS) == 0
        assert hindrances(page) == []
        page.emulate_media(color_scheme="dark")
        assert hindrances(page, COLOURS) == []
        page.set_viewport_size(SMALLEST)
        assert page.evaluate(SIDEWAYS) == 0
        assert hindrances(page) == []
        if language == "en":
            page.set_viewport_size(DESK)
            page.emulate_media(color_scheme="light")
            assert losses(page) == []


def test_english_that_is_not_marked_in_a_spanish_page_is_noticed(desk: Page) -> None:
    desk.set_content(
        "<html lang=es><p>What is said of the hat<p lang=en>What is said of it<p>Lo que se dice de la gorra"
        "<p>Según “what is said of the hat” en la prensa<button aria-label='Close all of the folds'>X"
    )
    assert unmarked_english(desk) == ["What is said of the hat", "Close all of the folds"]


def test_a_person_searches_by_keyboard_alone(desk: Page, address: str) -> None:
    desk.goto(address)
    desk.keyboard.press("/")
    field = desk.get_by_role("combobox")
    expect(field).to_be_focused()
    desk.keyboard.type("gustavo pe")
    first = desk.get_by_role("option").first
    expect(first).to_contain_text("Gustavo Petro")
    expect(field).to_have_attribute("aria-expanded", "true")
    desk.keyboard.press("ArrowDown")
    expect(first).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == first.get_attribute("id")
    assert hindrances(desk) == []
    desk.keyboard.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(desk.get_by_role("option")).to_have_count(0)
    desk.keyboard.press("ArrowDown")
    expect(first).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Gustavo Petro")


def test_the_last_suggestion_leads_to_all_results(desk: Page, address: str) -> None:
    desk.goto(f"{address}glossary")
    desk.get_by_role("combobox").fill("tariffs")
    desk.get_by_role("option", name="All results").click()
    desk.wait_for_url("**/search?q=tariffs")
    assert desk.locator("#search").input_value() == "tariffs"


def test_without_scripts_the_search_is_a_form(browser: Browser, address: str) -> None:
    with watched(browser.new_context(**MODES["phone"], java_script_enabled=False), address) as page:
        page.goto(address)
        page.locator("#search").fill("gustavo petro")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Gustavo Petro", exact=True).first.click()
        assert page.get_by_role("heading", level=1).inner_text() == "Gustavo Petro"


def test_a_term_is_found_by_typing_and_leads_on_to_its_neighbours(desk: Page, address: str) -> None:
    desk.goto(f"{address}terms")
    desk.get_by_label("Names and definitions with").fill("never treated as fact")
    expect(desk.locator("#found")).to_have_text("1 found")
    expect(desk.locator("#Claim")).to_be_visible()
    expect(desk.locator("#Statement")).to_be_hidden()
    desk.keyboard.press("Enter")
    expect(desk.locator("#found")).to_have_text("1 found")
    desk.get_by_role("link", name="Claim", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Claim")
    desk.locator(".diagram").get_by_role("link", name="Disputed point").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Disputed point")


def test_without_scripts_the_terms_are_filtered_by_the_server(browser: Browser, address: str) -> None:
    with watched(browser.new_context(**MODES["phone"], java_script_enabled=False), address) as page:
        page.goto(f"{address}kinds")
        page.locator("#filter").fill("accusation wrong")
        page.get_by_role("button", name="Filter").click()
        page.get_by_role("link", name="Accusation", exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text() == "Accusation"


def test_the_iri_of_a_term_leads_to_its_place_in_the_list(desk: Page, address: str) -> None:
    desk.goto(f"{address}terms#content")
    place = desk.locator("li:target")
    expect(place).to_have_count(1)
    expect(place.locator(".term").first).to_contain_text("content")
    expect(place).to_be_in_viewport()


def test_a_language_that_is_chosen_stays(desk: Page, address: str) -> None:
    desk.goto(f"{address}id/gift-of-the-hat")
    desk.get_by_role("navigation", name="Language").get_by_role("link", name="ES").click()
    expect(desk.locator("html")).to_have_attribute("lang", "es")
    assert desk.get_by_role("heading", level=1).inner_text() == "Obsequio de la gorra"
    desk.get_by_role("link", name="Historial", exact=True).first.click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Historial")
    desk.goto(f"{address}nothing-here")
    assert desk.get_by_role("heading", level=1).inner_text() == "No encontrado"
    desk.get_by_role("navigation", name="Idioma").get_by_role("link", name="EN").click()
    expect(desk.locator("html")).to_have_attribute("lang", "en")


def test_a_hedge_leads_to_its_meaning(desk: Page, address: str) -> None:
    desk.goto(address)
    desk.get_by_role("link", name="Reportedly").first.click()
    desk.wait_for_url("**/glossary#reportedly")
    assert desk.locator("#reportedly").is_visible()


def test_a_thing_is_asked_about_and_cited(desk: Page, address: str) -> None:
    desk.goto(f"{address}id/white-house-meeting")
    desk.get_by_text("Cite this", exact=True).last.click()
    assert desk.get_by_role("region", name="BibTeX").inner_text().startswith("@misc{white-house-meeting-v")
    desk.get_by_role("link", name="Which gestures belong to a meeting").click()
    expect(desk.get_by_role("region", name="Answer")).to_contain_text("Make the Americas Great Again")
