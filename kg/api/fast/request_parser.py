"""Parser of HTTP/1.1 requests, strict where lenient parsers disagree on the end of a request (RFC 9112).

It calls the same hooks of uvicorn's protocol as httptools, and has the methods that uvicorn calls on
httptools. Unlike httptools it ignores ``Upgrade`` and reads the body, and it stops after each request: it
holds the bytes of the next one until the caller has answered the first and calls ``feed`` again.
"""

import re
from collections.abc import Callable
from typing import Protocol

from kg.api.fast.request_head import LONGEST_HEAD, Head, check_beginning, read_head
from kg.errors import AddressTooLong, BadInput, HeadTooLarge

MOST_EXTENSIONS = 1 << 13
"""Maximum bytes of all chunk extensions of a body."""

_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})([ \t]{0,8};[\t -~\x80-\xff]{0,256})?\r\n")
_LONGEST_CHUNK_LINE = 300
_TRAILERS = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t -~\x80-\xff]*+\r\n)*+\r\n")


class Hooks(Protocol):
    """The methods that the parser calls."""

    def on_message_begin(self) -> None:
        """Begin a request."""

    def on_url(self, url: bytes) -> None:
        """Take the path and the query."""

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""

    def on_headers_complete(self) -> None:
        """End the head."""

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""

    def on_message_complete(self) -> None:
        """End the request."""


