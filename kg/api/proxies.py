"""Trusted proxies: their statements about a client's address and the scheme and host that it called.

A proxy states these in ``Forwarded`` (RFC 7239), or in ``X-Forwarded-For``, ``-Proto`` and ``-Host``. If
there is an ``X-Forwarded-For``, ``Forwarded`` is ignored: a proxy that sets the one passes on the other as
the client sent it. From any other address all of these headers are ignored.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import BadInput

_LONGEST = 2048
"""Maximum bytes read of such a header, from its end, where the nearest proxy writes."""
_SCHEMES = ("http", "https")
_HOST = re.compile(r"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_PAIR = re.compile(r'[ \t]*([A-Za-z]+)=(?:"([^"\\]*)"|([^\s;,"]*))[ \t]*')
_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<four>\d+\.\d+\.\d+\.\d+))(?::\d+)?")


class Hop(NamedTuple):
    """What one proxy states about its caller."""

    client: str | None = None
    scheme: str | None = None
    host: str | None = None


class Proxies:
    """The addresses and networks of proxies."""

    def __init__(self, networks: tuple[IPv4Network | IPv6Network, ...] = ()) -> None:
        self._networks = networks
        self._known = lru_cache(1024)(self._is_within)

    @classmethod
    def read(cls, setting: str) -> "Proxies":
        """Read addresses and networks separated by spaces or commas; raises BadInput for an invalid one.

        >>> Proxies.read("127.0.0.1 10.0.0.0/8").trusts("10.1.2.3")
        True
        """
        try:
            return cls(tuple(ip_network(each) for each in setting.replace(",", " ").split()))
        except ValueError as fault:
            raise BadInput(f"KG_PROXIES lists addresses and networks, divided by spaces: {fault}.") from None

    def __bool__(self) -> bool:
        """Return True if there are any."""
        return bool(self._networks)

    def trusts(self, address: str | None) -> bool:
        """Return True if an address is that of a proxy."""
        return bool(self._networks) and address is not None and self._known(address)

    def seen(self, headers: Headers) -> Hop:
        """Return what the outermost proxy states about its caller; the entry of the nearest proxy is last."""
        hops = list(_by_convention(headers) if "x-forwarded-for" in headers else _by_standard(headers))
        for hop in reversed(hops):
            if hop.client is None or not self.trusts(hop.client):
                return hop
        return hops[0] if hops else _alone(headers)

    def _is_within(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return any(found in network for network in self._networks)


class Forwarding:
    """Wraps the application, which sees the client as the proxy states it."""

    def __init__(self, app: ASGIApp, proxies: Proxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        client = scope.get("client")
        if scope["type"] == "http" and client and self._proxies.trusts(client[0]):
            _apply(self._proxies.seen(Headers(scope=scope)), scope)
        await self._app(scope, receive, send)


def _apply(hop: Hop, scope: Scope) -> None:
    if hop.client:
        scope["client"] = (hop.client, 0)
    if hop.scheme in _SCHEMES:
        scope["scheme"] = hop.scheme
    if hop.host and _HOST.fullmatch(hop.host):
        others = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"] = [(b"host", hop.host.encode("ascii")), *others]


def _by_convention(headers: Headers) -> Iterator[Hop]:
    """Yield the hops of ``X-Forwarded-For``; scheme and host are those that the nearest proxy states."""
    scheme, host = _last(headers, "x-forwarded-proto"), _last(headers, "x-forwarded-host")
    for each in _listed(headers, "x-forwarded-for"):
        yield Hop(_address(each), scheme and scheme.lower(), host)


def _alone(headers: Headers) -> Hop:
    """Return the scheme and the host from a proxy that does not name its client."""
    scheme = _last(headers, "x-forwarded-proto")
    return Hop(None, scheme and scheme.lower(), _last(headers, "x-forwarded-host"))


def _by_standard(headers: Headers) -> Iterator[Hop]:
    for element in _listed(headers, "forwarded"):
        pairs = {}
        for part in element.split(";"):
            if match := _PAIR.fullmatch(part):
                pairs[match[1].lower()] = match[2] if match[2] is not None else match[3]
        yield Hop(_address(pairs.get("for", "")), pairs.get("proto", "").lower() or None, pairs.get("host"))


def _listed(headers: Headers, name: str) -> list[str]:
    """Return the entries of a header that is a list, the nearest last."""
    text = ",".join(headers.getlist(name))[-_LONGEST:]
    return [each.strip() for each in text.split(",") if each.strip()]


def _last(headers: Headers, name: str) -> str | None:
    listed = _listed(headers, name)
    return listed[-1] if listed else None


def _address(text: str) -> str | None:
    """Read an address, with or without a port; None for one that is hidden (``unknown``, ``_name``)."""
    match = _PORT.fullmatch(text)
    try:
        return str(ip_address((match["six"] or match["four"]) if match else text))
    except ValueError:
        return None
