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
from kg.api.resources import Here, Resources
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
async def read_graph(request: Request, here: Here) -> Response:
    """Return a graph (``graph``), or the store's default graph (``default``); without both, list them."""
    parameters = url_parameters(request)
    if not {name for name, _ in parameters} - set(READ_NAMED.names):
        choice = sparql_protocol.chosen(request, parameters, GRAPH_FORMATS)
        described = await service_description.of_server(request, here)
        return Response(described.serialized(choice.format), media_type=choice.content_type)
    return await _read(request, here, _named(parameters, READ), parameters)


@router.declared("PUT", "/graphs", WRITE)
async def replace_graph(request: Request, here: Here) -> Response:
    """Replace a graph with the body, or create it."""
    by, parameters = _author(request, here), url_parameters(request)
    return await _written(request, here, by, _named(parameters, WRITE), jobs.replace_graph)


@router.declared("POST", "/graphs", WRITE)
async def extend_graph(request: Request, here: Here) -> Response:
    """Add the body to a graph; without a name, create a new graph, as for facts."""
    by, parameters = _author(request, here), url_parameters(request)
    if not {name for name, _ in parameters} - set(WRITE_NAMED.names):
        return await _submitted(request, here, by)
    return await _written(request, here, by, _named(parameters, WRITE), jobs.extend_graph)


@router.declared("DELETE", "/graphs", DELETE)
async def delete_graph(request: Request, here: Here) -> Response:
    """Delete a graph."""
    by, parameters = _author(request, here), url_parameters(request)
    return await _deleted(request, here, by, _named(parameters, DELETE))


@router.declared("GET", "/graphs/{name:path}", READ_NAMED)
async def read_graph_here(name: str, request: Request, here: Here) -> Response:
    """Return the graph whose IRI ends with this address, below the base of our IRIs."""
    parameters = READ_NAMED.read_parameters(request)
    return await _read(request, here, _of_address(name, request), parameters)


@router.declared("PUT", "/graphs/{name:path}", WRITE_NAMED)
async def replace_graph_here(name: str, request: Request, here: Here) -> Response:
    """Replace the graph named by this address, or create it."""
    by = _author(request, here)
    WRITE_NAMED.read_parameters(request)
    return await _written(request, here, by, _of_address(name, request), jobs.replace_graph)


@router.declared("POST", "/graphs/{name:path}", WRITE_NAMED)
async def extend_graph_here(name: str, request: Request, here: Here) -> Response:
    """Add the body to the graph named by this address."""
    by = _author(request, here)
    WRITE_NAMED.read_parameters(request)
    return await _written(request, here, by, _of_address(name, request), jobs.extend_graph)


@router.declared("DELETE", "/graphs/{name:path}", DELETE_NAMED)
async def delete_graph_here(name: str, request: Request, here: Here) -> Response:
    """Delete the graph named by this address."""
    by = _author(request, here)
    DELETE_NAMED.read_parameters(request)
    return await _deleted(request, here, by, _of_address(name, request))


async def _read(request: Request, here: Resources, graph: Graph, parameters: Parameters) -> Response:
    choice = _chosen(request, parameters)
    if isinstance(graph, NamedNode):
        here.require_kept([graph.value])
    try:
        snapshot = await here.readers.snapshots.hold()
    except (OSError, NoRoom, Unavailable):  # a full disk prevents the snapshot, but no reading
        return await _read_untagged(request, here, graph, choice)
    coding = codings.chosen(request.headers)
    try:
        tag = await asyncio.to_thread(_tag_in, snapshot, graph, choice.format, coding)
    except NotFound:
        here.readers.snapshots.leave(snapshot)
        await _require_not_withdrawn(request, here, graph)
        raise
    except BaseException:
        here.readers.snapshots.leave(snapshot)
        raise
    if etags.is_known(request, tag):
        here.readers.snapshots.leave(snapshot)
        return etags.unchanged(tag)
    job = ReadJob(choice.media_type, partial(export.one, choice.format.name, graph), is_long=True)
    client = answering.client_of(request, here)
    found = await answering.unless_gone(request, answering.fresh(here, job, client, snapshot))
    headers = versioned(found.version, tag)
    return Streamed(answering.counted(here, found), found.close, headers, found.content_type)


async def _require_not_withdrawn(request: Request, here: Resources, graph: Graph) -> None:
    """Raise Withdrawn for a retracted graph, with the reason, and the last version that has it."""
    make = partial(graph_documents.nothing_unless_withdrawn, here.log, graph)
    await answering.made(request, here, ReadJob("text/plain", make))


def _chosen(request: Request, parameters: Parameters) -> Choice[RDFFormat]:
    """Choose the format of a graph: one of triples, or one of quads if no other is acceptable."""
    try:
        return sparql_protocol.chosen(request, parameters, GRAPH_FORMATS)
    except NotAcceptable:
        return sparql_protocol.chosen(request, parameters, _FORMATS)


async def _read_untagged(
    request: Request, here: Resources, graph: Graph, choice: Choice[RDFFormat]
) -> Response:
    """Return a graph from a reader, without an ETag."""
    job = ReadJob(choice.media_type, partial(graph_documents.one, choice.format.name, graph), is_long=True)
    found = await answering.unless_gone(
        request, answering.fresh(here, job, answering.client_of(request, here))
    )
    headers = versioned(found.version, None)
    return Streamed(answering.counted(here, found), found.close, headers, found.content_type)


async def _written(
    request: Request, here: Resources, by: Provenance, graph: Graph, write: Callable[..., Judgement]
) -> Response:
    """Change a graph by the body: 201 if that creates it, else 200 with the commit, 204 without a commit."""
    writes = here.writes
    async with _received(request, here) as body:
        job = partial(write, _write(request, graph), body)
        settled = await answering.unless_gone(request, writes.change(job, by))
    is_new = bool((settled.decision.details or {})["is_new"])
    unsaid = () if settled.commit else settled.decision.warnings
    response = update.commit_answer(
        settled.commit, 201 if is_new else 200, warnings=unsaid, version=here.contents.version
    )
    if is_new and settled.commit and isinstance(graph, NamedNode):
        response.headers["Location"] = iris.as_uri(graph.value)
    return response


async def _deleted(request: Request, here: Resources, by: Provenance, graph: Graph) -> Response:
    job = partial(jobs.delete_graph, _write(request, graph))
    return update.commit_answer((await answering.unless_gone(request, here.writes.change(job, by))).commit)


async def _submitted(request: Request, here: Resources, by: Provenance) -> Response:
    """Create a graph for the body: a submission like any other, named by its content."""
    writes = here.writes
    async with _received(request, here) as body:
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
async def _received(request: Request, here: Resources) -> AsyncIterator[Body]:
    """Receive a graph, or a form with files; delete the file at the end."""
    check_charset(request)
    body = await received(request, here.settings.max_body_bytes, here.bodies)
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


def _author(request: Request, here: Resources) -> Provenance:
    """Return the author of a write, before anything else is checked; raises MissingToken and Forbidden."""
    bearer = here.tokens.identify(request.headers.get("authorization"), Role.CURATE)
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
