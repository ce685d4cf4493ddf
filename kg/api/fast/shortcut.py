"""Shortcut around the framework: calls the query routes itself, as routing takes longer than many answers.

The routes are the same functions that the framework calls, so their answers are the same.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api import problems
from kg.api.resources import Resources
from kg.api.scope_keys import NOTES
from kg.errors import KGError

Route: TypeAlias = Callable[[Request, Resources], Awaitable[Response]]


class Shortcut:
    """Calls the route of a method and path if ``routes`` has it; otherwise ``inner``."""

    def __init__(
        self, inner: ASGIApp, resources: Callable[[], Resources], routes: Mapping[tuple[str, str], Route]
    ) -> None:
        self._inner = inner
        self._resources = resources
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        route = self._routes.get((scope["method"], scope["path"]))
        if route is None:
            await self._inner(scope, receive, send)
            return
        scope.setdefault(NOTES, {})["route"] = scope["path"]
        request = Request(scope, receive)
        try:
            response = await route(request, self._resources())
        except KGError as fault:
            response = await problems.known(request, fault)
        except OSError as fault:
            response = await problems.of_disk(request, fault)
        await response(scope, receive, send)
