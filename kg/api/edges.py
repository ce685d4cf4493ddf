"""What holds for every request and response: HEAD, OPTIONS, CORS for reads, headers of security, Vary."""

from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
    "X-Content-Type-Options": "nosniff",
}
_WRITING = ("/facts",)
"""Addresses that pages of other sites may not use."""


class Edges:
    """Wraps the application; ``allowed`` lists the methods that are answered at a path."""

    def __init__(self, app: ASGIApp, allowed: Callable[[str], list[str]]) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS, ask for GET where the client asks for HEAD, and add headers."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        method, path = scope["method"], scope["path"]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**_ALWAYS, **_cross_origin(path)}.items():
                    headers.setdefault(name, value)
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        if method == "OPTIONS":
            return await self._options(path, send_with_headers)
        asked = {**scope, "method": "GET"} if method == "HEAD" else scope
        return await self._app(asked, receive, send_with_headers)

    async def _options(self, path: str, send: Send) -> None:
        allowed = ", ".join(self._allowed(path)).encode()
        headers = [(b"allow", allowed)]
        if _cross_origin(path):
            headers += [
                (b"access-control-allow-methods", allowed),
                (b"access-control-allow-headers", b"Accept, Authorization, Content-Type"),
                (b"access-control-max-age", b"86400"),
            ]
        await send({"type": "http.response.start", "status": HTTPStatus.NO_CONTENT.value, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _cross_origin(path: str) -> dict[str, str]:
    """Let pages of any site read; there are no cookies, so they read what anyone can."""
    if path.startswith(_WRITING):
        return {}
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Allow, Location, Retry-After, X-Graph-Version",
    }
