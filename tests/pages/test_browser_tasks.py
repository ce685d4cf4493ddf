"""Five tasks of an analyst, each done from the first page in at most three clicks, without scripts.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browsing import MODES, watched

MOST_CLICKS = 3


class Task(NamedTuple):
    """The names of the links and buttons on the way, and words of the answer."""

    clicks: tuple[str, ...]
    answer: tuple[str, ...]


TASKS = {
    "who accused whom of what, and who denied it": Task(
        ("All denied claims",),
        ("refusal to accept two repatriation flights", "never refused", "Gustavo Petro"),
    ),
    "the story of the hat": Task(
        ("Gift of the hat",),
        ("Donald Trump", "As interpreted by Gustavo Petro"),
    ),
    "what became of the tariff threat": Task(
        ("Threat of tariffs and sanctions",),
        ("Threatened", "Averted"),
    ),
    "what Petro said and did toward the United States before and after the meeting": Task(
        ("Gustavo Petro – United States",),
        ("Before", "after", "White House meeting of Trump and Petro"),
    ),
    "who holds which office": Task(
        ("On a given day, with the source", "Ask"),
        ("Gustavo Petro", "President of Colombia"),
    ),
}


@pytest.fixture(params=["light", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest, address: str) -> Iterator[Page]:
    """A page of a browser that runs no scripts, on a large screen and on a phone."""
    with watched(browser.new_context(**MODES[request.param], java_script_enabled=False), address) as opened:
        yield opened


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_a_task_is_done_in_three_clicks_from_the_first_page(page: Page, address: str, task: Task) -> None:
    assert len(task.clicks) <= MOST_CLICKS
    page.goto(address)
    for name in task.clicks:
        main = page.get_by_role("main")
        main.get_by_role("link", name=name).or_(main.get_by_role("button", name=name)).first.click()
    told = page.locator("main").inner_text()
    assert [words for words in task.answer if words not in told] == []
