"""The parser of requests: what it reads, what it refuses, and that it reads alike however the bytes come."""

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.api.fast import request_head, request_parser
from kg.api.fast.request_parser import RequestParser
from kg.errors import AddressTooLong, BadInput, HeadTooLarge, KGError, UnknownCoding

HOST = b"Host: kg\r\n"


class Request:
    """What the hooks were called with."""

    def __init__(self) -> None:
        self.url = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: list[bytes] = []
        self.begun = self.ended = 0
        self.has_head = False

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        self.has_head = True

    def on_body(self, body: bytes) -> None:
        self.pieces.append(body)

    def on_message_complete(self) -> None:
        self.ended += 1


def read(*parts: bytes) -> tuple[Request, RequestParser, bytes]:
    """Feed the parts of one request; give what was read, the parser, and what followed the request."""
    request = Request()
    parser = RequestParser(request)
    for part in parts:
        if request.ended:
            parser.hold(part)
        else:
            assert parser.feed(part) is (parser.held > 0 and request.ended > 0)
    return request, parser, bytes(parser._buffer) if request.ended else b""


def refused(data: bytes, kind: type[KGError] = BadInput) -> KGError:
    """Check that bytes are refused, at once and byte by byte."""
    with pytest.raises(kind) as fault:
        read(data)
    with pytest.raises(kind):
        read(*(data[at : at + 1] for at in range(len(data))))
    return fault.value


def with_headers(*headers: bytes, version: bytes = b"1.1", body: bytes = b"") -> bytes:
    return b"POST /x HTTP/%b\r\n%b\r\n%b" % (version, b"".join(each + b"\r\n" for each in headers), body)


def chunked(body: bytes) -> bytes:
    return with_headers(b"Host: kg", b"Transfer-Encoding: chunked", body=body)


def test_a_request_is_read_and_what_follows_is_given_back() -> None:
    request, parser, rest = read(b"\r\nPUT /a?b=c HTTP/1.1\r\nHost:kg \r\nContent-Length: 3\r\n\r\nabcGET /")
    assert (request.url, request.body, rest) == (b"/a?b=c", b"abc", b"GET /")
    assert request.headers == [(b"host", b"kg"), (b"content-length", b"3")]
    assert (parser.get_method(), parser.get_http_version(), parser.should_keep_alive()) == (
        b"PUT",
        "1.1",
        True,
    )
    assert (request.begun, request.ended) == (1, 1)


def test_upgrade_is_ignored_and_the_body_read() -> None:
    head = (b"Host: kg", b"Connection: Upgrade, HTTP2-Settings", b"upgrade: h2c", b"HTTP2-Settings: AAMAAABk")
    request, parser, rest = read(with_headers(*head, b"Content-Length: 4", body=b"bodyGET"))
    assert (request.body, rest) == (b"body", b"GET")
    assert not parser.should_upgrade()
    assert b"upgrade" not in dict(request.headers)
    request, _, rest = read(
        with_headers(*head, b"Transfer-Encoding: chunked"), b"4\r\nbo", b"dy\r\n0\r\n\r\n"
    )
    assert (request.body, request.ended) == (b"body", 1)


@pytest.mark.parametrize(
    ("data", "body", "rest"),
    [
        (b"3\r\nabc\r\n0\r\n\r\n", b"abc", b""),
        (b"3;a=b\r\nabc\r\n0A ; c\r\n0123456789\r\n000\r\n\r\nGET", b"abc0123456789", b"GET"),
        (b"1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\nx", b"a", b"x"),
        (b"2\r\n\r\n\r\n0\r\n\r\n", b"\r\n", b""),
        (b"0\r\n\r\n", b"", b""),
    ],
)
def test_chunks_are_read_however_they_come(data: bytes, body: bytes, rest: bytes) -> None:
    whole = chunked(data)
    request, _, left = read(whole)
    assert (request.body, request.ended, left) == (body, 1, rest)
    ends_at = len(whole) - len(rest)
    request, _, left = read(*(whole[at : at + 1] for at in range(ends_at)))
    assert (request.body, request.ended, left) == (body, 1, b"")


