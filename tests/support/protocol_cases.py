"""The protocols as a table of cases, each with the section it comes from, the requests and what must hold.

Cases with a name of the W3C's suites (sparql11/protocol, sparql11/graph-store-protocol) are those cases.
Sections are of the SPARQL 1.1 Protocol (P), its Graph Store HTTP Protocol (G), its Service Description (S),
RFC 9110 (H), the Fetch standard (F), and of the drafts for SPARQL 1.2 (P12, S12).
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pyoxigraph
from pyoxigraph import RdfFormat

from kg import iris
from tests.support.api_server import bearer

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
TURTLE = "text/turtle"
XML, RDF_XML = "application/sparql-results+xml", "application/rdf+xml"
JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"
JSON_LD = "application/ld+json"
DATA = "http://example.org/data/{}"
GROUP = "http://example.org/group/{}"
KEPT = "http://example.org/kept"
SD = "http://www.w3.org/ns/sparql-service-description#"
Check = Callable[[list[httpx.Response]], bool]
"""Looks at all answers of a case so far, the last being the one in question."""


class Step(NamedTuple):
    """A request, the statuses that are right, and what else must hold."""

    method: str
    path: str
    statuses: tuple[int, ...]
    headers: dict[str, str]
    body: bytes
    holds: tuple[Check, ...]


class Case(NamedTuple):
    """Some requests; ``{etag}`` in a header and ``{content-location}`` as path are of the last answer."""

    group: str
    name: str
    section: str
    steps: tuple[Step, ...]


def ask(
    method: str,
    path: str,
    *holds: Check,
    to: int | tuple[int, ...] = 200,
    body: str | bytes = b"",
    **headers: str,
) -> Step:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    data = body.encode() if isinstance(body, str) else body
    return Step(method, path, (to,) if isinstance(to, int) else to, named, data, holds)


def sparql(text: str, *holds: Check, more: str = "", method: str = "GET", **given: Any) -> Step:
    """Send a query in the address."""
    return ask(method, f"/sparql?query={quote(text, safe='')}{more}", *holds, **given)


def posted(text: str | bytes, *holds: Check, more: str = "", media_type: str = QUERY, **given: Any) -> Step:
    """Send a query in the body."""
    return ask(
        given.pop("method", "POST"), f"/sparql{more}", *holds, body=text, Content_Type=media_type, **given
    )


def update(
    text: str | bytes, *holds: Check, more: str = "", media_type: str | None = UPDATE, **given: Any
) -> Step:
    headers = {"Content_Type": media_type} if media_type else {}
    return ask(
        "POST", f"/update{more}", *holds, body=text, **{"to": (200, 204), **WRITER, **headers, **given}
    )


def graph(method: str, name: str, *holds: Check, **given: Any) -> Step:
    """Ask of a graph, named in the address by its IRI."""
    to = {"GET": 200, "HEAD": 200, "PUT": (200, 201, 204), "POST": (200, 201, 204), "DELETE": (200, 204)}
    writer = {} if method in ("GET", "HEAD") else WRITER
    typed = {"Content_Type": TURTLE} if method in ("PUT", "POST") else {}
    query = "default" if name == "default" else f"graph={quote(name, safe='')}"
    return ask(method, f"/graphs?{query}", *holds, **{"to": to.get(method, 200), **writer, **typed, **given})


def direct(method: str, name: str, *holds: Check, **given: Any) -> Step:
    """Ask of a graph by its own address."""
    step = graph(method, "urn:none", *holds, **given)
    return step._replace(path=f"/graphs/{name}")


WRITER = {"Authorization": bearer("curator")["Authorization"]}
ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s { ?s a <urn:Group> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s a <urn:Group> }"
DESCRIBE = f"DESCRIBE <{GROUP.format(1)}>"
NAMED = "SELECT ?s { GRAPH ?g { ?s a <urn:Group> } }"
BOTH = "SELECT ?s { { ?s a <urn:Group> } UNION { GRAPH ?g { ?s a <urn:Group> } } }"
UNNAMEABLE = "http://example.org/unnameable"
"""A graph with a predicate that no name of an element stands for."""
RELATIVE = {
    TURTLE: "<> <urn:p> <b>, <#c> .",
    JSON_LD: '{"@id": "", "urn:p": [{"@id": "b"}, {"@id": "#c"}]}',
    RDF_XML: f"""<rdf:RDF xmlns:rdf="{iris.PREFIXES["rdf"]}" xmlns:u="urn:"><rdf:Description rdf:about="">
        <u:p rdf:resource="b"/><u:p rdf:resource="#c"/></rdf:Description></rdf:RDF>""",
}
"""The same graph with relative IRIs."""
RESOLVED = [f"<http://example.org/a/g> <urn:p> <http://example.org/a/{name}> ." for name in ("b", "g#c")]
"""Its triples, if the graph is http://example.org/a/g."""
JANE, JOHN = "<urn:john> <urn:name> 'Jane' .", "<urn:john> <urn:name> 'John' ."


# What must hold


def kind(media_type: str) -> Check:
    return lambda seen: seen[-1].headers["content-type"].partition(";")[0] == media_type


def says(*texts: str) -> Check:
    return lambda seen: all(text in seen[-1].text for text in texts)


def silent(text: str = "") -> Check:
    return lambda seen: text not in seen[-1].text if text else seen[-1].content == b""


def truth(value: bool) -> Check:
    return lambda seen: seen[-1].json()["boolean"] is value


def groups(*numbers: int) -> Check:
    """The rows are these groups."""
    expected = sorted(GROUP.format(number) for number in numbers)
    return lambda seen: (
        sorted(row["s"]["value"] for row in seen[-1].json()["results"]["bindings"]) == expected
    )


def header(name: str, *members: str) -> Check:
    return lambda seen: {*members} <= {each.strip() for each in seen[-1].headers.get(name, "").split(",")}


