"""The routes below /workbench: pages on which people write, run and check queries."""

import secrets
from dataclasses import replace
from functools import partial

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from kg import __version__
from kg.api import answer_headers, answering, sparql_protocol, windows
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.declarations import AS_OF, MOMENT, Declaration, DeclaredParameter, Routes
from kg.api.middleware.access_log import note_query
from kg.api.openapi_schemas import IRIS, PAGE, STRING, Schema
from kg.api.parameters import FORM_TYPE, Parameters, body, form, longest_form, once, url_parameters
from kg.api.resources import AppResources, Resources
from kg.errors import BadInput, KGError, UnsupportedFormat
from kg.formats import bare_media_type
from kg.iris import graph_named
from kg.pages import completions, workbench
from kg.pages.workbench import Examples, WorkbenchRequest
from kg.query import checking, questions
from kg.query.job import QueryJob, ReadJob
from kg.query.screening import is_relative, measure
from kg.store.snapshots import version_of

router = Routes("pages")

_TEXT: Schema = {**STRING, "format": "sparql-query"}
_QUERY = DeclaredParameter("query", "The query.", _TEXT, "ASK { ?s ?p ?o }")
_KEPT = (
    DeclaredParameter("default-graph-uri", "A graph to merge into the default graph; may be repeated.", IRIS),
    DeclaredParameter("named-graph-uri", "A graph that GRAPH may name; may be repeated.", IRIS),
    replace(AS_OF, schema={**MOMENT, "anyOf": [*MOMENT["anyOf"], {"enum": [""]}]}, may_be_empty=True),
)
_QUESTION = DeclaredParameter("question", "A saved question to begin with, by name.", STRING)
_FAULTS = (400, 404, 406, 410, 413, 415, 503)
SHOW = Declaration({200: PAGE}, _FAULTS, parameters=(_QUERY, *_KEPT, *windows.PARAMETERS, _QUESTION))
ASK = Declaration({200: PAGE, 303: {}}, _FAULTS, form=(_QUERY, *_KEPT, *windows.PARAMETERS))
_JSON = {"application/json": {"type": "object"}}
CHECK = Declaration({200: _JSON}, (400, 413, 415, 503), form=(_QUERY,))
TERMS = Declaration({200: _JSON, 304: {}}, (400, 503), headers=("ETag", "X-Graph-Version"))


@router.declared("GET", "/workbench", SHOW)
async def show_workbench(request: Request, resources: AppResources) -> Response:
    """Show the workbench, with the answer to a query or with an example query."""
    parameters = SHOW.read_parameters(request)
    workbench_request, name = _request(parameters), once(parameters, "question")
    if fault := _fault(resources, workbench_request):
        return _without_answer(request, resources, workbench_request, fault)
    if once(parameters, "query") is not None:
        return await _asked(request, resources, workbench_request)
    first = questions.find(name, resources.questions).text if name else workbench.FIRST_QUERY
    return _without_answer(request, resources, replace(workbench_request, query=first))


@router.declared("POST", "/workbench", ASK)
async def ask_at_workbench(request: Request, resources: AppResources) -> Response:
    """Answer the query of the form; redirect to an address that contains the query, unless it is too long."""
    fields = await _fields(request, resources, ASK)
    workbench_request = _request(fields)
    if fault := _fault(resources, workbench_request):
        return _without_answer(request, resources, workbench_request, fault)
    if address := workbench_request.address(resources.root_path):
        return RedirectResponse(address, 303)
    return await _asked(request, resources, workbench_request)


@router.declared("POST", "/workbench/check", CHECK)
async def check_query(request: Request, resources: AppResources) -> Response:
    """Check if a query parses, and which of its terms do not exist, for an editor."""
    text = once(await _fields(request, resources, CHECK), "query") or ""
    job = _job(request, resources, WorkbenchRequest(text))
    language = resources.style(request.scope).language
    read_job = ReadJob("application/json", partial(checking.checked, job, language))
    return await answering.sent(
        request, resources, read_job, {**VARY_BY_LANGUAGE, "Cache-Control": "no-store"}
    )


@router.declared("GET", "/workbench/terms", TERMS)
async def list_terms(request: Request, resources: AppResources) -> Response:
    """List the terms and kinds with label and definition, for the completion of an editor."""
    TERMS.read_parameters(request)
    language = resources.style(request.scope).language
    job = ReadJob("application/json", partial(completions.terms, language))
    return await answering.tagged(
        request, resources, job, __version__, language, headers=lambda _: VARY_BY_LANGUAGE
    )


