"""An answer that fails on its way out ends without an end, and releases its reader."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.types import Message

from kg.api.streaming import Streamed
from kg.errors import KGError, NotAcceptable, QueryKilled


@pytest.mark.parametrize("fault", [QueryKilled("It took too long."), NotAcceptable("XML lacks U+0007.")])
def test_a_fault_behind_the_first_chunk_leaves_the_answer_unfinished(fault: KGError) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"<a>"
        raise fault

    sent: list[Message] = []
    released: list[bool] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("an answer does not wait for the client")

    answer = Streamed(chunks(), lambda: released.append(True), {}, "application/sparql-results+xml")
    asyncio.run(answer({"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send))
    assert [message.get("more_body") for message in sent] == [None, True]
    assert released == [True]
