"""Requests byte for byte on a plain socket: what no client library would send, or would send otherwise."""

import re
import socket


def place(url: str) -> tuple[str, int]:
    """Give the host and port of a server."""
    host, port = url.removeprefix("http://").rstrip("/").split(":")
    return host, int(port)


def exchange(address: tuple[str, int], *requests: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Send each request on one connection when the answer before is whole; give headers and bodies."""
    answers = []
    with socket.create_connection(address, timeout=120) as link:
        for request in requests:
            link.sendall(request)
            answers.append(received(link))
    return answers


def received(link: socket.socket) -> tuple[dict[str, str], bytes]:
    """Read one answer, to its length or its last chunk; raises EOFError if the connection closes before."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(link)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    headers = {"status": lines[0]} | dict(line.lower().split(": ", 1) for line in lines[1:])
    if headers.get("transfer-encoding") == "chunked":
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(link)
        return headers, _joined(body)
    while len(body) < int(headers.get("content-length", "0")):
        body += _more(link)
    return headers, body


def _more(link: socket.socket) -> bytes:
    data = link.recv(1 << 16)
    if not data:
        raise EOFError("The server closed the connection before its answer was whole.")
    return data


def _joined(chunks: bytes) -> bytes:
    body = b""
    while chunks:
        size, _, rest = chunks.partition(b"\r\n")
        length = int(size, 16)
        body, chunks = body + rest[:length], rest[length + 2 :]
    return body


def hits(address: tuple[str, int]) -> int:
    """Count the answers given without a reader."""
    request = b"GET /metrics HTTP/1.1\r\nHost: kg\r\nAccept-Encoding: identity\r\n\r\n"
    ((_, body),) = exchange(address, request)
    found = re.search(rb"^kg_cache_hits_total (\d+)$", body, re.MULTILINE)
    assert found
    return int(found[1])