async def answer_page(
    request: Request, resources: Resources, job: QueryJob, workbench_request: WorkbenchRequest | None = None
) -> Response:
    """Show a query with its answer, or with its fault."""
    workbench_request = workbench_request or WorkbenchRequest(job.text, _kept_of(job))
    nonce = secrets.token_urlsafe(16)
    style = resources.style(request.scope)
    try:
        job = await resources.readers.with_services(job)
        make = partial(
            workbench.page, style, workbench_request, job, nonce, _examples(resources, style.language)
        )
        read_job = ReadJob("text/html", make, job.as_of, seconds=job.seconds)
        headers = {**_headers(nonce), **answer_headers.warned(job.warnings)}
        return await answering.sent(request, resources, read_job, headers)
    except KGError as fault:
        return _without_answer(request, resources, workbench_request, fault)


def _without_answer(
    request: Request, resources: Resources, workbench_request: WorkbenchRequest, fault: KGError | None = None
) -> Response:
    nonce, style = secrets.token_urlsafe(16), resources.style(request.scope)
    fault_text = workbench.fault_shown(fault, workbench_request.query, style.language) if fault else None
    values = {"shown": None, "version": None, "fault": fault_text}
    text = style.text(
        "workbench.html",
        **values,
        **workbench.common(style, workbench_request, nonce, _examples(resources, style.language)),
    )
    headers = {**_headers(nonce), **(fault.headers if fault else {})}
    return HTMLResponse(text, fault.status if fault else 200, headers)


async def _asked(request: Request, resources: Resources, workbench_request: WorkbenchRequest) -> Response:
    try:
        job = _job(request, resources, workbench_request)
    except KGError as fault:
        return _without_answer(request, resources, workbench_request, fault)
    return await answer_page(request, resources, job, workbench_request)


def _request(parameters: Parameters) -> WorkbenchRequest:
    """Read the request; raises BadInput as ``windows`` does."""
    names = {each.name for each in _KEPT}
    return WorkbenchRequest(
        once(parameters, "query") or "",
        tuple(each for each in parameters if each[0] in names and each != ("as-of", "")),
        windows.read_window(parameters),
        windows.read_view(parameters),
    )


def _fault(resources: Resources, workbench_request: WorkbenchRequest) -> KGError | None:
    """Return the error in the version or the graphs that are asked about, if there is one."""
    try:
        for name, value in workbench_request.kept:
            if name == AS_OF.name:
                version_of(resources.log, value, resources.contents.version)
            else:
                graph_named(value)
    except KGError as fault:
        return fault
    return None


async def _fields(request: Request, resources: Resources, declaration: Declaration) -> Parameters:
    """Decode the form that a page sends; raises UnsupportedFormat and BadInput for any other body."""
    if bare_media_type(request.headers.get("content-type")) != FORM_TYPE:
        raise UnsupportedFormat(f"A query of the workbench is sent as {FORM_TYPE}.", supported=[FORM_TYPE])
    limit = min(resources.settings.max_body_bytes, longest_form(resources.settings.max_query_bytes))
    fields = [*await form(await body(request, limit)), *url_parameters(request)]
    declaration.refuse_unknown(fields)
    if once(fields, "query") is None:
        raise BadInput("The parameter 'query' is missing.")
    return fields


def _kept_of(job: QueryJob) -> tuple[tuple[str, str], ...]:
    return (
        *(("default-graph-uri", graph) for graph in job.default_graphs),
        *(("named-graph-uri", graph) for graph in job.named_graphs),
        *((("as-of", job.as_of),) if job.as_of else ()),
    )


def _job(request: Request, resources: Resources, workbench_request: WorkbenchRequest) -> QueryJob:
    """Return the job for the query, as /sparql would run it; raises BadInput and TooLarge."""
    note_query(request.scope, workbench_request.query)
    measure(workbench_request.query, resources.settings.max_query_bytes)
    parameters = list(workbench_request.kept)
    return QueryJob(
        workbench_request.query,
        default_graphs=tuple(value for name, value in parameters if name == "default-graph-uri"),
        named_graphs=tuple(value for name, value in parameters if name == "named-graph-uri"),
        max_bytes=resources.settings.max_query_bytes,
        as_of=sparql_protocol.moment(parameters),
        base=f"{resources.root(request)}sparql" if is_relative(workbench_request.query) else None,
    )


def _headers(nonce: str) -> dict[str, str]:
    """Return headers that permit the editor's styles, by the nonce of this response."""
    policy = f"{answer_headers.POLICY}; style-src 'self' 'nonce-{nonce}'"
    return {**VARY_BY_LANGUAGE, "Cache-Control": "no-store", "Content-Security-Policy": policy}


def _examples(resources: Resources, language: str) -> Examples:
    """Return the saved questions by their first tag, in a language if translated."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, question in resources.questions.items():
        groups.setdefault(question.tags[0] if question.tags else "other", []).append(
            (name, question.translated(language)[0])
        )
    return dict(sorted(groups.items()))
