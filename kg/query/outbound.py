"""Outbound HTTP requests, for SERVICE and LOAD, only to servers that KG_ALLOW names.

A host is resolved once; all its addresses are checked, and the connection uses one of them, so a later change
of the name has no effect. Proxies, cookies and credentials of the environment are not used.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urljoin

from kg import __version__
from kg.errors import BadInput, FetchFailed

if TYPE_CHECKING:
    import httpx

MOST_HOPS = 5

_HOST = r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?"
_ENTRY = re.compile(rf"(?:(?P<scheme>https?)://)?{_HOST}(?P<path>/[^\s?#]*)?")
_TARGET = re.compile(rf"(?P<scheme>https?)://{_HOST}(?P<path>[/?][^#]*)?(?:#.*)?", re.DOTALL)
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 addresses embedded in IPv6 (RFC 6052)."""


@dataclass(frozen=True)
class HttpAddress:
    """The parts of an HTTP address; ``path`` is the request target, with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port, as the Host header gives them."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class AllowedAddress:
    """An entry of the allow list: a host, perhaps with a scheme, a port and a path."""

    host: str
    scheme: str | None
    port: int | None
    path: str

    def covers(self, target: HttpAddress) -> bool:
        """Return whether the entry allows an address."""
        port = _PORTS[target.scheme] if self.port is None else self.port
        return (
            (self.host, port) == (target.host, target.port)
            and self.scheme in (None, target.scheme)
            and (target.path.partition("?")[0] + "/").startswith(self.path.rstrip("/") + "/")
        )


@dataclass(frozen=True)
class Fetched:
    """A document that another server sent."""

    iri: str
    content_type: str | None
    data: bytes


@dataclass(frozen=True)
class Request:
    """An address and an Accept header; with a form the request is a POST, else a GET."""

    iri: str
    accept: str
    form: Mapping[str, str] | None = None


@dataclass(frozen=True)
class AllowList:
    """The servers to which requests may be sent.

    >>> AllowList.read("example.org https://query.example.net/sparql").allows("https://example.org/data")
    True
    """

    entries: tuple[AllowedAddress, ...] = ()

    @classmethod
    def read(cls, text: str) -> "AllowList":
        """Parse a list separated by spaces or commas; raises BadInput for an invalid host or address."""
        return cls(tuple(_entry(word) for word in text.replace(",", " ").split()))

    def allows(self, iri: str) -> bool:
        """Return whether an entry allows the address; ``ask`` also checks what the host resolves to."""
        target = _target(iri)
        return target is not None and any(entry.covers(target) for entry in self.entries)

    async def ask(self, request: Request, seconds: float, most_bytes: int) -> Fetched:
        """Send a request; raises FetchFailed if it is not allowed, fails, or exceeds a limit."""
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(request, most_bytes)
        except TimeoutError:
            raise FetchFailed(f"{request.iri} did not answer within {seconds:g} seconds.") from None

    async def _ask(self, request: Request, most_bytes: int) -> Fetched:
        """Send the request, and follow redirects of a GET as far as the allow list permits."""
        iri = request.iri
        for _ in range(MOST_HOPS):
            response, data = await self._answer(iri, request, most_bytes)
            if response.status_code == 200:
                return Fetched(iri, response.headers.get("content-type"), data)
            location = response.headers.get("location")
            if request.form is not None or response.status_code not in _REDIRECTS or not location:
                raise FetchFailed(f"{iri} answered with status {response.status_code}.")
            iri = urljoin(iri, location)
        raise FetchFailed(f"{request.iri} redirects more than {MOST_HOPS} times.")

    async def _answer(self, iri: str, request: Request, most_bytes: int) -> "tuple[httpx.Response, bytes]":
        target = _target(iri)
        covering = [entry for entry in self.entries if target and entry.covers(target)]
        if target is None or not covering:
            raise FetchFailed(f"{iri} is not listed in KG_ALLOW.")
        addresses = await _addresses(target)
        # An entry with a port names one service, so its address may be private.
        if not any(entry.port for entry in covering) and not all(map(is_public, addresses)):
            raise FetchFailed(
                f"{iri} has an address that is not public; list {target.host}:{target.port} in KG_ALLOW."
            )
        return await _exchanged(target, addresses, request, most_bytes)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is public; an IPv4 address embedded in IPv6 counts as itself.

    >>> is_public(ip_address("::ffff:127.0.0.1"))
    False
    """
    if isinstance(address, IPv6Address):
        if (inner := _inner(address)) is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _inner(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address embedded in an IPv6 address."""
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _entry(word: str) -> AllowedAddress:
    match = _ENTRY.fullmatch(word)
    if match is None:
        raise BadInput(
            f"KG_ALLOW lists hosts (example.org, localhost:3030) or prefixes of addresses, not {word!r}."
        )
    port = int(match["port"]) if match["port"] else None
    return AllowedAddress(_host(match["host"]), match["scheme"], port, match["path"] or "/")


def _target(iri: str) -> HttpAddress | None:
    """Parse an address; None if it has credentials, ``..`` in its path, or a scheme other than HTTP."""
    match = _TARGET.fullmatch(iri)
    if match is None:
        return None
    path = match["path"] or "/"
    path_text = quote(path if path.startswith("/") else f"/{path}", safe="/?&=%:@!$'()*+,;~")
    if {".", ".."} & set(unquote(path_text.partition("?")[0]).replace("\\", "/").split("/")):
        return None
    port = int(match["port"]) if match["port"] else _PORTS[match["scheme"]]
    return HttpAddress(match["scheme"], _host(match["host"]), port, path_text)


def _host(text: str) -> str:
    return text.lower().rstrip(".")


async def _addresses(target: HttpAddress) -> list[IPv4Address | IPv6Address]:
    """Resolve a host, once; raises FetchFailed if that fails."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(target.host.strip("[]"), target.port)
    except (OSError, UnicodeError, OverflowError):
        raise FetchFailed(f"There is no host {target.host}.") from None
    return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


async def _exchanged(
    target: HttpAddress, addresses: list[IPv4Address | IPv6Address], request: Request, most_bytes: int
) -> "tuple[httpx.Response, bytes]":
    """Send a request to the first address that accepts it, and read the answer up to the limit."""
    import httpx

    verify = target.scheme == "https"  # loading the certificates takes long
    async with httpx.AsyncClient(verify=verify, trust_env=False, timeout=None) as client:
        for number, address in enumerate(addresses, start=1):
            try:
                outgoing = _request(client, target, address, request)
                response = await client.send(outgoing, stream=True, follow_redirects=False)
                return response, await _read(response, most_bytes)
            except httpx.ConnectError:
                if number == len(addresses):
                    raise FetchFailed(f"{target.authority} cannot be reached.") from None
            except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL):
                raise FetchFailed(f"{target.authority} does not answer with valid HTTP.") from None
    raise FetchFailed(f"There is no host {target.host}.")


def _request(
    client: "httpx.AsyncClient", target: HttpAddress, address: IPv4Address | IPv6Address, request: Request
) -> "httpx.Request":
    host = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    return client.build_request(
        "GET" if request.form is None else "POST",
        f"{target.scheme}://{host}:{target.port}{target.path}",
        data=request.form,
        headers={
            "Host": target.authority,
            "Accept": request.accept,
            "Accept-Encoding": "identity",  # so that a small answer cannot expand to a large one
            "User-Agent": f"kg/{__version__}",
        },
        extensions={"sni_hostname": target.host.strip("[]")},
    )


async def _read(response: "httpx.Response", most_bytes: int) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise FetchFailed("The answer is compressed, although the request accepted no coding.")
    gathered = bytearray()
    if response.status_code == 200:
        async for chunk in response.aiter_raw():
            gathered += chunk
            if len(gathered) > most_bytes:
                raise FetchFailed(f"The answer is longer than {most_bytes} bytes; ask for less.")
    await response.aclose()
    return bytes(gathered)
