"""Pages for people, and the same things as RDF; saved questions over HTTP."""

import html
import re
from collections.abc import Iterator
from urllib.parse import quote

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat

from kg import iris
from kg.pages.cells import Cell
from kg.pages.grounds import GraphPart, Ground
from kg.pages.rendering import TEMPLATES
from kg.pages.stories import accounts
from kg.query import questions
from kg.query.questions import parse
from tests.support.api_server import Client, serving
from tests.support.page_text import inline_code, loaded_from_elsewhere

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
QUESTION = """#+ question: What did an actor say?
#+ params:
#+   actor: {type: iri, example: dipid:ana}
#+ returns: one row per statement
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
SELECT ?actor ?words WHERE { ?s dip:madeBy ?actor ; dip:quotation ?words }
"""


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("pages")
    question = parse(QUESTION, folder / "what-an-actor-said.rq")
    with serving(folder) as asking:
        asking.app.resources.questions = {question.name: question}
        yield asking


def page(kg: Client, path: str) -> str:
    response = kg.get(path, headers=BROWSER)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


PATHS = [
    *("/", "/questions", "/terms", "/terms/Statement", "/kinds", "/kinds/gift", "/id/ana", "/shapes"),
    *("/commits", "/commits/2"),
    *("/questions/what-an-actor-said", "/questions/what-an-actor-said?actor=dipid:ana"),
    *("/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D", "/changes?from=v1&to=v2"),
    *("/workbench", "/workbench?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D&view=chart"),
]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_whole_and_has_no_inline_script(kg: Client, path: str) -> None:
    text = page(kg, path)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert len(re.findall("<h1", text)) == 1
    assert "<title>" in text
    assert "<main" in text
    assert inline_code(text) == []
    assert loaded_from_elsewhere(text) == []
    for label in re.findall(r'<label for="([^"]+)"', text):
        assert f'id="{label}"' in text


def test_pages_are_made_in_readers_and_not_in_the_server(kg: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("The server reads the store itself.")

    for name in ("quads_for_pattern", "graphs"):
        monkeypatch.setattr(kg.app.resources.contents, name, refused)
    for path in PATHS:
        page(kg, path)
    for path in ("/id/ana", "/terms", "/sparql", "/.well-known/void", "/graphs", "/export"):
        assert kg.get(path, headers={"Accept": "text/turtle"}).status_code == 200


def test_the_root_page_says_what_the_graph_holds_and_where_to_go(kg: Client) -> None:
    text = page(kg, "/")
    assert re.search(r'href="/id\?class=Statement"><strong>1</strong>', text)
    assert "Version 2" in text
    assert "The seed dataset" in text
    assert 'href="/workbench"' in text
    for place in (
        "/questions",
        "/terms",
        "/kinds",
        "/export?format=trig",
        "/help",
        "/glossary",
        "/commits/2",
        "/commits",
    ):
        assert f'href="{place}"' in text
    assert kg.get("/").headers["content-type"].startswith("text/html")


def test_every_link_of_the_root_page_leads_somewhere(kg: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_there = questions.load()[accounts.QUESTION]  # by the page of rival accounts
    monkeypatch.setitem(kg.app.resources.questions, accounts.QUESTION, asked_there)
    for link in set(re.findall(r'href="(/[^"#]*)', page(kg, "/"))):
        assert kg.get(link).status_code == 200, link


def test_what_facts_say_is_text_and_never_markup(kg: Client) -> None:
    text = page(kg, "/id/ana")
    assert "Ana &lt;Pérez&gt;" in text
    assert "Ana <Pérez>" not in text
    assert 'lang="es"' in text


@pytest.mark.parametrize("path", ["/id/ana", "/terms", "/kinds", "/kinds/gift"])
@pytest.mark.parametrize(
    ("accept", "rdf_format"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
    ],
)
def test_a_thing_is_told_in_every_rdf_format_alike(
    kg: Client, path: str, accept: str, rdf_format: RdfFormat
) -> None:
    def triples(media_type: str, engine: RdfFormat) -> set[pyoxigraph.Triple]:
        data = kg.get(path, headers={"Accept": media_type}).content
        return {quad.triple for quad in pyoxigraph.parse(data, format=engine)}

    told = triples(accept, rdf_format)
    assert told
    assert told == triples("text/turtle", RdfFormat.TURTLE)


def test_a_thing_tells_what_points_at_it_too(kg: Client) -> None:
    told = kg.get("/id/ana").content
    triples = {quad.triple for quad in pyoxigraph.parse(told, format=RdfFormat.TURTLE)}
    made_by = NamedNode(iris.TERMS + "madeBy")
    assert any(triple.predicate == made_by for triple in triples)
    assert any(triple.object == Literal("Ana <Pérez>", language="es") for triple in triples)
    assert "Statement" in page(kg, "/id/words")


def test_a_format_can_be_named_in_the_address_of_a_thing(kg: Client) -> None:
    assert kg.get("/id/ana?format=jsonld", headers=BROWSER).headers["content-type"] == "application/ld+json"
    assert kg.get("/id/ana?form=jsonld").status_code == 400


def test_an_answer_is_shown_as_a_table_with_links_and_languages(kg: Client) -> None:
    text = kg.post("/sparql", data={"query": "SELECT * { ?s dip:quotation ?words }"}, headers=BROWSER).text
    assert 'data-variable="words">words</th>' in text
    assert '<a href="/id/words" title="dipid:words">dipid:words</a>' in text
    assert '<span lang="es" dir="auto">¡Hola!</span>' in text
    graph = kg.post("/sparql", data={"query": "CONSTRUCT WHERE { ?s dip:madeBy ?o }"}, headers=BROWSER).text
    assert re.findall(r'data-variable="(\w+)"', graph) == ["subject", "predicate", "object"]
    assert "true" in kg.post("/sparql", data={"query": "ASK {}"}, headers=BROWSER).text


def test_an_answer_that_holds_a_triple_shows_it_as_it_stands(kg: Client) -> None:
    text = page(kg, f"/sparql?query={quote('SELECT (TRIPLE(<urn:a>, <urn:b>, <urn:c>) AS ?t) {}')}")
    assert "&lt;&lt;( &lt;urn:a&gt; &lt;urn:b&gt; &lt;urn:c&gt; )&gt;&gt;" in text


def test_an_answer_without_triples_says_so(kg: Client) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s a <urn:nothing> }"
    response = kg.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert "<p>Nothing in the graph matches.</p>" in response.text
    assert "<table" not in response.text


def test_a_page_shows_the_beginning_of_a_long_answer_and_says_so(kg: Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    text = kg.post("/sparql", data={"query": query}, headers=BROWSER).text
    assert "More than 100\N{NARROW NO-BREAK SPACE}000 rows" in text
    assert text.count("<tr ") == 101


def test_saved_questions_are_listed_with_their_parameters(kg: Client) -> None:
    told = kg.get("/questions").json()["questions"]
    assert told[0]["name"] == "what-an-actor-said"
    assert told[0]["params"][0] == {
        "name": "actor",
        "type": "iri",
        "example": "dipid:ana",
        "default": None,
        "of_class": None,
        "bound": None,
        "asked_for": "the name or IRI of a thing",
    }


@pytest.mark.parametrize("actor", ["dipid:ana", iris.DATA + "ana"])
def test_a_saved_question_is_asked_by_name_and_parameter(kg: Client, actor: str) -> None:
    answer = kg.get("/questions/what-an-actor-said", params={"actor": actor, "format": "csv"})
    assert answer.text.splitlines()[1].endswith("¡Hola!")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "needs the parameter 'actor'"),
        ("actor=nobody%20!", "actor"),
        ("actor=dipid:ana&since=1", "since"),
        ("actor=dipid:ana&actor=dipid:ben", "twice"),
    ],
)
def test_a_question_asked_wrongly_says_which_parameter(kg: Client, query: str, words: str) -> None:
    response = kg.get(f"/questions/what-an-actor-said?{query}")
    assert response.status_code == 400
    assert words in response.json()["detail"]


