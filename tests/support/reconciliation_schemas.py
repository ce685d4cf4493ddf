"""JSON Schemas for the documents of the Reconciliation Service API 0.2, in our own words.

They say what the specification's chapters and its schemas ask of a service, and are stricter in one thing: a
member that the specification does not name is refused.
"""

from typing import Any

import jsonschema_rs

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1}
TEMPLATE: Schema = {"type": "string", "pattern": r"\{\{id\}\}"}
PIXELS: Schema = {"type": "integer", "minimum": 1}


def _record(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TERM = _record({"id": NAME, "name": NAME}, {"description": TEXT, "broader": _list({"type": "object"})})
TYPE_REFERENCE = {"anyOf": [NAME, _record({"id": NAME}, {"name": TEXT})]}
SUGGEST_SERVICE = _record(
    {"service_url": NAME, "service_path": TEXT},
    {"flyout_service_url": NAME, "flyout_service_path": {"type": "string", "pattern": r"\$\{id\}"}},
)
SETTING = _record(
    {"name": NAME, "label": NAME, "type": {"enum": ["number", "text", "checkbox"]}},
    {"default": {"type": ["number", "string", "boolean"]}, "help_text": TEXT},
)
MANIFEST = _record(
    {
        "versions": {**_list(NAME), "contains": {"const": "0.2"}},
        "name": NAME,
        "identifierSpace": {"type": "string", "format": "uri"},
        "schemaSpace": {"type": "string", "format": "uri"},
    },
    {
        "documentation": NAME,
        "logo": NAME,
        "serviceVersion": NAME,
        "view": _record({"url": TEMPLATE}),
        "feature_view": _record({"url": TEMPLATE}),
        "defaultTypes": {**_list(TERM), "uniqueItems": True},
        "batchSize": {"type": "integer", "minimum": 1},
        "preview": _record({"url": TEMPLATE, "width": PIXELS, "height": PIXELS}),
        "suggest": _record({}, dict.fromkeys(("entity", "property", "type"), SUGGEST_SERVICE)),
        "extend": _record(
            {},
            {
                "propose_properties": _record({"service_url": NAME, "service_path": TEXT}),
                "property_settings": _list(SETTING),
            },
        ),
    },
)
FEATURE = _record({"id": NAME, "value": {"type": ["boolean", "number"]}})
CANDIDATE = _record(
    {"id": NAME, "name": NAME, "score": {"type": "number"}},
    {
        "description": TEXT,
        "type": _list(TYPE_REFERENCE),
        "match": {"type": "boolean"},
        "features": _list(FEATURE),
    },
)
RESULT = _record({"result": _list(CANDIDATE)})
RESULTS: Schema = {"type": "object", "additionalProperties": RESULT}
SUGGESTED_ENTITIES = _record(
    {
        "result": _list(
            _record({"id": NAME, "name": NAME}, {"description": TEXT, "notable": _list(TYPE_REFERENCE)})
        )
    }
)
SUGGESTED_TERMS = _record({"result": _list(TERM)})
FLYOUT = _record({"id": NAME, "html": NAME})
PROPOSED = _record(
    {"properties": _list(_record({"id": NAME, "name": NAME}, {"description": TEXT}))},
    {"type": NAME, "limit": {"type": "number"}},
)
MOMENT = r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$"
CELL: Schema = {
    "oneOf": [
        {"type": "object", "maxProperties": 0},
        _record({"id": NAME, "name": TEXT}, {"description": TEXT}),
        _record({"str": TEXT}),
        _record({"int": {"type": "integer"}}),
        _record({"float": {"type": "number"}}),
        _record({"date": {"type": "string", "pattern": MOMENT}}),
    ]
}
EXTENDED = _record(
    {
        "meta": _list(_record({"id": NAME, "name": NAME}, {"type": TYPE_REFERENCE, "service": NAME})),
        "rows": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": _list(CELL)},
        },
    }
)


def conforms(document: object, schema: Schema) -> None:
    """Raise AssertionError for a document that does not conform to a schema, with the first fault."""
    for fault in jsonschema_rs.validator_for(schema).iter_errors(document):
        raise AssertionError(f"{fault.message} at {list(fault.instance_path)}")
