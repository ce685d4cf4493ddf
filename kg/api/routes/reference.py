"""The routes /openapi.json, /docs and /help: the interface for programs and people, and the documentation."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg import __version__
from kg.api import answering
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.declarations import Declaration, Routes
from kg.api.openapi_schemas import PAGE
from kg.api.resources import AppResources, Resources
from kg.pages import help as help_pages
from kg.pages import reference
from kg.query.job import ReadJob

router = Routes("pages")

DOCUMENT = Declaration({200: {"application/json": {"type": "object"}}}, (400,))
DOCS = Declaration({200: PAGE, 304: {}}, (400, 503), headers=("ETag", "X-Graph-Version"))

HELP = Declaration({200: PAGE, 304: {}}, (400, 503), headers=("ETag", "X-Graph-Version"))
HELP_PAGE = Declaration(
    {200: PAGE, 304: {}},
    (400, 404, 503),
    in_path={"name": {"type": "string", "enum": list(help_pages.NAMES)}},
    headers=("ETag", "X-Graph-Version"),
)


@router.declared("GET", "/openapi.json", DOCUMENT)
async def interface(request: Request, resources: AppResources) -> Response:
    """Describe this interface in OpenAPI 3.1, with the address of this server."""
    DOCUMENT.read_parameters(request)
    return JSONResponse(_document(request, resources))


@router.declared("GET", "/docs", DOCS)
async def docs(request: Request, resources: AppResources) -> Response:
    """Return the documentation of this interface for people, with each request in curl and in Python."""
    DOCS.read_parameters(request)
    document, style = _document(request, resources), resources.style(request.scope)
    job = ReadJob("text/html", partial(reference.page, style, document))
    key = (__version__, style, document["servers"], tuple(document["paths"]))
    return await answering.tagged(request, resources, job, *key, headers=lambda _: VARY_BY_LANGUAGE)


@router.declared("GET", "/help", HELP)
async def help_index(request: Request, resources: AppResources) -> Response:
    """List the pages of documentation."""
    HELP.read_parameters(request)
    style = resources.style(request.scope)
    job = ReadJob("text/html", partial(help_pages.index, style))
    return await answering.tagged(
        request, resources, job, __version__, style, headers=lambda _: VARY_BY_LANGUAGE
    )


@router.declared("GET", "/help/{name}", HELP_PAGE)
async def help_page(request: Request, resources: AppResources, name: str) -> Response:
    """Show one page of documentation."""
    HELP_PAGE.read_parameters(request)
    style = resources.style(request.scope)
    job = ReadJob("text/html", partial(help_pages.page, style, name))
    return await answering.tagged(
        request, resources, job, __version__, style, name, headers=lambda _: VARY_BY_LANGUAGE
    )


def _document(request: Request, resources: Resources) -> Mapping[str, Any]:
    return {**request.app.interface, "servers": [{"url": resources.root(request).rstrip("/")}]}