def test_chunks_that_come_at_once_are_passed_on_in_one_piece() -> None:
    request, _, _ = read(chunked(b"1\r\na\r\n" * 10_000 + b"0\r\n\r\n"))
    assert request.pieces == [b"a" * 10_000]


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: user@a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\r\n folded\r\n\r\n",
        b"GET / HTTP/1.1\r\n Host: kg\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : kg\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\r\nContent-Length : 3\r\n\r\nabc",
        b"GET / HTTP/1.1\r\nHost: kg\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\r\n: empty\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\r\nA: b\0c\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\r\nA: b\x0bc\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\nA: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: kg\r\nA: b\rTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\nHost: kg\n\n",
        b"GET  / HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET / a HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET /\tHTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET /\r\nHost: kg\r\n\r\n",
        b"GET / HTTP/0.9\r\nHost: kg\r\n\r\n",
        b"GET / HTTP/2.0\r\nHost: kg\r\n\r\n",
        b"GET / http/1.1\r\nHost: kg\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"CONNECT kg:80 HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET kg:80 HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET ftp://kg/ HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"GET http:///x HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"G(T / HTTP/1.1\r\nHost: kg\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
)
def test_a_head_that_two_readers_may_read_differently_is_refused(head: bytes) -> None:
    refused(head)


