"""The routes /openapi.json and /docs: the description of this interface, for programs and for people."""

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
from kg.api.resources import Here, Resources
from kg.pages import reference
from kg.query.job import ReadJob

router = Routes("pages")

DOCUMENT = Declaration({200: {"application/json": {"type": "object"}}}, (400,))
DOCS = Declaration({200: PAGE, 304: {}}, (400, 503), headers=("ETag", "X-Graph-Version"))


@router.declared("GET", "/openapi.json", DOCUMENT)
async def interface(request: Request, here: Here) -> Response:
    """Describe this interface in OpenAPI 3.1, with the address of this server."""
    DOCUMENT.read_parameters(request)
    return JSONResponse(_document(request, here))


@router.declared("GET", "/docs", DOCS)
async def docs(request: Request, here: Here) -> Response:
    """Describe this interface for people, with each request in curl and in Python."""
    DOCS.read_parameters(request)
    document, style = _document(request, here), here.style(request.headers)
    job = ReadJob("text/html", partial(reference.page, style, document))
    key = (__version__, style, document["servers"], tuple(document["paths"]))
    return await answering.tagged(request, here, job, *key, headers=lambda _: VARY_BY_LANGUAGE)


def _document(request: Request, here: Resources) -> Mapping[str, Any]:
    return {**request.app.interface, "servers": [{"url": here.root(request).rstrip("/")}]}
