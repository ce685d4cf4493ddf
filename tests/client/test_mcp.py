"""The tools for language models, as the SDK's own client uses them in memory."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import anyio
import pytest
from mcp import Client

import kg
from kg import iris
from kg.client.graph import Graph
from kg.client.mcp import MOST_ROWS, make_server
from kg.errors import Unavailable
from tests.support.command import BAD, FACT

CLAIM = "dipid:claim-petro-kidnapping"
READING = {"ask", "query", "search", "validate", "why"}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.open(tmp_path_factory.mktemp("mcp") / "data", create=True)


def call(graph: Graph, tool: str, *, can_write: bool = False, **arguments: object) -> Mapping[str, Any]:
    """Call a tool; give what it answers, or its error as ``{"error": ...}``."""

    async def run() -> Mapping[str, Any]:
        async with Client(make_server(graph, can_write=can_write)) as client:
            result = await client.call_tool(tool, arguments)
            text = "".join(getattr(part, "text", "") for part in result.content)
            if result.is_error:
                return {"error": text}
            assert result.structured_content == json.loads(text)
            return dict(result.structured_content or {})

    return anyio.run(run)


def tools(graph: Graph, *, can_write: bool) -> dict[str, Any]:
    async def run() -> dict[str, Any]:
        async with Client(make_server(graph, can_write=can_write)) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    return anyio.run(run)


def test_tools_only_read_unless_writing_is_asked_for(graph: Graph) -> None:
    reading = tools(graph, can_write=False)
    assert set(reading) == READING
    assert all(tool.annotations.read_only_hint for tool in reading.values())
    assert all(tool.description for tool in reading.values())
    writing = tools(graph, can_write=True)
    assert set(writing) == {*READING, "add"}
    assert not writing["add"].annotations.read_only_hint
    assert "error" in call(graph, "add", turtle=FACT, source="a test")
    assert not graph.query("ASK { <urn:a> ?p ?o }")


def test_questions_are_listed_and_asked(graph: Graph) -> None:
    listed = {each["name"]: each for each in call(graph, "ask")["questions"]}
    assert set(listed) == set(graph.questions())
    assert listed["offices-of-a-person"]["parameters"]["person"]["example"] == "dipid:gustavo-petro"
    petro = {"person": "dipid:gustavo-petro"}
    rows = call(graph, "ask", name="offices-of-a-person", parameters=petro)["rows"]
    assert rows[0]["office"].startswith(iris.DATA)
    assert "Did you mean" in call(graph, "ask", name="offices-of-person")["error"]
    assert "needs the parameter" in call(graph, "ask", name="offices-of-a-person")["error"]
    assert (
        "has no parameter" in call(graph, "ask", name="hedged-reports", parameters={"as_off": "v1"})["error"]
    )


def test_a_question_is_answered_as_of_an_earlier_version(graph: Graph) -> None:
    rows = call(graph, "ask", name="hedged-reports", parameters={"as_of": "v1"})["rows"]
    assert rows == []
    assert call(graph, "ask", name="hedged-reports")["rows"]
    assert "error" in call(graph, "ask", name="hedged-reports", parameters={"as_of": "v99"})


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {"text": "petro", "limit": -1}),
        ("search", {"text": "petro", "limit": 10**9}),
        ("search", {"text": ""}),
        ("search", {"text": "petro " * 10_000}),
        ("ask", {"name": "../facts"}),
        ("ask", {"name": "hedged-reports", "parameters": {"self": "x"}}),
        ("query", {"sparql": "(" * 50_000}),
        ("query", {"sparql": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}),
        ("why", {"fact": "\0"}),
        ("validate", {"turtle": "<urn:a> " + "[" * 5_000}),
        ("nonsense", {}),
    ],
)
def test_what_no_tool_can_answer_is_an_error_and_not_the_end(
    graph: Graph, tool: str, arguments: dict[str, object]
) -> None:
    assert call(graph, tool, **arguments)["error"]  # type: ignore[arg-type]  # none of them is can_write


def test_a_search_finds_names_and_says_what_is_a_claim(graph: Graph) -> None:
    (first, *_) = call(graph, "search", text="gustvo petro", classes=["Person"])["found"]
    assert (first["thing"], first["is"]) == (iris.DATA + "gustavo-petro", "Person")
    found = call(graph, "search", text="kidnapping", limit=30)
    claims = {each["thing"] for each in found["standings"] if each["is_claim"]}
    assert iris.DATA + "claim-petro-kidnapping" in claims
    assert call(graph, "search", text="qqqqxxxx")["found"] == []
    assert "error" in call(graph, "search", text="petro", classes=["Persn"])


def test_an_answer_says_what_is_a_claim_and_cites_its_passage(graph: Graph) -> None:
    answer = call(graph, "ask", name="words-that-only-a-claimant-uses")
    assert "claim" in answer["reading"]
    standings = {each["thing"]: each for each in answer["standings"]}
    claim = standings[iris.DATA + "claim-petro-kidnapping"]
    assert claim["is_claim"] is True
    assert claim["note"] == (
        "A claim of Gustavo Petro: what is alleged. The graph does not state it as a fact."
    )
    (passage,) = claim["passages"]
    assert "kidnapping" in passage["words"]
    assert (passage["hedge"], passage["basis"]) == ("dipk:claimed", "dipk:attributed")
    assert passage["source_iri"] == iris.DATA + "presence-news-article"
    words = standings[iris.DATA + "statement-petro-kidnapping"]
    assert not words["is_claim"]
    assert words["note"].startswith("A statement of Gustavo Petro: the report is that it was made")


def test_a_query_is_answered_in_values_that_json_holds_exactly(graph: Graph) -> None:
    values = """SELECT ?n ?d ?day ?f ?t ?big { VALUES (?n ?d ?day ?f ?t ?big) {
        (1 1.5 "2026-02-03"^^xsd:date "INF"^^xsd:double true 9007199254740993)
        (UNDEF "x"@es "2026-02"^^xsd:gYearMonth 1.5e0 false 1) } }"""
    assert call(graph, "query", sparql=values)["rows"] == [
        {"n": 1, "d": "1.5", "day": "2026-02-03", "f": "inf", "t": True, "big": "9007199254740993"},
        {"n": None, "d": "x", "day": "2026-02", "f": 1.5, "t": False, "big": 1},
    ]
    assert call(graph, "query", sparql="ASK {}") == {
        "answer": True,
        "warnings": [],
        "understood": [],
    }
    assert "error" in call(graph, "query", sparql="SELECT nonsense")
    assert "error" in call(graph, "query", sparql="DELETE WHERE { ?s ?p ?o }")
    many = call(graph, "query", sparql=f"SELECT ?s {{ ?s ?p ?o }} LIMIT {MOST_ROWS + 3}")
    assert (len(many["rows"]), many["omitted_rows"]) == (MOST_ROWS, 3)


TRIPLE = f"{CLAIM} dip:claimedBy dipid:gustavo-petro"


@pytest.mark.parametrize("fact", [CLAIM, iris.DATA + "claim-petro-kidnapping", TRIPLE])
def test_why_tells_what_a_fact_rests_on(graph: Graph, fact: str) -> None:
    answer = call(graph, "why", fact=fact)
    (standing,) = answer["standings"]
    assert standing["is_claim"]
    (part,) = answer["graphs"]
    assert part["commits"][0]["curator"] == "Regional Diplomacy seed"
    assert "kidnapping" in part["reports"][0]["passage"]["text"]


def test_why_of_an_actor_tells_the_graphs_and_of_what_is_not_said_an_error(graph: Graph) -> None:
    actor = call(graph, "why", fact="Gustavo Petro")
    assert actor["fact"] == iris.DATA + "gustavo-petro"
    assert actor["graphs"]
    assert actor["standings"] == []
    for nothing in ("dipid:nobody", f"{CLAIM} dip:claimedBy dipid:donald-trump"):
        assert "does not state" in call(graph, "why", fact=nothing)["error"]
    assert "error" in call(graph, "why", fact="dipid:a> ?x } #")


def test_facts_are_judged_and_every_reason_is_given(graph: Graph) -> None:
    verdict = call(graph, "validate", turtle=BAD)
    assert verdict["conforms"] is False
    assert "not accepted" in verdict["summary"]
    assert "dip:Persn is not a term" in verdict["reasons"][0]
    assert call(graph, "validate", turtle=FACT)["conforms"] is True
    assert "error" in call(graph, "validate", turtle="no turtle")


def test_facts_are_added_where_that_is_allowed(tmp_path_factory: pytest.TempPathFactory) -> None:
    with kg.open(tmp_path_factory.mktemp("write") / "data", create=True) as graph:
        refused = call(graph, "add", can_write=True, turtle=BAD, source="a test")
        assert (refused["stored"], refused["conforms"]) == (False, False)
        added = call(graph, "add", can_write=True, turtle=FACT, source="a test", reason="to see")
        assert (added["stored"], added["version"]) == (True, 4)
        assert graph.commits(1)[0]["source"] == "a test"
        again = call(graph, "add", can_write=True, turtle=FACT, source="a test")
        assert (again["stored"], again["known"]) == (False, True)


def test_without_the_sdk_the_cure_is_named(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(Unavailable, match=r"pip install 'mcp>=2\.3'"):
        make_server(graph)
