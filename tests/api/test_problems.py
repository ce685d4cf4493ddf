"""Faults as people and as programs are told them: a page for who likes HTML best, JSON for all others."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from kg import iris
from kg.errors import KGError
from kg.query.negotiation import likes_html_best
from kg.settings import Settings
from tests.support.api_server import Client, bearer, serving
from tests.support.page_text import inline_code
from tests.support.problems import fault, raining
from tests.test_errors import tree

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
TURTLE = {"Content-Type": "text/turtle"}
EMPTY_TAGS = {"meta", "link", "input", "br"}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("problems")) as asking:
        yield asking


class Nesting(HTMLParser):
    """Checks that what is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in EMPTY_TAGS:
            self.open.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(response: Any, status: int) -> str:
    """Check that a response is a whole page without script, and give its text."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "Accept" in response.headers["vary"].split(", ")
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    text: str = response.text
    nesting = Nesting()
    nesting.feed(text)
    assert nesting.open == []
    assert inline_code(text) == []
    assert "Traceback" not in text
    assert len(re.findall("<h1", text)) == 1
    assert re.search(f"(Status|Estado) {status}", text)
    return html.unescape(text)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        *((FIREFOX, True), (CHROMIUM, True), ("text/html", True), ("application/xhtml+xml, */*;q=0.1", True)),
        *(("text/html;q=0.9, */*;q=0.1", True), ("TEXT/HTML", True)),
        *(("*/*", False), ("", False), ("text/*", False), ("text/html;q=0", False), ("nonsense", False)),
        *(("application/json, text/html", False), ("text/turtle, text/html;q=0.5", False)),
        ("application/sparql-results+json, text/html", False),
    ],
)
def test_a_page_is_for_who_likes_html_best(kg: Client, accept: str, expected: bool) -> None:
    assert likes_html_best(accept) is expected
    response = kg.get("/nothing-here", headers={"Accept": accept})
    if expected:
        page(response, 404)
    else:
        fault(response, 404)


@pytest.mark.parametrize("kind", list(tree(KGError)), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_becomes_a_problem_document(
    kg: Client, monkeypatch: pytest.MonkeyPatch, kind: type[KGError]
) -> None:
    monkeypatch.setattr("kg.api.sparql_protocol.from_get", raining(kind))
    response = kg.get("/sparql")
    members = fault(response, kind.status)
    assert ("It rains." in members["detail"]) is (kind.status != 500)
    for name, value in kind("It rains.").headers.items():
        assert name in response.headers, value


def test_what_nobody_foresaw_is_a_500_that_tells_nothing_of_the_inside(
    kg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("kg.api.sparql_protocol.from_get", fail)
    response = kg.get("/sparql")
    fault(response, 500)
    assert "secret" not in response.text
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/nothing-here", "/id/nobody", "/kinds/nothing", "/questions/unknown", "/terms/9.9"),
        *("/id/%3Cx%3E", "/id/a%20b", "/kinds/%00", "/terms/%7B", "/id/%FF", "/questions/%3Cx"),
    ],
)
def test_what_is_not_there_is_a_404(kg: Client, path: str) -> None:
    fault(kg.get(path), 404)


@pytest.mark.parametrize("kind", list(tree(KGError)), ids=lambda kind: kind.__name__)
def test_every_error_of_the_tree_becomes_a_page(
    kg: Client, monkeypatch: pytest.MonkeyPatch, kind: type[KGError]
) -> None:
    monkeypatch.setattr("kg.api.sparql_protocol.from_get", raining(kind))
    response = kg.get("/sparql", headers={"Accept": FIREFOX})
    text = page(response, kind.status)
    assert f"<h1>{kind.title}</h1>" in text
    assert ("It rains." in text) is (kind.status != 500)
    for name in kind("It rains.").headers:
        assert name in response.headers


def test_a_page_of_a_fault_says_all_that_the_json_says(kg: Client) -> None:
    asked: dict[str, Any] = {"params": {"query": 'SELECT * {\n ?s <b>" .. }'}}
    told = fault(kg.get("/sparql", **asked), 400)
    text = page(kg.get("/sparql", headers={"Accept": FIREFOX}, **asked), 400)
    for expected in (told["detail"], f'data-line="{told["line"]}"', f'data-column="{told["column"]}"'):
        assert expected in text
    sent: dict[str, Any] = {"content": "<urn:a> <urn:b> .. .", "headers": TURTLE}
    told = fault(kg.post("/validate", **sent), 400)
    text = page(kg.post("/validate", content=sent["content"], headers={**TURTLE, "Accept": FIREFOX}), 400)
    for expected in (told["title"], told["detail"], f"<dd>{told['line']}</dd>", f"<dd>{told['column']}</dd>"):
        assert expected in text
    nothing = "text/html, image/png"
    offered = page(kg.get("/export?all=true", headers={"Accept": nothing}), 406)
    for media_type in fault(kg.get("/export?all=true", headers={"Accept": "image/png"}), 406)["offered"]:
        assert f"<dd>{media_type}</dd>" in offered
    refused = kg.request("PATCH", "/sparql", headers={"Accept": FIREFOX})
    assert "<dd>POST</dd>" in page(refused, 405)
    assert "POST" in refused.headers["allow"]


def test_what_was_expected_of_a_query_is_told_briefly(kg: Client) -> None:
    told = fault(kg.get("/sparql", params={"query": "SELECT * {"}), 400)
    assert len(told["detail"]) < 200
    assert "the bracket { is not closed" in told["detail"]


def test_a_page_of_refused_facts_tells_every_violation_and_its_rule(kg: Client) -> None:
    facts = f"<{iris.DATA}x> a <{iris.TERMS}Statemnt>, <{iris.TERMS}Acter> ."
    sent: dict[str, Any] = {"content": facts}
    headers = {**TURTLE, **bearer("curator")}
    told = fault(kg.post("/facts", headers=headers, **sent), 422)
    for language in ("en", "es"):
        asked = {**headers, "Accept": FIREFOX, "Accept-Language": language}
        response = kg.post("/facts", headers=asked, **sent)
        text = page(response, 422)
        assert "Accept-Language" in response.headers["vary"]
        for violation in told["violations"]:
            assert violation["sentence"][language] in text
            assert iris.compact(violation["rule"]) in text


def test_what_is_asked_is_text_and_never_markup(kg: Client) -> None:
    response = kg.get("/<script>alert(1)</script>", headers={"Accept": FIREFOX})
    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


def test_a_page_of_what_nobody_foresaw_tells_nothing_of_the_inside(
    kg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("kg.api.sparql_protocol.from_get", fail)
    assert "secret" not in page(kg.get("/sparql", headers={"Accept": FIREFOX}), 500)


def test_a_client_over_its_share_gets_a_page_too(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", readers=1, client_rate=0.1, log="off")
    with serving(tmp_path, settings) as kg:
        kg.get("/health")
        assert kg.get("/terms").status_code == 200
        response = kg.get("/terms", headers={"Accept": FIREFOX})
        page(response, 429)
        assert response.headers["retry-after"]


def test_what_nobody_foresaw_is_a_problem_too_on_every_route(
    kg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("kg.store.tokens.Tokens.identify", fail)
    for path in ("/facts", "/update", "/retractions"):
        told = fault(kg.post(path, content=b"", headers={**bearer("curator"), **TURTLE}), 500)
        assert "secret" not in str(told)
