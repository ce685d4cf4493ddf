"""A client that takes its answer too slowly loses it; one that takes it steadily, or waits, does not."""

import asyncio
import socket
from collections.abc import AsyncIterator
from functools import partial

import pytest
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from kg.api.fast import outgoing
from kg.api.fast.admissions import Admissions
from kg.api.fast.connection import Terms
from kg.api.fast.outgoing import Outgoing
from kg.api.proxies import Proxies
from tests.api.fast.test_connection import new_connection, new_repeats

RATE = 1000


class Kernel(asyncio.Transport):
    """A transport whose client takes what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.is_lost = self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.waiting += len(data)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_lost = True

    def is_closing(self) -> bool:
        return self.is_closed


async def taking(kernel: Kernel, going: Outgoing, bytes_each: int) -> None:
    """Take bytes for five windows, twenty times in each."""
    for _ in range(100):
        kernel.waiting -= min(kernel.waiting, bytes_each)
        if kernel.waiting == 0:
            going.go_on()
        await asyncio.sleep(outgoing.SECONDS_TO_TAKE / 20)


@pytest.mark.parametrize(("factor", "is_lost"), [(0.0, True), (0.2, True), (5.0, False)])
def test_a_client_is_lost_by_its_rate(monkeypatch: pytest.MonkeyPatch, factor: float, is_lost: bool) -> None:
    monkeypatch.setattr(outgoing, "SECONDS_TO_TAKE", 0.1)

    async def run(*, then_closed: bool) -> bool:
        kernel = Kernel()
        going = Outgoing(kernel, asyncio.get_running_loop(), RATE)
        going.write(b"x" * 100_000)
        if then_closed:
            going.close()
        else:
            going.wait_for_client()
        await taking(kernel, going, int(factor * RATE * outgoing.SECONDS_TO_TAKE / 20))
        going.go_on()
        return kernel.is_lost

    assert asyncio.run(run(then_closed=False)) is is_lost
    assert asyncio.run(run(then_closed=True)) is is_lost


def test_only_the_time_counts_in_which_the_client_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "SECONDS_TO_TAKE", 0.2)

    async def run() -> bool:
        kernel = Kernel()
        going = Outgoing(kernel, asyncio.get_running_loop(), RATE)
        for _ in range(4):  # an answer that comes slowly, and is taken at once
            going.write(b"x" * 10)
            going.wait_for_client()
            kernel.waiting = 0
            going.go_on()
            await asyncio.sleep(0.1)
        return kernel.is_lost

    assert not asyncio.run(run())


def test_a_client_that_takes_an_answer_by_drops_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "SECONDS_TO_TAKE", 0.3)
    ended = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        async def chunks() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 60_000
                    await asyncio.sleep(0)
            finally:
                ended.set()

        await StreamingResponse(chunks())(scope, receive, send)

    async def run() -> int:
        terms = Terms(Admissions(0, 0), Proxies(), 5, 1 << 20)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(partial(new_connection, new_repeats(), terms, endless), "127.0.0.1")
        async with server:
            with socket.socket() as link:
                link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
                link.setblocking(False)
                await loop.sock_connect(link, server.sockets[0].getsockname())
                await loop.sock_sendall(link, b"GET / HTTP/1.1\r\nHost: kg\r\n\r\n")
                async with asyncio.timeout(120):
                    while not ended.is_set():
                        await loop.sock_recv(link, 200)
                        await asyncio.sleep(0.05)
            await asyncio.sleep(0)
            return terms.admissions.total

    assert asyncio.run(run()) == 0
