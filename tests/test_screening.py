"""What is refused before the engine sees it, and what only looks like it."""

import pytest

from kg.errors import BadInput, TooLarge
from kg.screening import advice, screen

LIMIT = 100_000


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(" + "(" * 300 + "1" + ")" * 300 + ") }",
        "ASK " + "{" * 300 + "}" * 300,
        "ASK { FILTER(1<" + "(" * 300 + "1" + ")" * 300 + ">0) }",
        r"ASK { FILTER " + r"\u0028" * 300 + "1" + ")" * 300 + " }",
        "ASK { <a:a> <a:b> ex:c\\# , " + "(" * 300 + ")" * 300 + " }",
        "ASK { FILTER(" + " || ".join(["?a"] * 1100) + ") }",
        "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 1100 + "}",
        "ASK {} #" + "x" * LIMIT,
    ],
    ids=lambda text: text[:24],
)
def test_what_would_end_the_engine_is_refused(text: str) -> None:
    with pytest.raises(TooLarge):
        screen(text, LIMIT)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://127.0.0.1/> {} }",
        "ASK { service silent <http://127.0.0.1/> {} }",
        "ASK { SERVICE?where {} }",
        "ASK { ?s ?p 1SERVICE<http://127.0.0.1/>{} }",
        "ASK { SERVICE:here {} }",
        r"ASK { SERV\u0049CE <http://127.0.0.1/> {} }",
        "ASK { ?s ?p '#' SERVICE <http://127.0.0.1/> {} }",
        "ASK { ?s ?p <http://example.org/#it's> . SERVICE <http://127.0.0.1/> {} #'\n}",
    ],
)
def test_service_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(BadInput, match="SERVICE"):
        screen(text, LIMIT)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?service ?p 'SERVICE <x> {}' }",
        "ASK { <http://example.org/service> ex:service '((((' } # SERVICE",
        "SELECT * { VALUES ?n { " + "-1 " * 5000 + "} }",
        "ASK { FILTER(?s IN (" + ", ".join(f"<urn:example:{n}>" for n in range(2000)) + ")) }",
        "SELECT * { " + "{ ?s ?p ?o } UNION " * 100 + "{} }",
    ],
    ids=lambda text: text[:24],
)
def test_what_only_looks_dangerous_passes(text: str) -> None:
    screen(text, LIMIT)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SELECT * FROM <urn:g> {}", True),
        ("ASK FROM NAMED <urn:g> {}", True),
        ("DESCRIBE <urn:a>from<urn:g>", True),
        ("SELECT ?from { ?from ?p 'FROM' } # FROM <urn:g>", False),
    ],
)
def test_a_dataset_named_in_the_text_is_noticed(text: str, named: bool) -> None:
    assert screen(text, LIMIT).names_its_dataset is named


def test_an_update_sent_as_a_query_is_called_by_its_name() -> None:
    assert "INSERT is an update" in advice("PREFIX dip: <urn:x> INSERT DATA { <a:a> <a:b> <a:c> }")


def test_an_undeclared_prefix_is_named() -> None:
    assert "foaf:" in advice("SELECT * { ?s foaf:name ?o }")
    assert advice("PREFIX foaf: <urn:x> SELECT * { ?s foaf:name ?o .. }") == ""
    assert advice("SELECT * { ?s dip:name ?o .. }") == ""
