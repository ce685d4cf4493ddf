"""The pages on paper, in a real browser: the PDF file of each has every column and every text.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page

from kg.query import questions
from tests.support.browsing import MODES, launched, until_searchable, watched
from tests.support.live_server import live
from tests.support.page_list import PAGES
from tests.support.paper import losses


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server on the seed graph."""
    with live(tmp_path_factory.mktemp("served") / "data", token="test-token", log="off") as (_, address):
        until_searchable(address)
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as opened:
        yield opened


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """A page in the light, in English, on a large screen."""
    with watched(browser.new_context(**MODES["light"]), address) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_loses_nothing_on_paper(desk: Page, address: str, path: str) -> None:
    desk.goto(address + path)
    assert losses(desk) == []


def test_the_answers_of_all_questions_lose_nothing_on_paper(desk: Page, address: str) -> None:
    for question in questions.load().values():
        desk.goto(f"{address}questions/{question.name}?{urlencode(question.examples)}")
        assert losses(desk) == [], question.name


def test_a_column_that_is_cut_is_noticed(desk: Page) -> None:
    desk.set_content(
        "<style>@page { margin: 15mm } main { overflow: hidden } table { width: 3000px; white-space: nowrap }"
        "</style><main><table><thead><tr><th>First<th>Last<tbody><tr><td>one<td>two</table></main>"
    )
    assert "column not printed: Last" in losses(desk) or any("beyond" in each for each in losses(desk))


def test_a_fold_that_does_not_say_so_is_noticed(desk: Page) -> None:
    desk.set_content(
        "<style>@page { margin: 15mm }</style><details><summary>More</summary><p>Content</p></details>"
    )
    assert losses(desk) == ["hidden: Content"]
