"""The description of the HTTP interface is true: Schemathesis sends what it allows and what it does not."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    ignored_auth,
    positive_data_acceptance,
)

from kg.api import openapi
from kg.api.application import PARTS
from kg.importers.catalogue import BUNDLE, FACTS_FORMATS, TABLE, WORKBOOK
from kg.query import questions
from tests.support.api_server import Client, bearer, serving

SENT = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
GRAPHS = ["urn:a", "http://example.org/g", "https://w3id.org/regional-diplomacy/id/graph-story"]
QUERIES = ["ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o } LIMIT 2"]
UPDATES = ["INSERT DATA { <urn:a> <urn:b> 1 }", "DROP SILENT GRAPH <urn:a>"]
LINE = b"<urn:a> <urn:b> <urn:c> ."
XML = b"""<d:Description d:about="urn:a" xmlns:d="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<b xmlns="urn:">1</b></d:Description>"""
DOCUMENTS = {"jsonld": b'{"@id": "urn:a", "urn:b": 1}', "rdfxml": XML, "csv": b""}
BODIES = {
    media_type: [DOCUMENTS.get(known.name, LINE)]
    for known in FACTS_FORMATS.values()
    for media_type in known.media_types
}
BODIES["application/sparql-query"] = [query.encode() for query in QUERIES]
BODIES["application/sparql-update"] = [update.encode() for update in UPDATES]
for name, texts in (("iri", GRAPHS), ("sparql-query", QUERIES), ("sparql-update", UPDATES)):
    schemathesis.openapi.format(name, st.sampled_from(texts))
for media_type, contents in BODIES.items():
    schemathesis.openapi.media_type(media_type, st.sampled_from(contents))

TABLES = {*TABLE.media_types, *WORKBOOK.media_types, *BUNDLE.media_types}
"""Bodies that no schema describes."""
TANGLED = {
    *("/sparql", "/graphs", "/questions/{name}", "/terms/{part}"),
    *("/changes", "/changes.atom", "/sitemap.xml", "/id"),
    *("/reconcile", "/reconcile/flyout/{what}", "/why", "/export", "/duet"),
}
"""Paths whose parameters no schema describes: one of two, one with another, Turtle."""


ROUTES = [route for part in PARTS for route in part.router.routes if isinstance(route, APIRoute)]
DOCUMENT = openapi.describe(part.router for part in PARTS)
OPERATIONS = [
    (method, path, told) for path, each in DOCUMENT["paths"].items() for method, told in each.items()
]
WRITING = [(method, path) for method, path, told in OPERATIONS if "security" in told]
schema = schemathesis.openapi.from_dict(DOCUMENT)
schema.config.phases.examples.enabled = False
schema.config.phases.fuzzing.enabled = (
    False  # what is left tries each edge of each parameter, the same each time
)
schema.config.phases.coverage.unexpected_methods = {"patch"}


@pytest.fixture(scope="session")  # Schemathesis makes a module of each operation
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("openapi")) as asking:
        yield asking


def _checked(method: str, path: str) -> Any:
    """Make the test of one operation."""

    def check(case: Any, kg: Client) -> None:
        given = case.as_transport_kwargs(base_url="http://testserver", headers=bearer("curator"))
        sent = requests.Request(**{name: given[name] for name in given if name in SENT}).prepare()
        headers = {**sent.headers, "Accept-Encoding": "identity"}
        response = kg.request(str(sent.method), str(sent.url), headers=headers, content=sent.body)
        excluded = [ignored_auth]  # it would call on its own; see below
        if path == "/sparql":
            excluded.append(allow_header_conformance)  # OPTIONS tells of QUERY, and OpenAPI 3.1 cannot
        if path in TANGLED or case.media_type in TABLES:
            excluded.append(positive_data_acceptance)
        case.validate_response(response, headers=bearer("curator"), excluded_checks=excluded)

    return schema.include(method=method.upper(), path=path).parametrize()(check)


# A name for each: under one name they have one id for pytest 9.2, and xdist would run one of them.
for _method, _path, _told in OPERATIONS:
    globals()[f"test_{_told['operationId']}_is_as_described"] = _checked(_method, _path)


def test_what_is_described_is_what_is_there_and_for_people_too(kg: Client) -> None:
    told = kg.get("/openapi.json").json()
    of_questions = {f"/questions/{name}" for name in questions.load()}
    assert of_questions < set(told["paths"])
    told["paths"] = {path: each for path, each in told["paths"].items() if path not in of_questions}
    assert told == {**DOCUMENT, "servers": [{"url": "http://testserver"}]}
    described = {(method.upper(), path) for method, path, _ in OPERATIONS} | {("QUERY", "/sparql")}
    there = {(method, route.path.replace(":path", "")) for route in ROUTES for method in route.methods or ()}
    assert described == there
    assert len({told["operationId"] for _, _, told in OPERATIONS}) == len(OPERATIONS)
    for _, path, told in OPERATIONS:
        assert told["summary"].endswith((".", "them."))
        assert set(told["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}, path
        for parameter in told["parameters"]:
            assert "description" in parameter or parameter["in"] == "path", parameter


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_what_is_described_as_writing_asks_for_a_token_before_all_else(
    kg: Client, method: str, path: str
) -> None:
    refused = kg.request(method, path + "?no=such", content=b"\xff", headers={"Content-Type": "no/such"})
    assert refused.status_code == 401
    assert refused.headers.get_list("www-authenticate") == [
        'Bearer realm="kg"',
        'Basic realm="kg", charset="UTF-8"',
    ]
    refused = kg.request(method, path, headers={"User-Agent": "Java-http-client/25.0.2"})
    assert refused.headers.get_list("www-authenticate") == ['Basic realm="kg", charset="UTF-8"']
    for headers in ({"Accept": "text/html"}, {"Sec-Fetch-Site": "same-origin"}):
        refused = kg.request(method, path, headers=headers)
        assert refused.headers.get_list("www-authenticate") == ['Bearer realm="kg"']


def test_every_write_is_described_as_one() -> None:
    writing = {(method, path) for method, path, _ in OPERATIONS if method != "get"}
    reading = ("/sparql", "/validate", "/reconcile", "/workbench", "/workbench/check", "/desk", "/desk/table")
    assert writing - set(WRITING) == {("post", path) for path in reading}
