"""The routes /graphs: the Graph Store HTTP Protocol. A write is one commit, judged like any other."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from fastapi import Request, Response
from pyoxigraph import DefaultGraph, NamedNode

from kg import iris
from kg.api import answering, codings, etags, service_description, sparql_protocol
from kg.api.answer_headers import versioned
from kg.api.declarations import REASON, SOURCE, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import GRAPHS, IRI, STRING, Content, Schema, content, json_content
from kg.api.parameters import Parameters, check_charset, once, received, url_parameters
from kg.api.resources import AppResources, Resources
from kg.api.routes import update
from kg.api.streaming import Streamed
from kg.changes import Provenance
from kg.errors import BadInput, NoRoom, NotAcceptable, NotFound, Unavailable
from kg.exports import export
from kg.facts import edits, graph_documents, graph_versions
from kg.facts.bodies import Body
from kg.facts.graph_versions import Graph
from kg.facts.judgement import Judgement
from kg.facts.judges import jobs
from kg.facts.judges.jobs import GraphWrite
from kg.facts.preconditions import Precondition
from kg.formats import GRAPH_FORMATS, RDF_FORMATS, RDFFormat
from kg.query.job import ReadJob
from kg.query.negotiation import Choice
from kg.query.readers.snapshots import Snapshot
from kg.store.snapshots import Past
from kg.store.store import open_snapshot
from kg.store.tokens import Role

router = Routes("graphs", "The Graph Store HTTP Protocol.")

_GRAPH = DeclaredParameter("graph", "The IRI of the graph.", IRI)
_DEFAULT = DeclaredParameter(
    "default",
    "Without a value: the store's own default graph.",
    {**STRING, "maxLength": 0},
    may_be_empty=True,
)
_FORMATS = tuple(RDF_FORMATS.values())
_FORMAT = format_of(_FORMATS)
_NAME: Schema = {
    **STRING,
    "description": "The part of the graph's name after `graphs/`.",
    "minLength": 1,
    "examples": ["mine"],
}
_DOCUMENT: Content = {
    **content(GRAPH_FORMATS),
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "description": "Files, each with its media type or a name with a suffix.",
    },
}
READ_NAMED = Declaration(
    {200: GRAPHS, 304: {}},
    (400, 404, 406, 410, 415, 503),
    parameters=(_FORMAT,),
    in_path={"name": _NAME},
    headers=("ETag", "X-Graph-Version"),
)
READ = replace(READ_NAMED, parameters=(_GRAPH, _DEFAULT, _FORMAT))
DELETE_NAMED = Declaration(
    {200: json_content("Change"), 204: {}},
    (400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
    parameters=(SOURCE, REASON),
    in_path={"name": _NAME},
    headers=("KG-Warning",),
    needs_token=True,
)
DELETE = replace(DELETE_NAMED, parameters=(_GRAPH, _DEFAULT, *DELETE_NAMED.parameters))
WRITE_NAMED = replace(
    DELETE_NAMED,
    answers={200: json_content("Change"), 201: json_content("Change"), 204: {}},
    body=_DOCUMENT,
    needs_body=False,
)
WRITE = replace(WRITE_NAMED, parameters=DELETE.parameters)


@router.declared("GET", "/graphs", READ)
async def read_graph(request: Request, resources: AppResources) -> Response:
    """Return a graph (``graph``), or the store's default graph (``default``); without both, list them."""
    parameters = url_parameters(request)
    if not {name for name, _ in parameters} - set(READ_NAMED.names):
        choice = sparql_protocol.chosen(request, parameters, GRAPH_FORMATS)
        described = await service_description.of_server(request, resources)
        return Response(described.serialized(choice.format), media_type=choice.content_type)
    return await _read(request, resources, _named(parameters, READ), parameters)


@router.declared("PUT", "/graphs", WRITE)
async def replace_graph(request: Request, resources: AppResources) -> Response:
    """Replace a graph with the body, or create it."""
    by, parameters = _author(request, resources), url_parameters(request)
    return await _written(request, resources, by, _named(parameters, WRITE), jobs.replace_graph)


@router.declared("POST", "/graphs", WRITE)
async def extend_graph(request: Request, resources: AppResources) -> Response:
    """Add the body to a graph; without a name, create a new graph, as for facts."""
    by, parameters = _author(request, resources), url_parameters(request)
    if not {name for name, _ in parameters} - set(WRITE_NAMED.names):
        return await _submitted(request, resources, by)
    return await _written(request, resources, by, _named(parameters, WRITE), jobs.extend_graph)


