"""Updates of whole graphs and their grammar, as the W3C suites ask for them, told anew on data of our own."""

import re
from collections.abc import Iterator

import pytest

from kg import iris
from tests.support.api_server import Client, bearer, serving
from tests.support.protocol_cases import QUERY, TURTLE, UPDATE

BEGUN = """
    DROP ALL ;
    INSERT DATA {
        <urn:d> <urn:p> "default"
        GRAPH <urn:one> { <urn:a> <urn:p> "one" }
        GRAPH <urn:two> { <urn:b> <urn:p> "two" }
    }
"""
SUBMITTED = "<urn:kept> <urn:p> 'submitted' ."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("operations")) as asking:
        headers = {"Content-Type": TURTLE, **bearer("curator")}
        assert asking.post("/facts", content=SUBMITTED, headers=headers).status_code == 201
        yield asking


@pytest.fixture
def kg(server: Client) -> Client:
    assert update(server, BEGUN)["status"] in (200, 204)
    return server


def update(kg: Client, text: str) -> dict[str, object]:
    answer = kg.post("/update", content=text, headers={"Content-Type": UPDATE, **bearer("curator")})
    return {"status": answer.status_code, **(answer.json() if answer.content else {})}


def ask(kg: Client, text: str) -> bool:
    headers = {"Content-Type": QUERY, "Accept": "application/sparql-results+json"}
    answer = kg.post("/sparql", content=f"ASK {{ {text} }}", headers=headers)
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["boolean"])


def held(kg: Client) -> dict[str, bool]:
    """Return which of the graphs exist, and whether the default graph holds what it held."""
    there = {name: ask(kg, f"GRAPH <urn:{name}> {{}}") for name in ("one", "two")}
    return {"default": ask(kg, "<urn:d> <urn:p> 'default'"), **there}


KEPT = {"default": True, "one": True, "two": True}


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ("DROP DEFAULT", {"default": False}),
        ("DROP SILENT DEFAULT", {"default": False}),
        ("DROP GRAPH <urn:one>", {"one": False}),
        ("DROP SILENT GRAPH <urn:one>", {"one": False}),
        ("DROP NAMED", {"one": False, "two": False}),
        ("DROP SILENT NAMED", {"one": False, "two": False}),
        ("DROP ALL", {"default": False, "one": False, "two": False}),
        ("DROP SILENT ALL", {"default": False, "one": False, "two": False}),
        ("DROP SILENT GRAPH <urn:none>", {}),
        ("CLEAR DEFAULT", {"default": False}),
        ("CLEAR GRAPH <urn:one>", {}),
        ("CLEAR NAMED", {}),
        ("CLEAR ALL", {"default": False}),
        ("CLEAR SILENT ALL", {"default": False}),
        ("CLEAR SILENT GRAPH <urn:none>", {}),
        ("COPY SILENT <urn:none> TO <urn:one>", {}),
        ("MOVE SILENT <urn:none> TO DEFAULT", {}),
        ("MOVE <urn:one> TO <urn:two>", {"one": False}),
        ("ADD SILENT <urn:none> TO <urn:two>", {}),
        ("CREATE SILENT GRAPH <urn:one>", {}),
    ],
)
def test_an_operation_on_whole_graphs_leaves_the_graphs_that_it_should(
    kg: Client, operation: str, left: dict[str, bool]
) -> None:
    assert update(kg, operation)["status"] in (200, 204)
    assert held(kg) == {**KEPT, **left}
    assert ask(kg, "GRAPH ?g { <urn:kept> <urn:p> 'submitted' }")
    assert ask(kg, f"GRAPH <{iris.TERMS_GRAPH}> {{ ?s ?p ?o }}")


@pytest.mark.parametrize("operation", ["CLEAR", "DROP"])
def test_a_cleared_graph_stays_and_is_empty_and_a_dropped_one_goes(kg: Client, operation: str) -> None:
    assert update(kg, f"{operation} NAMED")["status"] == 200
    assert not ask(kg, "GRAPH <urn:one> { ?s ?p ?o }")
    assert ask(kg, "GRAPH ?g {} FILTER(?g = <urn:one>)") == (operation == "CLEAR")


def test_what_is_left_alone_is_said(kg: Client) -> None:
    told = update(kg, "DROP ALL")
    assert told["status"] == 200
    assert re.fullmatch(WARNED, str(told["warnings"]))
    again = update(kg, "DROP ALL")
    assert (again["status"], again["added"], again["removed"]) == (200, 0, 0)
    assert (again["version"], again["warnings"]) == (told["version"], told["warnings"])


WARNED = (
    r"\['Graphs that no update changes were left alone \(2 submissions, \d graphs of the release or of the"
    r" commits\); withdraw a submission by kg retract or POST /retractions.'\]"
)


