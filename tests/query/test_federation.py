"""SERVICE: what other endpoints are asked, and what their answers do to a query."""

import asyncio
import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs

import httpx
import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.api import service_description
from kg.client.http import strings_in
from kg.client.local import Local
from kg.errors import BadInput, FetchFailed, TooLarge
from kg.query import federation
from kg.query.federation import calls, filled
from kg.query.job import QueryJob
from kg.query.screening import inert
from kg.settings import Settings
from tests.support.api_server import Client, bearer, serving, write_ontology
from tests.support.other_server import Other, listening, saying
from tests.support.problems import fault
from tests.support.stores import open_store

RESULTS = "application/sparql-results+json"
ANA = {"type": "uri", "value": "https://w3id.org/regional-diplomacy/id/ana"}


def results(names: Sequence[str], *rows: Any) -> bytes:
    return json.dumps({"head": {"vars": list(names)}, "results": {"bindings": list(rows)}}).encode()


@pytest.fixture(scope="module")
def other() -> Iterator[Other]:
    with listening() as found:
        yield found


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory, other: Other) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("federation")
    settings = Settings(data=folder / "data", readers=2, allow=f"{other.host} example.invalid")
    with serving(folder, settings) as asking:
        yield asking


def ask(kg: Client, query: str, **headers: str) -> httpx.Response:
    return kg.get("/sparql", params={"query": query, "format": "csv"}, headers=headers)


def rows(kg: Client, query: str) -> list[str]:
    answer = ask(kg, query)
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1:]


# What the endpoint is asked


def test_an_endpoint_is_asked_for_the_group_with_the_prefixes_it_needs(kg: Client, other: Other) -> None:
    other.answer = saying(
        results(["who", "age"], {"who": ANA, "age": {"type": "literal", "value": "40"}}), RESULTS
    )
    query = f"""PREFIX : <urn:mine:>
        SELECT ?who ?age {{ ?who a dip:Person . SERVICE <{other.address}sparql?x=1> {{
            ?who :age ?age ; a dip:Person }} }}"""
    assert rows(kg, query) == [f"{ANA['value']},40"]
    asked = other.seen[-1]
    assert (asked.method, asked.path) == ("POST", "/sparql?x=1")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (asked.headers["accept"], asked.headers["accept-encoding"]) == (RESULTS, "identity")
    assert asked.headers["host"] == other.host
    assert not {"authorization", "cookie", "proxy-authorization"} & set(asked.headers)
    (sent,) = parse_qs(asked.body.decode())["query"]
    assert "PREFIX : <urn:mine:>" in sent
    assert "PREFIX dip: <" in sent
    assert "PREFIX dipk:" not in sent
    assert re.search(r"SELECT \* WHERE \{\s+\?who :age \?age ; a dip:Person \}$", sent)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT ?x { SERVICE # { ?x ?p ?o } }", "one two"),
        ("SELECT ?x { service#{ ?x ?p ?o } FILTER(?x != <urn:two>) }", "one"),
        ("PREFIX e: # SELECT ?x { SERVICE e: { ?x ?p ?o } VALUES ?x { <urn:two> } }", "two"),
        ("PREFIX e: # SELECT ?x { SERVICE e:a\\,b { ?x ?p ?o } VALUES ?x { <urn:two> } }", "two"),
        ("SELECT ?x { VALUES ?x { <urn:two> <urn:no> } OPTIONAL { SERVICE # { ?x ?p ?o } } }", "two no"),
        ("SELECT ?x { VALUES ?x { <urn:two> <urn:no> } MINUS { SERVICE # { ?x ?p ?o } } }", "no"),
        ("SELECT ?x { { SERVICE # { ?x ?p ?o } } UNION { VALUES ?x { <urn:no> } } }", "one two no"),
        ("SELECT (COUNT(?x) AS ?n) { { SELECT ?x { SERVICE # { ?x ?p ?o } } LIMIT 1 } }", "1"),
        ("SELECT ?x { VALUES ?x { <urn:two> <urn:no> } FILTER EXISTS { SERVICE # { ?x ?p ?o } } }", "two"),
        ("SELECT ?x { SERVICE # { ?x ?p '}' . # }\n FILTER(?x != \"\\\"}\") } }", "one two"),
        ("SELECT ?x { SERVICE # { ?x ?p ?o } SERVICE # { ?x ?q ?r } }", "one two"),
        ("SELECT ?x { SERVICE # { ?x ?p ?o SERVICE <urn:inner> { ?o ?q ?r } } }", "one two"),
        ("SELECT ?x { GRAPH ?g { SERVICE # { ?x ?p ?o } } } LIMIT 1", "one"),
        ("SELECT ?x { SERVICE SILENT # { ?x ?p ?o } BIND('SERVICE <urn:x> {}' AS ?b) }", "one two"),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else None,
)  # fmt: skip
def test_service_stands_where_any_group_does(kg: Client, other: Other, query: str, found: str) -> None:
    told = results(["x"], *({"x": {"type": "uri", "value": iri}} for iri in ("urn:one", "urn:two")))
    other.answer = saying(told, RESULTS)
    asked = query.replace("SERVICE #", f"SERVICE <{other.address}>").replace(
        "service#", f"service<{other.address}>"
    )
    asked = asked.replace("SILENT #", f"SILENT <{other.address}>").replace("e: #", f"e: <{other.address}>")
    assert {row.removeprefix("urn:") for row in rows(kg, asked)} == set(found.split())


