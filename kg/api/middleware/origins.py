"""Origin check: refuses writes from pages of other sites, which may hold a token that they should not."""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api import problems
from kg.api.route_table import RouteTable
from kg.errors import BadInput, ForeignOrigin

_ORIGIN = re.compile(r"https?://[A-Za-z0-9._-]+(?::\d{1,5})?|https?://\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_PORTS = {"http": ":80", "https": ":443"}


def read_origins(setting: str) -> frozenset[str]:
    """Read origins separated by spaces or commas; raises BadInput for an invalid one.

    >>> sorted(read_origins("https://a.example, http://localhost:3000"))
    ['http://localhost:3000', 'https://a.example']
    """
    origins = frozenset(each.rstrip("/").lower() for each in setting.replace(",", " ").split())
    for origin in sorted(origins):
        if not _ORIGIN.fullmatch(origin):
            raise BadInput(f"KG_ORIGINS lists origins such as https://example.org, not {origin!r}.")
    return origins


class Origins:
    """Wraps the application: programs, our own pages and pages of the ``allowed`` origins may write."""

    def __init__(self, app: ASGIApp, table: RouteTable, allowed: frozenset[str], base: str = "") -> None:
        self._app = app
        self._table = table
        self._allowed = allowed
        self._base_host = urlsplit(base).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "http" and self._table.needs_token(scope["method"], scope["path"]):
            headers = Headers(scope=scope)
            if self._is_foreign(headers):
                refusal = ForeignOrigin(
                    f"Pages of {_shown(headers)} may not write here; KG_ORIGINS names those that may."
                )
                await problems.problem(refusal, scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_foreign(self, headers: Headers) -> bool:
        """Return True if a browser states that another site sends the request; programs state nothing."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin and origin.lower() in self._allowed:
            return False
        if site is not None:
            return site not in ("same-origin", "none")
        if origin is None:
            return False
        return not self._is_own(origin.lower(), headers.get("host", "").lower())

    def _is_own(self, origin: str, host: str) -> bool:
        scheme, _, called = origin.partition("://")
        port = _PORTS.get(scheme, "")
        return called.removesuffix(port) in {own.removesuffix(port) for own in (host, self._base_host) if own}


def _shown(headers: Headers) -> str:
    origin = headers.get("origin", "")
    return origin if _ORIGIN.fullmatch(origin) else "another site"
