"""Reference of the HTTP interface: each operation of the OpenAPI document, with examples."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, urlencode

from kg.formats import RDF_FORMATS
from kg.pages.rendering import Style
from kg.store.store import Contents

Document: TypeAlias = Mapping[str, Any]
"""A part of an OpenAPI document."""

_LIKED = ("application/json", "text/csv", "text/turtle")
"""Preferred media types for an example, in this order."""
FORM_TYPE = "application/x-www-form-urlencoded"


class Piece(NamedTuple):
    """A piece of a text, in which backticks delimit code."""

    text: str
    is_code: bool


class ParameterEntry(NamedTuple):
    """A parameter as the page shows it."""

    name: str
    place: str
    text: list[Piece]
    is_required: bool
    example: str


class AnswerEntry(NamedTuple):
    """A possible response of an operation."""

    status: str
    meaning: str
    media_types: list[str]


@dataclass(frozen=True)
class Example:
    """An example request. ``file`` names the file to send, if it is not in ``body``."""

    method: str
    address: str
    params: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    file: str | None = None
    needs_token: bool = False

    @property
    def curl(self) -> str:
        """The request as a shell command."""
        parts = ["curl" if self.method == "GET" else f"curl -X {self.method}"]
        if self.params and self.method == "GET":
            parts[0] += " -G"
        address = self.address
        if self.params and self.method != "GET":
            address += "?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in self.params)
        parts[0] += f" {shlex.quote(address)}"
        parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers.items()]
        if self.needs_token:
            parts.append('-H "Authorization: Bearer $KG_TOKEN"')
        if self.method == "GET":
            parts += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in self.params]
        if self.body is not None:
            parts.append(f"--data-binary {shlex.quote(self.body)}")
        elif self.file:
            parts.append(f"--data-binary @{self.file}")
        return " \\\n  ".join(parts)

    @property
    def python(self) -> str:
        """The request as a Python program."""
        imports = ["import os"] * self.needs_token + ["from pathlib import Path"] * bool(self.file)
        headers = [f"{name!r}: {value!r}" for name, value in self.headers.items()]
        if self.needs_token:
            headers.append("'Authorization': 'Bearer ' + os.environ['KG_TOKEN']")
        lines = [*imports, *([""] if imports else []), "import httpx", ""]
        lines += ["answer = httpx.request(", f"    {self.method!r},", f"    {self.address!r},"]
        lines += [f"    params={dict(self.params)!r},"] if self.params else []
        lines += [f"    headers={{{', '.join(headers)}}},"] if headers else []
        if self.body is not None:
            lines.append(f"    content={self.body!r},")
        elif self.file:
            lines.append(f"    content=Path({self.file!r}).read_bytes(),")
        return "\n".join([*lines, ")", "answer.raise_for_status()", "print(answer.text)"])


@dataclass(frozen=True)
class DocumentedOperation:
    """One method of one path."""

    name: str
    method: str
    path: str
    summary: list[Piece]
    about: list[Piece]
    parameters: list[ParameterEntry]
    sent: list[str]
    answers: list[AnswerEntry]
    needs_token: bool
    example: Example


class Section(NamedTuple):
    """The operations with a tag, and the description of the tag."""

    tag: str
    about: str
    operations: list[DocumentedOperation]


def page(style: Style, document: Document, _: Contents) -> Iterator[bytes]:
    """Yield the page; ``document`` is an OpenAPI document with a server's URL."""
    about = [marked(paragraph) for paragraph in document["info"]["description"].strip().split("\n\n")]
    found = sections(document)
    yield style.text("reference.html", info=document["info"], about=about, sections=found).encode()


def sections(document: Document) -> list[Section]:
    """Return the operations of a document by tag."""
    root = document["servers"][0]["url"]
    schemas = document["components"]["schemas"]
    operations = [
        (operation["tags"][0], _operation(root, method.upper(), path, operation, schemas))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return [
        Section(tag["name"], tag["description"], [each for name, each in operations if name == tag["name"]])
        for tag in document["tags"]
    ]


def marked(text: str) -> list[Piece]:
    """Split a text at its backticks.

    >>> marked("Send `as-of`.")
    [Piece(text='Send ', is_code=False), Piece(text='as-of', is_code=True), Piece(text='.', is_code=False)]
    """
    pieces = text.split("`")
    return [Piece(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


def _operation(
    root: str, method: str, path: str, operation: Document, schemas: Document
) -> DocumentedOperation:
    return DocumentedOperation(
        operation["operationId"],
        method,
        path,
        marked(operation["summary"]),
        marked(operation.get("description", "")),
        [_parameter(each) for each in operation["parameters"]],
        list(operation.get("requestBody", {}).get("content", {})),
        [
            AnswerEntry(status, each["description"], list(each.get("content", {})))
            for status, each in operation["responses"].items()
        ],
        "security" in operation,
        _example(root, method, path, operation, schemas),
    )


def _parameter(parameter: Document) -> ParameterEntry:
    text = parameter.get("description") or parameter["schema"].get("description", "")
    return ParameterEntry(
        parameter["name"],
        parameter["in"],
        marked(text),
        bool(parameter.get("required")),
        _sample(parameter) or "",
    )


def _sample(parameter: Document) -> str | None:
    """Return an example of a parameter; None if its declaration has none."""
    schema = parameter["schema"]
    examples = [parameter.get("example"), *schema.get("examples", ()), *schema.get("enum", ())]
    return next((str(each) for each in examples if each), None)


def _example(root: str, method: str, path: str, operation: Document, schemas: Document) -> Example:
    for each in operation["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", _sample(each) or each["name"].upper())
    query_parameters = [
        each for each in operation["parameters"] if each["in"] == "query" and "example" in each
    ]
    params = tuple((each["name"], str(each["example"])) for each in query_parameters)
    offered = operation["responses"].get("200", {}).get("content", {})
    accept = next((each for each in (*_LIKED, *offered) if each in offered), None)
    headers = {"Accept": accept} if accept else {}
    body, file = None, None
    if content := operation.get("requestBody", {}).get("content"):
        media_type = next(iter(content))
        headers["Content-Type"] = media_type
        body, file = _sent(media_type, content[media_type]["schema"], schemas)
    return Example(method, root + path, params, headers, body, file, "security" in operation)


def _sent(media_type: str, schema: Document, schemas: Document) -> tuple[str | None, str | None]:
    """Return the body of an example: a text, or the name of a file."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if media_type == FORM_TYPE:
        fields = {name: _sample({"schema": field}) for name, field in schema["properties"].items()}
        fields_sent = [
            (name, value)
            for name, value in fields.items()
            if value and "examples" in schema["properties"][name]
        ]
        return urlencode(fields_sent[:1]), None
    for example in schema.get("examples", ()):
        return (example if isinstance(example, str) else json.dumps(example)), None
    suffix = next((each.suffixes[0] for each in RDF_FORMATS.values() if media_type in each.media_types), "")
    return None, f"facts{suffix}"
