"""The language of an answer: the address before the cookie, the cookie before the header."""

from collections.abc import Iterator

import pytest

from kg.api import languages
from tests.api.routes.test_pages import BROWSER
from tests.support.api_server import Client, serving
from tests.support.page_text import inline_code


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("languages")) as asking:
        yield asking


def scope(query: str = "", cookie: str = "", accept: str = "") -> dict[str, object]:
    pairs = ((b"cookie", cookie.encode()), (b"accept-language", accept.encode()))
    return {"type": "http", "query_string": query.encode(), "headers": [pair for pair in pairs if pair[1]]}


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("", "", "", "en"),
        ("", "", "es-CO, en;q=0.5", "es"),
        ("", "a=b; kg-lang=en", "es", "en"),
        ("lang=es", "kg-lang=en", "en", "es"),
        ("lang=es-MX", "", "en", "es"),
        ("lang=pt", "kg-lang=es", "en", "es"),
        ("slang=es", "", "en", "en"),
        ("", 'kg-lang="; x', "es", "es"),
        ("", "kg-lang=fr", "es", "es"),
    ],
)
def test_the_address_counts_before_the_cookie_and_that_before_the_header(
    query: str, cookie: str, accept: str, language: str
) -> None:
    assert languages.of_request(scope(query, cookie, accept)) == language


def test_a_page_that_is_asked_for_in_a_language_keeps_it_in_a_cookie(kg: Client) -> None:
    page = kg.get("/glossary?lang=es", headers=BROWSER)
    assert '<html lang="es">' in page.text
    assert page.headers["set-cookie"].startswith("kg-lang=es; Path=/;")
    again = kg.get("/nothing-here", headers={**BROWSER, "Cookie": "kg-lang=es"})
    assert again.status_code == 404
    assert '<html lang="es">' in again.text
    assert "No hay nada en /nothing-here" in again.text
    assert "Cookie" in again.headers["vary"]
    assert "set-cookie" not in again.headers
    assert "set-cookie" not in kg.get("/search?q=x&lang=es", headers={"Accept": "application/json"}).headers


def test_the_switch_leads_to_the_same_page_and_keeps_its_parameters(kg: Client) -> None:
    text = kg.get("/commits?limit=1&lang=en", headers=BROWSER).text
    assert 'href="/commits?limit=1&amp;lang=es" hreflang="es"' in text


def test_a_language_of_no_page_is_refused(kg: Client) -> None:
    fault = kg.get("/glossary?lang=pt").json()
    assert fault["detail"] == "The parameter 'lang' must be en or es, not 'pt'."


def test_the_commits_that_name_a_thing_are_listed(kg: Client) -> None:
    everything = kg.get("/commits").json()["commits"]
    (commit,) = kg.get("/commits?thing=dipid:ana").json()["commits"]
    assert len(everything) > 1
    assert commit["version"] == 2
    nobody = kg.get("/commits?thing=dipid:nobody")
    assert (nobody.status_code, nobody.json()["detail"]) == (404, "No commit names dipid:nobody.")
    page = kg.get("/commits?thing=dipid:ana", headers=BROWSER).text
    assert "Ana &lt;Pérez&gt;" in page
    assert inline_code(page) == []