class RequestParser:
    """Parses the requests of one connection, one after another."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._buffer = bytearray()
        self._step: Callable[[], bool] = self._read_head
        self._head: Head | None = None
        self._checked = 0
        self._left = 0
        self._extensions = 0
        self._is_over = False

    @property
    def is_within_head(self) -> bool:
        """True while a head has begun and has not ended."""
        return bool(self._buffer) and self._step == self._read_head

    @property
    def held(self) -> int:
        """The number of bytes that arrived and are not parsed yet."""
        return len(self._buffer)

    def hold(self, data: bytes) -> None:
        """Buffer bytes for later; after the last request of the connection, drop them."""
        if not self._is_over:
            self._buffer += data

    def feed(self, data: bytes) -> bool:
        """Parse the buffered and the new bytes up to the end of a request; return True if more bytes follow.

        Raises BadInput, AddressTooLong, HeadTooLarge or UnknownCoding; the caller must then close the
        connection.
        """
        self.hold(data)
        while self._step():
            if self._step == self._read_head:
                if self._is_over:
                    self._buffer.clear()
                return bool(self._buffer)
        return False

    def get_http_version(self) -> str:
        """Return the version of the current request: 1.0 or 1.1."""
        return self._current.version

    def get_method(self) -> bytes:
        """Return the method of the current request."""
        return self._current.method

    def should_keep_alive(self) -> bool:
        """Return True unless the current request is the last one of its connection."""
        return self._current.is_kept_alive

    def should_upgrade(self) -> bool:
        """Return False: no other protocol is supported."""
        return False

    @property
    def _current(self) -> Head:
        assert self._head is not None
        return self._head

    def _read_head(self) -> bool:
        if self._checked <= 1 and self._buffer.startswith(b"\r\n"):  # RFC 9112, 2.2: some clients send it
            del self._buffer[:2]
            self._checked = 0
        end = self._buffer.find(b"\r\n\r\n", max(0, self._checked - 3))
        if end < 0 or end > LONGEST_HEAD:
            check_beginning(self._buffer, max(0, self._checked - 1))
            if len(self._buffer) > LONGEST_HEAD:
                raise self._too_long()
            self._checked = len(self._buffer)
            return False
        self._head = head = read_head(bytes(self._buffer[: end + 4]))
        del self._buffer[: end + 4]
        self._checked = self._extensions = 0
        self._left = head.length
        self._step = self._read_chunks if head.is_chunked else self._read_body
        self._announce(head)
        return True

    def _too_long(self) -> AddressTooLong | HeadTooLarge:
        """Return the error for a head that is too long: that of the address if it is the longer part."""
        if self._buffer.find(b"\r\n", 0, LONGEST_HEAD // 2) < 0:
            return AddressTooLong(
                f"The address is too long: it may have {LONGEST_HEAD} bytes together with the headers; send a"
                " long query by POST."
            )
        return HeadTooLarge(
            f"The headers are longer than {LONGEST_HEAD} bytes; move long values to the body."
        )

    def _announce(self, head: Head) -> None:
        self._hooks.on_message_begin()
        self._hooks.on_url(head.target)
        for name, value in head.fields:
            self._hooks.on_header(name, value)
        self._hooks.on_headers_complete()

    def _read_body(self) -> bool:
        """Pass on the available part of a body with a Content-Length."""
        if self._left and self._buffer:
            part = bytes(self._buffer[: self._left])
            del self._buffer[: len(part)]
            self._left -= len(part)
            self._hooks.on_body(part)
        return self._left == 0 and self._end()

    def _read_chunks(self) -> bool:
        """Pass on the available part of a chunked body; chunks that arrived together go in one piece."""
        parts: list[bytes] = []
        position, is_last = 0, False
        while not is_last:
            if self._left == 0:
                found = self._chunk_at(position)
                if found is None:
                    break
                size, position = found
                is_last = size == 0
                self._left = size + 2
            else:
                position, is_enough = self._data_at(position, parts)
                if not is_enough:
                    break
        del self._buffer[:position]
        if parts:
            self._hooks.on_body(b"".join(parts))
        if is_last:
            self._left = 0
            self._step = self._read_trailers
        return is_last

    def _chunk_at(self, position: int) -> tuple[int, int] | None:
        """Return size and data position of the chunk at ``position``; None if more bytes must arrive."""
        match = _CHUNK.match(self._buffer, position)
        if match is None:
            line = self._buffer[position : position + _LONGEST_CHUNK_LINE]
            if b"\n" in line or len(line) == _LONGEST_CHUNK_LINE:
                raise BadInput("Malformed chunk: a chunk of the body must begin with its size.")
            return None
        self._extensions += len(match[2] or b"")
        if self._extensions > MOST_EXTENSIONS:
            raise BadInput(f"The extensions of the chunks are longer than {MOST_EXTENSIONS} bytes.")
        return int(match[1], 16), match.end()

    def _data_at(self, position: int, parts: list[bytes]) -> tuple[int, bool]:
        """Read the data of a chunk and its line end; return their end, and whether all had arrived."""
        if self._left > 2:
            part = bytes(self._buffer[position : position + self._left - 2])
            parts.append(part)
            self._left -= len(part)
            position += len(part)
        if self._left > 2 or len(self._buffer) < position + 2:
            return position, False
        if self._buffer[position : position + 2] != b"\r\n":
            raise BadInput("Malformed chunk: a chunk of the body does not have the size that it states.")
        self._left = 0
        return position + 2, True

    def _read_trailers(self) -> bool:
        """Skip the trailers after the last chunk."""
        if self._buffer.startswith(b"\r\n"):
            end = 0
        elif (end := self._buffer.find(b"\r\n\r\n")) < 0:
            check_beginning(self._buffer, 0)
            if len(self._buffer) > MOST_EXTENSIONS:
                raise HeadTooLarge(f"The trailers are longer than {MOST_EXTENSIONS} bytes.")
            return False
        else:
            end += 2
        trailers = bytes(self._buffer[: end + 2])
        if not _TRAILERS.fullmatch(trailers):
            raise BadInput("Malformed trailer: only headers may follow the last chunk of the body.")
        del self._buffer[: end + 2]
        return self._end()

    def _end(self) -> bool:
        self._step = self._read_head
        self._is_over = not self._current.is_kept_alive
        self._hooks.on_message_complete()
        return True
