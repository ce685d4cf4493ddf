"""One client's share: requests at a time, requests in a second."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api.middleware import limits
from kg.api.middleware.limits import Limits
from kg.api.scope_keys import BEGUN
from kg.errors import TooManyRequests
from kg.settings import Settings
from tests.support.api_server import serving


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(0)
    await PlainTextResponse("done")(scope, receive, send)


def asked(app: ASGIApp, work: Callable[[Callable[..., Awaitable[int]]], Awaitable[None]]) -> None:
    async def ask(client: str = "192.0.2.1", path: str = "/") -> int:
        transport = httpx.ASGITransport(app, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as asking:
            return (await asking.get(path)).status_code

    asyncio.run(work(ask))  # type: ignore[arg-type]  # an async function gives a coroutine


def test_a_client_has_so_many_requests_at_a_time_and_others_theirs() -> None:
    async def work(ask: Callable[..., Awaitable[int]]) -> None:
        statuses = await asyncio.gather(*(ask() for _ in range(4)), ask("192.0.2.2"), ask(path="/health"))
        assert statuses == [200, 200, 429, 429, 200, 200]
        assert await ask() == 200

    asked(Limits(slow, at_once=2, rate=0), work)


def test_a_client_has_so_many_requests_in_a_second() -> None:
    clock = Clock()

    async def work(ask: Callable[..., Awaitable[int]]) -> None:
        assert [await ask() for _ in range(21)] == [200] * 20 + [429]
        assert await ask("192.0.2.2") == 200
        clock.now += 0.5
        assert [await ask(), await ask()] == [200, 429]

    asked(Limits(slow, at_once=0, rate=2, clock=clock), work)


def test_a_request_that_comes_again_another_way_counts_once() -> None:
    limited = Limits(slow, at_once=1, rate=0.1, clock=Clock())

    async def again(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(TooManyRequests), limited.entered(None):
            pass
        await limited({**scope, BEGUN: "something", "client": None}, receive, send)

    async def work(ask: Callable[..., Awaitable[int]]) -> None:
        assert [await ask() for _ in range(2)] == [200, 200]

    asked(again, work)


def test_clients_not_seen_for_long_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CLIENTS", 2)
    app = Limits(slow, at_once=1, rate=1)

    async def work(ask: Callable[..., Awaitable[int]]) -> None:
        for number in range(5):
            assert await ask(f"192.0.2.{number}") == 200
        assert list(app._clients) == ["192.0.2.3", "192.0.2.4"]

    asked(app, work)


def test_a_refusal_says_when_to_come_again(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", readers=1, client_rate=0.1, log="off")
    with serving(tmp_path, settings) as kg:
        assert kg.get("/terms").status_code == 200
        refused = kg.get("/terms")
        assert refused.status_code == 429
        assert refused.headers["content-type"] == "application/problem+json"
        assert int(refused.headers["retry-after"]) in (9, 10)
        assert "content-security-policy" in refused.headers