def test_a_nested_service_goes_whole_to_the_outer_endpoint(other: Other) -> None:
    (call,) = calls(
        f"ASK {{ SERVICE <{other.address}> {{ ?s ?p ?o SERVICE <http://10.0.0.1/> {{ ?o ?q ?r }} }} }}"
    )
    assert "SERVICE <http://10.0.0.1/> { ?o ?q ?r }" in call.query


# What the answer does


TERMS = [
    pyoxigraph.NamedNode("http://example.org/Foo_((bar)'service'"),
    pyoxigraph.Literal(
        "Secret \"Service\" \\u0022 \\\\u0022 \\ '''\n\r\t{ SERVICE <http://127.0.0.1/> {} } # \u2028"
    ),
    pyoxigraph.Literal("¿Qué?", language="es-co"),
    pyoxigraph.Literal("1", datatype=pyoxigraph.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
    pyoxigraph.Literal(""),
]


def written(term: object) -> dict[str, str]:
    if isinstance(term, pyoxigraph.NamedNode):
        return {"type": "uri", "value": term.value}
    assert isinstance(term, pyoxigraph.Literal)
    told = {"type": "literal", "value": term.value}
    return {**told, "xml:lang": term.language} if term.language else {**told, "datatype": term.datatype.value}


def values_of(names: str, answer: bytes | None) -> list[list[object]]:
    """Fill an answer in, as a reader does, and give its rows."""
    text = filled("SELECT * { SERVICE <http://e.example/> { ?a ?b ?c } }", (answer,)).text
    solutions = pyoxigraph.Store().query(inert(text, "service"))
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    assert [name.value for name in solutions.variables] == list(names)
    return [list(solution) for solution in solutions]


def test_every_term_comes_through_exactly() -> None:
    for term in TERMS:
        assert values_of("a", results(["a"], {"a": written(term)})) == [[term]]
    many = [{"a": written(TERMS[0]), "b": written(TERMS[3])}] * 1500
    assert values_of("ab", results(["a", "b"], *many)) == [[TERMS[0], TERMS[3]]] * 1500


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_through_exactly(text: str) -> None:
    assert values_of("a", results(["a"], {"a": {"type": "literal", "value": text}})) == [
        [pyoxigraph.Literal(text)]
    ]


def test_what_is_not_bound_stays_so_and_what_was_not_asked_for_is_left_out() -> None:
    answer = results(["b", "a", "evil"], {"a": ANA, "evil": ANA}, {"b": ANA})
    ana = pyoxigraph.NamedNode(ANA["value"])
    assert values_of("ab", answer) == [[ana, None], [None, ana]]
    assert values_of("", results([], {}, {})) == [[], []]
    assert values_of("", None) == [[]]


def test_a_blank_node_is_told_as_an_iri_of_this_answer_alone() -> None:
    blank = {"type": "bnode", "value": "b 0"}
    ((first, second),) = values_of("ab", results(["a", "b"], {"a": blank, "b": blank}))
    assert first == second
    assert str(first).startswith(f"<{federation.BLANK}")
    assert values_of("a", results(["a"], {"a": blank})) != [[first]]


@pytest.mark.parametrize(
    "answer",
    [
        *(b"", b"<html>", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000, b'{"head": {"vars": 3}}'),
        b'{"head": {}, "boolean": true}',
        results(["a"], {"a": {"type": "uri", "value": "a> } SERVICE <http://127.0.0.1/> { <b"}}),
        results(["a"], {"a": {"type": "uri", "value": "not absolute"}}),
        results(["a"], {"a": {"type": "literal", "value": "x", "xml:lang": "en } #"}}),
        results(["a"], {"a": {"type": "literal", "value": 5}}),
        results(["a"], {"a": {"type": "triple", "value": {}}}),
        results(["a"], {"a": "x"}),
        results(["a"], "x"),
        results([["a"]]),  # type: ignore[list-item]
    ],
    ids=lambda answer: str(answer[-40:]),
)
def test_an_answer_that_is_none_is_refused_or_silent(answer: bytes) -> None:
    with pytest.raises(FetchFailed, match=r"http://e\.example/"):
        values_of("a", answer)
    silent = filled("SELECT * { SERVICE SILENT <http://e.example/> { ?a ?b ?c } }", (answer,))
    assert "VALUES () { () }" in silent.text
    (warning,) = silent.warnings
    assert "<http://e.example/>" in warning


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(FetchFailed, match="rows"):
        values_of("a", results(["a"], *[{}] * (federation.MOST_ROWS + 1)))


def test_a_fault_after_a_service_is_told_at_its_line(kg: Client, other: Other) -> None:
    other.answer = saying(results(["s"]), RESULTS)
    refused = fault(ask(kg, f"SELECT * {{\nSERVICE <{other.address}> {{\n?s ?p ?o }}\n ?x ?y }}"), 400)
    assert refused["line"] == 4


# What is refused, and what fails


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("ASK { SERVICE ?where {} }", "VALUES or BIND"),
        ("ASK { SERVICE SILENT ?where {} }", "VALUES or BIND"),
        ("ASK { VALUES ?other { <urn:a> } SERVICE ?where {} }", "VALUES or BIND"),
        ("ASK { VALUES ?where { 'urn:a' UNDEF 1.5 } SERVICE ?where {} }", "VALUES or BIND"),
        ("ASK { ?s ?p ?where BIND(STR(?s) AS ?where) SERVICE ?where {} }", "VALUES or BIND"),
        ("ASK { VALUES ?where { <a> } SERVICE ?where {} }", "absolute"),
        ("ASK { VALUES ?where { SERVICE ?where {} }", "VALUES or BIND"),
        ("ASK { SERVICE e:x {} }", "prefix e: is not declared"),
        ("ASK { SERVICE <http://e.example/> ?x }", "is written"),
        ("ASK { SERVICE", "is written"),
        ("ASK { SERVICE SILENT", "is written"),
        ("ASK { SERVICE <http://e.example/> { ?s ?p { }", "not closed"),
    ],
)
def test_a_service_that_cannot_be_read_is_refused(text: str, match: str) -> None:
    with pytest.raises(BadInput, match=match):
        calls(text)