@pytest.mark.parametrize("target", [iris.TERMS_GRAPH, iris.PROVENANCE_GRAPH, "SUBMISSION"])
def test_a_graph_that_no_update_changes_is_refused_and_silently_left_alone(kg: Client, target: str) -> None:
    named = submission(kg) if target == "SUBMISSION" else target
    for operation in (f"CLEAR GRAPH <{named}>", f"COPY <urn:one> TO <{named}>", f"MOVE <{named}> TO <urn:x>"):
        assert update(kg, operation)["status"] == 409
        told = update(kg, operation.replace(" ", " SILENT ", 1))
        assert told["status"] == 200
        assert "left alone (1 " in str(told["warnings"])
    assert ask(kg, f"GRAPH <{named}> {{ ?s ?p ?o }}")
    assert held(kg) == KEPT


def submission(kg: Client) -> str:
    text = "SELECT ?g { GRAPH ?g { <urn:kept> ?p ?o } }"
    answer = kg.get("/sparql", params={"query": text}, headers={"Accept": "text/csv"})
    return answer.text.splitlines()[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("; CLEAR DEFAULT", "The semicolon on line 1 does not follow an operation"),
        ("CLEAR DEFAULT ;;", "The semicolon on line 1 does not follow an operation"),
        ("CLEAR DEFAULT ;\n; CLEAR DEFAULT", "The semicolon on line 2 does not follow an operation"),
        ("PREFIX e: <urn:e:> ; CLEAR DEFAULT", "The semicolon on line 1 does not follow an operation"),
        ("CREATE GRAPH <urn:x> CREATE GRAPH <urn:y>", "does not parse"),
        (
            "INSERT DATA { _:x <urn:p> 1 } ;\nINSERT DATA { _:x <urn:p> 2 }",
            "_:x on line 2 occurs in an earlier",
        ),
    ],
)
def test_an_update_that_the_grammar_forbids_is_refused(kg: Client, text: str, said: str) -> None:
    told = update(kg, text)
    assert told["status"] == 400
    assert said in str(told["detail"])
    assert held(kg) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PREFIX e: <urn:e:>",
        "CLEAR SILENT GRAPH <urn:none> ;",
        "CLEAR SILENT GRAPH <urn:none> ; PREFIX e: <urn:e:>",
        "INSERT DATA { GRAPH <urn:one> { _:x <urn:q> 1 } GRAPH <urn:two> { _:x <urn:q> 1 } }",
        "INSERT { _:x <urn:q> ?o } WHERE { <urn:d> ?p ?o } ; INSERT { _:x <urn:q> 1 } WHERE {}",
    ],
)
def test_an_update_that_the_grammar_allows_is_taken(kg: Client, text: str) -> None:
    assert update(kg, text)["status"] in (200, 204)


@pytest.mark.parametrize("name", ["a\u00b7b", "e\u0301", "a\u203fb", "\u2070x", "9", "\U00010400x"])
def test_a_variable_may_have_any_name_of_the_grammar(kg: Client, name: str) -> None:
    text = f"INSERT {{ GRAPH <urn:one> {{ ?{name} <urn:q> ${name} }} }} WHERE {{ ?{name} <urn:p> 'one' }}"
    assert update(kg, text)["status"] == 200
    assert ask(kg, "GRAPH <urn:one> { <urn:a> <urn:q> <urn:a> }")


def test_no_name_that_a_client_writes_stands_for_a_variable(kg: Client) -> None:
    named = "<urn:kg:variable:o>"
    text = (
        f"INSERT {{ GRAPH <urn:one> {{ ?s <urn:q> {named} }} }} WHERE {{ ?s <urn:p> ?o FILTER(?o = 'one') }}"
    )
    assert update(kg, text)["status"] == 200
    assert ask(kg, f"GRAPH <urn:one> {{ <urn:a> <urn:q> {named} }}")


@pytest.mark.parametrize("prefix", ["load", "service", "Reload", "my-service"])
def test_a_prefix_may_be_called_as_a_word_that_calls_other_servers(kg: Client, prefix: str) -> None:
    said = "NAME:a NAME:b.NAME NAME:c ; <urn:p> 'x'@service".replace("NAME", prefix)
    data = f"INSERT DATA {{ GRAPH {prefix}:g {{ {said} }} }}"
    filled = f"INSERT {{ {prefix}:d {prefix}:e {prefix}:f }} WHERE {{}}"
    text = f"PREFIX {prefix}: <urn:l:> {data} ; {filled}"
    assert update(kg, text)["status"] == 200
    assert ask(kg, f"GRAPH <urn:l:g> {{ <urn:l:a> <urn:l:b.{prefix}> <urn:l:c> ; <urn:p> 'x'@service }}")
    assert ask(
        kg, f"GRAPH <urn:l:g> {{ <urn:l:a> <urn:l:b.{prefix}> <urn:l:c> }} <urn:l:d> <urn:l:e> <urn:l:f>"
    )


TERM = "<<( <urn:a> <urn:p> 1 )>>"
JSON_LD = '{"@id": "urn:a", "urn:p": {"@value": "x", "@language": "ar", "@direction": "rtl"}}'


