"""The description of the HTTP interface (OpenAPI 3.1): what each route takes, and all that it may answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from fastapi.routing import APIRoute

from kg import __version__
from kg.api import sparql_protocol
from kg.api.metrics import CONTENT_TYPE
from kg.api.openapi_schemas import IRI, SCHEMAS, STRING, VERSION, Schema, ref
from kg.api.problems import MEDIA_TYPE
from kg.exports.catalogue import EXPORT_FORMATS
from kg.formats import GRAPH_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, Format
from kg.importers.catalogue import FACTS_FORMATS

Content: TypeAlias = dict[str, Schema]
"""Schemas by media type."""

ABOUT = """Who said or did what to whom, when, and according to whom: a graph of facts, asked in SPARQL or by
saved questions.

Reading is open. Writing takes a bearer token; what is sent is judged as a whole and becomes one commit or
none. Every fault is told as `application/problem+json`, or as a page to who likes HTML best. `HEAD` is
answered wherever `GET` is, `OPTIONS` everywhere, and `QUERY` (RFC 10008) at `/sparql`, where it takes what
`POST` takes.
"""
TAGS = {
    "query": "Queries, and what there is to be queried.",
    "update": "SPARQL Update.",
    "graphs": "The Graph Store HTTP Protocol.",
    "facts": "New facts, and whether they would be accepted.",
    "history": "What was done to the graph, and how facts are withdrawn.",
    "questions": "Saved questions.",
    "export": "Graphs as files.",
    "terms and things": "The ontology, the lists of kinds, what is known of each thing; as RDF or as a page.",
    "state": "For whoever watches the server.",
}
_METHODS = ("get", "put", "post", "delete")
"""Those that this version of OpenAPI has a place for."""


def _content(formats: Iterable[Format]) -> Content:
    return {media_type: _schema(known) for known in formats for media_type in known.media_types}


def _schema(known: Format) -> Schema:
    """Give the schema of what is written in a format, as far as JSON has one for it."""
    if known.name == "jsonld":
        return {"type": ["array", "object"], "description": "JSON-LD 1.1."}
    return ref("Results") if known is RESULT_FORMATS["json"] else STRING


PAGE: Content = {HTML.media_type: STRING}
RDF = _content(GRAPH_FORMATS)
DATASETS = _content(RDF_FORMATS.values())
RESULTS = _content(RESULT_FORMATS.values())
FACTS = _content(FACTS_FORMATS.values())
PROBLEM: Content = {MEDIA_TYPE: ref("Problem"), **PAGE}


def _json(name: str) -> Content:
    return {"application/json": ref(name)}


def _parameter(name: str, description: str, schema: Schema = STRING, **others: Any) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema, **others}


_MOMENT: Schema = {
    **STRING,
    "anyOf": [{"pattern": "^v[1-9][0-9]{0,8}$"}, {"format": "date"}, {"format": "date-time"}],
}
_FLAG: Schema = {**STRING, "enum": ["true", "false"]}
_GRAPHS: Schema = {"type": "array", "items": IRI}

PARAMETERS: dict[str, Schema] = {
    "query": _parameter(
        "query", "The query.", {**STRING, "format": "sparql-query"}, example="ASK { ?s ?p ?o }"
    ),
    "default-graph-uri": _parameter(
        "default-graph-uri", "A graph that the default graph is to be made of; may be repeated.", _GRAPHS
    ),
    "named-graph-uri": _parameter(
        "named-graph-uri", "A graph that GRAPH may name; may be repeated.", _GRAPHS
    ),
    "using-graph-uri": _parameter(
        "using-graph-uri",
        "A graph that the default graph of each WHERE is made of; may be repeated.",
        _GRAPHS,
    ),
    "using-named-graph-uri": _parameter(
        "using-named-graph-uri", "A graph that GRAPH in each WHERE may name; may be repeated.", _GRAPHS
    ),
    "version": _parameter(
        "version",
        "The version of SPARQL that the text is written in.",
        {"enum": list(sparql_protocol.VERSIONS)},
    ),
    "as-of": _parameter(
        "as-of", "Answer as of a version (`v17`) or of a time (ISO 8601; a day means its end).", _MOMENT
    ),
    "source": _parameter("source", "From what this is, as it will stand in the history."),
    "reason": _parameter("reason", "Why this is done, as it will stand in the history."),
    "by": _parameter("by", "On whose behalf; for admins."),
    "supersedes": _parameter("supersedes", "The graph that these facts are to take the place of.", IRI),
    "quarantine": _parameter("quarantine", "Keep the facts, to be mended, where they are refused.", _FLAG),
    "language": _parameter("language", "The language of a report in plain text.", {"enum": ["en", "es"]}),
    "graph": _parameter("graph", "The IRI of the graph.", IRI),
    "graphs": _parameter("graph", "A graph to be exported; may be repeated.", _GRAPHS),
    "default": _parameter(
        "default",
        "Without a value: the store's own default graph.",
        {**STRING, "maxLength": 0},
        allowEmptyValue=True,
    ),
    "all": _parameter("all", "Also the graphs of releases and of commits.", _FLAG),
    "limit": _parameter("limit", "How many, 1000 at most.", {**VERSION, "maximum": 999999999}),
    "before": _parameter("before", "Only those before this version.", {**VERSION, "maximum": 999999999}),
    "from": _parameter(
        "from", "The version or the time to begin with.", _MOMENT, required=True, example="v1"
    ),
    "to": _parameter("to", "The version or the time to end with.", _MOMENT, required=True, example="v2"),
}
IN_PATH: dict[str, Schema] = {
    "version": VERSION,
    "part": {**STRING, "description": "The name of a module, or a version of the ontology.", "minLength": 1},
    "name": {**STRING, "minLength": 1},
}


def _format(formats: Iterable[Format]) -> Schema:
    names = [known.name for known in formats]
    text = "The format by name, instead of by `Accept`, or empty. `output` and `results` say the same."
    return _parameter("format", text, {"enum": ["", *names]})


FAULTS_OF_ALL = (429, 500)
HEADERS: dict[str, Schema] = {
    name: {"description": text, "schema": schema}
    for name, text, schema in (
        ("ETag", "Names this answer; send it as `If-None-Match` to be told if it is still the same.", STRING),
        ("Location", "Where to find what was made.", STRING),
        ("Retry-After", "Seconds after which to come again.", {"type": "integer"}),
        ("WWW-Authenticate", "Asks for a bearer token.", STRING),
        ("X-Graph-Version", "The version of the graph that was asked.", VERSION),
    )
}


@dataclass(frozen=True)
class Operation:
    """What a route takes and answers beside what all do: answers by status, each by media type."""

    answers: Mapping[int, Content]
    faults: tuple[int, ...] = ()
    parameters: tuple[str | Schema, ...] = ()
    body: Content = field(default_factory=dict)
    needs_body: bool = True
    is_writing: bool = False
    headers: tuple[str, ...] = ()


_ASKED = (
    "version",
    "default-graph-uri",
    "named-graph-uri",
    "as-of",
    _format([*RESULT_FORMATS.values(), *RDF_FORMATS.values()]),
)
_ANSWER: Content = {**RESULTS, **DATASETS, **PAGE}
_TAGGED = ("ETag", "X-Graph-Version")
_QUERY_TEXT: Schema = {**STRING, "format": "sparql-query", "examples": ["ASK { ?s ?p ?o }"]}
_UPDATE_TEXT: Schema = {**STRING, "format": "sparql-update", "examples": ["DROP SILENT GRAPH <urn:example>"]}
_GRAPH_OF_RDF = Operation(
    {200: {**RDF, **PAGE}}, (400, 404, 406, 415), (_format(GRAPH_FORMATS),)
)  # terms, kinds and things


def _form(own: str, text: Schema, *others: str) -> Schema:
    """Give the schema of a form (application/x-www-form-urlencoded)."""
    fields = {own: text, **{name: PARAMETERS[name]["schema"] for name in others}}
    return {"type": "object", "properties": fields, "required": [own], "additionalProperties": False}


def _writing(parameters: tuple[str, ...], body: Content, answers: Mapping[int, Content]) -> Operation:
    """Describe a write of a graph."""
    faults = (400, 401, 403, 404, 409, 412, 413, 415, 422, 503)
    told = (*parameters, "source", "reason")
    return Operation(answers, faults, told, body, needs_body=False, is_writing=True)


_DOCUMENT: Content = {
    **_content(GRAPH_FORMATS),
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "description": "Files, each with its type or a name that tells it.",
    },
}
_CHANGED: dict[int, Content] = {200: _json("Change"), 201: _json("Change"), 204: {}}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/sparql"): Operation(
        {200: _ANSWER, 303: {}, 304: {}},
        (400, 404, 406, 413, 415, 503),
        ("query", *_ASKED),
        headers=_TAGGED,
    ),
    ("post", "/sparql"): Operation(
        {200: _ANSWER},
        (400, 404, 406, 413, 415, 503),
        _ASKED,
        {
            sparql_protocol.QUERY_TYPE: _QUERY_TEXT,
            sparql_protocol.FORM_TYPE: _form(
                "query", _QUERY_TEXT, "default-graph-uri", "named-graph-uri", "as-of"
            ),
        },
        headers=_TAGGED,
    ),
    ("get", "/.well-known/void"): Operation(
        {200: RDF, 304: {}}, (400, 406, 415, 503), (_format(GRAPH_FORMATS),), headers=("ETag",)
    ),
    ("post", "/update"): Operation(
        {200: _json("Change"), 204: {}},
        (400, 401, 403, 404, 409, 413, 415, 422, 503),
        ("version", "using-graph-uri", "using-named-graph-uri", "source", "reason"),
        {
            sparql_protocol.UPDATE_TYPE: _UPDATE_TEXT,
            sparql_protocol.FORM_TYPE: _form(
                "update", _UPDATE_TEXT, "using-graph-uri", "using-named-graph-uri"
            ),
        },
        is_writing=True,
    ),
    ("get", "/graphs"): Operation(
        {200: RDF, 304: {}},
        (400, 404, 406, 415, 503),
        ("graph", "default", _format(GRAPH_FORMATS)),
        headers=_TAGGED,
    ),
    ("put", "/graphs"): _writing(("graph", "default"), _DOCUMENT, _CHANGED),
    ("post", "/graphs"): _writing(("graph", "default"), _DOCUMENT, _CHANGED),
    ("delete", "/graphs"): _writing(("graph", "default"), {}, {200: _json("Change"), 204: {}}),
    ("get", "/graphs/{name}"): Operation(
        {200: RDF, 304: {}}, (400, 404, 406, 415, 503), (_format(GRAPH_FORMATS),), headers=_TAGGED
    ),
    ("put", "/graphs/{name}"): _writing((), _DOCUMENT, _CHANGED),
    ("post", "/graphs/{name}"): _writing((), _DOCUMENT, _CHANGED),
    ("delete", "/graphs/{name}"): _writing((), {}, {200: _json("Change"), 204: {}}),
    ("post", "/facts"): Operation(
        {200: _json("Added"), 201: _json("Added")},
        (400, 401, 403, 404, 409, 413, 415, 422, 503),
        ("source", "reason", "by", "supersedes", "quarantine"),
        FACTS,
        is_writing=True,
        headers=("Location",),
    ),
    ("post", "/validate"): Operation(
        {200: {**_json("Report"), **_content([RDF_FORMATS["turtle"]]), "text/plain": STRING}},
        (400, 404, 406, 409, 413, 415, 503),
        ("supersedes", "language"),
        FACTS,
    ),
    ("get", "/commits"): Operation(
        {200: {**_json("Commits"), **PAGE}}, (400, 404), ("limit", "before", "graph")
    ),
    ("get", "/commits/{version}"): Operation({200: {**_json("Commit"), **PAGE}}, (400, 404)),
    ("get", "/changes"): Operation(
        {200: {**_json("Differences"), **PAGE}}, (400, 404), ("from", "to", "all")
    ),
    ("post", "/retractions"): Operation(
        {201: _json("Commit")},
        (400, 401, 403, 404, 409, 413, 415, 422, 503),
        (),
        _json("Retraction"),
        is_writing=True,
        headers=("Location",),
    ),
    ("get", "/questions"): Operation(
        {200: {**_json("Questions"), **RDF, **PAGE}}, (400, 406, 415), (_format(GRAPH_FORMATS),)
    ),
    ("get", "/questions/{name}"): Operation(
        {200: _ANSWER, 304: {}},
        (400, 404, 406, 415, 503),
        ("as-of", _format(RESULT_FORMATS.values())),
        headers=_TAGGED,
    ),
    ("get", "/export"): Operation(
        {200: _content(EXPORT_FORMATS.values())},
        (400, 404, 406, 415, 503),
        ("graphs", "all", "as-of", _format(EXPORT_FORMATS.values())),
        headers=("X-Graph-Version",),
    ),
    ("get", "/"): Operation({200: PAGE}, (503,)),
    ("get", "/terms"): _GRAPH_OF_RDF,
    ("get", "/terms/{part}"): _GRAPH_OF_RDF,
    ("get", "/shapes"): _GRAPH_OF_RDF,
    ("get", "/alignments"): _GRAPH_OF_RDF,
    ("get", "/kinds"): _GRAPH_OF_RDF,
    ("get", "/kinds/{name}"): _GRAPH_OF_RDF,
    ("get", "/id/{name}"): _GRAPH_OF_RDF,
    ("get", "/health"): Operation({200: _json("Health")}),
    ("get", "/ready"): Operation({200: _json("Readiness")}),
    ("get", "/metrics"): Operation({200: {CONTENT_TYPE: STRING}}),
}


def describe(routes: Iterable[APIRoute]) -> dict[str, Any]:
    """Describe the interface that routes make; raises KeyError for one of which nothing is written here."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = route.path.replace(":path}", "}")
        for method in sorted(each.lower() for each in route.methods or ()):
            if method in _METHODS:
                paths.setdefault(path, {})[method] = _operation(route, path, OPERATIONS[method, path])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Regional diplomacy",
            "summary": "A knowledge graph of regional diplomacy.",
            "description": ABOUT,
            "version": __version__,
            "license": {"name": "MIT and CC BY 4.0", "identifier": "MIT AND CC-BY-4.0"},
        },
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "headers": HEADERS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of `kg token add`."}
            },
        },
    }