def warns(*texts: str) -> Check:
    """The header KG-Warning has these texts."""
    return lambda seen: all(text in seen[-1].headers["kg-warning"] for text in texts)


def problem(*members: str) -> Check:
    """The fault is told as a problem document, with members of its own."""
    return lambda seen: (
        kind("application/problem+json")(seen) and {"title", "detail", *members} <= set(seen[-1].json())
    )


def same(*names: str) -> Check:
    """These headers are those of the answer before."""
    return lambda seen: all(seen[-1].headers[name] == seen[-2].headers[name] for name in names)


def parses(*formats: RdfFormat) -> Check:
    """The body is RDF in the format that its type tells, and one of these."""

    def check(seen: list[httpx.Response]) -> bool:
        told = RdfFormat.from_media_type(seen[-1].headers["content-type"])
        return told in (formats or (told,)) and bool(list(pyoxigraph.parse(seen[-1].content, format=told)))

    return check


def describes(pattern: str) -> Check:
    """The service description matches a pattern."""

    def check(seen: list[httpx.Response]) -> bool:
        store = pyoxigraph.Store()
        store.load(seen[-1].content, format=RdfFormat.from_media_type(seen[-1].headers["content-type"]))
        prefixes = {"sd": SD, "sparql": "http://www.w3.org/ns/sparql#"}
        return bool(store.query(f"ASK {{ {pattern} }}", prefixes=prefixes))

    return check


def dataset(name: str, *numbers: int) -> str:
    return "".join(f"&{name}={quote(GROUP.format(number), safe='')}" for number in numbers)


def form(**fields: str) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items())


DEFAULT, NAMED_GRAPH, USING, USING_NAMED = (
    "default-graph-uri",
    "named-graph-uri",
    "using-graph-uri",
    "using-named-graph-uri",
)
FOUND = "DROP SILENT GRAPH <urn:found> ; INSERT {{ GRAPH <urn:found> {{ ?s a <urn:Found> }} }} WHERE {{ {} }}"
PLAIN, IN_GRAPH = "?s a <urn:Group>", "GRAPH ?g { ?s a <urn:Group> }"
FOUND_ROWS = "SELECT ?s { GRAPH <urn:found> { ?s a <urn:Found> } }"


def found_by(where: str, parameters: str, *numbers: int) -> tuple[Step, Step]:
    """Update with a dataset, and look which groups its pattern found."""
    return update(FOUND.format(where), more=f"?{parameters[1:]}"), sparql(FOUND_ROWS, groups(*numbers))


def bad_update(body: str | bytes, to: int = 400, **given: Any) -> Step:
    return update(body, problem(), **{"to": to, **given})


def rows(group: str, *cases: tuple[str, str, Step | tuple[Step, ...]]) -> list[Case]:
    return [
        Case(group, name, section, (steps,) if isinstance(steps, Step) else steps)
        for name, section, steps in cases
    ]


