"""The route /sparql: queries answered by the readers, the service description, a page for people."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from kg.api import service_description, sparql_protocol
from kg.api.answering import answer
from kg.api.resources import Here, Resources
from kg.api.routes import pages
from kg.formats import GRAPH_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, RDFFormat, choose
from kg.query.job import QueryJob

router = APIRouter(tags=["query"])

_OFFERS = (*RESULT_FORMATS.values(), *RDF_FORMATS.values(), HTML)


@router.get("/sparql", response_class=Response)
async def query_by_get(request: Request, here: Here) -> Response:
    """Answer a SPARQL query given in the address; without one, describe the service."""
    job = sparql_protocol.from_get(request, here.settings)
    if job is not None:
        return await _answered(request, here, job)
    choice = choose(sparql_protocol.accept(request.headers), (*GRAPH_FORMATS, HTML))
    if not isinstance(choice.format, RDFFormat):
        return RedirectResponse(here.root_path + "#query", 303)
    described = await service_description.of_server(request, here)
    return Response(described.serialized(choice.format), media_type=choice.content_type)


@router.post("/sparql", response_class=Response)
async def query_by_post(request: Request, here: Here) -> Response:
    """Answer a SPARQL query given in the body, as a form or as it is."""
    return await _answered(request, here, await sparql_protocol.from_body(request, here.settings))


@router.api_route("/sparql", methods=["QUERY"], response_class=Response)
async def query_by_query(request: Request, here: Here) -> Response:
    """Answer a SPARQL query given in the body; the method says that nothing is changed by it (RFC 10008)."""
    return await _answered(request, here, await sparql_protocol.from_body(request, here.settings))


async def _answered(request: Request, here: Resources, job: QueryJob) -> Response:
    if is_for_people(job.accept):
        return await pages.answer_page(request, here, job)
    return await answer(request, here, job)


def is_for_people(accept: str | None) -> bool:
    """Tell if an answer is wanted as a page; raises NotAcceptable where no form of ours is."""
    return choose(accept, _OFFERS).format is HTML