def test_links_stay_below_the_public_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    from kg.settings import Settings

    folder = tmp_path_factory.mktemp("below")
    settings = Settings(data=folder / "data", readers=1, base="https://example.org/kg/")
    with serving(folder, settings) as kg:
        assert 'href="/kg/questions"' in page(kg, "/")
        assert 'href="/kg/id/words"' in page(kg, "/id/ana")


def test_the_answer_to_a_question_leaves_out_what_was_asked(kg: Client) -> None:
    text = page(kg, "/questions/what-an-actor-said?actor=dipid:ana")
    assert 'columnheader">actor</th>' not in text
    assert 'data-variable="words">words</th>' in text


def test_only_the_schemes_of_the_web_are_links(kg: Client) -> None:
    links = [
        "http://a.example/",
        "https://a.example/",
        "urn:a:b",
        "mailto:a@b.example",
        "HTTPS://a.example/up",
    ]
    others = [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "httpx:a",
        "file:///a",
    ]
    values = " ".join(f"<{iri}>" for iri in links + others)
    text = page(kg, "/sparql?query=" + quote(f"SELECT ?iri {{ VALUES ?iri {{ {values} }} }}"))
    hrefs = [html.unescape(href) for href in re.findall(r'href="([^"]*)"', text)]
    assert [href for href in hrefs if href in links] == links
    for iri in others:
        assert iri in html.unescape(text)
        assert not [href for href in hrefs if href.startswith(iri.partition(":")[0])]


@pytest.mark.parametrize(
    ("report", "is_link"), [("https://a.example/r", True), ("javascript:alert(1)", False)]
)
def test_a_report_is_linked_where_it_may_be(report: str, is_link: bool) -> None:
    ground = Ground(Cell(report, report if is_link else None, iri=report), (), (), (), ())
    part = GraphPart(Cell("g"), [ground], [])
    marks = TEMPLATES.get_template("profile_marks.html").make_module()
    text = str(vars(marks)["grounds"](part, False))
    assert (f'href="{report}"' in text) is is_link
    assert ("the report" in text) is is_link