QUERIES = rows(
    "query",
    ("query_get", "P 2.1.1", sparql(ASK, truth(True))),
    ("query_post_form", "P 2.1.2", posted(form(query=ASK), truth(True), media_type=FORM)),
    ("query_post_direct", "P 2.1.3", posted(ASK, truth(True))),
    ("the method QUERY", "P12 query operation", posted(ASK, truth(True), method="QUERY")),
    (
        "the method QUERY with a form",
        "P12 query operation",
        posted(form(query=ASK), truth(True), method="QUERY", media_type=FORM),
    ),
    (
        "query_dataset_default_graphs_get",
        "P 2.1.4",
        sparql(SELECT, groups(1, 2), more=dataset(DEFAULT, 1, 2)),
    ),
    ("query_dataset_default_graph_get", "P 2.1.4", sparql(SELECT, groups(1), more=dataset(DEFAULT, 1))),
    (
        "query_dataset_default_graphs_post",
        "P 2.1.4",
        posted(form(query=SELECT) + dataset(DEFAULT, 1, 2), groups(1, 2), media_type=FORM),
    ),
    (
        "query_dataset_named_graphs_get",
        "P 2.1.4",
        sparql(NAMED, groups(1, 2), more=dataset(NAMED_GRAPH, 1, 2)),
    ),
    (
        "query_dataset_named_graphs_post",
        "P 2.1.4",
        posted(NAMED, groups(1, 2), more="?" + dataset(NAMED_GRAPH, 1, 2)[1:]),
    ),
    (
        "query_dataset_full",
        "P 2.1.4",
        sparql(BOTH, groups(1, 3), more=dataset(DEFAULT, 3) + dataset(NAMED_GRAPH, 1)),
    ),
    (
        "query_multiple_dataset",
        "P 2.1.4",
        sparql(f"SELECT ?s FROM <{GROUP.format(2)}> {{ {PLAIN} }}", groups(1), more=dataset(DEFAULT, 1)),
    ),
    (
        "FROM in the text alone",
        "P 2.1.4",
        sparql(f"SELECT ?s FROM <{GROUP.format(2)}> {{ {PLAIN} }}", groups(2)),
    ),
    ("without a dataset the union", "P 2.1.4", sparql(SELECT, groups(1, 2, 3))),
    (
        "named graphs alone leave the default graph empty",
        "P 2.1.4",
        sparql(SELECT, groups(), more=dataset(NAMED_GRAPH, 1)),
    ),
    ("a dataset named relatively", "P 2.1.4", sparql(ASK, problem(), more="&default-graph-uri=here", to=400)),
    (
        "a form is decoded once",
        "P 2.1.2",
        posted(form(query='SELECT ("%2541" AS ?x) {}'), says("%2541"), media_type=FORM),
    ),
    ("a query with kanji", "P 3.1.13", sparql('SELECT ("食べる" AS ?x) {}', says("食べる"))),
    (
        "a base in the text",
        "P 2.3",
        sparql("BASE <http://example.org/> SELECT (<x> AS ?x) {}", says("http://example.org/x")),
    ),
    (
        "bad_query_method",
        "P 2.1",
        ask(
            "PUT",
            f"/sparql?query={quote(ASK)}",
            problem("allowed"),
            header("allow", "GET", "HEAD", "POST"),
            to=405,
        ),
    ),
    (
        "a verb that nobody knows",
        "H 9.1",
        ask("BREW", "/sparql", problem("allowed"), header("allow", "GET", "POST", "QUERY"), to=405),
    ),
    (
        "bad_multiple_queries",
        "P 2.1",
        ask("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", problem(), to=400),
    ),
    (
        "two queries in a form",
        "P 2.1",
        posted("query=ASK%7B%7D&query=ASK%7B%7D", problem(), media_type=FORM, to=400),
    ),
    (
        "a query in the address and one in the body",
        "P 2.1",
        posted(ASK, problem(), more="?query=ASK%7B%7D", to=400),
    ),
    ("a form without a query", "P 2.1.2", posted("", problem(), media_type=FORM, to=400)),
    (
        "bad_query_wrong_media_type",
        "P 2.1.3",
        posted(ASK, problem("supported"), media_type="text/plain", to=415),
    ),
    (
        "bad_query_missing_form_type",
        "P 2.1.2",
        ask("POST", "/sparql", problem("supported"), body=form(query=ASK), to=415),
    ),
    (
        "bad_query_missing_direct_type",
        "P 2.1.3",
        ask("POST", "/sparql", problem("supported"), body=ASK, to=415),
    ),
    (
        "bad_query_non_utf8",
        "P 2.1.3",
        posted(ASK.encode("utf-16"), problem(), media_type=f"{QUERY}; charset=UTF-16", to=415),
    ),
    ("bytes that are not UTF-8", "P 2.1.3", posted(b"ASK {} # \xff", problem(), to=400)),
    ("UTF-8 said in the type", "H 8.3.2", posted(ASK, truth(True), media_type=f'{QUERY}; charset="utf-8"')),
    ("bad_query_syntax", "P 2.1.7", sparql("ASK {", problem(), to=400)),
    ("an update as a query", "P 2.1.7", posted("INSERT DATA {}", problem(), to=400)),
    ("a parameter of other servers", "P 2.1", sparql(ASK, warns("infer"), more="&infer=true")),
    ("a parameter of an update", "P 2.1", sparql(ASK, problem(), more="&using-graph-uri=urn:g", to=400)),
    ("a query that is too long", "H 15.5.14", posted("#" * 100_001, problem(), to=413)),
    ("an announced version", "P12 version announcement", sparql(ASK, truth(True), more="&version=1.2")),
    (
        "an announced version in a form",
        "P12 version announcement",
        posted(form(query=ASK, version="1.2-basic"), truth(True), media_type=FORM),
    ),
    (
        "an announced version in the type",
        "P12 version announcement",
        posted(ASK, truth(True), media_type=f"{QUERY}; version=1.2"),
    ),
    (
        "a version that nobody knows",
        "P12 version announcement",
        sparql(ASK, problem(), more="&version=3", to=400),
    ),
    (
        "two versions",
        "P12 version announcement",
        sparql(ASK, problem(), more="&version=1.1&version=1.2", to=400),
    ),
    (
        "the head of a query",
        "H 9.3.2",
        (
            sparql(SELECT),
            sparql(SELECT, silent(), same("content-type", "etag", "content-length", "vary"), method="HEAD"),
        ),
    ),
    (
        "the options of a query",
        "H 9.3.7",
        ask(
            "OPTIONS",
            "/sparql",
            header("allow", "GET", "HEAD", "OPTIONS", "POST", "QUERY"),
            header("accept-query", f'"{QUERY}"'),
            to=204,
        ),
    ),
)

