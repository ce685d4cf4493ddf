"""The application: its routes, its edges, its faults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles

from kg import __version__
from kg.api import (
    dataset,
    exporting,
    graphs,
    history,
    journal,
    pages,
    problems,
    questions,
    sparql,
    state,
    updating,
    writing,
)
from kg.api.codings import Codings
from kg.api.edges import Edges
from kg.api.journal import Journal
from kg.api.limits import Limits
from kg.api.metrics import Metrics
from kg.api.resources import opened
from kg.settings import Settings
from kg.store import Contents
from kg.tokens import Tokens

PARTS = (sparql, dataset, updating, graphs, writing, history, questions, exporting, pages, state)


def create_app(settings: Settings, contents: Contents, tokens: Tokens) -> FastAPI:
    """Make the application on an opened data directory; it writes only where that is a Store."""

    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, contents, tokens, metrics) as app.state.resources:
            yield

    app = FastAPI(
        title="Regional diplomacy",
        summary="A knowledge graph: who said or did what to whom, when, and according to whom.",
        version=__version__,
        docs_url=None,  # these two load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    for part in PARTS:
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    problems.install(app, allowed_methods)
    app.add_middleware(Codings)
    app.add_middleware(Limits, at_once=settings.client_requests, rate=settings.client_rate)
    app.add_middleware(Edges, allowed=allowed_methods)
    app.add_middleware(Journal, write=journal.writer(settings.log), count=metrics.count)
    return app


def allowed_methods(path: str) -> list[str]:
    """List the methods that are answered at a path."""
    routes = (route for part in PARTS for route in part.router.routes if isinstance(route, APIRoute))
    named = {method for route in routes if route.path_regex.match(path) for method in route.methods or ()}
    reading = {"GET", "HEAD"} if "GET" in named or not named else set()
    return sorted({"OPTIONS", *named, *reading})
