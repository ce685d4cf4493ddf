"""JSON Schemas of what is sent and answered as JSON, for the description of the HTTP interface."""

from typing import Any, TypeAlias

from kg.errors import BadInput

Schema: TypeAlias = dict[str, Any]

STRING: Schema = {"type": "string"}
IRI: Schema = {**STRING, "format": "iri"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
VERSION: Schema = {"type": "integer", "minimum": 1}
TRUTH: Schema = {"type": "boolean"}
_OR_NOTHING: Schema = {"type": ["string", "null"]}
_STRINGS: Schema = {"type": "array", "items": STRING}
_BY_LANGUAGE: Schema = {"type": "object", "additionalProperties": STRING}


def ref(name: str) -> Schema:
    """Point to a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def several(item: Schema) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": item}


def record(
    properties: dict[str, Schema], *optional: str, description: str = "", open_: bool = False
) -> Schema:
    """Give the schema of an object; what is not optional is required, and nothing else is in it."""
    made: Schema = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": open_,
    }
    return {"description": description, **made} if description else made


_REPORT = {
    "conforms": TRUTH,
    "graphs": _STRINGS,
    "known": TRUTH,
    "violations": several(ref("Violation")),
}

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
            "offered": _STRINGS,
            "allowed": _STRINGS,
            "supported": _STRINGS,
        },
        *("violations", "line", "column", "offered", "allowed", "supported"),
        description="A fault (RFC 9457), with members of its own that help to mend it.",
        open_=True,
    ),
    "Violation": record(
        {
            "severity": {"enum": ["error", "warning"]},
            "focus": STRING,
            "path": _OR_NOTHING,
            "value": _OR_NOTHING,
            "graph": _OR_NOTHING,
            "line": {"type": ["integer", "null"]},
            "rule": STRING,
            "shape": _OR_NOTHING,
            "component": _OR_NOTHING,
            "message": _BY_LANGUAGE,
            "advice": _BY_LANGUAGE,
            "sentence": {**_BY_LANGUAGE, "description": "The whole of it as people read it, by language."},
        },
        description="One failed constraint at one node.",
    ),
    "Report": record(_REPORT, description="Whether facts would be accepted, and if not, why."),
    "Added": record(
        {**_REPORT, "version": {"type": ["integer", "null"]}},
        description="The report on accepted facts, and the version they made; none if known before.",
    ),
    "Change": record(
        {
            "version": VERSION,
            "added": NUMBER,
            "removed": NUMBER,
            "graphs": _STRINGS,
            "warnings": _STRINGS,
        },
        description="The commit that an update or a write of a graph became.",
    ),
    "Commit": record(
        {
            "version": VERSION,
            "time": {**STRING, "format": "date-time"},
            "agent": STRING,
            "source": _OR_NOTHING,
            "reason": _OR_NOTHING,
            "graphs": _STRINGS,
            "hash": _OR_NOTHING,
            "software": STRING,
            "warnings": _STRINGS,
            "withdrawn": _STRINGS,
            "superseding": several(record({"graph": STRING, "supersedes": STRING})),
            "added": NUMBER,
            "removed": NUMBER,
        },
        description="What was done, by whom, when, from what and why.",
    ),
    "Commits": record(
        {"commits": several(ref("Commit")), "next": _OR_NOTHING},
        description="Some commits, and where to find those before.",
    ),
    "Differences": record(
        {"from": VERSION, "to": VERSION, "added": _STRINGS, "removed": _STRINGS},
        description="What came and went, as lines of N-Quads.",
    ),
    "Retraction": record(
        {
            "graphs": {**several(IRI), "minItems": 1, "examples": [["dipid:graph-of-mine"]]},
            "reason": {**STRING, "minLength": 1},
            "cascade": TRUTH,
            "by": _OR_NOTHING,
        },
        *("cascade", "by"),
        description="What is to be withdrawn: graphs by their IRIs, why, and if what rests on them goes too.",
    ),
    "Parameter": record(
        {"name": STRING, "type": STRING, "example": STRING, "default": _OR_NOTHING},
        description="A blank of a question.",
    ),
    "Question": record(
        {
            "name": STRING,
            "question": STRING,
            "params": several(ref("Parameter")),
            "returns": STRING,
            "tags": _STRINGS,
            "text": {**STRING, "description": "The query, which runs at any endpoint."},
        },
    ),
    "Questions": record({"questions": several(ref("Question"))}),
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
    "Health": record({"status": {"const": "ok"}}),
    "Readiness": record({"status": {"const": "ready"}, "version": VERSION}),
}