NEGOTIATION = rows(
    "negotiation",
    ("query_content_type_select", "P 2.1.6", sparql(SELECT, kind(XML), Accept=XML)),
    ("query_content_type_ask", "P 2.1.6", sparql(ASK, kind(XML), Accept=XML)),
    (
        "query_content_type_describe",
        "P 2.1.6",
        sparql(DESCRIBE, kind(RDF_XML), parses(RdfFormat.RDF_XML), Accept=RDF_XML),
    ),
    (
        "query_content_type_construct",
        "P 2.1.6",
        sparql(CONSTRUCT, kind(TURTLE), parses(RdfFormat.TURTLE), Accept=TURTLE),
    ),
    ("JSON without Accept", "P 2.1.6", sparql(SELECT, kind(JSON))),
    ("RDF without Accept", "P 2.1.6", sparql(CONSTRUCT, parses())),
    ("CSV", "P 2.1.5", sparql(SELECT, kind("text/csv"), says("s\r\n"), Accept="text/csv")),
    (
        "TSV",
        "P 2.1.5",
        sparql(SELECT, kind("text/tab-separated-values"), says("?s\n<"), Accept="text/tab-separated-values"),
    ),
    ("N-Triples", "P 2.1.5", sparql(CONSTRUCT, parses(RdfFormat.N_TRIPLES), Accept=N_TRIPLES)),
    ("JSON-LD", "P 2.1.5", sparql(CONSTRUCT, parses(RdfFormat.JSON_LD), Accept="application/ld+json")),
    ("the better liked of two", "H 12.4.2", sparql(SELECT, kind(XML), Accept=f"{JSON};q=0.2, {XML};q=0.8")),
    (
        "what is not wanted",
        "H 12.4.2",
        sparql(SELECT, kind(XML), Accept=f"{JSON};q=0, */*;q=0.1, {XML};q=0.2"),
    ),
    ("a range by type", "H 12.5.1", sparql(CONSTRUCT, kind(TURTLE), Accept="text/*")),
    (
        "the closer range",
        "H 12.5.1",
        sparql(
            SELECT, kind("text/csv"), Accept=f"*/*, {JSON};q=0.1, text/csv;q=1, {XML};q=0.1, text/*;q=0.2"
        ),
    ),
    ("anything", "H 12.5.1", sparql(SELECT, kind(JSON), Accept="*/*")),
    ("several lines of Accept are one", "H 5.3", sparql(SELECT, kind(XML), Accept=f"image/png ,, {XML}")),
    (
        "a charset with the type",
        "G 4.2",
        sparql(CONSTRUCT, kind(TURTLE), Accept="text/turtle; charset=utf-8"),
    ),
    (
        "a version with the type",
        "P12 version announcement",
        sparql(CONSTRUCT, kind(TURTLE), Accept="text/turtle; version=1.2"),
    ),
    (
        "JSON by its general name",
        "H 12.5.1",
        sparql(SELECT, kind("application/json"), Accept="application/json"),
    ),
    (
        "nothing on offer for rows",
        "H 15.5.7",
        sparql(SELECT, problem("offered"), says(JSON, XML, "text/csv"), Accept="image/png", to=406),
    ),
    (
        "nothing on offer for RDF",
        "H 15.5.7",
        sparql(CONSTRUCT, problem("offered"), says(TURTLE, RDF_XML), Accept="image/png", to=406),
    ),
    (
        "triples about triples in a row",
        "P12 success responses",
        sparql("SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?t) {}", says('"triple"')),
    ),
    (
        "triples about triples in JSON-LD, which has none",
        "H 15.5.7",
        sparql(
            "CONSTRUCT { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> } {}",
            problem("offered"),
            Accept="application/ld+json",
            to=406,
        ),
    ),
    ("Vary on an answer", "H 12.5.5", sparql(SELECT, header("vary", "Accept", "Accept-Encoding"))),
    (
        "Vary on a refusal",
        "H 12.5.5",
        sparql(SELECT, header("vary", "Accept", "Accept-Encoding"), Accept="image/png", to=406),
    ),
    (
        "gzip where it is taken",
        "H 12.5.3",
        sparql("SELECT * { ?s ?p ?o }", header("content-encoding", "gzip"), Accept_Encoding="gzip"),
    ),
    (
        "no gzip where it is not",
        "H 12.5.3",
        sparql(
            "SELECT * { ?s ?p ?o }",
            lambda seen: "content-encoding" not in seen[-1].headers,
            Accept_Encoding="gzip;q=0",
        ),
    ),
)

UPDATES = rows(
    "update",
    (
        "update_post_form",
        "P 2.2.1",
        (
            update(form(update="INSERT DATA { GRAPH <urn:f> { <urn:f> <urn:p> 1 } }"), media_type=FORM),
            sparql("ASK { <urn:f> <urn:p> 1 }", truth(True)),
        ),
    ),
    (
        "update_post_direct",
        "P 2.2.2",
        (
            update("INSERT DATA { GRAPH <urn:d> { <urn:d> <urn:p> 1 } }"),
            sparql("ASK { <urn:d> <urn:p> 1 }", truth(True)),
        ),
    ),
    ("update_dataset_default_graph", "P 2.2.3", found_by(PLAIN, dataset(USING, 1), 1)),
    ("update_dataset_default_graphs", "P 2.2.3", found_by(PLAIN, dataset(USING, 1, 2), 1, 2)),
    ("update_dataset_named_graphs", "P 2.2.3", found_by(IN_GRAPH, dataset(USING_NAMED, 1, 2), 1, 2)),
    (
        "update_dataset_full",
        "P 2.2.3",
        found_by(f"{{ {PLAIN} }} UNION {{ {IN_GRAPH} }}", dataset(USING, 1) + dataset(USING_NAMED, 3), 1, 3),
    ),
    ("an update without a dataset sees the union", "P 2.2.3", found_by(PLAIN, "&version=1.1", 1, 2, 3)),
    (
        "update_base_uri",
        "P 2.3",
        (
            update("INSERT DATA { GRAPH <urn:base> { <urn:b> <urn:p> <test> } }"),
            sparql("ASK { GRAPH <urn:base> { ?s ?p <http://testserver/test> } }", truth(True)),
        ),
    ),
    (
        "bad_update_get",
        "P 2.2",
        ask(
            "GET",
            "/update?update=CLEAR%20DEFAULT",
            problem("allowed"),
            header("allow", "OPTIONS", "POST"),
            to=405,
        ),
    ),
    (
        "bad_multiple_updates",
        "P 2.2",
        bad_update("update=CLEAR%20DEFAULT&update=CLEAR%20DEFAULT", media_type=FORM),
    ),
    ("bad_update_wrong_media_type", "P 2.2.2", bad_update("CLEAR DEFAULT", 415, media_type="text/plain")),
    ("bad_update_missing_form_type", "P 2.2.1", bad_update("update=CLEAR%20DEFAULT", 415, media_type=None)),
    (
        "bad_update_non_utf8",
        "P 2.2.2",
        bad_update("CLEAR DEFAULT".encode("utf-16"), 415, media_type=f"{UPDATE}; charset=UTF-16"),
    ),
    ("bad_update_syntax", "P 2.2.5", bad_update("CLEAR XYZ")),
    (
        "bad_update_dataset_conflict",
        "P 2.2.3",
        bad_update("INSERT {} USING <urn:g> WHERE {}", more="?using-graph-uri=urn:g"),
    ),
    (
        "WITH beside a dataset",
        "P 2.2.3",
        bad_update("WITH <urn:g> DELETE {} WHERE {}", more="?using-named-graph-uri=urn:g"),
    ),
    (
        "a dataset of an update named relatively",
        "P 2.2.3",
        bad_update("CLEAR DEFAULT", more="?using-graph-uri=here"),
    ),
    ("a query as an update", "P 2.2.5", bad_update("ASK {}")),
    (
        "an announced version of an update",
        "P12 version announcement",
        update("CLEAR DEFAULT", media_type=f"{UPDATE}; version=1.2"),
    ),
    (
        "a version of an update that nobody knows",
        "P12 version announcement",
        bad_update("CLEAR DEFAULT", more="?version=0"),
    ),
    (
        "an update without a token",
        "P 4.1",
        update(
            "CLEAR DEFAULT",
            problem(),
            header("www-authenticate", 'Bearer realm="kg"'),
            Authorization="",
            to=401,
        ),
    ),
    (
        "an update that fails leaves nothing",
        "P 2.2.5",
        (
            bad_update(
                "INSERT DATA { GRAPH <urn:half> { <urn:half> <urn:p> 1 } } ; CREATE GRAPH <urn:half>", 409
            ),
            sparql("ASK { <urn:half> ?p ?o }", truth(False)),
        ),
    ),
    (
        "other verbs at the update",
        "H 15.5.6",
        ask("PATCH", "/update", header("allow", "OPTIONS", "POST"), problem(), to=405),
    ),
)

