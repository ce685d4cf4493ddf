"""The pages on paper, in a real browser: the PDF file of each has every column and every text.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

from urllib.parse import urlencode

from playwright.sync_api import Page

from kg.query import questions
from tests.support.paper import losses


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
