"""OpenAPI 3.1 description of the HTTP interface, generated from the declarations of the routes."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi.routing import APIRoute

from kg import __version__
from kg.api.declarations import Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import PAGE, SCHEMAS, STRING, VERSION, Content, Schema, ref
from kg.api.parameters import FORM_TYPE
from kg.api.problems import MEDIA_TYPE
from kg.formats import GRAPH_FORMATS

ABOUT = """Who said or did what to whom, when, and according to whom: a graph of facts, queried in SPARQL or
by saved questions.

Reading is open. Writing requires a token, as a bearer token or as a password; each submission is validated as
a whole and becomes one commit or none. Every error is an `application/problem+json` document, or a page for a
client that prefers HTML. `HEAD` is answered wherever `GET` is, `OPTIONS` everywhere, and `QUERY` (RFC 10008)
at `/sparql` takes what `POST` takes.
"""
_METHODS = ("GET", "PUT", "POST", "DELETE")
"""The methods that this version of OpenAPI can describe."""
_PROBLEM: Content = {MEDIA_TYPE: ref("Problem"), **PAGE}
_FAULTS_OF_ALL = (429, 500)
_NAME: Schema = {**STRING, "minLength": 1}
_HEADERS_OF_FAULTS = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
_HEADERS: dict[str, Schema] = {
    name: {"description": text, "schema": schema}
    for name, text, schema in (
        ("Content-Disposition", "The file name of the answer.", STRING),
        (
            "ETag",
            "Identifies this answer; send it as `If-None-Match` to get 304 while it is unchanged.",
            STRING,
        ),
        ("KG-Understood", "How parameter values were interpreted: a list of strings (RFC 9651).", STRING),
        ("KG-Warning", "Warnings about the answer: a list of strings (RFC 9651).", STRING),
        ("Location", "The address of the created resource.", STRING),
        ("Retry-After", "Seconds to wait before another try.", {"type": "integer"}),
        (
            "WWW-Authenticate",
            "The accepted authentication: Bearer, and Basic with the token as password.",
            STRING,
        ),
        ("X-Graph-Version", "The version of the graph from which the answer was computed.", VERSION),
    )
}


@dataclass(frozen=True)
class ReadOperation:
    """One address of a route that is described separately: a question's."""

    path: str
    name: str
    tag: str
    summary: str
    description: str
    declaration: Declaration


def describe(parts: Iterable[Routes], operations: Iterable[ReadOperation] = ()) -> dict[str, Any]:
    """Return the OpenAPI document for the routes of these parts, and for further addresses read by GET."""
    parts = tuple(parts)
    paths: dict[str, dict[str, Any]] = {}
    schemas = dict(SCHEMAS)
    for part in parts:
        schemas |= part.schemas
        for method, route, declaration in part.declarations:
            if method in _METHODS:
                path = paths.setdefault(route.path.replace(":path}", "}"), {})
                path[method.lower()] = _operation(route, declaration)
    for each in operations:
        paths[each.path] = {"get": _described(each)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Regional diplomacy",
            "summary": "A knowledge graph of regional diplomacy.",
            "description": ABOUT,
            "version": __version__,
            "license": {"name": "MIT and CC BY 4.0", "identifier": "MIT AND CC-BY-4.0"},
        },
        "tags": [{"name": part.tag, "description": part.about} for part in parts if part.about],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "headers": _HEADERS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token of `kg token add`."},
                "password": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The token as password; the user name is ignored.",
                },
            },
        },
    }


def _operation(route: APIRoute, declaration: Declaration) -> dict[str, Any]:
    summary, _, rest = route.description.partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": list(route.tags),
        "summary": summary.replace("``", "`"),
        "parameters": [*_path_parameters(route, declaration), *map(_parameter, declaration.parameters)],
        "responses": _responses(declaration),
    }
    if rest:
        operation["description"] = rest.replace("``", "`")
    if body := _body(declaration):
        operation["requestBody"] = {"required": declaration.needs_body, "content": body}
    if declaration.needs_token:
        operation["security"] = [{"token": []}, {"password": []}]
    return operation


def _described(operation: ReadOperation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [*map(_parameter, operation.declaration.parameters)],
        "responses": _responses(operation.declaration),
    }


def _path_parameters(route: APIRoute, declaration: Declaration) -> list[Schema]:
    return [
        {"name": name, "in": "path", "required": True, "schema": declaration.in_path.get(name, _NAME)}
        for name in route.param_convertors
    ]


def _parameter(declared: DeclaredParameter) -> Schema:
    optional = {
        "required": declared.is_required,
        "allowEmptyValue": declared.may_be_empty,
        "example": declared.example,
    }
    return {
        "name": declared.name,
        "in": "query",
        "description": declared.description,
        "schema": declared.schema,
        **{name: value for name, value in optional.items() if value},
    }


def _body(declaration: Declaration) -> dict[str, Any]:
    content = {media_type: {"schema": schema} for media_type, schema in declaration.body.items()}
    if "multipart/form-data" in content:
        types = ", ".join(each.media_type for each in GRAPH_FORMATS)
        content["multipart/form-data"]["encoding"] = {"file": {"contentType": types}}
    if declaration.form:
        schema = _form(declaration.form)
        content[FORM_TYPE] = {"schema": {**schema, "additionalProperties": declaration.passes_over}}
    return content


def _form(fields: tuple[DeclaredParameter, ...]) -> Schema:
    return {
        "type": "object",
        "properties": {
            field.name: {**field.schema, "examples": [field.example]} if field.example else field.schema
            for field in fields
        },
        "required": [fields[0].name],
    }


def _responses(declaration: Declaration) -> dict[str, Any]:
    faults = dict.fromkeys((*declaration.faults, *_FAULTS_OF_ALL), _PROBLEM)
    answers = {**declaration.answers, **faults}
    return {str(status): _response(status, answers[status], declaration) for status in sorted(answers)}


def _response(status: int, content: Content, declaration: Declaration) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    headers = declaration.headers if status < 400 else _HEADERS_OF_FAULTS.get(status, ())
    if content:
        response["content"] = {media_type: {"schema": schema} for media_type, schema in content.items()}
    if headers:
        response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return response
