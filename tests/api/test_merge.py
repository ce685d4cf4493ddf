"""Graphs are merged as RDF says: a triple of two graphs counts once, blank nodes of two documents are two.

Among the cases are those of the W3C suites (insert-data-same-bnode, insert-05a, insert-where-same-bnode and
the merges of the Graph Store Protocol), told anew on data of our own.
"""

from collections.abc import Iterator, Mapping

import pytest

from tests.support.api_server import Client, bearer, serving
from tests.support.protocol_cases import QUERY, TURTLE, UPDATE

TRIG = "application/trig"
BEGUN = """
    DROP SILENT ALL ;
    INSERT DATA {
        <urn:x> <urn:q> 1 , 3 .
        GRAPH <urn:one> { <urn:x> <urn:q> 1 , 2 }
        GRAPH <urn:two> { <urn:x> <urn:q> 1 , 2 , 4 }
    }
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("merge")) as asking:
        yield asking


@pytest.fixture
def kg(server: Client) -> Client:
    update(server, BEGUN)
    return server


def update(kg: Client, text: str) -> None:
    answer = kg.post("/update", content=text, headers={"Content-Type": UPDATE, **bearer("curator")})
    assert answer.status_code in (200, 204), answer.text


def number(kg: Client, text: str, dataset: Mapping[str, list[str]] | None = None) -> int:
    """Return the one number that a query counts or adds up."""
    headers = {"Content-Type": QUERY, "Accept": "text/csv"}
    answer = kg.post("/sparql", content=text, headers=headers, params=dataset)
    assert answer.status_code == 200, answer.text
    return int(answer.text.split()[1])


def store(kg: Client, method: str, graph: str, text: str = "", media_type: str = TURTLE) -> int:
    """Send a document to a graph."""
    headers = {"Content-Type": media_type, **bearer("curator")}
    return kg.request(method, "/graphs", params={"graph": graph}, content=text, headers=headers).status_code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT (COUNT(*) AS ?n) { <urn:x> <urn:q> ?o }", 4),
        ("SELECT (SUM(?o) AS ?n) { <urn:x> <urn:q> ?o }", 10),
        ("SELECT (STRLEN(GROUP_CONCAT(STR(?o); separator='')) AS ?n) { <urn:x> <urn:q> ?o }", 4),
        ("SELECT (COUNT(*) AS ?n) FROM <urn:one> FROM <urn:two> { <urn:x> <urn:q> ?o }", 3),
        ("SELECT (COUNT(*) AS ?n) FROM <urn:one> FROM <urn:two> FROM NAMED <urn:two> FROM NAMED <urn:one>"
         " { <urn:x> <urn:q> ?o GRAPH ?g { <urn:x> <urn:q> ?o } }", 5),
        ("SELECT (COUNT(*) AS ?n) { <urn:x> <urn:q> ?o GRAPH ?g { <urn:x> <urn:q> ?o } }", 5),
        ("SELECT (COUNT(*) AS ?n) { GRAPH ?g { <urn:x> <urn:q> ?o } }", 5),
    ],
)  # fmt: skip
def test_a_triple_of_two_graphs_counts_once(kg: Client, text: str, expected: int) -> None:
    assert number(kg, text) == expected


def test_a_triple_of_two_graphs_of_the_request_counts_once(kg: Client) -> None:
    text = "SELECT (COUNT(*) AS ?n) { <urn:x> <urn:q> ?o }"
    assert number(kg, text, {"default-graph-uri": ["urn:one", "urn:two"]}) == 3


@pytest.mark.parametrize(("using", "expected"), [("USING <urn:one> USING <urn:two>", 3), ("", 4)])
def test_an_update_stores_the_number_that_the_merge_gives(kg: Client, using: str, expected: int) -> None:
    selected = "{ SELECT (COUNT(*) AS ?n) { <urn:x> <urn:q> ?o } }"
    update(kg, f"INSERT {{ <urn:n> <urn:is> ?n }} {using} WHERE {selected}")
    assert number(kg, "SELECT ?n { <urn:n> <urn:is> ?n }") == expected


def test_a_triple_stays_while_one_graph_holds_it(kg: Client) -> None:
    text = "SELECT (COUNT(*) AS ?n) { <urn:x> <urn:q> 2 }"
    update(kg, "DELETE DATA { GRAPH <urn:one> { <urn:x> <urn:q> 2 } }")
    assert number(kg, text) == 1
    assert store(kg, "DELETE", "urn:two") == 200
    assert number(kg, text) == 0
    assert number(kg, "SELECT (COUNT(*) AS ?n) { <urn:x> <urn:q> 1 }") == 1


DOCUMENT = "[] <urn:of> [ <urn:as> 1 ] ."
NODES = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x <urn:of> ?y }"
SHARED = """SELECT (COUNT(DISTINCT ?x) AS ?n) {
    GRAPH ?g { ?x ?p ?y } GRAPH ?h { ?x ?q ?z } FILTER(ISBLANK(?x) && ?g != ?h) }"""


def test_a_document_in_two_graphs_has_two_sets_of_blank_nodes(kg: Client) -> None:
    for graph in ("urn:put-1", "urn:put-2"):
        assert store(kg, "PUT", graph, DOCUMENT) == 201
    assert (number(kg, NODES), number(kg, SHARED)) == (2, 0)
    assert store(kg, "PUT", "urn:put-1", DOCUMENT) == 204  # it is there already
    assert (number(kg, NODES), number(kg, SHARED)) == (2, 0)


def test_a_document_that_is_posted_twice_is_merged_with_itself(kg: Client) -> None:
    assert [store(kg, "POST", "urn:posted", DOCUMENT) for _ in range(3)] == [201, 200, 200]
    assert (number(kg, NODES), number(kg, SHARED)) == (3, 0)
    assert store(kg, "PUT", "urn:posted", DOCUMENT) == 200
    assert store(kg, "POST", "urn:posted", DOCUMENT) == 200
    assert number(kg, NODES) == 2


def test_a_submission_comes_once_and_shares_no_blank_node_with_other_documents(kg: Client) -> None:
    headers = {"Content-Type": TRIG, **bearer("curator")}
    text = f"{DOCUMENT} GRAPH <urn:said-1> {{ _:s <urn:of> 1 }} GRAPH <urn:said-2> {{ _:s <urn:of> 2 }}"
    for status in (201, 200):
        assert kg.post("/facts", content=text, headers=headers).status_code == status
    assert (number(kg, NODES), number(kg, SHARED)) == (2, 1)  # graphs of one document share the node
    for graph in ("urn:put-3", "urn:put-4"):
        assert store(kg, "PUT", graph, DOCUMENT) == 201
    assert (number(kg, NODES), number(kg, SHARED)) == (4, 1)


def test_blank_nodes_of_an_update_are_those_of_one_operation(server: Client) -> None:
    update(server, "DROP ALL")
    before = number(server, NODES), number(server, SHARED)
    same = "INSERT DATA { GRAPH <urn:one> { _:b <urn:of> 1 } GRAPH <urn:two> { _:b <urn:of> 2 } }"
    for _ in range(2):
        update(server, same)
    assert (number(server, NODES), number(server, SHARED)) == (before[0] + 2, before[1] + 2)
    template = "{ GRAPH <urn:one> { _:b <urn:of> ?v } GRAPH <urn:two> { _:b <urn:of> ?v } }"
    update(server, f"INSERT {template} WHERE {{ VALUES ?v {{ 5 5 6 }} }}")
    assert (number(server, NODES), number(server, SHARED)) == (before[0] + 5, before[1] + 5)


def test_graphs_that_an_update_copies_keep_their_blank_nodes(server: Client) -> None:
    update(server, "DROP ALL ; INSERT DATA { GRAPH <urn:one> { _:b <urn:copied> 1 } } ;"
                   " COPY <urn:one> TO <urn:two>")  # fmt: skip
    assert number(server, "SELECT (COUNT(?x) AS ?n) { ?x <urn:copied> 1 }") == 1