def test_only_so_many_endpoints_are_asked_by_one_query() -> None:
    with pytest.raises(TooLarge):
        calls("ASK { " + "SERVICE <http://e.example/> {} " * (federation.MOST_CALLS + 1) + "}")


@pytest.mark.parametrize(
    "around",
    [
        "VALUES ?e { # <urn:unused:1> } SERVICE ?e { ?x ?p ?o }",
        "VALUES (?n ?e) { (1.5 #) ('a'@en 'b') ('b'^^xsd:string 'c') (-2 'd') } SERVICE ?e { ?x ?p ?o }",
        "VALUES (?e ?n) { (# UNDEF) ('x' UNDEF) } SERVICE ?e { ?x ?p ?o }",
        "VALUES (?n ?e) {(<urn:n>#)(-1.5e3 'd')} SERVICE ?e { ?x ?p ?o }",
        "SERVICE ?e { ?x ?p ?o } VALUES ?e { # }",
        "BIND(# AS ?e) SERVICE ?e { ?x ?p ?o }",
        "BIND(IRI('address') AS ?e) SERVICE SILENT ?e { ?x ?p ?o }",
        'BIND(uri("address") AS ?e) service ?e { ?x ?p ?o }',
        "SERVICE ?e { ?x ?p ?o } } VALUES ?e { #",
    ],
)
def test_an_endpoint_may_be_a_variable_that_values_or_bind_bind(
    kg: Client, other: Other, around: str
) -> None:
    other.answer = saying(results(["x"], {"x": ANA}), RESULTS)
    asked = len(other.seen)
    around = around.replace(" <urn:unused:1>", "").replace("#", f"<{other.address}>")
    around = around.replace("address", other.address)
    assert rows(kg, f"SELECT ?x ?e {{ {around} }}") == [f"{ANA['value']},{other.address}"]
    assert len(other.seen) == asked + 1