def _operation(route: APIRoute, path: str, told: Operation) -> dict[str, Any]:
    summary, _, rest = (route.description or "").partition("\n\n")
    made: dict[str, Any] = {
        "operationId": route.name + ("_part" if path.endswith("{part}") else ""),
        "tags": list(route.tags),
        "summary": summary.replace("``", "`"),
        "parameters": [*_path_parameters(path), *_query_parameters(told)],
        "responses": _responses(told),
    }
    if rest:
        made["description"] = rest.replace("``", "`")
    if told.body:
        content = {media_type: _sent(media_type, schema) for media_type, schema in told.body.items()}
        made["requestBody"] = {"required": told.needs_body, "content": content}
    if told.is_writing:
        made["security"] = [{"token": []}]
    return made


def _sent(media_type: str, schema: Schema) -> dict[str, Any]:
    """Tell what a body is; of the files in a form also their types."""
    if media_type != "multipart/form-data":
        return {"schema": schema}
    types = ", ".join(known.media_type for known in GRAPH_FORMATS)
    return {"schema": schema, "encoding": {"file": {"contentType": types}}}


def _path_parameters(path: str) -> list[Schema]:
    names = [name for name in IN_PATH if f"{{{name}}}" in path]
    return [{"name": name, "in": "path", "required": True, "schema": IN_PATH[name]} for name in names]


def _query_parameters(told: Operation) -> list[Schema]:
    return [PARAMETERS[each] if isinstance(each, str) else each for each in told.parameters]


def _responses(told: Operation) -> dict[str, Any]:
    answers = {**told.answers, **dict.fromkeys((*told.faults, *FAULTS_OF_ALL), PROBLEM)}
    return {str(status): _response(status, content, told) for status, content in sorted(answers.items())}


def _response(status: int, content: Content, told: Operation) -> dict[str, Any]:
    made: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    headers = (
        told.headers if status < 400 else {401: ("WWW-Authenticate",), 429: ("Retry-After",)}.get(status, ())
    )
    if content:
        made["content"] = {media_type: {"schema": schema} for media_type, schema in content.items()}
    if headers:
        made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return made
