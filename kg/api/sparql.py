"""The route /sparql: queries answered by the readers, the service description, a page for people."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from kg.api import pages, protocol, service_description
from kg.api.resources import Here, Resources
from kg.api.streaming import Streamed
from kg.errors import Unavailable
from kg.evaluation import QueryJob
from kg.negotiation import GRAPH_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, RDFFormat, choose

router = APIRouter(tags=["query"])

T = TypeVar("T")

_OFFERS = (*RESULT_FORMATS.values(), *RDF_FORMATS.values(), HTML)


@router.get("/sparql", response_class=Response)
async def query_by_get(request: Request, here: Here) -> Response:
    """Answer a SPARQL query given in the address; without one, describe the service."""
    job = protocol.from_get(request, here.settings)
    if job is not None:
        return await _answered(request, here, job)
    choice = choose(protocol.accept(request), (*GRAPH_FORMATS, HTML))
    if not isinstance(choice.format, RDFFormat):
        return RedirectResponse(pages.root_path(here) + "#query", 303)
    described = service_description.describe(str(request.url.replace(query="")), here.contents)
    return Response(described.serialized(choice.format), media_type=choice.content_type)


@router.post("/sparql", response_class=Response)
async def query_by_post(request: Request, here: Here) -> Response:
    """Answer a SPARQL query given in the body, as a form or as it is."""
    return await _answered(request, here, await protocol.from_post(request, here.settings))


async def answer(request: Request, here: Resources, job: QueryJob) -> Response:
    """Send an answer as the readers give it."""
    found = await _unless_gone(request, here.readers.answer(job))
    headers = {"X-Graph-Version": str(found.version)}
    if found.is_whole:
        return Response(found.first, headers=headers, media_type=found.content_type)
    return Streamed(found.chunks(), found.close, headers, found.content_type)


async def _answered(request: Request, here: Resources, job: QueryJob) -> Response:
    if choose(job.accept, _OFFERS).format is HTML:
        return await pages.answer_page(here, job)
    return await answer(request, here, job)


async def _unless_gone(request: Request, work: Awaitable[T]) -> T:
    """Wait for work, but drop it when the client goes away: nobody would read the answer."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise Unavailable("The client went away.")
    finally:
        working.cancel()
        leaving.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