def test_each_endpoint_of_a_variable_is_asked_and_its_rows_bear_its_name() -> None:
    text = (
        "SELECT * { VALUES ?e { <urn:one> <urn:two> <urn:one> <urn:none> } SERVICE SILENT ?e { ?e ?b ?c } }"
    )
    (call,) = calls(text)
    assert (call.endpoints, call.variable) == (("urn:one", "urn:two", "urn:none"), "e")
    one = results(["b", "e"], {"b": written(TERMS[4])}, {"e": {"type": "uri", "value": "urn:else"}})
    told = filled(text, (one, results(["c"], {"c": written(TERMS[4])}), None))
    solutions = pyoxigraph.Store().query(inert(told.text, "service"))
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    found = sorted(tuple(str(row[name] or "") for name in "ebc") for row in solutions)
    assert found == [
        *(("<urn:none>", "", ""), ("<urn:one>", '""', ""), ("<urn:one>", '""', "")),
        ("<urn:two>", "", '""'),
    ]


def test_a_variable_counts_for_as_many_calls_as_it_has_endpoints() -> None:
    many = " ".join(f"<urn:{number}>" for number in range(federation.MOST_CALLS + 1))
    with pytest.raises(TooLarge):
        calls(f"ASK {{ VALUES ?e {{ {many} }} SERVICE ?e {{}} }}")


def test_an_endpoint_that_is_not_named_counts_as_empty_where_the_service_is_silent(kg: Client) -> None:
    for place in ("http://169.254.169.254/", "file:///etc/passwd", "urn:x"):
        query = f"SELECT ?one {{ BIND(1 AS ?one) SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}"
        answer = ask(kg, query)
        assert answer.text.split() == ["one", "1"]
        (warning,) = strings_in(answer.headers["kg-warning"])
        assert place in warning
        assert "KG_ALLOW" in warning
        page = kg.get("/sparql", params={"query": query}, headers={"Accept": "text/html"}).text
        assert warning.replace("<", "&lt;").replace(">", "&gt;") in page


def test_an_endpoint_that_is_not_named_is_refused_and_the_setting_told(kg: Client) -> None:
    for place in (
        "http://169.254.169.254/",
        "http://127.0.0.1:9/",
        "http://user@example.invalid/",
        "file:///etc/passwd",
    ):
        query = f"SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}"
        assert "KG_ALLOW" in fault(ask(kg, query), 400)["detail"]


def test_an_update_tells_of_an_endpoint_that_counts_as_empty(kg: Client) -> None:
    clause = "SERVICE SILENT ?e { ?s ?p ?o } VALUES ?e { <http://169.254.169.254/> }"
    update = f"INSERT {{ GRAPH <urn:told> {{ <urn:a> <urn:b> ?one }} }} WHERE {{ BIND(1 AS ?one) {clause} }}"
    headers = {**bearer("curator"), "Content-Type": "application/sparql-update"}
    (warning,) = kg.post("/update", content=update, headers=headers).json()["warnings"]
    assert "<http://169.254.169.254/>" in warning


