"""What updates and writes of graphs mean here, beyond what the protocols ask (protocol_cases)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kg import iris
from tests.support.api_server import Client, bearer, serving
from tests.support.problems import fault

UPDATE = "application/sparql-update"
FORM = "application/x-www-form-urlencoded"
TURTLE = "text/turtle"
STORY = iris.DATA + "graph-story"
GUARDED = (iris.TERMS_GRAPH, iris.KINDS_GRAPH, iris.PROVENANCE_GRAPH, STORY)
GROUPS = ("http://example.org/1", "http://example.org/2", "http://example.org/3")


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("protocol")) as asking:
        yield asking


def update(kg: Client, text: str, token: str = "curator", **given: Any) -> httpx.Response:
    headers = {"Content-Type": UPDATE, **bearer(token)}
    return kg.post("/update", content=text, headers=headers, **given)


def holds(kg: Client, pattern: str, **params: Any) -> bool:
    answer = kg.get("/sparql", params={"query": f"ASK {{ {pattern} }}", **params})
    assert answer.status_code == 200, answer.text
    return bool(answer.json()["boolean"])


def put(kg: Client, graph: str, content: str | bytes, method: str = "PUT", **headers: str) -> httpx.Response:
    sent = {"Content-Type": TURTLE, **bearer("curator"), **headers}
    return kg.request(method, "/graphs", params={"graph": graph}, content=content, headers=sent)


def done(response: httpx.Response, *statuses: int) -> httpx.Response:
    assert response.status_code in (statuses or (200, 204)), response.text
    return response


# Updates


def test_update_post_direct_and_its_answer_tells_the_commit(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    told = done(update(kg, "INSERT DATA { <urn:d> <urn:p> 1, 2 }", params={"reason": "A test"}))
    assert told.json()["version"] == int(told.headers["x-graph-version"]) == version + 1
    assert (told.json()["added"], told.json()["removed"]) == (2, 0)
    assert holds(kg, f"dipid:commit-{version + 1} dip:reason 'A test'")
    assert update(kg, "INSERT DATA { <urn:d> <urn:p> 1 }").status_code == 204
    assert kg.get("/ready").json()["version"] == version + 1


def three_groups(kg: Client) -> None:
    graphs = "\n".join(f"DROP SILENT GRAPH <{graph}> ;" for graph in (*GROUPS, "urn:out"))
    data = "\n".join(f"GRAPH <{graph}> {{ <{graph}> a <urn:Group> }}" for graph in GROUPS)
    done(update(kg, f"{graphs} INSERT DATA {{ {data} }}"))


@pytest.mark.parametrize(
    ("using", "where", "found"),
    [
        ([("using-graph-uri", GROUPS[0])], "?s a <urn:Group>", {0}),
        ([("using-graph-uri", GROUPS[0]), ("using-graph-uri", GROUPS[1])], "?s a <urn:Group>", {0, 1}),
        ([("using-named-graph-uri", GROUPS[0])], "GRAPH ?g { ?s a <urn:Group> }", {0}),
        ([("using-named-graph-uri", graph) for graph in GROUPS[:2]], "GRAPH ?g { ?s a <urn:Group> }", {0, 1}),
        (
            [("using-graph-uri", GROUPS[0]), ("using-named-graph-uri", GROUPS[1])],
            "{ GRAPH ?g { ?s a <urn:Group> } } UNION { ?s a <urn:Group> }",
            {0, 1},
        ),
        ([("using-graph-uri", GROUPS[0])], "GRAPH ?g { ?s a <urn:Group> }", set()),
        ([], "?s a <urn:Group>", {0, 1, 2}),
        ([], "GRAPH ?g { ?s a <urn:Group> }", {0, 1, 2}),
    ],
)
def test_update_dataset(kg: Client, using: list[tuple[str, str]], where: str, found: set[int]) -> None:
    three_groups(kg)
    text = f"INSERT {{ GRAPH <urn:out> {{ ?s a <urn:Found> }} }} WHERE {{ {where} }}"
    done(update(kg, text, params=using))
    assert {number for number in range(3) if holds(kg, f"<{GROUPS[number]}> a <urn:Found>")} == found


@pytest.mark.parametrize("text", ["WITH <urn:g> INSERT {} WHERE {}", "INSERT {} USING <urn:g> WHERE {}"])
def test_bad_update_dataset_conflict(kg: Client, text: str) -> None:
    assert "using-graph-uri" in fault(update(kg, text, params={"using-graph-uri": "urn:g"}), 400)["detail"]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"content": "query=ASK%7B%7D", "type": FORM}, 400),
        ({"content": "", "type": FORM}, 400),
        ({"content": b"CLEAR DEFAULT #\xff", "type": UPDATE}, 400),
        ({"content": "INSERT DATA { <urn:a> <urn:b> 1 } } ", "type": UPDATE}, 400),
        ({"content": "INSERT DATA { ?s <urn:b> 1 }", "type": UPDATE}, 400),
        ({"content": "CLEAR DEFAULT", "type": UPDATE, "params": {"update": "CLEAR DEFAULT"}}, 400),
        ({"content": "CLEAR DEFAULT", "type": UPDATE, "params": {"timeout": "1"}}, 400),
        ({"content": "DELETE { _:b <urn:p> ?o } WHERE { ?s ?p ?o }", "type": UPDATE}, 400),
        ({"content": "LOAD <http://127.0.0.1:1/>", "type": UPDATE}, 403),
        ({"content": "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>", "type": UPDATE}, 403),
        (
            {
                "content": "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
                "type": UPDATE,
            },
            400,
        ),
        ({"content": "DROP GRAPH <urn:nothing-here>", "type": UPDATE}, 409),
        ({"content": "COPY <urn:nothing-here> TO <urn:x>", "type": UPDATE}, 409),
        ({"content": "INSERT DATA { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> }", "type": UPDATE}, 400),
        ({"content": "INSERT DATA { <urn:a> <urn:b> 'x'@ar--rtl }", "type": UPDATE}, 400),
    ],
    ids=str,
)
def test_a_bad_update_is_refused(kg: Client, given: dict[str, Any], status: int) -> None:
    version = kg.get("/ready").json()["version"]
    headers = {**bearer("curator"), **({"Content-Type": given["type"]} if "type" in given else {})}
    method, params = given.get("method", "POST"), given.get("params", {})
    fault(kg.request(method, "/update", params=params, content=given.get("content"), headers=headers), status)
    assert kg.get("/ready").json()["version"] == version


def test_an_update_needs_a_token_that_may_write(kg: Client) -> None:
    fault(kg.post("/update", content="CLEAR DEFAULT", headers={"Content-Type": UPDATE}), 401)
    fault(update(kg, "CLEAR DEFAULT", "reader"), 403)
    fault(update(kg, "CLEAR DEFAULT", "unknown"), 401)


# What an update means


def test_operations_of_one_update_see_each_other_in_order(kg: Client) -> None:
    done(
        update(
            kg,
            """PREFIX ex: <urn:chain:>
            INSERT DATA { GRAPH ex:g { ex:a ex:n 1 } } ;
            PREFIX also: <urn:chain:>
            DELETE { GRAPH ?g { ?s also:n ?n } } INSERT { GRAPH ?g { ?s also:n ?more } }
            WHERE { GRAPH ?g { ?s also:n ?n } BIND(?n + 1 AS ?more) } ;
            DELETE { GRAPH ?g { ?s also:n ?n } } INSERT { GRAPH ?g { ?s also:n ?more } }
            WHERE { GRAPH ?g { ?s also:n ?n } BIND(?n * 10 AS ?more) } ;
            COPY ex:g TO ex:h ; MOVE ex:h TO ex:i ; ADD ex:i TO ex:g ;""",
        )
    )
    rows = kg.get(
        "/sparql",
        params={"query": "SELECT ?g ?n { GRAPH ?g { ?s <urn:chain:n> ?n } } ORDER BY ?g", "format": "csv"},
    )
    assert rows.text.split() == ["g,n", "urn:chain:g,20", "urn:chain:i,20"]
    assert list((kg.app.resources.settings.data / "snapshots").glob("update-*")) == []


def test_with_names_the_graph_of_pattern_and_template(kg: Client) -> None:
    done(update(kg, "WITH <urn:with> INSERT { <urn:w> <urn:p> 1 } WHERE { FILTER NOT EXISTS { ?s ?p ?o } }"))
    assert holds(kg, "GRAPH <urn:with> { <urn:w> <urn:p> 1 }")
    done(
        update(
            kg,
            "WITH <urn:with> DELETE {?s ?p ?o} INSERT {?s ?p 2} WHERE {?s ?p ?o . GRAPH ?g {?s ?p ?o}}",
        )
    )
    assert holds(kg, "GRAPH <urn:with> { <urn:w> <urn:p> 2 } FILTER NOT EXISTS { <urn:w> <urn:p> 1 }")


def test_blank_nodes_of_a_template_are_fresh_in_each_row_and_stored_ones_can_be_deleted(kg: Client) -> None:
    text = """INSERT { GRAPH <urn:fresh> { _:x <urn:of> ?n ; <urn:also> [ <urn:nested> ?n ] } }
        WHERE { VALUES ?n { 1 2 2 } }"""
    done(update(kg, text))
    count = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x <urn:of> ?n }"
    assert kg.get("/sparql", params={"query": count, "format": "csv"}).text.split() == ["n", "3"]
    done(update(kg, "DELETE WHERE { GRAPH <urn:fresh> { ?x <urn:of> 2 } }"))
    assert kg.get("/sparql", params={"query": count, "format": "csv"}).text.split() == ["n", "1"]


def test_what_would_be_no_triple_is_left_out(kg: Client) -> None:
    text = """INSERT { GRAPH <urn:partly> { ?s ?s ?s . ?t <urn:p> ?s } }
        WHERE { VALUES (?s ?t) { (1 <urn:t>) (<urn:s> UNDEF) } }"""
    assert done(update(kg, text), 200).json()["added"] == 2


def test_texts_comments_and_escapes_do_not_confuse_the_cutting(kg: Client) -> None:
    text = r'''PREFIX : <urn:cut:> # ; INSERT DATA { :no :no :no }
        INSERT DATA { GRAPH :g { :a :b "; } DELETE {", 'it\'s {', """} ; { "quoted" """, "\u007B" } } ; # }
        INSERT { GRAPH :g { ?x :c "?x $y" } } WHERE { GRAPH :g { ?x :b ?y } FILTER(?y = "{" && ?x = :a) }'''
    assert done(update(kg, text), 200).json()["added"] == 5
    assert holds(kg, "GRAPH <urn:cut:g> { <urn:cut:a> <urn:cut:c> '?x $y' }")


def test_a_template_without_graph_means_the_stores_own_default_graph(kg: Client) -> None:
    done(update(kg, "INSERT DATA { <urn:own> <urn:p> 1 . GRAPH <urn:other> { <urn:own> <urn:p> 1 } }"))
    done(update(kg, "DELETE WHERE { <urn:own> <urn:p> ?n }"))
    assert holds(kg, "GRAPH <urn:other> { <urn:own> <urn:p> 1 }")
    assert "urn:own" not in kg.get("/graphs?default").text


@pytest.mark.parametrize("graph", GUARDED)
def test_graphs_of_releases_commits_and_submissions_are_not_edited(kg: Client, graph: str) -> None:
    for text in (
        f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:a> <urn:b> 1 }} }}",
        f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}",
        f"CLEAR GRAPH <{graph}>",
        f"COPY DEFAULT TO <{graph}>",
    ):
        fault(update(kg, text), 409)
    refused = [
        put(kg, graph, "<urn:a> <urn:b> 1 ."),
        put(kg, graph, "<urn:a> <urn:b> 1 .", "POST"),
        put(kg, graph, "", "DELETE"),
    ]
    for response in refused:
        fault(response, 409)
    if graph == STORY:
        assert {"supersede", "retract"} <= set(refused[0].json()["detail"].replace(":", " ").split())


def test_an_update_that_the_gate_refuses_leaves_no_trace(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    members = fault(
        update(
            kg,
            "INSERT DATA { <urn:fine> <urn:p> 1 } ; INSERT DATA { GRAPH <urn:g> { dipid:x a dip:Statemnt } }",
        ),
        422,
    )
    assert members["violations"]
    assert not holds(kg, "<urn:fine> <urn:p> 1")
    assert kg.get("/ready").json()["version"] == version
    fault(put(kg, "urn:g", f"<{iris.DATA}x> a <{iris.TERMS}Statemnt> ."), 422)


def test_updates_at_the_same_time_lose_nothing(kg: Client) -> None:
    from concurrent.futures import ThreadPoolExecutor

    done(update(kg, "INSERT DATA { <urn:counter> <urn:count> 0 }"))
    step = "DELETE { ?c <urn:count> ?n } INSERT { ?c <urn:count> ?m }" + (
        " WHERE { ?c <urn:count> ?n BIND(?n + 1 AS ?m) }"
    )
    with ThreadPoolExecutor(4) as pool:
        assert {response.status_code for response in pool.map(lambda _: update(kg, step), range(8))} == {200}
    assert holds(kg, "<urn:counter> <urn:count> 8")


def test_an_update_at_its_limit_is_ended_and_the_next_as_ever(tmp_path: Path) -> None:
    from kg.settings import Settings

    endless = "INSERT { <urn:a> <urn:b> ?n } WHERE { { SELECT (COUNT(*) AS ?n) " + (
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?p } } }"
    )
    with serving(tmp_path, Settings(data=tmp_path / "data", readers=1, judge_seconds=0.5)) as kg:
        assert "0.5 seconds" in fault(update(kg, endless), 503)["detail"]
        done(update(kg, "INSERT DATA { <urn:a> <urn:b> 1 }"))


# Graphs

PERSON = "<urn:john> a <urn:Person> ; <urn:name> '{}' ."


def test_the_life_of_a_graph(kg: Client) -> None:
    graph = "http://example.org/person/1.ttl"
    fault(kg.get("/graphs", params={"graph": graph}), 404)
    assert done(put(kg, graph, PERSON.format("John")), 201).headers["location"] == graph
    read = done(kg.get("/graphs", params={"graph": graph}))
    assert read.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "John" in read.text
    done(put(kg, graph, PERSON.format("Jane")))
    read = kg.get("/graphs", params={"graph": graph})
    assert ("Jane" in read.text, "John" in read.text) == (True, False)
    done(put(kg, graph, "<urn:john> <urn:age> 40 .", "POST"))
    read = kg.get("/graphs", params={"graph": graph})
    assert ("Jane" in read.text, "40" in read.text) == (True, True)
    done(put(kg, graph, "", "DELETE"))
    fault(kg.get("/graphs", params={"graph": graph}), 404)
    fault(put(kg, graph, "", "DELETE"), 404)


def test_direct_graph_identification(kg: Client) -> None:
    headers = {"Content-Type": TURTLE, **bearer("curator")}
    done(kg.request("PUT", "/graphs/person/3", content=PERSON.format("Bo"), headers=headers), 201)
    assert "Bo" in kg.get("/graphs/person/3").text
    assert holds(kg, f"GRAPH <{iris.BASE}graphs/person/3> {{ ?s ?p 'Bo' }}")
    done(kg.post("/graphs/person/3", content=PERSON.format("Bea"), headers=headers))
    done(kg.request("DELETE", "/graphs/person/3", headers=headers))
    fault(kg.get("/graphs/person/3"), 404)


def test_the_default_graph_of_the_store(kg: Client) -> None:
    headers = {"Content-Type": TURTLE, **bearer("curator")}
    done(kg.request("POST", "/graphs?default", content="<urn:in> <urn:default> 1 .", headers=headers))
    assert "urn:default" in done(kg.get("/graphs?default")).text
    assert "Ana" not in kg.get("/graphs?default").text
    done(kg.request("DELETE", "/graphs?default", headers=headers))
    assert "urn:default" not in done(kg.get("/graphs?default")).text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *(("graph=here", 400), ("graph=urn:a&graph=urn:b", 400), ("default&graph=urn:a", 400)),
        *(
            ("default=yes", 400),
            ("graph=", 400),
            ("graph=%FF", 400),
            ("graph=urn:a%20b", 400),
            ("grph=urn:a", 400),
        ),
    ],
)
def test_a_graph_named_badly_is_refused(kg: Client, query: str, status: int) -> None:
    for method in ("GET", "PUT", "POST", "DELETE"):
        headers = {"Content-Type": TURTLE, **bearer("curator")}
        fault(kg.request(method, f"/graphs?{query}", content="<urn:a> <urn:b> 1 .", headers=headers), status)


def test_a_graph_has_formats_head_and_tags(kg: Client) -> None:
    graph = {"graph": STORY}
    plain = {"Accept-Encoding": "identity"}
    got = kg.get("/graphs", params=graph, headers=plain)
    head = kg.request("HEAD", "/graphs", params=graph, headers=plain)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])
    assert not got.headers["etag"].startswith("W/")
    same = kg.get("/graphs", params=graph, headers={**plain, "If-None-Match": got.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    for accept in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        other = kg.get("/graphs", params=graph, headers={**plain, "Accept": accept})
        assert other.headers["content-type"] == accept
        assert other.headers["etag"] != got.headers["etag"]
    assert fault(kg.get("/graphs", params=graph, headers={"Accept": "image/png"}), 406)["offered"]
    done(put(kg, "urn:unrelated", "<urn:a> <urn:b> 1 ."), 200, 201, 204)
    assert kg.get("/graphs", params=graph, headers=plain).headers["etag"] == got.headers["etag"]


def test_a_graph_is_sent_under_its_name_to_who_takes_quads_only(kg: Client) -> None:
    done(put(kg, "urn:quads", "<urn:a> <urn:b> 1 ."), 200, 201, 204)
    graph = {"graph": "urn:quads"}
    quads, triples = "application/n-quads", "application/n-triples"
    got = kg.get("/graphs", params=graph, headers={"Accept": quads})
    assert (got.headers["content-type"], got.text.rstrip()[-13:]) == (quads, "<urn:quads> .")
    assert kg.get("/graphs", params={**graph, "format": "trig"}).text.rstrip().endswith("}")
    either = kg.get("/graphs", params=graph, headers={"Accept": f"{quads}, {triples};q=0.5"})
    assert either.headers["content-type"] == triples
    back = bearer("curator") | {"Content-Type": quads, "If-Match": got.headers["etag"]}
    done(kg.request("PUT", "/graphs", params=graph, content=got.text, headers=back), 200, 204)


def test_a_write_can_depend_on_what_is_there(kg: Client) -> None:
    graph = "urn:conditional"
    fault(put(kg, graph, "<urn:a> <urn:b> 1 .", **{"If-Match": "*"}), 412)
    done(put(kg, graph, "<urn:a> <urn:b> 1 .", **{"If-None-Match": "*"}), 201)
    fault(put(kg, graph, "<urn:a> <urn:b> 2 .", **{"If-None-Match": "*"}), 412)
    tag = kg.get("/graphs", params={"graph": graph}).headers["etag"]
    done(put(kg, graph, "<urn:a> <urn:b> 3 .", **{"If-Match": tag}), 200)
    for method in ("PUT", "POST", "DELETE"):
        fault(put(kg, graph, "<urn:a> <urn:b> 4 .", method, **{"If-Match": tag}), 412)
    now = kg.get("/graphs", params={"graph": graph}, headers={"Accept": "application/n-triples"}).headers[
        "etag"
    ]
    done(put(kg, graph, "", "DELETE", **{"If-Match": f'"x", {now}'}))


def test_graphs_need_a_token_to_write_and_none_to_read(kg: Client) -> None:
    for method in ("PUT", "POST", "DELETE"):
        for path in ("/graphs?graph=urn:a", "/graphs/a"):
            fault(kg.request(method, path, content="", headers={"Content-Type": TURTLE}), 401)
            fault(
                kg.request(method, path, content="", headers={"Content-Type": TURTLE, **bearer("reader")}),
                403,
            )
    assert "namedGraph" in kg.get("/graphs").text


@pytest.mark.parametrize("path", ["/graphs", "/graphs/a", "/update"])
def test_other_methods_are_refused_with_those_there_are(kg: Client, path: str) -> None:
    allowed = "OPTIONS, POST" if path == "/update" else "DELETE, GET, HEAD, OPTIONS, POST, PUT"
    refused = kg.request("PATCH", path)
    fault(refused, 405)
    assert refused.headers["allow"] == kg.request("OPTIONS", path).headers["allow"] == allowed


def test_pages_of_other_sites_may_read_graphs_and_not_write_them(kg: Client) -> None:
    assert kg.request("OPTIONS", "/graphs").headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-origin" not in kg.request("OPTIONS", "/update").headers


def test_putting_the_same_again_is_no_commit(kg: Client) -> None:
    content = "<urn:a> <urn:b> [ <urn:c> 1 ] ."
    done(put(kg, "urn:again", content), 201)
    assert put(kg, "urn:again", content).status_code == 204


# Hostile requests


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "/id/..%2F..%2Fetc%2Fpasswd", {}, {404}),
        ("GET", "/id/../../../etc/passwd", {}, {404}),
        ("GET", "/static/..%2F..%2Fapplication.py", {}, {404}),
        ("GET", "/graphs/..%2F..%2Fetc%2Fpasswd", {}, {404}),
        ("GET", "/graphs/a%0D%0AX-Evil:%201", {}, {404}),
        ("PUT", "/graphs?graph=urn:a%0D%0AX-Evil:%201", bearer("curator"), {400}),
        ("GET", "/id/a%0D%0ASet-Cookie:%20x", {}, {404}),
        ("GET", "/graphs?graph=%ZZ", {}, {400, 404}),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, {400}),
        ("GET", "/sparql?query=%C3%28", {}, {400}),
        ("GET", "/health", {"X-Request-Id": "a" * 5000}, {200}),
        ("GET", "/sparql?query=ASK%7B%7D", {"Accept": "text/csv," * 5000}, {431}),
        ("GET", "/sparql?query=ASK%7B%7D", {"Accept-Encoding": "gzip;q=" + "9" * 5000}, {431}),
        ("GET", "/sparql?query=ASK%7B%7D", {"If-None-Match": '"' * 5000}, {431}),
        (
            "PUT",
            "/graphs?graph=urn:a",
            {**bearer("curator"), "Content-Type": "multipart/form-data; boundary="},
            {400},
        ),
        ("POST", "/update", {**bearer("curator"), "Content-Type": f"{UPDATE}; charset=latin-1"}, {415}),
        ("POST", "/update", {"Authorization": "Bearer " + "x" * 5000, "Content-Type": UPDATE}, {431}),
    ],
)
def test_a_hostile_request_is_answered_calmly(
    kg: Client, method: str, path: str, headers: dict[str, str], expected: set[int]
) -> None:
    response = kg.request(method, path, headers=headers)
    assert response.status_code in expected, response.text
    assert "x-evil" not in response.headers
    assert "set-cookie" not in response.headers
    assert "root:" not in response.text
    assert kg.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_the_graph_that_notes_empty_graphs_takes_no_facts(kg: Client) -> None:
    """A submission could say there of graphs that they exist."""
    name, fact = iris.EMPTY_GRAPHS, "<urn:a> <urn:p> 1"
    headers = bearer("curator") | {"Content-Type": "application/trig"}
    fault(kg.post("/facts", content=f"<{name}> {{ {fact} }}", headers=headers), 409)
    fault(update(kg, f"INSERT DATA {{ GRAPH <{name}> {{ {fact} }} }}"), 409)
    fault(put(kg, name, f"{fact} ."), 409)
    fault(update(kg, f"CLEAR GRAPH <{name}>"), 409)
    assert not holds(kg, f"GRAPH <{name}> {{ {fact} }}")
