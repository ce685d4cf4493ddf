"""Kept texts over HTTP: curators add, list and remove them; nobody is given one, or tries words on it."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from kg.settings import Settings
from tests.support.api_server import PREFIXES, Client, bearer, client, metric, until_searchable
from tests.support.problems import fault
from tests.support.stores import open_store

TEXT = "Norland closed the border.\nZyzzogeton the envoy left for the hinterland at dawn, unrepentant.\n"
DIGEST = sha256(TEXT.encode()).hexdigest()
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
TURTLE = {"Content-Type": "text/turtle"}
CURATOR = bearer("curator")
FACTS = f"""{PREFIXES}
dipid:the-text a dip:Source ; dcterms:title "A text"@en ; dip:hasKind dipk:article ;
    dip:publishedBy dipid:presence-news ; dip:textHash "{DIGEST}" .
dipid:NAME a dip:Passage ; dip:occursIn dipid:the-text ; dip:exactText "WORDS" MORE .
"""


def passage(words: str, more: str = "", name: str = "words") -> str:
    return FACTS.replace("NAME", name).replace("MORE", more).replace("WORDS", words)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def kg(data: Path) -> Iterator[Client]:
    with open_store(data) as store, client(Settings(data=data, readers=2), store) as asking:
        added = asking.post("/sources", content=TEXT, headers={**PLAIN, **CURATOR})
        assert added.status_code == 201
        told = added.json()
        assert (told["hash"], told["length"], told["by"]) == (DIGEST, len(TEXT), "Curator")
        assert added.headers["location"] == f"/sources/{DIGEST}"
        yield asking


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", f"/{DIGEST}")])
def test_texts_are_for_curators(kg: Client, method: str, path: str) -> None:
    fault(kg.request(method, f"/sources{path}", headers=PLAIN), 401)
    fault(kg.request(method, f"/sources{path}", headers={**PLAIN, **bearer("reader")}), 403)


def test_the_list_tells_of_texts_and_gives_none(kg: Client) -> None:
    answer = kg.get("/sources", headers=CURATOR)
    assert [each["hash"] for each in answer.json()["texts"]] == [DIGEST]
    assert answer.headers["cache-control"] == "no-store"
    assert "Zyzzogeton" not in answer.text


def test_a_text_sent_again_is_no_news(kg: Client) -> None:
    again = kg.post("/sources", content=TEXT.replace("\n", "\r\n"), headers={**PLAIN, **CURATOR})
    assert (again.status_code, again.json()["new"]) == (200, False)


@pytest.mark.parametrize(
    ("content", "more", "status"),
    [
        (b"caf\xe9", PLAIN, 400),
        (b"text", {"Content-Type": "text/html"}, 415),
        (b"text", {"Content-Type": "text/plain; charset=latin-1"}, 415),
        (b"", PLAIN, 400),
    ],
)
def test_what_is_no_plain_text_is_refused(
    kg: Client, content: bytes, more: dict[str, str], status: int
) -> None:
    fault(kg.post("/sources", content=content, headers={**more, **CURATOR}), status)


def test_a_passage_gets_its_offsets_from_the_text(kg: Client) -> None:
    headers = {**TURTLE, **CURATOR}
    added = kg.post("/facts", content=passage("closed the border", name="placed"), headers=headers)
    assert added.status_code == 201, added.text
    start = TEXT.index("closed")
    query = f"ASK {{ dipid:placed dip:startOffset {start} ; dip:endOffset {start + 17} }}"
    assert kg.get("/sparql", params={"query": query}).json()["boolean"] is True


def test_a_curator_is_told_what_stands_there(kg: Client) -> None:
    wrong = passage("Zyzzogeton the invoy left", name="wrong")
    refused = kg.post("/facts", content=wrong, headers={**TURTLE, **CURATOR})
    assert "has “Zyzzogeton the envoy left”" in fault(refused, 422)["detail"]
    judged = kg.post("/validate", content=wrong, headers={**TURTLE, **CURATOR}).json()
    assert "has “Zyzzogeton the envoy left”" in judged["violations"][0]["sentence"]["en"]


def test_a_write_of_a_graph_is_looked_up_too(kg: Client) -> None:
    wrong = passage("Zyzzogeton the invoy left", name="other")
    for method, path in (("PUT", "/graphs?graph=urn:mine"), ("POST", "/graphs")):
        fault(kg.request(method, path, content=wrong, headers={**TURTLE, **CURATOR}), 422)


@pytest.mark.parametrize("authorization", [{}, bearer("reader"), bearer("unknown")])
@pytest.mark.parametrize(
    "words", ["Zyzzogeton the envoy left", "Zyzzogeton the invoy left", "closed the border"]
)
def test_who_is_no_curator_cannot_try_words_on_a_text(
    kg: Client, authorization: dict[str, str], words: str
) -> None:
    """Right and wrong words are judged alike, or a text could be guessed letter by letter."""
    answers = {
        kg.post(
            "/validate",
            content=passage("WORDS", more, "tried").replace("WORDS", each),
            headers={**TURTLE, **authorization, "Accept": accept},
        ).text.replace(each, "WORDS")
        for each in (words, "x" * len(words))
        for more, accept in (("; dip:startOffset 3", "text/plain"),)
    }
    assert len(answers) == 1


def test_nothing_that_anybody_can_ask_gives_a_word_of_the_text(kg: Client) -> None:
    until_searchable(kg)
    named = (
        f"/id/the-text /why?fact=dipid:the-text /search?q=Zyzzogeton /sources/{DIGEST} /sources/{DIGEST}.txt"
    )
    known = "/metrics /commits /changes?from=v1&to=v3&all=true /health /ready /openapi.json /export?all=true"
    others = f"/static/../sources/{DIGEST}.txt /static/..%2f..%2fsources%2f{DIGEST}.txt /graphs?default"
    for path in (named + " " + known + " " + others).split():
        for headers in ({}, CURATOR):
            answer = kg.get(path, headers=headers)
            assert "unrepentant" not in answer.text, path
            assert answer.status_code < 500
    query = 'SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), "unrepentant")) }'
    found = kg.get("/sparql", params={"query": query}, headers={"Accept": "application/json"})
    assert json.loads(found.text)["results"]["bindings"] == []
    assert metric(kg, 'kg_changes_total{outcome="unchanged"}') >= 0


def test_a_text_that_was_removed_is_looked_into_no_longer(kg: Client, data: Path) -> None:
    text = "Quite another text."
    digest = sha256(text.encode()).hexdigest()
    facts = passage("nowhere at all", "; dip:startOffset 3", "lost")
    facts = facts.replace(DIGEST, digest).replace("the-text", "a-page")
    assert kg.post("/facts", content=facts, headers={**TURTLE, **CURATOR}).status_code == 201
    told = kg.post("/sources", content=text, headers={**PLAIN, **CURATOR}).json()
    assert (told["passages"], len(told["violations"])) == (1, 1)
    assert told["sources"] == ["https://w3id.org/regional-diplomacy/id/a-page"]
    assert kg.request("DELETE", f"/sources/{digest}", headers=CURATOR).status_code == 204
    fault(kg.request("DELETE", f"/sources/{digest}", headers=CURATOR), 404)
    fault(kg.request("DELETE", "/sources/..%2ftokens", headers=CURATOR), 404)
    assert [path for path in (data / "sources").iterdir() if digest in path.name] == []
