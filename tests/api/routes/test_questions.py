"""Saved questions over HTTP: their labels, their parameters as people write them, their headers."""

import html
import re
from collections.abc import Iterator

import pytest

from kg import iris
from kg.client.http import strings_in
from kg.settings import Settings
from tests.support.api_server import Client, serving

QUESTION = """\
#+ question: What did an actor say since a day?
#+ params:
#+   actor: {type: iri, example: dipid:ana}
#+   since: {type: date, bound: earliest, example: 2025-01-01, default: 2025-01-01}
#+ returns: one row per statement
#+ labels: statement, speaker
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
SELECT ?actor ?since ?statement ?speaker ?words WHERE {
  ?statement dip:madeBy ?actor ; dip:quotation ?words . BIND (?actor AS ?speaker) FILTER (STR(?since) < "3")
}
"""
PATH = "/questions/statements-since"
ANA = f"{iris.DATA}ana"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("questions")
    own = folder / "own"
    own.mkdir()
    (own / "statements-since.rq").write_text(QUESTION, encoding="utf-8")
    with serving(folder, Settings(data=folder / "data", readers=2, questions=str(own))) as asking:
        yield asking


def csv(kg: Client, path: str, **params: str) -> str:
    answer = kg.get(path, params={"format": "csv", **params})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_question_labels_its_columns_unless_told_otherwise(kg: Client) -> None:
    words = f"{iris.DATA}words"
    assert csv(kg, PATH, actor="dipid:ana") == (
        f"statement,statement_label,speaker,speaker_label,words\r\n{words},,{ANA},Ana <Pérez>,¡Hola!\r\n"
    )
    assert csv(kg, PATH, actor="dipid:ana", labels="only") == (
        f"statement,speaker,words\r\n{words},Ana <Pérez>,¡Hola!\r\n"
    )
    assert csv(kg, PATH, actor="dipid:ana", labels="off") == (
        f"statement,speaker,words\r\n{words},{ANA},¡Hola!\r\n"
    )


def test_a_query_labels_nothing_unless_told_to(kg: Client) -> None:
    query = "SELECT ?who ?what { ?what dip:madeBy ?who }"
    assert csv(kg, "/sparql", query=query).startswith("who,what\r\n")
    assert csv(kg, "/sparql", query=query, labels="on").startswith(
        f"who,who_label,what,what_label\r\n{ANA},Ana <Pérez>,"
    )
    sent = kg.post("/sparql", data={"query": query, "labels": "only"}, headers={"Accept": "text/csv"})
    assert sent.text.startswith("who,what\r\nAna <Pérez>,")


def test_the_language_of_labels_is_asked_for(kg: Client) -> None:
    query = "SELECT ?class { VALUES ?class { dip:Statement } }"
    labels = {
        language: csv(kg, "/sparql", query=query, labels="only", lang=language).splitlines()[1]
        for language in ("en", "es", "es-CO", "fr")
    }
    assert labels == {"en": "Statement", "es": "Declaración", "es-CO": "Declaración", "fr": "Statement"}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"labels": "yes"}, "'labels' must be on, only, off, not 'yes'"),
        ({"labels": ""}, "'labels' must be on, only, off, not ''"),
        ({"lang": "english!"}, "A language tag is written en or es-CO"),
        ({"actor": "dipid:nobody"}, "names nothing in the graph: 'dipid:nobody'"),
        ({"since": "some day"}, "a date is written"),
        ({"since": "03/04/2025"}, "it may be 2025-04-03 or 2025-03-04"),
    ],
)
def test_what_cannot_be_meant_is_refused(kg: Client, params: dict[str, str], words: str) -> None:
    answer = kg.get(PATH, params={"actor": "dipid:ana", **params})
    assert answer.status_code == 400
    assert words in answer.json()["detail"]


def test_an_answer_says_how_its_parameters_were_read(kg: Client) -> None:
    answer = kg.get(PATH, params={"actor": "dipid:ana", "since": "March 2025"})
    assert strings_in(answer.headers["kg-understood"]) == ("since: 'March 2025' is read as 2025-03-01.",)
    again = kg.get(PATH, params={"actor": "dipid:ana", "since": "March 2025"})
    assert again.headers["kg-understood"] == answer.headers["kg-understood"]
    assert "kg-understood" not in kg.get(PATH, params={"actor": "dipid:ana"}).headers
    page = kg.get(PATH, params={"actor": "dipid:ana", "since": "March 2025"}, headers={"Accept": "text/html"})
    assert "Since: “March 2025” is read as 2025-03-01." in page.text
    page = kg.get(PATH, params={"actor": "Ana"}, headers={"Accept": "text/html", "Accept-Language": "es"})
    assert "Actor: «Ana» se lee como Ana &lt;Pérez&gt;." in page.text


@pytest.mark.parametrize("name", ["Ana Pérez", "ana perez", "Ana", "ana", " dipid:ana "])
def test_a_thing_is_named_as_people_name_it(kg: Client, name: str) -> None:
    answer = kg.get(PATH, params={"actor": name, "format": "csv"})
    assert answer.status_code == 200, answer.text
    assert "¡Hola!" in answer.text
    told = strings_in(answer.headers.get("kg-understood", ""))
    assert bool(told) == ("Ana" in name or "perez" in name)
    assert all("is read as dipid:ana (Ana <P" in sentence for sentence in told)


