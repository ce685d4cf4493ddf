"""The application: its routes, middleware, error handlers, and the fast path around the framework."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api import openapi, problems, static_files
from kg.api.answer_cache import AnswerCache
from kg.api.clients import bearer_of
from kg.api.fast.byte_cache import Repeats
from kg.api.fast.plain_query import Plain
from kg.api.fast.shortcut import Shortcut
from kg.api.metrics import Metrics
from kg.api.middleware.access_log import AccessLog, AccessLogged, writer
from kg.api.middleware.compression import Compression
from kg.api.middleware.headers import CommonHeaders
from kg.api.middleware.limits import Limits
from kg.api.middleware.origins import Origins, read_origins
from kg.api.proxies import Forwarding, Proxies
from kg.api.resources import Resources, opened
from kg.api.route_table import RouteTable
from kg.api.routes import (
    desk,
    export,
    facts,
    graphs,
    health,
    history,
    load,
    pages,
    proposals,
    questions,
    reconcile,
    reference,
    search,
    sitemap,
    sources,
    sparql,
    stories,
    things,
    update,
    void,
    why,
    workbench,
)
from kg.api.scope_keys import BEGUN
from kg.settings import Settings
from kg.store.store import Contents
from kg.store.tokens import Tokens

PARTS = (
    sparql,
    workbench,
    void,
    why,
    update,
    graphs,
    facts,
    proposals,
    desk,
    sources,
    load,
    history,
    questions,
    stories,
    search,
    reconcile,
    export,
    pages,
    things,
    sitemap,
    reference,
    health,
)
ROUTERS = tuple(part.router for part in PARTS)
TABLE = RouteTable(ROUTERS)
SHORTCUTS = {
    ("GET", "/sparql"): sparql.query_by_get,
    ("POST", "/sparql"): sparql.query_by_post,
    ("QUERY", "/sparql"): sparql.query_by_query,
}


class Application(FastAPI):
    """The FastAPI application, with the middleware around it."""

    around: ASGIApp
    repeats: Repeats
    plain: Plain
    proxies: Proxies
    resources: Resources
    interface: Mapping[str, Any]
    """The OpenAPI document, without the server's address."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; pass any other ASGI scope (lifespan) to the framework."""
        scope["app"] = self
        try:
            await (self.around if scope["type"] == "http" else self.respond)(scope, receive, send)
        finally:
            if begun_answer := scope.get(BEGUN):
                begun_answer.release()

    async def respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the framework, without the middleware."""
        await super().__call__(scope, receive, send)


def create_app(settings: Settings, contents: Contents, tokens: Tokens) -> Application:
    """Return the application on an opened data directory; it writes only if ``contents`` is a Store."""

    metrics = Metrics()
    answers = AnswerCache(settings.cache_bytes, finds_requests=not settings.client_rate)  # a rate counts each

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, contents, tokens, metrics, answers) as app.resources:
            app.interface = openapi.describe(ROUTERS, questions.operations(app.resources.questions))
            yield

    app = Application(
        openapi_url=None,  # ours is a route, and so is its page: the framework's loads foreign scripts
        lifespan=lifespan,
    )
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", static_files.respond, name="static")
    problems.install(app, TABLE.methods)
    log = AccessLog(writer(settings.log), metrics.count)
    app.repeats = Repeats(log, metrics, lambda: contents.version, answers)
    inner = Compression(Shortcut(app.respond, lambda: app.resources, SHORTCUTS))
    limited = Limits(inner, at_once=settings.client_requests, rate=settings.client_rate)
    app.plain = Plain(lambda: app.resources, limited, log)
    origins, app.proxies = read_origins(settings.origins), Proxies.read(settings.proxies)
    with_headers = CommonHeaders(Origins(limited, TABLE, origins, settings.base), TABLE, origins)
    app.around = Forwarding(AccessLogged(with_headers, log, partial(bearer_of, tokens=tokens)), app.proxies)
    return app
