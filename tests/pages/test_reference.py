"""The page that describes the HTTP interface: its examples are requests that are answered."""

import ast
import shlex
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from kg.api import openapi
from kg.api.application import ROUTERS
from kg.pages import reference
from kg.pages.reference import DocumentedOperation
from kg.settings import Settings
from tests.support.api_server import Client, client, until_searchable
from tests.support.page_text import inline_code, loaded_from_elsewhere
from tests.support.stores import open_store

ROOT = "http://testserver"
DOCUMENT = {**openapi.describe(ROUTERS), "servers": [{"url": ROOT}]}
OPERATIONS = [each for section in reference.sections(DOCUMENT) for each in section.operations]
OF_ONE_STORE = {"release", "seed", "context_of_version", "read_graph_here"}
"""Operations of which no example holds for every store."""


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The seed behind the application: the examples name things of it."""
    settings = Settings(data=tmp_path_factory.mktemp("reference") / "data", readers=2)
    with open_store(settings.data) as store, client(settings, store) as asking:
        until_searchable(asking)
        yield asking


def sent(command: str) -> tuple[str, str, dict[str, Any]]:
    """Read a command of curl: the method, the address, and what is sent."""
    words = iter(shlex.split(command.replace("\\\n", " ")))
    assert next(words) == "curl"
    method, address, headers, params, body = "GET", "", {}, {}, None
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-G":
                method = "GET"
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "--data-urlencode":
                name, _, value = next(words).partition("=")
                params[name] = value
            case "--data-binary":
                body = next(words)
            case _:
                address = word
    return method, address.removeprefix(ROOT), {"headers": headers, "params": params, "content": body}


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if not each.needs_token], ids=lambda each: each.name
)
def test_the_example_of_a_route_that_needs_no_token_is_answered(
    kg: Client, operation: DocumentedOperation
) -> None:
    method, address, given = sent(operation.example.curl)
    if given["content"] and given["content"].startswith("@"):
        given["content"] = b"<urn:a> <urn:p> 1 ."
    given["headers"]["Accept-Encoding"] = "identity"
    answer = kg.request(method, address, **given)
    expected = {404} if operation.name in OF_ONE_STORE else {200, 303}
    assert answer.status_code in expected, (operation.example.curl, answer.text[:300])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_curl_and_python_send_the_same(
    operation: DocumentedOperation, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[tuple[str, str, dict[str, Any]]] = []

    def request(method: str, address: str, **given: Any) -> httpx.Response:
        requests.append((method, address.removeprefix(ROOT), given))
        return httpx.Response(200, text="", request=httpx.Request(method, address))

    monkeypatch.setattr(httpx, "request", request)
    monkeypatch.setenv("KG_TOKEN", "$KG_TOKEN")  # as the shell's example has it
    code = operation.example.python
    if (file := operation.example.file) is not None:
        code = code.replace(f"Path('{file}').read_bytes()", repr(f"@{file}"))
    exec(compile(ast.parse(code), "example", "exec"), {})  # the example is ours
    ((method, address, given),) = requests
    asked = httpx.Request(method, ROOT + address, params=given.get("params"))
    told, place, curl = sent(operation.example.curl)
    assert (told, curl["headers"], curl["content"]) == (
        method,
        given.get("headers", {}),
        given.get("content"),
    )
    assert httpx.Request(told, ROOT + place, params=curl["params"] or None).url == asked.url


def test_the_page_tells_of_every_operation_and_loads_nothing_from_elsewhere(kg: Client) -> None:
    answer = kg.get("/docs", headers={"Accept": "text/html", "Accept-Encoding": "identity"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for operation in OPERATIONS:
        assert f'id="{operation.name}"' in answer.text
    assert inline_code(answer.text) == []
    assert loaded_from_elsewhere(answer.text) == []
    again = kg.get("/docs", headers={"Accept-Encoding": "identity", "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_the_address_of_the_server_is_the_one_called_or_the_one_set(kg: Client) -> None:
    there = kg.get("/openapi.json", headers={"Host": "graph.example:8080"}).json()
    assert there["servers"] == [{"url": "http://graph.example:8080"}]
    assert (
        "curl -G http://graph.example:8080/sparql"
        in kg.get("/docs", headers={"Host": "graph.example:8080"}).text
    )
    assert kg.get("/openapi.json", headers={"Host": "a b"}).status_code == 400
