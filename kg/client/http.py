"""HTTP client: sends requests to a server, and raises its error responses as errors of this package.

It uses the standard library's client, which imports in a third of the time that others take.
"""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from typing import IO

from kg import __version__, errors
from kg.errors import JSON, KGError, Unavailable

CHUNK = 1 << 16
LONGEST_SILENCE = 600.0
"""Maximum seconds between two pieces of a response: validating a whole graph takes long."""


@dataclass(frozen=True)
class Reply:
    """A response: its media type, its bytes as they arrive, its warnings, and how values were read."""

    media_type: str
    chunks: Iterator[bytes]
    warnings: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()


class Client:
    """A server. A URL without a path is its root; a URL with a path is its SPARQL endpoint."""

    def __init__(self, url: str, token: str | None = None) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise errors.BadInput(
                f"{url!r} is not the address of a server; write it as http://127.0.0.1:7878/."
            )
        root = url if parts.path.endswith("/") else url + "/" if not parts.path else None
        self.endpoint = url if root is None else root + "sparql"
        self.root = self.endpoint.rsplit("/", 1)[0] + "/"
        self._token = token
        self._opener = _opener(parts.hostname)

    def get(self, path: str, accept: str, query: Sequence[tuple[str, str]] = ()) -> Reply:
        """Fetch a path below the root."""
        address = f"{self.root}{path}?{urllib.parse.urlencode(query)}" if query else self.root + path
        return self._send(urllib.request.Request(address, headers={"Accept": accept}))

    def post(self, path: str, accept: str, content_type: str, body: bytes, **query: str | None) -> Reply:
        """Send a body to a path below the root; a query parameter that is None is left out."""
        parameters = {name: value for name, value in query.items() if value is not None}
        address = (
            f"{self.root}{path}?{urllib.parse.urlencode(parameters)}" if parameters else self.root + path
        )
        return self._post(address, accept, content_type, body)

    def delete(self, path: str) -> None:
        """Delete the resource at a path below the root."""
        request = urllib.request.Request(
            self.root + path, headers={"Accept": "application/json"}, method="DELETE"
        )
        b"".join(self._send(request).chunks)

    def post_file(
        self, path: str, accept: str, content_type: str, file: IO[bytes], size: int, **query: str | None
    ) -> Reply:
        """Send a file to a path below the root, in pieces."""
        parameters = {name: value for name, value in query.items() if value is not None}
        address = f"{self.root}{path}?{urllib.parse.urlencode(parameters)}"
        headers = {"Accept": accept, "Content-Type": content_type, "Content-Length": str(size)}
        return self._send(urllib.request.Request(address, data=file, headers=headers, method="POST"))

    def query(self, text: str, accept: str, more: Sequence[tuple[str, str]] = ()) -> Reply:
        """Send a query to the SPARQL endpoint; only our own servers understand the parameters in ``more``."""
        address = f"{self.endpoint}?{urllib.parse.urlencode(more)}" if more else self.endpoint
        return self._post(address, accept, "application/sparql-query", text.encode())

    def _post(self, address: str, accept: str, content_type: str, body: bytes) -> Reply:
        headers = {"Accept": accept, "Content-Type": content_type}
        return self._send(urllib.request.Request(address, data=body, headers=headers, method="POST"))

    def _send(self, request: urllib.request.Request) -> Reply:
        request.add_header("User-Agent", f"kg/{__version__}")
        if self._token:  # must not reach a server that this one redirects to
            request.add_unredirected_header("Authorization", f"Bearer {self._token}")
        try:
            response = self._opener.open(request, timeout=LONGEST_SILENCE)
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise error_of(refusal.code, refusal.read()) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            reason = getattr(reason, "strerror", None) or reason
            raise Unavailable(f"The server at {self.root} does not answer: {reason}.") from None
        media_type = response.headers.get_content_type()
        details = (
            strings_in(", ".join(response.headers.get_all(name, [])))
            for name in ("KG-Warning", "KG-Understood")
        )
        return Reply(media_type, _chunks(response, self.root), *details)


_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"?+')
_QUOTED = re.compile(r"\\(.)")


def strings_in(header: str) -> tuple[str, ...]:
    """Return the strings of a list header (RFC 9651).

    >>> strings_in('"It was \\\\"x\\\\".", "Passed over."')
    ('It was "x".', 'Passed over.')
    """
    return tuple(_QUOTED.sub(r"\1", text) for text in _STRING.findall(header))


def error_of(status: int, body: bytes) -> KGError:
    """Return the error for an error response."""
    try:
        problem: dict[str, JSON] = dict(json.loads(body))
    except (ValueError, TypeError):
        problem = {"detail": f"The server answered with status {status} and no reason."}
    detail = str(problem.pop("detail", None) or problem.get("title") or f"status {status}")
    error = _class_of(status)(detail)
    error.extra.update({key: value for key, value in problem.items() if key not in _STANDARD_MEMBERS})
    return error


_STANDARD_MEMBERS = {"type", "title", "status", "instance"}


def _class_of(status: int) -> type[KGError]:
    """Return the error class for a status; if several have it, the one nearest the root class."""
    level: list[type[KGError]] = [KGError]
    while level:
        for each in level:
            if each.status == status:
                return each
        level = [below for each in level for below in each.__subclasses__()]
    return Unavailable if status >= 500 else errors.BadInput


def _chunks(response: HTTPResponse, root: str) -> Iterator[bytes]:
    """Yield the whole response; raises Unavailable if it is incomplete."""
    with response:
        try:
            while chunk := response.read(CHUNK):
                yield chunk
        except (OSError, HTTPException):
            raise _broken_off(root) from None
        if response.length:  # fewer bytes than Content-Length
            raise _broken_off(root)


def _broken_off(root: str) -> Unavailable:
    return Unavailable(f"The server at {root} aborted its answer; the received part is incomplete.")


def _opener(host: str) -> urllib.request.OpenerDirector:
    """Use the proxies of the environment, except for loopback addresses."""
    try:
        is_near = ip_address(host).is_loopback
    except ValueError:
        is_near = host == "localhost"
    proxies: dict[str, str] | None = {} if is_near else None
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies))