BASES = rows(
    "base",
    (
        "a relative IRI is relative to the endpoint",
        "SPARQL 1.1 Query 4.1.1.2",
        (
            sparql("ASK { FILTER(STR(<here>) = 'http://testserver/here') }", truth(True), Accept=JSON),
            posted("ASK { FILTER(STR(<here>) = 'http://testserver/here') }", truth(True), Accept=JSON),
        ),
    ),
    (
        "an empty relative IRI is the endpoint",
        "RFC 3986 5.2.2",
        sparql("ASK { FILTER(<> = <http://testserver/sparql>) }", truth(True), Accept=JSON),
    ),
    (
        "BASE comes before the endpoint",
        "SPARQL 1.1 Query 4.1.1.1",
        sparql("BASE <urn:other:/> ASK { FILTER(<a> = <urn:other:/a>) }", truth(True), Accept=JSON),
    ),
    (
        "a relative BASE is relative to the endpoint",
        "SPARQL 1.1 Query 4.1.1.1",
        sparql("BASE <deep/> ASK { FILTER(<a> = <http://testserver/deep/a>) }", truth(True), Accept=JSON),
    ),
    (
        "the function IRI resolves against the base",
        "SPARQL 1.1 Query 17.4.2.8",
        sparql("ASK { FILTER(IRI('x') = <http://testserver/x>) }", truth(True), Accept=JSON),
    ),
    (
        "a prefix may be relative",
        "SPARQL 1.1 Query 4.1.1.1",
        sparql("PREFIX e: <e#> ASK { FILTER(e:a = <http://testserver/e#a>) }", truth(True), Accept=JSON),
    ),
    (
        "each Host has an answer of its own",
        "RFC 3986 5.1.3",
        tuple(
            sparql(f"ASK {{ FILTER(<a> = <http://{host}/a>) }}", truth(True), Accept=JSON, Host=host)
            for host in ("one.example", "two.example")
        ),
    ),
)

LIFE = DATA.format("life")
FILES = (
    b"--x\r\nContent-Disposition: form-data; name=one; filename=1.ttl\r\n"
    b"Content-Type: text/turtle; charset=utf-8\r\n\r\n"
    b"<urn:m> <urn:p> 'first' .\r\n--x\r\nContent-Disposition: form-data; name=two; filename=\"2.nt\"\r\n"
    b'Content-Type: application/octet-stream\r\n\r\n<urn:m> <urn:p> "second" .\r\n--x--\r\n'
)
MULTIPART = "multipart/form-data; boundary=x"
XML_BODY = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:">'
    '<rdf:Description rdf:about="urn:x">'
    "<p>plain</p></rdf:Description></rdf:RDF>"
)


def fresh(name: str, *steps: Step, body: str = JOHN) -> tuple[Step, ...]:
    """Begin with a graph that was just put there."""
    return (graph("DELETE", name, to=(200, 204, 404)), graph("PUT", name, body=body, to=201), *steps)


