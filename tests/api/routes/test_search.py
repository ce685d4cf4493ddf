"""The route /search: JSON for programs, a page for people, kept up with each commit."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import iris
from kg.query.search import tables
from kg.query.search.search import LONGEST_TEXT
from tests.support.api_server import PREFIXES, Client, bearer, serving, until_searchable

FACTS = f"""{PREFIXES}
<urn:visit> rdfs:label "Visit to Bogotá"@en ."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("search")


@pytest.fixture(scope="module")
def kg(folder: Path) -> Iterator[Client]:
    with serving(folder) as asking:
        until_searchable(asking)
        yield asking


def test_things_are_found_as_json(kg: Client) -> None:
    answer = kg.get("/search?q=perez")
    assert answer.status_code == 200
    (hit,) = answer.json()["results"]
    assert (hit["iri"], hit["label"], hit["fit"]) == (f"{iris.DATA}ana", "Ana <Pérez>", "words")
    assert answer.headers["X-Graph-Version"] == str(answer.json()["version"])
    assert answer.json()["next"] is None


def test_an_answer_that_the_client_has_is_not_sent_again(kg: Client) -> None:
    tag = kg.get("/search?q=ana").headers["ETag"]
    again = kg.get("/search?q=ana", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert kg.get("/search?q=ana&lang=es").headers["ETag"] != tag


def test_a_commit_is_found_by_the_next_search_and_gone_after_its_withdrawal(kg: Client) -> None:
    assert kg.get("/search?q=bogota").json()["results"] == []
    added = kg.post("/facts", content=FACTS, headers={**bearer("curator"), "Content-Type": "text/turtle"})
    assert added.status_code == 201, added.text
    found = kg.get("/search?q=bogota")
    assert [hit["label"] for hit in found.json()["results"]] == ["Visit to Bogotá"]
    assert found.json()["version"] == added.json()["version"]
    gone = {"graphs": added.json()["graphs"], "reason": "It was not so."}
    assert kg.post("/retractions", json=gone, headers=bearer("curator")).status_code == 201
    assert kg.get("/search?q=bogota").json()["results"] == []


def test_a_page_shows_what_is_found_as_text_and_with_a_form(kg: Client) -> None:
    page = kg.get("/search?q=%3Cp%C3%A9rez%3E", headers={"Accept": "text/html"})
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Ana &lt;Pérez&gt;" in page.text
    assert 'value="&lt;pérez&gt;"' in page.text
    assert '<a href="/id/ana"' in page.text
    assert page.text.count("<script") == 1  # the page's own


def test_a_page_without_a_text_has_the_form_alone(kg: Client) -> None:
    for path in ("/search", "/search?q=", "/search?q=+"):
        page = kg.get(path, headers={"Accept": "text/html"})
        assert (page.status_code, 'name="q"' in page.text, "<ol" in page.text) == (200, True, False)


def test_a_page_says_what_is_wrong(kg: Client) -> None:
    page = kg.get("/search?q=ana&class=Persn", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "There is no class dip:Persn" in page.text


def test_more_is_found_at_the_address_that_the_answer_gives(kg: Client) -> None:
    first = kg.get("/search?q=statement+declaracion+gift+person&limit=1").json()
    assert first["results"] == []
    first = kg.get("/search", params={"q": "d", "limit": 1, "lang": "es"}).json()
    assert first["has_more"] is (first["next"] is not None)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "'q' is missing"),
        ("q=", "empty"),
        ("q=a&q=b", "given 2 times"),
        (f"q={'a' * (LONGEST_TEXT + 1)}", "longer than 200"),
        (f"q={'a' * 2000}", "longer than 1024"),
        ("q=a&limit=x", "must be a number"),
        ("q=a&limit=1000", "1 to 100"),
        ("q=a&offset=99999", "offset"),
        ("q=a&lang=%00", "language tag is written"),
        ("q=a&class=no such", "names no class"),
        ("q=a&class=0", "names no class"),
        ("q=a&colour=red", "no parameter 'colour'"),
        ("q=%FF", "not UTF-8"),
    ],
)
def test_a_search_that_cannot_be_read_is_refused(kg: Client, query: str, says: str) -> None:
    answer = kg.get(f"/search?{query}")
    assert answer.status_code == 400
    assert says in answer.json()["detail"]


def test_another_media_type_is_not_acceptable(kg: Client) -> None:
    assert kg.get("/search?q=ana", headers={"Accept": "text/turtle"}).status_code == 406


def test_an_index_that_is_damaged_under_the_server_is_built_anew(kg: Client, folder: Path) -> None:
    assert len(kg.get("/search?q=ana").json()["results"]) == 1
    path = tables.path_in(folder / "data")
    damaged = path.with_name("damaged")
    damaged.write_bytes(path.read_bytes()[:4096] + b"\xff" * 100_000)
    damaged.replace(path)
    first = kg.get("/search?q=ana")
    assert first.status_code in (200, 503)
    assert len(kg.get("/search?q=ana").json()["results"]) == 1


def test_a_missing_index_is_built_anew_while_the_server_runs(kg: Client, folder: Path) -> None:
    kg.get("/search?q=ana")
    tables.path_in(folder / "data").unlink()
    kg.post(
        "/facts",
        content=FACTS.replace("Bogotá", "Cali"),
        headers={**bearer("curator"), "Content-Type": "text/turtle"},
    )
    assert len(kg.get("/search?q=cali").json()["results"]) == 1