@pytest.mark.parametrize(
    "headers",
    [
        (b"Content-Length: 3", b"Content-Length: 5"),
        (b"Content-Length: 3", b"Content-Length: 3"),
        (b"Content-Length: 3, 3",),
        (b"Content-Length: +3",),
        (b"Content-Length: -3",),
        (b"Content-Length: 0x3",),
        (b"Content-Length: 3 4",),
        (b"Content-Length: \xb2",),
        (b"Content-Length:",),
        (b"Content-Length: " + b"9" * 16,),
        (b"Content-Length: 3", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: chunked", b"content-length: 0"),
        (b"Transfer-Encoding: chunked, chunked",),
        (b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
        (b"Transfer-Encoding: chunked, gzip",),
        (b"Transfer-Encoding: gzip",),
        (b"Transfer-Encoding: identity",),
        (b"Transfer-Encoding: xchunked",),
        (b'Transfer-Encoding: "chunked"',),
        (b"Transfer-Encoding: chunked;a=b",),
        (b"Transfer-Encoding: chunked, identity",),
        (b"Transfer-Encoding:",),
    ],
)
def test_a_body_whose_end_is_not_certain_is_refused(headers: tuple[bytes, ...]) -> None:
    refused(with_headers(b"Host: kg", *headers, body=b"abc"))


def test_a_transfer_coding_besides_chunked_is_not_known() -> None:
    refused(with_headers(b"Host: kg", b"Transfer-Encoding: gzip, chunked"), UnknownCoding)


def test_a_transfer_coding_is_written_in_any_case() -> None:
    request, _, _ = read(with_headers(b"Host: kg", b"Transfer-Encoding: CHUNKED ", body=b"0\r\n\r\n"))
    assert request.ended == 1


def test_http_1_0_has_no_transfer_codings_and_needs_no_host() -> None:
    refused(with_headers(b"Transfer-Encoding: chunked", version=b"1.0", body=b"0\r\n\r\n"))
    request, parser, _ = read(with_headers(b"Connection: keep-alive", version=b"1.0"))
    assert request.ended == 1
    assert not parser.should_keep_alive()


@pytest.mark.parametrize(
    "body",
    [
        b"zz\r\n",
        b"-1\r\n",
        b"+1\r\na\r\n0\r\n\r\n",
        b"0x1\r\na\r\n0\r\n\r\n",
        b"1 \r\na\r\n0\r\n\r\n",
        b"1\na\r\n0\r\n\r\n",
        b"1\r\nab\r\n0\r\n\r\n",
        b"1\r\na\n0\r\n\r\n",
        b"1\r\na0\r\n\r\n",
        b"fffffffff\r\n",
        b"1;\0\r\na\r\n0\r\n\r\n",
        b"1;a\nb\r\na\r\n0\r\n\r\n",
        b"1;" + b"a" * 400 + b"\r\na\r\n0\r\n\r\n",
        b"0\r\nA : b\r\n\r\n",
        b"0\r\n folded\r\n\r\n",
        b"0\r\nA: b\n\r\n",
    ],
)
def test_chunks_that_two_readers_may_read_differently_are_refused(body: bytes) -> None:
    refused(chunked(body))


def test_extensions_and_trailers_are_bounded() -> None:
    extension = b"1;" + b"a" * 200 + b"\r\nb\r\n"
    read(chunked(extension * 10 + b"0\r\n\r\n"))
    refused(chunked(extension * (1 + request_parser.MOST_EXTENSIONS // 201)))
    refused(chunked(b"0\r\nA: " + b"b" * request_parser.MOST_EXTENSIONS), HeadTooLarge)


def test_heads_are_bounded() -> None:
    read(b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * (request_head.MOST_FIELDS - 1) + b"\r\n")
    refused(b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * request_head.MOST_FIELDS + b"\r\n", HeadTooLarge)
    with pytest.raises(HeadTooLarge):
        read(b"GET / HTTP/1.1\r\nA: " + b"b" * request_head.LONGEST_HEAD + b"\r\n\r\n")
    with pytest.raises(HeadTooLarge):
        read(b"GET / HTTP/1.1\r\nA: ", b"b" * request_head.LONGEST_HEAD)


@pytest.mark.parametrize("length", [1 << 16, 70_000, 140_000, 1_000_000])
def test_a_line_that_is_too_long_is_a_fault_of_its_own(length: int) -> None:
    line = b"GET /?" + b"a" * length
    for pieces in (
        (line + b" HTTP/1.1\r\n" + HOST + b"\r\n",),
        (line, b" HTTP/1.1\r\n" + HOST + b"\r\n"),
        (line[:10], line[10:]),
        (b"\r\n" + line,),
    ):
        with pytest.raises(AddressTooLong):
            read(*pieces)
    with pytest.raises(AddressTooLong):
        read(b"GET /?" + b"a" * 50_000 + b" HTTP/1.1\r\nA: " + b"b" * 20_000)


def test_nothing_is_read_behind_the_last_request() -> None:
    request, _, rest = read(
        b"GET / HTTP/1.1\r\nHost: kg\r\nConnection: a, Close\r\n\r\nGET /smuggled HTTP/1.1\r\n",
        HOST + b"\r\n",
    )
    assert (request.begun, request.url, rest) == (1, b"/", b"")


def test_an_address_as_the_target_wins_over_the_host_header() -> None:
    request, _, _ = read(b"GET http://a.example:80?b HTTP/1.1\r\nHost: other\r\n\r\n")
    assert request.url == b"/?b"
    assert request.headers == [(b"host", b"a.example:80")]


def test_empty_lines_between_requests_begin_none() -> None:
    _, parser, _ = read(b"\r\n", b"\r\n", b"\r", b"\n")
    assert not parser.is_within_head


TOKENS = st.text("abcXYZ-_!~0", min_size=1, max_size=12).map(str.encode)
VALUES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20
).map(lambda text: bytes(ord(character) for character in text if not 0x7F <= ord(character) < 0xA0).strip())
FRAMING = (b"host", b"content-length", b"transfer-encoding", b"connection", b"upgrade")


@given(
    st.lists(st.tuples(TOKENS, VALUES).filter(lambda pair: pair[0].lower() not in FRAMING), max_size=6),
    st.lists(st.binary(min_size=1, max_size=40), max_size=4),
    st.booleans(),
    st.lists(st.integers(1, 300), max_size=5),
)
def test_what_is_read_is_what_httptools_reads(
    headers: list[tuple[bytes, bytes]], parts: list[bytes], in_chunks: bool, cuts: list[int]
) -> None:
    lines = [b"%b: %b" % pair for pair in headers]
    if in_chunks:
        body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        lines.append(b"Transfer-Encoding: chunked")
    else:
        body = b"".join(parts)
        lines.append(b"Content-Length: %d" % len(body))
    data = with_headers(b"Host: kg", *lines, body=body)
    theirs = Request()
    httptools.HttpRequestParser(theirs).feed_data(data)
    pieces, begin = [], 0
    for cut in [*cuts, len(data)]:
        pieces.append(data[begin : begin + cut])
        begin += cut
    ours, _, rest = read(*pieces)
    assert rest == b""
    assert (ours.url, ours.headers, ours.body, ours.ended) == (theirs.url, theirs.headers, theirs.body, 1)


@given(st.binary(max_size=60), st.integers(0, 60))
def test_any_bytes_are_read_or_refused_alike_in_one_piece_or_two(tail: bytes, cut: int) -> None:
    data = chunked(b"")[:-2] + tail

    def outcome(*parts: bytes) -> object:
        try:
            request, _, rest = read(*parts)
        except KGError as fault:
            return type(fault)
        return request.body, request.ended, rest if request.ended else b""

    whole, halves = outcome(data), outcome(data[: len(data) - cut], data[len(data) - cut :])
    if isinstance(whole, tuple) and whole[1] and isinstance(halves, tuple):
        assert halves[:2] == whole[:2]
    else:
        assert halves == whole


@pytest.mark.parametrize("target", ["/search?q=Petró", "/search?q=a b", "/é"])
def test_an_address_that_is_not_encoded_is_told_how_to_be(target: str) -> None:
    fault = refused(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert "é as %C3%A9" in fault.detail


@pytest.mark.parametrize("line", ["GÉT / HTTP/1.1", "GET / HTTP/2", "GET /", "get /é HTTP/1.1"])
def test_other_lines_are_not_told_so(line: str) -> None:
    assert "%C3%A9" not in refused(f"{line}\r\nHost: x\r\n\r\n".encode()).detail
