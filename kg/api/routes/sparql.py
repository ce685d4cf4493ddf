"""The route /sparql: queries answered by the readers, the service description, a page for people."""

from collections.abc import Sequence

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from kg.api import foreign_parameters, label_parameters, service_description, sparql_protocol
from kg.api.answering import answer
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import DATASETS, IRIS, PAGE, RESULTS, STRING, Content, Schema
from kg.api.resources import AppResources, Resources
from kg.api.routes import workbench
from kg.formats import GRAPH_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, RDFFormat
from kg.query.job import QueryJob
from kg.query.negotiation import choose, fitting

router = Routes("query", "SPARQL queries and the service description.")

_FORMATS = (*RESULT_FORMATS.values(), *RDF_FORMATS.values())
_OFFERS = (*_FORMATS, HTML)
_TEXT: Schema = {**STRING, "format": "sparql-query"}
_EXAMPLE = "ASK { ?s ?p ?o }"
_QUERY = DeclaredParameter("query", "The query.", _TEXT, example=_EXAMPLE)
_DEFAULT_GRAPHS = DeclaredParameter(
    "default-graph-uri", "A graph to merge into the default graph; may be repeated.", IRIS
)
_NAMED_GRAPHS = DeclaredParameter("named-graph-uri", "A graph that GRAPH may name; may be repeated.", IRIS)
_TIMEOUT = DeclaredParameter(
    foreign_parameters.TIMEOUT,
    "Seconds that the query may take; from 1000 on, milliseconds (`30`, `30s`, `5000`, `500ms`). It can "
    "lower the server's limit, not raise it.",
)
_OTHERS = (
    *(_DEFAULT_GRAPHS, _NAMED_GRAPHS, sparql_protocol.VERSION, AS_OF, format_of(_FORMATS), _TIMEOUT),
    *(label_parameters.labels_of("off"), label_parameters.LANG),
)
_FAULTS = (400, 404, 406, 410, 413, 415, 503)
_ANSWER: Content = {**RESULTS, **DATASETS, **PAGE}
_HEADERS = ("Content-Disposition", "ETag", "KG-Warning", "X-Graph-Version")
QUERY_BY_GET = Declaration(
    {200: _ANSWER, 303: {}, 304: {}},
    _FAULTS,
    parameters=(_QUERY, *_OTHERS),
    headers=_HEADERS,
    passes_over=True,
)
QUERY_BY_BODY = Declaration(
    {200: _ANSWER},
    _FAULTS,
    parameters=_OTHERS,
    body={sparql_protocol.QUERY_TYPE: {**_TEXT, "examples": [_EXAMPLE]}},
    form=(_QUERY, _DEFAULT_GRAPHS, _NAMED_GRAPHS, AS_OF),
    headers=_HEADERS,
    passes_over=True,
)


@router.declared("GET", "/sparql", QUERY_BY_GET)
async def query_by_get(request: Request, resources: AppResources) -> Response:
    """Answer a SPARQL query in the query string; without one, return the service description.

    Parameters of other servers are ignored, with a warning; if a named format does not fit the
    answer, ``Accept`` decides instead.
    """
    job = sparql_protocol.from_get(request, resources.settings, QUERY_BY_GET)
    if job is not None:
        return await _answered(request, resources, job)
    choice = choose(sparql_protocol.accept(request.headers), (*GRAPH_FORMATS, HTML))
    if not isinstance(choice.format, RDFFormat):
        return RedirectResponse(resources.root_path + "workbench", 303)
    described = await service_description.of_server(request, resources)
    return Response(described.serialized(choice.format), media_type=choice.content_type)


@router.declared("POST", "/sparql", QUERY_BY_BODY)
async def query_by_post(request: Request, resources: AppResources) -> Response:
    """Answer a SPARQL query in the body, as a form or as plain text."""
    job = await sparql_protocol.from_body(request, resources.settings, QUERY_BY_BODY)
    return await _answered(request, resources, job)


@router.declared("QUERY", "/sparql", QUERY_BY_BODY)
async def query_by_query(request: Request, resources: AppResources) -> Response:
    """Answer a SPARQL query in the body; the method is safe and idempotent (RFC 10008)."""
    job = await sparql_protocol.from_body(request, resources.settings, QUERY_BY_BODY)
    return await _answered(request, resources, job)


async def _answered(request: Request, resources: Resources, job: QueryJob) -> Response:
    if is_for_people(job.accept, job.named):
        return await workbench.answer_page(request, resources, job)
    return await answer(request, resources, job)


def is_for_people(accept: str | None, media_types: Sequence[str] = ()) -> bool:
    """Return True if the client wants a page; raises NotAcceptable if it accepts no format of ours."""
    return (fitting(media_types, _OFFERS) or choose(accept, _OFFERS)).format is HTML
