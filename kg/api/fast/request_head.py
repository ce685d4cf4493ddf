"""Request line and headers: accepts only what all HTTP implementations read alike (RFC 9112)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.errors import BadInput, HeadTooLarge, UnknownCoding

LONGEST_HEAD = 1 << 16
"""Maximum bytes of the request line and the headers."""
MOST_FIELDS = 200
"""Maximum number of headers of a request."""

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]"
_HEAD = re.compile(
    rb"(%b{1,32}) ([!-~]++) HTTP/1\.([01])\r\n((?:%b++:[\t -~\x80-\xff]*+\r\n)*+)\r\n" % (_TOKEN, _TOKEN)
)
_STRANGE = re.compile(rb"[^\t\r -~\x80-\xff\n]|(?<!\r)\n|\r(?=[^\n])")
"""Matches what a request head must not contain: a control character, or a line end other than CR LF."""
_ABSOLUTE = re.compile(rb"https?://([^/?#]*+)(.*+)", re.IGNORECASE)
_LENGTH = re.compile(rb"\d{1,15}")
_HOST = re.compile(
    rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*+|\[[0-9A-Fa-f:.]++(?:%25[A-Za-z0-9._~-]++)?\])(?::\d{0,5})?"
)
_CHUNKED = b"chunked"
_ENCODED = re.compile(rb"\A[A-Z]++ /[!-~]*+(?:[\x80-\xff]| [^ ]*+ HTTP/)")
"""The beginning of a request line whose target has a space, or a byte beyond ASCII."""


class Head(NamedTuple):
    """The request line and the headers of one request, and the framing of its body."""

    method: bytes
    target: bytes
    """The path and the query string."""
    version: str
    fields: list[tuple[bytes, bytes]]
    is_kept_alive: bool
    is_chunked: bool
    length: int
    """Bytes of the body; 0 if there is none, or if it is chunked."""


def is_host(value: bytes) -> bool:
    """Return True for a valid Host header.

    >>> is_host(b"[::1]:7878"), is_host(b"a b")
    (True, False)
    """
    return _HOST.fullmatch(value) is not None


def check_beginning(buffer: bytearray, position: int) -> None:
    """Raise BadInput if the bytes from ``position`` on cannot be part of a head."""
    if _STRANGE.search(buffer, position):
        raise BadInput(
            "Malformed request: it contains a line end or a character that HTTP/1.1 does not allow."
        )


def read_head(text: bytes) -> Head:
    """Parse a whole head, including the empty line at its end.

    Raises BadInput, HeadTooLarge, or UnknownCoding for a transfer coding other than chunked.
    """
    match = _HEAD.fullmatch(text)
    if match is None or match[1] == b"CONNECT":
        raise _unread(text.partition(b"\r\n")[0])
    lines = match[4].split(b"\r\n")[:-1]
    if len(lines) > MOST_FIELDS:
        raise HeadTooLarge(f"The request has more than {MOST_FIELDS} headers; send fewer.")
    pairs = (line.partition(b":") for line in lines)
    fields = [(name.lower(), value.strip(b"\t ")) for name, _, value in pairs]
    version = "1." + match[3].decode()
    target, fields = _directed(match[2], version, fields)
    is_chunked, length = _framing(version, fields)
    is_kept_alive = version == "1.1" and b"close" not in _listed(fields, b"connection")
    other_fields = [field for field in fields if field[0] != b"upgrade"]
    return Head(match[1], target, version, other_fields, is_kept_alive, is_chunked, length)


def _unread(line: bytes) -> BadInput:
    """Return the error for a head that cannot be parsed and begins with this line."""
    if _ENCODED.search(line):
        return BadInput(
            "The address contains a space or a non-ASCII character; percent-encode it:"
            " é as %C3%A9, a space as %20 (curl: -G --data-urlencode 'q=Petró')."
        )
    return BadInput("Malformed HTTP/1.1 request.")


def _directed(
    target: bytes, version: str, fields: list[tuple[bytes, bytes]]
) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Check the host; return the path and the headers. A host in the target wins (RFC 9112, 3.2.2)."""
    hosts = [value for name, value in fields if name == b"host"]
    if len(hosts) > 1 or (version == "1.1" and not hosts):
        raise BadInput(f"A request must have one header 'Host', not {len(hosts)}.")
    if hosts and not is_host(hosts[0]):
        raise BadInput("The header 'Host' is empty or invalid; send the host of the address.")
    if target.startswith(b"/"):
        return target, fields
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute is None or not absolute[1] or not is_host(absolute[1]):
        raise BadInput("Malformed request: its target is neither a path nor an address.")
    path = absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]
    return path, [(b"host", absolute[1]), *(field for field in fields if field[0] != b"host")]


def _framing(version: str, fields: list[tuple[bytes, bytes]]) -> tuple[bool, int]:
    """Return whether the body is chunked, and its length if it is not (RFC 9112, 6.3)."""
    lengths = [value for name, value in fields if name == b"content-length"]
    codings = _listed(fields, b"transfer-encoding")
    is_coded = any(name == b"transfer-encoding" for name, _ in fields)
    if is_coded and (lengths or version == "1.0"):
        other = "'Content-Length'" if lengths else "HTTP/1.0"
        raise BadInput(
            f"A request with 'Transfer-Encoding' and {other} has no defined end; send one or the other."
        )
    if is_coded:
        _check_codings(codings)
        return True, 0
    if not lengths:
        return False, 0
    if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise BadInput("The header 'Content-Length' must be one number.")
    return False, int(lengths[0])


def _check_codings(codings: list[bytes]) -> None:
    if codings == [_CHUNKED]:
        return
    if codings[-1:] == [_CHUNKED] and codings.count(_CHUNKED) == 1:
        raise UnknownCoding("Unknown transfer coding: send the body as 'chunked', or with 'Content-Length'.")
    raise BadInput("The transfer codings of a body must end in 'chunked', and name it once.")


def _listed(fields: Iterable[tuple[bytes, bytes]], header_name: bytes) -> list[bytes]:
    """Return the values of a list header, in lower case."""
    found = b",".join(value for name, value in fields if name == header_name)
    return [each.strip(b"\t ").lower() for each in found.split(b",")] if found else []