@pytest.mark.parametrize(
    ("method", "path", "media_type", "body"),
    [
        ("POST", "/update", UPDATE, f"INSERT DATA {{ <urn:a> <urn:p> {TERM} }}"),
        ("POST", "/update", UPDATE, "INSERT DATA { << <urn:a> <urn:p> 1 >> <urn:p> 2 }"),
        ("POST", "/update", UPDATE, "INSERT DATA { <urn:a> <urn:p> 'x'@ar--rtl }"),
        ("POST", "/update", UPDATE, f"INSERT {{ <urn:a> <urn:p> {TERM} }} WHERE {{}}"),
        ("POST", "/update", UPDATE, f"INSERT {{ <urn:a> <urn:p> ?t }} WHERE {{ BIND({TERM} AS ?t) }}"),
        (
            "POST",
            "/update",
            UPDATE,
            "INSERT { <urn:a> <urn:p> ?t } WHERE { BIND(STRLANGDIR('x', 'ar', 'rtl') AS ?t) }",
        ),
        ("PUT", "/graphs?graph=urn:newer", TURTLE, f"<urn:a> <urn:p> {TERM} ."),
        ("PUT", "/graphs?graph=urn:newer", TURTLE, "<urn:a> <urn:p> 1 {| <urn:q> 2 |} ."),
        ("POST", "/graphs?graph=urn:newer", "application/n-triples", '<urn:a> <urn:p> "x"@ar--rtl .'),
        ("POST", "/facts", "application/ld+json", JSON_LD),
        ("POST", "/facts", TURTLE, f"<urn:a> <urn:p> {TERM} ."),
        ("POST", "/validate", TURTLE, "<urn:a> <urn:p> 'x'@ar--ltr ."),
    ],
)
def test_a_term_of_rdf_1_2_is_refused_in_the_same_words_everywhere(
    kg: Client, method: str, path: str, media_type: str, body: str
) -> None:
    headers = {"Content-Type": media_type, **bearer("curator")}
    answer = kg.request(method, path, content=body, headers=headers)
    assert answer.status_code == 400
    assert "riples about triples and base directions of texts are RDF 1.2, which" in answer.json()["detail"]


@pytest.mark.parametrize(
    "expression", [f"{TERM}", "TRIPLE(<urn:a>, <urn:p>, 1)", "STRLANGDIR('x', 'ar', 'rtl')", "'x'@ar--rtl"]
)
def test_a_query_may_construct_a_term_of_rdf_1_2(kg: Client, expression: str) -> None:
    assert ask(kg, f"BIND({expression} AS ?t) FILTER(isTRIPLE(?t) || LANGDIR(?t) = 'rtl')")
    text = f"CONSTRUCT {{ <urn:x> <urn:y> ?t }} WHERE {{ BIND({expression} AS ?t) }}"
    answer = kg.get("/sparql", params={"query": text}, headers={"Accept": "application/n-triples"})
    assert "<<(" in answer.text or "@ar--rtl" in answer.text


@pytest.mark.parametrize("into", ["", "INTO GRAPH <urn:one>"])
def test_a_silent_load_of_what_may_not_be_loaded_changes_nothing_and_says_so(kg: Client, into: str) -> None:
    told = update(kg, f"LOAD SILENT <somescheme://example.com/none> {into}")
    assert (told["status"], told["added"], told["removed"]) == (200, 0, 0)
    assert "LOAD SILENT <somescheme://example.com/none> was skipped" in str(told["warnings"])
    assert update(kg, f"LOAD <somescheme://example.com/none> {into}")["status"] == 403
    assert held(kg) == KEPT


def test_a_misspelt_term_of_ours_in_an_update_is_warned_of(kg: Client) -> None:
    told = update(kg, "DELETE { ?s a dip:Statemnt } WHERE { ?s a dip:Statemnt }")
    assert told["status"] == 200
    assert "dip:Statemnt does not exist, so it matches nothing; dip:Statement may be" in str(told["warnings"])


def test_an_empty_graph_exists_until_it_is_deleted(kg: Client) -> None:
    headers = {"Content-Type": TURTLE, **bearer("curator")}
    made = kg.request("PUT", "/graphs?graph=urn:empty", content=b"", headers=headers)
    assert (made.status_code, made.json()["graphs"]) == (201, ["urn:empty"])
    assert update(kg, "CREATE GRAPH <urn:created>")["graphs"] == ["urn:created"]
    for name in ("urn:empty", "urn:created"):
        assert ask(kg, f"GRAPH <{name}> {{}}")
        assert ask(kg, f"GRAPH ?g {{}} FILTER(?g = <{name}>)")
    gone = kg.request("DELETE", "/graphs?graph=urn:empty", headers=bearer("curator"))
    assert gone.json()["graphs"] == []
    assert update(kg, "DELETE DATA { GRAPH <urn:one> { <urn:a> <urn:p> 'one' } }")["status"] == 200
    for name in ("urn:empty", "urn:one"):
        assert not ask(kg, f"GRAPH <{name}> {{}}")
        assert not ask(kg, f"GRAPH ?g {{}} FILTER(?g = <{name}>)")
