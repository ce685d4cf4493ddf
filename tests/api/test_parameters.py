"""Parameters of addresses are read once and strictly."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from kg.api import parameters
from kg.errors import BadInput, Unavailable
from kg.settings import Settings
from tests.support.api_server import Client, serving
from tests.support.problems import fault


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("api")
    with serving(folder, Settings(data=folder / "data", readers=2)) as asking:
        yield asking


@pytest.mark.parametrize(
    "path",
    [
        *("/sparql?query=ASK%7B%7D&as-of=", "/export?as-of=", "/questions/hedged-reports?as-of=%20"),
        *("/commits?graph=", "/graphs?graph="),
    ],
)
def test_a_parameter_without_a_value_is_not_taken_for_none(kg: Client, path: str) -> None:
    fault(kg.get(path), 400)


words = st.lists(
    st.sampled_from(
        ["a", "=", "+", "%41", "%C3%A9", "é", "%", "%4", "%zz", "&", "", "query", "\\", "%5C", "x41", "u"]
    )
)


@given(words)
def test_a_form_is_decoded_as_the_standard_library_does(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert parameters.decoded(text.encode(), "The form") == parse_qsl(text, keep_blank_values=True)


def test_a_form_that_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadInput, match="not UTF-8 after percent-decoding"):
        parameters.decoded(b"query=%ff", "The form")


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "application/sparql-query"])
def test_a_query_is_not_read_that_is_much_longer_than_any_may_be(kg: Client, content_type: str) -> None:
    longest = 3 * Settings().max_query_bytes + parameters.BYTES_OF_OTHERS
    body = b"query=" + b"%41" * (longest // 3)
    refusal = fault(kg.post("/sparql", content=body, headers={"Content-Type": content_type}), 413)
    assert f"{longest} bytes" in refusal["detail"]


def test_a_long_form_is_read(kg: Client) -> None:
    body = b"query=" + b"%20" * 200_000 + b"ASK+%7B%7D"
    answer = kg.post(
        "/sparql", content=body, headers={"Content-Type": parameters.FORM_TYPE, "Accept": "text/csv, */*"}
    )
    assert answer.status_code == 200


def test_of_a_client_that_leaves_within_its_body_nothing_is_left(tmp_path: Path) -> None:
    first: Message = {"type": "http.request", "body": b"x" * 100_000, "more_body": True}
    messages = iter([first, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(messages)

    request = Request({"type": "http", "headers": []}, receive)
    with pytest.raises(Unavailable, match="went away"):
        asyncio.run(parameters.received(request, 1 << 20, tmp_path))
    assert not list(tmp_path.iterdir())
