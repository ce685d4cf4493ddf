"""Help: the documentation's Markdown as pages, with links that lead to other pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.pages import help as help_pages
from kg.pages.help import HelpPage, pages
from kg.settings import Settings
from tests.support.api_server import Client, client
from tests.support.stores import open_store

NAMES = list(pages())


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    settings = Settings(data=tmp_path_factory.mktemp("help") / "data", readers=1)
    with open_store(settings.data) as store, client(settings, store) as asking:
        yield asking


def body(path: Path) -> str:
    """Return the HTML of a file."""
    return str(help_pages.body(HelpPage("here", "Here", path), "/"))


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_page_lead_to_pages_and_their_headings(name: str) -> None:
    texts = {each: str(help_pages.body(pages()[each], "/")) for each in NAMES}
    for target, anchor in re.findall(r'href="/help/([\w-]+)(?:#([^"]+))?"', texts[name]):
        assert target in NAMES
        assert not anchor or f'id="{anchor}"' in texts[target], (target, anchor)
    for anchor in re.findall(r'href="#([^"]+)"', texts[name]):
        assert f'id="{anchor}"' in texts[name]


def test_a_link_to_a_file_without_a_page_is_plain_text(tmp_path: Path) -> None:
    (tmp_path / "here.md").write_text("# Here\n\nSee [the *licence*](../LICENSE) and <b>this</b>.\n")
    assert "<p>See the <em>licence</em> and &lt;b&gt;this&lt;/b&gt;.</p>" in body(tmp_path / "here.md")


def test_marks_of_generated_tables_are_not_shown() -> None:
    text = str(help_pages.body(pages()["exports"], "/"))
    assert "begin exports" not in text
    assert "<td><code>gexf</code></td>" in text


def test_a_browser_lists_and_reads_pages(kg: Client) -> None:
    assert '<a href="/help/querying" lang="en">Query the graph</a>' in kg.get("/help").text
    spanish = kg.get("/help", headers={"Accept-Language": "es"}).text
    assert "<h1>Ayuda</h1>" in spanish
    assert "Saved questions" in kg.get("/help/querying").text


def test_an_unknown_page_is_not_found(kg: Client) -> None:
    answer = kg.get("/help/nothing")
    assert answer.status_code == 404
    assert "/help lists them" in answer.json()["detail"]