def test_a_failing_endpoint_is_told_or_passed_over_in_silence(kg: Client, other: Other) -> None:
    other.answer = saying(b"no", "text/plain", 500)
    query = "SELECT ?one {{ BIND(1 AS ?one) SERVICE {} <{}> {{ ?s ?p ?o }} }}"
    assert "500" in fault(ask(kg, query.format("", other.address)), 502)["detail"]
    assert rows(kg, query.format("SILENT", other.address)) == ["1"]
    assert rows(kg, query.format("SILENT", "http://example.invalid/")) == ["1"]


def test_an_endpoint_may_take_a_part_of_the_querys_time_and_nobody_waits_with_it(
    tmp_path: Path, other: Other
) -> None:
    is_over = Event()

    def never(*_: object) -> None:
        is_over.wait(120)

    other.answer = never
    settings = Settings(data=tmp_path / "data", readers=1, allow=other.host, query_seconds=1)
    with serving(tmp_path, settings) as kg:
        query = f"SELECT * {{ SERVICE <{other.address}> {{ ?s ?p ?o }} }}"
        assert "seconds" in fault(ask(kg, query), 502)["detail"]
        assert ask(kg, "SELECT * { ?s a dip:Person }").status_code == 200
        is_over.set()


def test_only_so_many_queries_wait_for_others_and_one_whose_client_left_does_not(
    kg: Client, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.query.service_calls.MOST_CALLING", 1)
    other.answer = lambda *_: time.sleep(0.3)
    query = f"SELECT ?x {{ SERVICE <{other.address}> {{ ?x ?p ?o }} }}"

    async def leave() -> None:
        leaving = asyncio.ensure_future(kg.app.resources.readers.answer(QueryJob(query)))
        await asyncio.sleep(0.05)
        leaving.cancel()
        await asyncio.wait([leaving])

    for _ in range(2):
        kg.run(leave())
    other.answer = saying(results(["x"], {"x": ANA}), RESULTS)
    assert rows(kg, query) == [ANA["value"]]
    monkeypatch.setattr("kg.query.service_calls.MOST_CALLING", 0)
    assert "try again" in fault(ask(kg, query), 503)["detail"]
    assert ask(kg, "SELECT ?service { ?service a dip:Person }").status_code == 200


def test_an_earlier_version_may_ask_as_well(kg: Client, other: Other) -> None:
    other.answer = saying(results(["x"], {"x": ANA}), RESULTS)
    query = f"SELECT ?x ?p {{ SERVICE <{other.address}> {{ ?x ?y ?z }} OPTIONAL {{ ?x dip:madeBy ?p }} }}"
    answer = kg.get("/sparql", params={"query": query, "format": "csv", "as-of": "v1"})
    assert answer.text.split() == ["x,p", f"{ANA['value']},"]


def test_an_answer_with_service_is_neither_kept_nor_tagged(kg: Client, other: Other) -> None:
    other.answer = saying(results(["x"], {"x": ANA}), RESULTS)
    asked = len(other.seen)
    hidden = r'BIND("\u0022" AS ?b) {} BIND("" AS ?c)'
    for around in ("{}", "{}", hidden, hidden):
        clause = f"SERVICE <{other.address}> {{ ?x ?p ?o }}"
        answer = ask(kg, f"SELECT ?x {{ {around.format(clause)} }}")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert "etag" not in answer.headers
    assert len(other.seen) == asked + 4


def test_the_command_line_asks_as_the_server_does(
    tmp_path: Path, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.answer = saying(results(["x"], {"x": ANA}), RESULTS)
    open_store(tmp_path / "data", write_ontology(tmp_path / "ontology")).close()
    query = f"SELECT ?x {{ SERVICE <{other.address}> {{ ?x ?p ?o }} }}"
    with pytest.raises(BadInput, match="KG_ALLOW"):
        Local(tmp_path / "data").query(query, "text/csv")
    monkeypatch.setenv("KG_ALLOW", other.host)
    assert ANA["value"].encode() in Local(tmp_path / "data").query(query, "text/csv").read()


def test_the_service_description_tells_if_others_may_be_asked(kg: Client) -> None:
    assert "BasicFederatedQuery" in kg.get("/sparql").text
    here = kg.app.resources
    alone = service_description.describe("http://testserver/", 1, [], here.settings)
    assert "BasicFederatedQuery" not in str(alone.triples)