GRAPHS = rows(
    "graph store",
    ("PUT - Initial state", "G 5.3", fresh(LIFE, graph("GET", LIFE, says("John")))),
    (
        "PUT - graph already in store",
        "G 5.3",
        fresh(
            LIFE,
            graph("PUT", LIFE, body=JANE, to=(200, 204)),
            graph("GET", LIFE, says("Jane"), silent("John")),
        ),
    ),
    (
        "PUT - default graph",
        "G 4.2",
        (
            graph("PUT", "default", body=JANE, to=(200, 201, 204)),
            graph("GET", "default", says("Jane"), silent("Group")),
            graph("DELETE", "default"),
            graph("GET", "default", silent("Jane")),
        ),
    ),
    (
        "PUT - mismatched payload",
        "G 5.1",
        graph("PUT", DATA.format("mismatch"), problem(), body=JOHN, Content_Type=RDF_XML, to=400),
    ),
    (
        "PUT - empty graph",
        "G 5.3",
        fresh(DATA.format("empty"), graph("GET", DATA.format("empty"), silent("urn:")), body=""),
    ),
    (
        "PUT - replace empty graph",
        "G 5.3",
        fresh(
            DATA.format("empty"),
            graph("PUT", DATA.format("empty"), body=JOHN, to=(200, 204)),
            graph("GET", DATA.format("empty"), says("John")),
            body="",
        ),
    ),
    (
        "DELETE - existing graph",
        "G 5.4",
        fresh(LIFE, graph("DELETE", LIFE, to=(200, 204)), graph("GET", LIFE, problem(), to=404)),
    ),
    ("DELETE - nonexistent graph", "G 5.4", graph("DELETE", DATA.format("nothing"), problem(), to=404)),
    (
        "POST - existing graph",
        "G 5.5",
        fresh(
            LIFE,
            graph("POST", LIFE, body="<urn:john> <urn:age> 40 .", to=(200, 204)),
            graph("GET", LIFE, says("John", "40")),
        ),
    ),
    (
        "POST - multipart/form-data",
        "G 5.5",
        fresh(
            LIFE,
            graph("POST", LIFE, body=FILES, Content_Type=MULTIPART, to=(200, 204)),
            graph("GET", LIFE, says("John", "first", "second")),
        ),
    ),
    (
        "POST - create new graph",
        "G 5.5",
        (
            ask(
                "POST",
                "/graphs",
                lambda seen: seen[-1].headers["location"] in seen[-1].json()["graphs"],
                body="<urn:new> <urn:p> 'made' .",
                Content_Type=TURTLE,
                to=201,
                **WRITER,
            ),
            ask("GET", "{content-location}", says("made"), parses()),
        ),
    ),
    (
        "POST - empty graph to existing graph",
        "G 5.5",
        fresh(LIFE, graph("POST", LIFE, body="", to=204), graph("GET", LIFE, says("John"))),
    ),
    (
        "POST to a graph that is not there",
        "G 5.5",
        (
            graph("DELETE", LIFE, to=(200, 204, 404)),
            graph("POST", LIFE, header("location", LIFE), body=JOHN, to=201),
        ),
    ),
    ("POST of nothing to the store", "G 5.5", ask("POST", "/graphs", Content_Type=TURTLE, to=204, **WRITER)),
    (
        "HEAD on an existing graph",
        "G 5.6",
        (graph("GET", KEPT), graph("HEAD", KEPT, silent(), same("content-type", "etag"))),
    ),
    ("HEAD on a nonexisting graph", "G 5.6", graph("HEAD", DATA.format("nothing"), silent(), to=404)),
    ("GET of a graph that is not there", "G 5.1", graph("GET", DATA.format("nothing"), problem(), to=404)),
    (
        "a graph without Accept",
        "G 5",
        graph("GET", KEPT, parses(RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML), says("kept")),
    ),
    ("a graph as RDF/XML", "G 5.2", graph("GET", KEPT, parses(RdfFormat.RDF_XML), Accept=RDF_XML)),
    ("a graph as N-Triples", "G 5.2", graph("GET", KEPT, parses(RdfFormat.N_TRIPLES), Accept=N_TRIPLES)),
    (
        "a graph in no format on offer",
        "H 15.5.7",
        graph("GET", KEPT, problem("offered"), Accept="image/png", to=406),
    ),
    (
        "a graph by its own address",
        "G 4.1",
        (
            direct("PUT", "by/itself", body=JOHN, to=(200, 201, 204)),
            direct("GET", "by/itself", says("John")),
            direct("POST", "by/itself", body=JANE),
            direct("HEAD", "by/itself", silent()),
            direct("DELETE", "by/itself"),
            direct("GET", "by/itself", to=404),
        ),
    ),
    (
        "a slash in the name of a graph, and one that is encoded",
        "RFC 3986 2.2",
        (
            direct("PUT", "a/b%2Fc", body="<urn:a> <urn:b> 'encoded' .", to=201),
            direct("PUT", "a/b/c", body="<urn:a> <urn:b> 'plain' .", to=201),
            direct("GET", "a/b%2Fc", says("encoded"), silent("plain")),
            direct("GET", "a/b/%63", says("plain"), silent("encoded")),
            direct("PUT", "a%20b", header("location", f"{iris.BASE}graphs/a%20b"), body=JOHN, to=201),
            direct("PUT", "a%C3%B1o", header("location", f"{iris.BASE}graphs/a%C3%B1o"), body=JOHN, to=201),
        ),
    ),
    (
        "a graph as JSON-LD, and put back",
        "G 5.2",
        (
            *fresh(LIFE, graph("GET", LIFE, silent("@graph"), says('"@id":"urn:john"'), Accept=JSON_LD)),
            graph(
                "PUT",
                LIFE,
                body='[{"@id":"urn:john","urn:name":[{"@value":"John"}]}]',
                Content_Type=JSON_LD,
                to=204,
            ),
        ),
    ),
    *(
        (
            f"relative IRIs in a graph as {media_type}",
            "G 4.1, 4.2",
            (
                graph("PUT", "http://example.org/a/g", body=body, Content_Type=media_type),
                graph("GET", "http://example.org/a/g", *map(says, RESOLVED), Accept=N_TRIPLES),
            ),
        )
        for media_type, body in RELATIVE.items()
    ),
    (
        "a graph that RDF/XML cannot hold",
        "RDF/XML 2.14",
        (
            graph("PUT", UNNAMEABLE, body="<urn:a> <http://example.org/p/123> 'x' ."),
            *(
                ask(
                    "GET",
                    path,
                    problem("offered"),
                    says("predicate", "/p/123>", TURTLE),
                    Accept=RDF_XML,
                    to=406,
                )
                for path in (
                    f"/graphs?graph={UNNAMEABLE}",
                    f"/export?graph={UNNAMEABLE}",
                    f"/sparql?query=DESCRIBE%20%3Curn:a%3E%20FROM%20%3C{UNNAMEABLE}%3E",
                )
            ),
            graph("GET", UNNAMEABLE, says("/p/123"), Accept=JSON_LD),
        ),
    ),
    (
        "a graph as RDF/XML in UTF-16",
        "XML 1.0 4.3.3",
        (
            graph(
                "PUT",
                "http://example.org/a/g",
                body=RELATIVE[RDF_XML].encode("utf-16"),
                Content_Type=f"{RDF_XML}; charset=utf-16",
            ),
            graph("GET", "http://example.org/a/g", *map(says, RESOLVED), Accept=N_TRIPLES),
        ),
    ),
    (
        "JSON-LD that holds more than triples",
        "JSON-LD API 5.1",
        graph(
            "PUT",
            "http://example.org/a/lost",
            says('were ignored: \\"b\\"'),
            body='{"@id": "urn:a", "urn:p": "x", "b": "y"}',
            Content_Type=JSON_LD,
        ),
    ),
    (
        "a relative IRI in a graph by its own address",
        "G 4.1",
        (
            direct("PUT", "rel/g", body="<> <urn:p> 1 ."),
            direct("GET", "rel/g", says(f"<{iris.BASE}graphs/rel/g>"), Accept=N_TRIPLES),
        ),
    ),
    (
        "relative IRIs in a graph without a name",
        "G 4.1",
        tuple(
            ask(
                method,
                path,
                problem(),
                says("relative", "absolute IRI"),
                body="<> <urn:p> <b> .",
                Content_Type=TURTLE,
                to=400,
                **WRITER,
            )
            for method, path in (("POST", "/graphs"), ("PUT", "/graphs?default"))
        ),
    ),
    (
        "a graph named relatively",
        "G 4.2",
        tuple(
            graph(method, "here", problem(), body=JOHN, to=400) for method in ("GET", "PUT", "POST", "DELETE")
        ),
    ),
    (
        "a graph named with an escape",
        "G 4.2",
        fresh("http://example.org/a?b=c&d#e", graph("GET", "http://example.org/a?b=c&d#e", says("John"))),
    ),
    (
        "a graph named beyond Latin-1",
        "G 5.3",
        fresh("http://example.org/日本", graph("GET", "http://example.org/日本", says("John"))),
    ),
    ("two graphs at once", "G 4.2", ask("GET", "/graphs?graph=urn:a&graph=urn:b", problem(), to=400)),
    ("a graph and the default graph", "G 4.2", ask("GET", "/graphs?graph=urn:a&default", problem(), to=400)),
    (
        "a type that is not read",
        "G 5.1",
        graph("PUT", LIFE, problem("supported"), body="x", Content_Type="image/png", to=415),
    ),
    (
        "text in another encoding",
        "H 8.3.2",
        graph("PUT", LIFE, problem(), body=JOHN, Content_Type="text/turtle; charset=iso-8859-1", to=415),
    ),
    (
        "text of RDF 1.2",
        "G 5.3",
        fresh(LIFE, graph("PUT", LIFE, body=JANE, Content_Type="text/turtle; version=1.2", to=(200, 204))),
    ),
    (
        "a body that does not tell its type is RDF/XML",
        "G 5",
        fresh(
            LIFE,
            graph("PUT", LIFE, body=XML_BODY, Content_Type="", to=(200, 204)),
            graph("GET", LIFE, says("plain")),
        ),
    ),
    (
        "a body that does not parse",
        "G 5.1",
        graph("PUT", LIFE, problem("line"), body="<urn:a> <urn:b", to=400),
    ),
    (
        "a body that names the graph that it is sent to",
        "G 5.3",
        graph("PUT", LIFE, body=f"<{LIFE}> {{ {JOHN} }}", Content_Type="application/trig"),
    ),
    (
        "a body with graphs of its own",
        "G 5.3",
        graph(
            "PUT",
            LIFE,
            problem(),
            body="<urn:g> { <urn:a> <urn:b> 1 }",
            Content_Type="application/trig",
            to=400,
        ),
    ),
    ("a body that is too long", "H 15.5.14", graph("PUT", LIFE, problem(), body="#" * 100_001, to=413)),
    (
        "a coding that is not read",
        "H 8.4",
        graph("PUT", LIFE, problem("supported"), body=b"\x1f\x8b", Content_Encoding="br", to=415),
    ),
    (
        "a write without a token",
        "G 6",
        tuple(
            graph(method, LIFE, problem(), Authorization="", to=401) for method in ("PUT", "POST", "DELETE")
        ),
    ),
    (
        "PATCH of a graph",
        "G 5.7",
        graph(
            "PATCH", LIFE, problem("allowed"), header("allow", "GET", "HEAD", "PUT", "POST", "DELETE"), to=405
        ),
    ),
    (
        "a verb that nobody knows for graphs",
        "G 5.1",
        direct("BREW", "x", problem("allowed"), header("allow", "GET", "PUT"), to=405),
    ),
    (
        "a graph that is the same as before",
        "H 13.1.2",
        (
            graph("GET", KEPT),
            graph("GET", KEPT, silent(), same("etag"), If_None_Match="{etag}", to=304),
            graph("HEAD", KEPT, silent(), If_None_Match="{etag}", to=304),
        ),
    ),
    (
        "a write over what is as it was",
        "H 13.1.1",
        fresh(LIFE, graph("GET", LIFE), graph("PUT", LIFE, body=JANE, If_Match="{etag}", to=(200, 204))),
    ),
    (
        "a write over what has changed",
        "H 13.1.1",
        fresh(
            LIFE,
            *(
                graph(method, LIFE, problem(), body=JANE, If_Match='"other"', to=412)
                for method in ("PUT", "POST", "DELETE")
            ),
        ),
    ),
    (
        "a write only where nothing is",
        "H 13.1.2",
        fresh(LIFE, graph("PUT", LIFE, problem(), body=JANE, If_None_Match="*", to=412)),
    ),
    (
        "a write only where something is",
        "H 13.1.1",
        graph("PUT", DATA.format("nothing"), problem(), body=JANE, If_Match="*", to=412),
    ),
)

