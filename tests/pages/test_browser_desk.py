"""The reviewer's desk in a real browser: an article becomes drafts, decided on by keys, and one commit.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import MODES, watched

TEXT = "Gustavo Petro accused the United States of lying. Petro visited Mexico. Petro refused to come."
TOKEN = "test-token"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with watched(browser.new_context(**MODES["light"], reduced_motion="reduce"), address) as opened:
        opened.goto(f"{address}desk")
        yield opened


def propose(page: Page) -> None:
    for label, value in {
        "Title": "A visit",
        "Publisher": "Reuters",
        "Address": "https://desk.example/visit",
        "Day of publication": "2025-02-01",
        "Text": TEXT,
    }.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Propose drafts").click()
    expect(page.get_by_role("heading", name="The result")).to_be_visible()


def decide_all(page: Page, key: str) -> None:
    """Press a key on each draft that nobody has decided on."""
    for name in page.locator(".draft.open").evaluate_all("(drafts) => drafts.map(each => each.id)"):
        page.locator(f"#{name}").get_by_role("radio", name="Undecided").focus()
        page.keyboard.press(key)


def test_an_article_becomes_a_commit(page: Page, address: str) -> None:
    before = httpx.get(f"{address}ready").json()["version"]
    propose(page)
    visit = page.locator(".draft", has=page.locator("input[value=visit]"))
    label = visit.locator("[name$='.label']")
    decide_all(page, "r")
    visit.get_by_role("radio", name="Reject").focus()
    page.keyboard.press("a")
    expect(visit).to_have_class("draft accepted")
    label.fill("Visit of Petro to Mexico")
    label.press("r")  # a letter in a field decides nothing
    expect(visit.get_by_role("radio", name="Accept")).to_be_checked()
    label.fill("Visit of Petro to Mexico")
    visit.get_by_role("radio", name="Accept").focus()
    page.keyboard.press("c")
    expect(page.locator("#outcome")).to_contain_text("2 rows accepted by you: 0 errors")
    expect(visit.locator(".verdict")).to_contain_text("No fault found in this row.")
    page.get_by_role("button", name="Add them in one commit").click()
    expect(page.locator("#add [role=status]")).to_have_text("Give a token first.")
    page.get_by_label("Token").fill("wrong")
    page.get_by_role("button", name="Add them in one commit").click()
    expect(page.locator("#add [role=status]")).to_contain_text("token")
    assert httpx.get(f"{address}ready").json()["version"] == before
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("textbox", name="Reason").fill("Reviewed at the desk.")
    page.get_by_role("button", name="Add them in one commit").click()
    expect(page.locator("#add [role=status]")).to_contain_text("were added in one commit")
    (commit,) = httpx.get(f"{address}commits", params={"limit": 1}).json()["commits"]
    assert (commit["version"], commit["reason"]) == (before + 1, "Reviewed at the desk.")
    page.get_by_role("link", name="Show the submission").click()
    expect(page.get_by_role("main")).to_contain_text("Visit of Petro to Mexico")


def test_selected_words_become_a_mark_and_only_these_are_drafted(page: Page) -> None:
    page.get_by_label("Text", exact=True).fill(TEXT)
    start = TEXT.index("Petro visited")
    page.locator("#article").evaluate(
        f"(field) => {{ field.focus(); field.setSelectionRange({start}, {start + 21}); }}"
    )
    page.keyboard.press("Alt+m")
    expect(page.locator("#marks")).to_have_value("Petro visited Mexico.")
    propose(page)
    expect(page.locator(".draft input[value=visit]")).to_have_count(1)
    expect(page.locator(".draft input[value=accusation]")).to_have_count(0)


@pytest.mark.parametrize("is_table_fault", [True, False])
def test_what_the_gate_refuses_is_said_and_nothing_is_stored(
    page: Page, address: str, is_table_fault: bool
) -> None:
    before = httpx.get(f"{address}ready").json()["version"]
    propose(page)
    decide_all(page, "a" if is_table_fault else "r")
    if not is_table_fault:  # the gate finds that nothing is known of the speaker
        accusation = page.locator(".draft", has=page.locator("input[value=accusation]"))
        accusation.get_by_role("radio", name="Accept").check()  # a rejected draft is folded
        accusation.locator("[name$='.speaker']").fill("nobody-at-all")
    page.get_by_label("Token").fill(TOKEN)
    page.get_by_role("button", name="Add them in one commit").click()
    expect(page.locator("#add [role=status]")).to_contain_text("label" if is_table_fault else "nobody-at-all")
    expect(page.locator("#add [role=status]")).not_to_contain_text("[object")
    assert httpx.get(f"{address}ready").json()["version"] == before
