"""JSON Schemas that several routes share, and the schemas of bodies by media type, for OpenAPI."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from kg.errors import BadInput
from kg.formats import GRAPH_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, Format

Schema: TypeAlias = dict[str, Any]
Content: TypeAlias = dict[str, Schema]
"""Schemas by media type."""

STRING: Schema = {"type": "string"}
IRI: Schema = {**STRING, "format": "iri"}
IRIS: Schema = {"type": "array", "items": IRI}
NUMBER: Schema = {"type": "integer", "minimum": 0}
VERSION: Schema = {"type": "integer", "minimum": 1}
VERSION_NAME: Schema = {**STRING, "pattern": "^(v[1-9][0-9]{0,8}|[1-9][0-9]{0,6})$", "examples": ["v2", "2"]}
"""A version as people write it, in a path or a parameter."""
TRUTH: Schema = {"type": "boolean"}
STRING_OR_NULL: Schema = {"type": ["string", "null"]}
STRINGS: Schema = {"type": "array", "items": STRING}
_BY_LANGUAGE: Schema = {"type": "object", "additionalProperties": STRING}


def ref(name: str) -> Schema:
    """Return a reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def several(item: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": item}


def record(
    properties: dict[str, Schema], *optional: str, description: str = "", open_: bool = False
) -> Schema:
    """Return the schema of an object: all but ``optional`` is required; more is allowed only if ``open_``."""
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": open_,
    }
    return {"description": description, **schema} if description else schema


SCHEMAS: dict[str, Schema] = {
    "Problem": record(
        {
            "type": STRING,
            "title": {**STRING, "examples": [BadInput.title]},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {**STRING, "description": "What is wrong, where, and what to do, in a sentence."},
            "violations": several(ref("Violation")),
            "line": VERSION,
            "column": VERSION,
            "offered": STRINGS,
            "allowed": STRINGS,
            "supported": STRINGS,
        },
        *("violations", "line", "column", "offered", "allowed", "supported"),
        description="An error (RFC 9457), with extra members that help to fix it.",
        open_=True,
    ),
    "Violation": record(
        {
            "severity": {
                **STRING,
                "description": "error, warning or info, or the IRI of another severity; only errors cause a "
                "rejection.",
            },
            "focus": STRING,
            "path": STRING_OR_NULL,
            "value": STRING_OR_NULL,
            "graph": STRING_OR_NULL,
            "line": {"type": ["integer", "null"]},
            "sheet": {**STRING_OR_NULL, "description": "The sheet, if the facts came in a workbook."},
            "column": {**STRING_OR_NULL, "description": "The column, if the facts came in a table."},
            "rule": STRING,
            "shape": STRING_OR_NULL,
            "component": STRING_OR_NULL,
            "message": _BY_LANGUAGE,
            "advice": _BY_LANGUAGE,
            "sentence": {**_BY_LANGUAGE, "description": "The full sentence shown to people, by language."},
        },
        *("sheet", "column"),
        description="One failed constraint at one node.",
    ),
    "Results": {
        "type": "object",
        "description": "SPARQL 1.1 Query Results JSON Format.",
        "properties": {
            "head": {"type": "object"},
            "results": {"type": "object", "required": ["bindings"]},
            "boolean": TRUTH,
        },
        "required": ["head"],
    },
}
"""The schemas that routes of several parts refer to."""

PAGE: Content = {HTML.media_type: STRING}


def content(formats: Iterable[Format]) -> Content:
    """Return the schemas of bodies in these formats, as far as JSON Schema can describe them."""
    return {media_type: _schema(each) for each in formats for media_type in each.media_types}


def json_content(name: str) -> Content:
    """Return the content of a JSON body that has a named schema."""
    return {"application/json": ref(name)}


def _schema(body_format: Format) -> Schema:
    if body_format.name == "jsonld":
        return {"type": ["array", "object"], "description": "JSON-LD 1.1."}
    return ref("Results") if body_format is RESULT_FORMATS["json"] else STRING


GRAPHS = content(GRAPH_FORMATS)
DATASETS = content(RDF_FORMATS.values())
RESULTS = content(RESULT_FORMATS.values())