@router.declared("DELETE", "/graphs", DELETE)
async def delete_graph(request: Request, resources: AppResources) -> Response:
    """Delete a graph."""
    by, parameters = _author(request, resources), url_parameters(request)
    return await _deleted(request, resources, by, _named(parameters, DELETE))


@router.declared("GET", "/graphs/{name:path}", READ_NAMED)
async def read_graph_here(name: str, request: Request, resources: AppResources) -> Response:
    """Return the graph whose IRI ends with this address, below the base of our IRIs."""
    parameters = READ_NAMED.read_parameters(request)
    return await _read(request, resources, _of_address(name, request), parameters)


@router.declared("PUT", "/graphs/{name:path}", WRITE_NAMED)
async def replace_graph_here(name: str, request: Request, resources: AppResources) -> Response:
    """Replace the graph named by this address, or create it."""
    by = _author(request, resources)
    WRITE_NAMED.read_parameters(request)
    return await _written(request, resources, by, _of_address(name, request), jobs.replace_graph)


@router.declared("POST", "/graphs/{name:path}", WRITE_NAMED)
async def extend_graph_here(name: str, request: Request, resources: AppResources) -> Response:
    """Add the body to the graph named by this address."""
    by = _author(request, resources)
    WRITE_NAMED.read_parameters(request)
    return await _written(request, resources, by, _of_address(name, request), jobs.extend_graph)


@router.declared("DELETE", "/graphs/{name:path}", DELETE_NAMED)
async def delete_graph_here(name: str, request: Request, resources: AppResources) -> Response:
    """Delete the graph named by this address."""
    by = _author(request, resources)
    DELETE_NAMED.read_parameters(request)
    return await _deleted(request, resources, by, _of_address(name, request))


async def _read(request: Request, resources: Resources, graph: Graph, parameters: Parameters) -> Response:
    choice = _chosen(request, parameters)
    if isinstance(graph, NamedNode):
        resources.require_kept([graph.value])
    try:
        snapshot = await resources.readers.snapshots.hold()
    except (OSError, NoRoom, Unavailable):  # a full disk prevents the snapshot, but no reading
        return await _read_untagged(request, resources, graph, choice)
    coding = codings.chosen(request.headers)
    try:
        tag = await asyncio.to_thread(_tag_in, snapshot, graph, choice.format, coding)
    except NotFound:
        resources.readers.snapshots.leave(snapshot)
        await _require_not_withdrawn(request, resources, graph)
        raise
    except BaseException:
        resources.readers.snapshots.leave(snapshot)
        raise
    if etags.is_known(request, tag):
        resources.readers.snapshots.leave(snapshot)
        return etags.unchanged(tag)
    job = ReadJob(choice.media_type, partial(export.one, choice.format.name, graph), is_long=True)
    client = answering.client_of(request, resources)
    found = await answering.unless_gone(request, answering.fresh(resources, job, client, snapshot))
    headers = versioned(found.version, tag)
    return Streamed(answering.counted(resources, found), found.close, headers, found.content_type)


async def _require_not_withdrawn(request: Request, resources: Resources, graph: Graph) -> None:
    """Raise Withdrawn for a retracted graph, with the reason, and the last version that has it."""
    make = partial(graph_documents.nothing_unless_withdrawn, resources.log, graph)
    await answering.made(request, resources, ReadJob("text/plain", make))


def _chosen(request: Request, parameters: Parameters) -> Choice[RDFFormat]:
    """Choose the format of a graph: one of triples, or one of quads if no other is acceptable."""
    try:
        return sparql_protocol.chosen(request, parameters, GRAPH_FORMATS)
    except NotAcceptable:
        return sparql_protocol.chosen(request, parameters, _FORMATS)


async def _read_untagged(
    request: Request, resources: Resources, graph: Graph, choice: Choice[RDFFormat]
) -> Response:
    """Return a graph from a reader, without an ETag."""
    job = ReadJob(choice.media_type, partial(graph_documents.one, choice.format.name, graph), is_long=True)
    found = await answering.unless_gone(
        request, answering.fresh(resources, job, answering.client_of(request, resources))
    )
    headers = versioned(found.version, None)
    return Streamed(answering.counted(resources, found), found.close, headers, found.content_type)