DESCRIPTIONS = rows(
    "service description",
    ("returns RDF", "S 2", ask("GET", "/sparql", parses())),
    (
        "has an endpoint triple",
        "S 3.2.1",
        ask("GET", "/sparql", describes("?service a sd:Service ; sd:endpoint <http://testserver/sparql>")),
    ),
    (
        "is RDF/XML where that is wanted",
        "S 2",
        ask("GET", "/sparql", parses(RdfFormat.RDF_XML), Accept=RDF_XML),
    ),
    (
        "is in no other format",
        "H 15.5.7",
        ask("GET", "/sparql", problem("offered"), Accept="image/png", to=406),
    ),
    (
        "tells languages, features and formats",
        "S 3.2",
        ask(
            "GET",
            "/sparql",
            describes(
                "?s sd:supportedLanguage ?word ; sd:feature sd:UnionDefaultGraph ; sd:resultFormat ?form"
            ),
        ),
    ),
    (
        "tells the default dataset",
        "S 3.2.9",
        ask(
            "GET",
            "/sparql",
            describes(
                "?s sd:defaultDataset [ a sd:Dataset ; sd:namedGraph [ a sd:NamedGraph ; sd:name ?name ] ]"
            ),
        ),
    ),
    (
        "tells the versions",
        "S12 sd:supportedVersion",
        ask("GET", "/sparql", describes("?s sd:supportedVersion sparql:version-1.2, sparql:version-1.1")),
    ),
    (
        "conforms to the schema",
        "S 3",
        ask(
            "GET",
            "/sparql",
            describes(
                "?s sd:endpoint ?e MINUS { ?x ?p ?o FILTER(STRSTARTS(STR(?p), STR(sd:)) && isLiteral(?o)) }"
            ),
        ),
    ),
    (
        "has a head",
        "H 9.3.2",
        (ask("GET", "/sparql"), ask("HEAD", "/sparql", silent(), same("content-type", "content-length"))),
    ),
    (
        "VoID at the well-known place",
        "VoID 7.2",
        ask("GET", "/.well-known/void", parses(), says("void#Dataset")),
    ),
)