def test_a_name_that_nothing_bears_is_refused_with_the_nearest(kg: Client) -> None:
    for name in ("Ana Peres", "anna", "dipid:anna", f"{iris.DATA}anna"):
        answer = kg.get(PATH, params={"actor": name})
        assert answer.status_code == 400
        problem = answer.json()
        assert problem["title"] == "Not in the graph"
        assert problem["detail"].startswith(f"The parameter 'actor' names nothing in the graph: {name!r}")
        assert [near["iri"] for near in problem["nearest"]] == [ANA], name
    page = kg.get(PATH, params={"actor": "anna"}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "Nothing of this kind is called “anna”. The nearest:" in page.text
    near = re.findall(r'<a href="(statements-since\?[^"]*)">Ana &lt;Pérez&gt;</a>', page.text)[0]
    assert "¡Hola!" in kg.get(f"/questions/{html.unescape(near)}", headers={"Accept": "text/html"}).text
    assert 'aria-invalid="true"' in page.text


def test_answers_with_other_labels_have_other_etags(kg: Client) -> None:
    tags = {
        kg.get(PATH, params={"actor": "dipid:ana", **more}).headers["etag"]
        for more in ({}, {"labels": "off"}, {"labels": "only"}, {"lang": "es"}, {"since": "March 2025"})
    }
    assert len(tags) == 5


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{PATH}?actor=ana&format=csv", "statements-since.csv"),
        (f"{PATH}.csv?actor=ana", "statements-since.csv"),
        (f"{PATH}.json?actor=ana", "statements-since.json"),
        (f"{PATH}.html?actor=ana", None),
        ("/sparql?query=SELECT%20%2A%20%7B%7D&format=csv", "answer.csv"),
        ("/sparql?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20a%20%3Fo%20%7D&format=turtle", "answer.ttl"),
        ("/id/ana?format=json", "ana.json"),
        ("/id/ana.ttl", "ana.ttl"),
    ],
)
def test_an_answer_is_named_as_a_file(kg: Client, path: str, name: str | None) -> None:
    for _ in range(2):  # the second may come from the cache
        answer = kg.get(path)
        assert answer.status_code == 200
        expected = f'inline; filename="{name}"' if name else None
        assert answer.headers.get("content-disposition") == expected


def test_a_suffix_that_names_no_format_is_part_of_the_name(kg: Client) -> None:
    assert kg.get(f"{PATH}.ttl?actor=ana").status_code == 404
    assert kg.get(f"{PATH}.csv?actor=ana&format=json").status_code == 404
    assert kg.get(f"{PATH}.?actor=ana").status_code == 404


def test_the_same_query_asked_by_question_and_at_the_endpoint_is_named_apart(kg: Client) -> None:
    told = {each["name"]: each["text"] for each in kg.get("/questions").json()["questions"]}
    text = told["statements-since"]
    asked = kg.get(PATH, params={"actor": "ana", "labels": "off", "format": "csv"})
    plain = kg.get("/sparql", params={"query": text, "format": "csv"})
    assert asked.headers["content-disposition"] != plain.headers["content-disposition"]


def test_each_question_is_described_with_its_own_parameters(kg: Client) -> None:
    document = kg.get("/openapi.json").json()
    told = document["paths"][PATH]["get"]
    assert told["summary"] == "What did an actor say since a day?"
    parameters = {each["name"]: each for each in told["parameters"]}
    assert parameters["actor"]["required"] is True
    assert parameters["actor"]["example"] == "dipid:ana"
    assert "required" not in parameters["since"]
    assert "`2025-01-01`" in parameters["since"]["description"]
    assert {"labels", "lang", "as-of", "format"} < set(parameters)


def test_a_hint_shows_the_example_of_its_own_parameter(kg: Client) -> None:
    page = kg.get(PATH, headers={"Accept": "text/html"}).text
    assert "A name, or an IRI, such as Ana &lt;Pérez&gt;" in page
    assert "A day, a month or a year, such as 2025-01-01" in page


def test_a_field_that_may_be_left_empty_is_left_out(kg: Client) -> None:
    page = kg.get(PATH, params={"actor": "dipid:ana", "since": ""}, headers={"Accept": "text/html"})
    assert "¡Hola!" in page.text
    offered = re.findall(r'href="([^"]*format=csv)"', page.text)[0]
    assert "since=" not in offered
    assert "¡Hola!" in kg.get(html.unescape(offered)).text
    assert kg.get(PATH, params={"actor": "", "since": ""}, headers={"Accept": "text/html"}).status_code == 400


def test_a_question_can_be_opened_as_a_query_with_its_values(kg: Client) -> None:
    page = kg.get(PATH, params={"actor": "Ana"}, headers={"Accept": "text/html"}).text
    query = html.unescape(re.findall(r'name="query" value="([^"]*)"', page)[0])
    assert "VALUES (?actor ?since) { (dipid:ana " in query
    assert "¡Hola!" in kg.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text


def test_an_answer_of_a_question_comes_in_pages(kg: Client) -> None:
    page = kg.get(
        PATH, params={"actor": "dipid:ana", "rows": "1", "page": "2"}, headers={"Accept": "text/html"}
    )
    assert "There are no rows here." in page.text
    previous = html.unescape(re.findall(r'rel="prev" href="([^"]+)"', page.text)[0])
    assert "actor=dipid%3Aana" in previous
    assert kg.get(PATH, params={"actor": "dipid:ana", "rows": "0"}).status_code == 400
