"""The client of a request: its address, and the key under which limits count it."""

from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from kg.errors import Forbidden, KGError
from kg.store.tokens import Role, Tokens

_READING = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
_NETWORK = 64
"""Bits of an IPv6 address that identify a network; all addresses of a network count as one client."""


def address_of(scope: Scope) -> str | None:
    """Return the client's address, if known.

    Behind a proxy listed in KG_PROXIES, the address that the proxy forwards.
    """
    client = scope.get("client")
    return client[0] if client else None


def key_of(scope: Scope, tokens: Tokens) -> str:
    """Return the key by which readers are shared: the bearer of a known token, else that of ``share_of``."""
    authorization = Headers(scope=scope).get("authorization")
    if authorization is not None:
        with suppress(Forbidden):
            return f"token {tokens.identify(authorization, Role.READ)}"
    return share_of(address_of(scope))


def bearer_of(scope: Scope, tokens: Tokens) -> str | None:
    """Return the bearer of the known token of a request that may write; else None."""
    authorization = Headers(scope=scope).get("authorization")
    if authorization is None or scope["method"] in _READING:
        return None
    with suppress(KGError):
        return tokens.identify(authorization, Role.READ)
    return None


@lru_cache(4096)
def share_of(address: str | None) -> str:
    """Return the key under which limits count a client: its address, or the network of an IPv6 address.

    >>> share_of("::ffff:192.0.2.1"), share_of("2001:db8::1:2")
    ('192.0.2.1', '2001:db8::/64')
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((found, _NETWORK), strict=False))
    return str(found)