ORIGIN = "https://elsewhere.example"
CLIENTS = rows(
    "clients",
    (
        "another site may read",
        "F 3.2.3",
        sparql(ASK, header("access-control-allow-origin", "*"), Origin=ORIGIN),
    ),
    (
        "another site may read a fault",
        "F 3.2.3",
        sparql("ASK {", header("access-control-allow-origin", "*"), Origin=ORIGIN, to=400),
    ),
    (
        "another site asks first",
        "F 3.2.2",
        ask(
            "OPTIONS",
            "/sparql",
            header("access-control-allow-origin", "*"),
            header("access-control-allow-methods", "GET", "POST", "QUERY"),
            header("access-control-allow-headers", "Content-Type", "Accept"),
            Origin=ORIGIN,
            Access_Control_Request_Method="POST",
            Access_Control_Request_Headers="content-type",
            to=204,
        ),
    ),
    (
        "another site may not write",
        "F 3.2.2",
        ask(
            "OPTIONS",
            "/update",
            lambda seen: "access-control-allow-origin" not in seen[-1].headers,
            Origin=ORIGIN,
            Access_Control_Request_Method="POST",
            to=204,
        ),
    ),
    (
        "an answer that is the same as before",
        "H 13.1.2",
        (
            sparql(SELECT),
            sparql(SELECT, silent(), same("etag"), If_None_Match="{etag}", to=304),
            sparql(SELECT, silent(), method="HEAD", If_None_Match="{etag}", to=304),
        ),
    ),
    (
        "an answer by QUERY that is the same as before",
        "RFC 10008",
        (
            posted(SELECT, method="QUERY"),
            posted(SELECT, silent(), method="QUERY", If_None_Match="{etag}", to=304),
        ),
    ),
    (
        "an answer in another format is another",
        "H 8.8.3",
        (sparql(SELECT, Accept=XML), sparql(SELECT, kind(JSON), Accept=JSON, If_None_Match="{etag}")),
    ),
    (
        "an answer of another version is another",
        "H 13.1.2",
        (
            sparql(SELECT),
            graph("PUT", DATA.format("news"), body=JOHN),
            graph("DELETE", DATA.format("news")),
            sparql(SELECT, If_None_Match='"none"'),
        ),
    ),
    (
        "an answer that differs each time has no tag",
        "H 8.8",
        sparql(
            "SELECT (NOW() AS ?x) {}",
            lambda seen: "etag" not in seen[-1].headers,
            header("cache-control", "no-store"),
        ),
    ),
    (
        "a host that is none",
        "RFC 9112 3.2",
        tuple(
            ask("GET", path, problem(), to=400, Host="a<b>")
            for path in ("/sparql", "/graphs", "/.well-known/void", "/questions?format=turtle")
        ),
    ),
    ("what is not there", "H 15.5.5", ask("GET", "/nothing", problem(), to=404)),
    ("options of what is not there", "H 9.3.7", ask("OPTIONS", "/nothing", problem(), to=404)),
    (
        "a page for a browser's fault",
        "P 2.1.7",
        sparql("ASK {", kind("text/html"), Accept="text/html,*/*;q=0.8", to=400),
    ),
    *(
        (
            f"the head of {path}",
            "H 9.3.2",
            (ask("GET", path), ask("HEAD", path, silent(), same("content-type", "vary"))),
        )
        for path in (
            "/",
            "/terms",
            "/kinds",
            "/shapes",
            "/alignments",
            "/id/ana",
            "/questions",
            "/commits",
            "/commits/1",
            "/export",
            "/graphs",
            "/health",
            "/ready",
            "/metrics",
            "/openapi.json",
            "/static/style.css",
        )
    ),
    *(
        (
            f"{method} at {path}",
            "H 15.5.6",
            ask(method, path, problem("allowed"), header("allow", "GET", "HEAD", "OPTIONS"), to=405),
        )
        for path in ("/", "/terms", "/id/ana", "/questions", "/export", "/health", "/openapi.json")
        for method in ("DELETE", "BREW")
    ),
)
TABLE = [*QUERIES, *BASES, *NEGOTIATION, *UPDATES, *GRAPHS, *DESCRIPTIONS, *CLIENTS]
