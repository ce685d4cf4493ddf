"""Frictionless data package: describes a bundle of tables; the Frictionless tools check and read it."""

import json
from collections.abc import Mapping

from kg.exports.edition import AUTHOR, DESCRIPTION, LICENCE, LICENCE_NAME, TITLE, Edition
from kg.exports.tables import ExportTable, TableSet

NAME = "datapackage.json"
SEPARATOR = " | "
"""Separator of the values of a list in a text."""
_TYPES = {
    "BIGINT": "integer",
    "INTEGER": "integer",
    "DOUBLE": "number",
    "DECIMAL(9,4)": "number",
    "DATE": "date",
    "BOOLEAN": "boolean",
}


def describe(tables: TableSet, edition: Edition | None, suffix: str, *, is_text: bool) -> bytes:
    """Return the description of a bundle with one file for each table.

    In text formats, a list is one value with ``SEPARATOR`` between its parts.
    """
    package: dict[str, object] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "regional-diplomacy",
        "title": TITLE,
        "description": DESCRIPTION,
        "licenses": [{"name": "CC-BY-4.0", "title": LICENCE_NAME, "path": LICENCE}],
        "contributors": [{"title": AUTHOR, "roles": ["creator"]}],
        "sources": [{"title": title, "rights": rights} for title, rights in tables.rights],
        "resources": [_resource(table, suffix, is_text=is_text) for table in tables.tables],
    }
    if edition is not None:
        package |= {"version": edition.name, "created": edition.time, "citation": edition.citation}
        package["selection"] = edition.selection or "all facts"
    package = {name: value for name, value in package.items() if value}
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def _resource(table: ExportTable, suffix: str, *, is_text: bool) -> Mapping[str, object]:
    fields = [
        {"name": name, "type": _type(kind, is_text=is_text), "description": table.meanings[name]}
        for name, kind in table.columns.items()
    ]
    resource: dict[str, object] = {
        "name": table.name.replace("_", "-"),
        "path": f"{table.name}{suffix}",
        "description": table.about,
    }
    if is_text:
        resource |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return resource | {"schema": {"fields": fields, "missingValues": [""]}}


def _type(kind: str, *, is_text: bool) -> str:
    if kind.endswith("[]"):
        return "string" if is_text else "array"
    return _TYPES.get(kind, "string")