async def _written(
    request: Request, resources: Resources, by: Provenance, graph: Graph, write: Callable[..., Judgement]
) -> Response:
    """Change a graph by the body: 201 if that creates it, else 200 with the commit, 204 without a commit."""
    writes = resources.writes
    async with _received(request, resources) as body:
        job = partial(write, _write(request, graph), body)
        settled = await answering.unless_gone(request, writes.change(job, by))
    is_new = bool((settled.decision.details or {})["is_new"])
    unsaid = () if settled.commit else settled.decision.warnings
    response = update.commit_answer(
        settled.commit, 201 if is_new else 200, warnings=unsaid, version=resources.contents.version
    )
    if is_new and settled.commit and isinstance(graph, NamedNode):
        response.headers["Location"] = iris.as_uri(graph.value)
    return response


async def _deleted(request: Request, resources: Resources, by: Provenance, graph: Graph) -> Response:
    job = partial(jobs.delete_graph, _write(request, graph))
    return update.commit_answer(
        (await answering.unless_gone(request, resources.writes.change(job, by))).commit
    )


async def _submitted(request: Request, resources: Resources, by: Provenance) -> Response:
    """Create a graph for the body: a submission like any other, named by its content."""
    writes = resources.writes
    async with _received(request, resources) as body:
        job = partial(jobs.submit_graph, body, by)
        settled = await answering.unless_gone(request, writes.change(job, by))
    graph = (settled.decision.details or {}).get("graph")
    if graph is None:
        return Response(status_code=204)
    response = update.commit_answer(settled.commit, 201)
    response.headers["Location"] = iris.as_uri(str(graph))
    response.headers["Content-Location"] = f"graphs?graph={quote(str(graph), safe='')}"
    return response


@asynccontextmanager
async def _received(request: Request, resources: Resources) -> AsyncIterator[Body]:
    """Receive a graph, or a form with files; delete the file at the end."""
    check_charset(request)
    body = await received(request, resources.settings.max_body_bytes, resources.bodies)
    try:
        yield body
    finally:
        body.discard()


def _write(request: Request, graph: Graph) -> GraphWrite:
    """Return which graph to write, and the client's preconditions."""
    precondition = Precondition(
        ",".join(request.headers.getlist("if-match")), ",".join(request.headers.getlist("if-none-match"))
    )
    coded = (codings.IDENTITY, codings.GZIP, codings.ZSTD)
    forms = (f"{each.name}-{coding}" for each in _FORMATS for coding in coded)
    return GraphWrite(graph, precondition, tuple(forms))


def _author(request: Request, resources: Resources) -> Provenance:
    """Return the author of a write, before anything else is checked; raises MissingToken and Forbidden."""
    bearer = resources.tokens.identify(request.headers.get("authorization"), Role.CURATE)
    parameters = url_parameters(request)
    return Provenance(bearer, once(parameters, "source"), once(parameters, "reason"))


def _named(parameters: Parameters, declaration: Declaration) -> Graph:
    """Return the graph that is meant; raises BadInput unless exactly one is named, by an absolute IRI."""
    declaration.refuse_unknown(parameters)
    name, default = once(parameters, "graph"), once(parameters, "default")
    if (name is None) == (default is None):
        raise BadInput(
            "Give either the parameter 'graph' with the graph's IRI, or 'default' for the default graph."
        )
    if default:
        raise BadInput("The parameter 'default' has no value.")
    return DefaultGraph() if name is None else iris.graph_named(name)


def _of_address(name: str, request: Request) -> Graph:
    """Return the graph that the address names: ``b%2Fc`` and ``b/c`` are different graphs."""
    path = iris.from_uri(request.scope["raw_path"].decode("latin-1"))
    try:
        return NamedNode(f"{iris.BASE}graphs/{path.partition('/graphs/')[2] or name}")
    except ValueError:
        raise NotFound(
            "There is no such graph: the address contains a character that is not allowed in an IRI."
        ) from None


def _tag_in(snapshot: Snapshot | Past, graph: Graph, rdf_format: RDFFormat, coding: str) -> str:
    """Return the ETag of a graph in a snapshot; raises NotFound if the graph is not in it."""
    contents = open_snapshot(snapshot.path, snapshot.version)
    if not edits.exists(contents, graph):
        raise NotFound(f"There is no graph {graph}.")
    changed = graph_versions.changed_in(contents, contents.newest, graph)
    return graph_versions.tag(changed, f"{rdf_format.name}-{coding}")
