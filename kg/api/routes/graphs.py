"""The routes /graphs: the Graph Store HTTP Protocol. A write is one commit, judged like any other."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request, Response
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg import formats, iris, provenance
from kg.api import answering, codings, etags, multipart, service_description, sparql_protocol
from kg.api.answer_headers import versioned
from kg.api.declarations import REASON, SOURCE, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import GRAPHS, IRI, STRING, Content, content, json_content
from kg.api.parameters import Parameters, body, check_charset, once, url_parameters
from kg.api.resources import Here, Resources
from kg.api.routes import update
from kg.api.streaming import Streamed
from kg.changes import Provenance, Quads
from kg.errors import BadInput, NotFound, UnsupportedFormat
from kg.exports import export
from kg.facts import edits, parsing, submissions
from kg.facts.blank_nodes import named_by_content
from kg.facts.edits import Draft
from kg.facts.submissions import Outcome
from kg.formats import GRAPH_FORMATS, RDF_FORMATS, RDFFormat, bare_media_type, choose
from kg.importers.catalogue import FACTS_FORMATS
from kg.query.job import ReadJob
from kg.query.readers.snapshots import Snapshot
from kg.store.snapshots import Past
from kg.store.store import Contents, open_snapshot
from kg.store.tokens import Role
from kg.store.transaction import normalised
from kg.terms import PROV

router = Routes("graphs", "The Graph Store HTTP Protocol.")

Graph = NamedNode | DefaultGraph
_GRAPH = DeclaredParameter("graph", "The IRI of the graph.", IRI)
_DEFAULT = DeclaredParameter(
    "default",
    "Without a value: the store's own default graph.",
    {**STRING, "maxLength": 0},
    may_be_empty=True,
)
_FORMAT = format_of(GRAPH_FORMATS)
_DOCUMENT: Content = {
    **content(GRAPH_FORMATS),
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "description": "Files, each with its type or a name that tells it.",
    },
}
READ_NAMED = Declaration(
    {200: GRAPHS, 304: {}},
    (400, 404, 406, 415, 503),
    parameters=(_FORMAT,),
    headers=("ETag", "X-Graph-Version"),
)
READ = replace(READ_NAMED, parameters=(_GRAPH, _DEFAULT, _FORMAT))
DELETE_NAMED = Declaration(
    {200: json_content("Change"), 204: {}},
    (400, 401, 403, 404, 409, 412, 413, 415, 422, 503),
    parameters=(SOURCE, REASON),
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


class _Document(NamedTuple):
    """What was sent for a graph, in one format."""

    data: bytes
    format: RDFFormat


@router.declared("GET", "/graphs", READ)
async def read_graph(request: Request, here: Here) -> Response:
    """Give a graph (``graph``), or the store's own default graph (``default``); without either, list them."""
    parameters = url_parameters(request)
    if not {name for name, _ in parameters} - set(READ_NAMED.names):
        choice = choose(sparql_protocol.wanted(request, parameters), GRAPH_FORMATS)
        described = await service_description.of_server(request, here)
        return Response(described.serialized(choice.format), media_type=choice.content_type)
    return await _read(request, here, _named(parameters, READ), parameters)


@router.declared("PUT", "/graphs", WRITE)
async def replace_graph(request: Request, here: Here) -> Response:
    """Replace a graph by what is sent, or make it."""
    by, parameters = _author(request, here), url_parameters(request)
    return await _written(request, here, by, _named(parameters, WRITE), _replace)


@router.declared("POST", "/graphs", WRITE)
async def extend_graph(request: Request, here: Here) -> Response:
    """Add what is sent to a graph; without a name, make one for it, as for facts."""
    by, parameters = _author(request, here), url_parameters(request)
    if not {name for name, _ in parameters} - set(WRITE_NAMED.names):
        return await _submitted(request, here, by)
    return await _written(request, here, by, _named(parameters, WRITE), _extend)


@router.declared("DELETE", "/graphs", DELETE)
async def delete_graph(request: Request, here: Here) -> Response:
    """Delete a graph."""
    by, parameters = _author(request, here), url_parameters(request)
    return await _deleted(request, here, by, _named(parameters, DELETE))


@router.declared("GET", "/graphs/{name:path}", READ_NAMED)
async def read_graph_here(name: str, request: Request, here: Here) -> Response:
    """Give the graph that is named by this very address, below the base of our IRIs."""
    parameters = READ_NAMED.read_parameters(request)
    return await _read(request, here, _of_address(name), parameters)


@router.declared("PUT", "/graphs/{name:path}", WRITE_NAMED)
async def replace_graph_here(name: str, request: Request, here: Here) -> Response:
    """Replace the graph that is named by this address, or make it."""
    by = _author(request, here)
    WRITE_NAMED.read_parameters(request)
    return await _written(request, here, by, _of_address(name), _replace)


@router.declared("POST", "/graphs/{name:path}", WRITE_NAMED)
async def extend_graph_here(name: str, request: Request, here: Here) -> Response:
    """Add what is sent to the graph that is named by this address."""
    by = _author(request, here)
    WRITE_NAMED.read_parameters(request)
    return await _written(request, here, by, _of_address(name), _extend)


@router.declared("DELETE", "/graphs/{name:path}", DELETE_NAMED)
async def delete_graph_here(name: str, request: Request, here: Here) -> Response:
    """Delete the graph that is named by this address."""
    by = _author(request, here)
    DELETE_NAMED.read_parameters(request)
    return await _deleted(request, here, by, _of_address(name))


async def _read(request: Request, here: Resources, graph: Graph, parameters: Parameters) -> Response:
    choice = choose(sparql_protocol.wanted(request, parameters), GRAPH_FORMATS)
    snapshot = await here.readers.snapshots.hold()
    coding = codings.chosen(request.headers)
    try:
        tag = await asyncio.to_thread(_tag_in, snapshot, graph, choice.format, coding)
    except BaseException:
        here.readers.snapshots.leave(snapshot)
        raise
    if etags.is_known(request, tag):
        here.readers.snapshots.leave(snapshot)
        return etags.unchanged(tag)
    job = ReadJob(choice.media_type, partial(export.one, choice.format.name, graph), is_long=True)
    found = await answering.unless_gone(request, answering.fresh(here, job, snapshot))
    headers = versioned(found.version, tag)
    return Streamed(answering.counted(here, found), found.close, headers, found.content_type)


async def _written(
    request: Request,
    here: Resources,
    by: Provenance,
    graph: Graph,
    write: Callable[[Draft, Graph, list[Quad]], None],
) -> Response:
    """Change a graph by what is sent: 201 where that makes it, else 200 with the commit, 204 without one."""
    quads = await _sent_quads(request, here, graph)
    store = here.store

    def work() -> tuple[bool, Outcome]:
        with store.writing:
            is_new = not edits.exists(store, graph)
            edits.check_open(store, graph)
            etags.require(request, _tags(store, graph))
            draft = Draft(store)
            write(draft, graph, quads)
            return is_new, edits.change(store, here.gate, draft, by)

    is_new, outcome = await here.writes.write(work)
    response = update.told(outcome, 201 if is_new else 200)
    if is_new and outcome.commit and isinstance(graph, NamedNode):
        response.headers["Location"] = iris.as_uri(graph.value)
    return response


async def _deleted(request: Request, here: Resources, by: Provenance, graph: Graph) -> Response:
    store = here.store

    def work() -> Outcome:
        with store.writing:
            if not edits.exists(store, graph):
                raise NotFound(f"There is no graph {graph}.")
            edits.check_open(store, graph)
            etags.require(request, _tags(store, graph))
            draft = Draft(store)
            draft.drop(graph)
            return edits.change(store, here.gate, draft, by)

    return update.told(await here.writes.write(work))


async def _submitted(request: Request, here: Resources, by: Provenance) -> Response:
    """Make a graph for what is sent: a submission like any other, named by its content."""
    documents = await _documents(request, here)
    if not any(document.data for document in documents):
        return Response(status_code=204)
    if len(documents) > 1:
        raise BadInput("A new graph is made of one document; name the graph that several are to go into.")
    submission = await asyncio.to_thread(submissions.parse, documents[0].data, documents[0].format)
    outcome = await here.writes.write(lambda: submissions.add(here.store, here.gate, submission, by))
    response = update.told(outcome, 201)
    response.headers["Location"] = f"graphs?graph={quote(submission.graphs[0], safe='')}"
    return response


def _replace(draft: Draft, graph: Graph, quads: list[Quad]) -> None:
    """Put quads in place of all that a graph holds."""
    draft.remove(set(draft.quads_of(graph)) - set(quads))
    draft.add(quads)
    if not quads:
        draft.create(graph)


def _extend(draft: Draft, _: Graph, quads: list[Quad]) -> None:
    """Put quads beside what a graph holds."""
    draft.add(quads)


async def _sent_quads(request: Request, here: Resources, graph: Graph) -> list[Quad]:
    documents = await _documents(request, here)
    return [quad for each in documents for quad in await asyncio.to_thread(_read_document, each, graph)]


def _read_document(document: _Document, graph: Graph) -> list[Quad]:
    _, quads = parsing.read(document.data, document.format)
    if any(not isinstance(quad.graph_name, DefaultGraph) for quad in quads):
        raise BadInput("A document for one graph names no graphs in it.")
    _, named = named_by_content(normalised(quads))  # sent again, it changes nothing
    return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in named]


async def _documents(request: Request, here: Resources) -> list[_Document]:
    """Read the body, or the files of a form; what does not tell its type is RDF/XML, as the protocol asks."""
    content_type = request.headers.get("content-type", "")
    check_charset(request)
    data = await body(request, here.settings.max_body_bytes)
    if bare_media_type(content_type) == "multipart/form-data":
        return [_Document(file.data, _format_of(file)) for file in multipart.files(content_type, data)]
    return [_Document(data, _rdf(content_type or RDF_FORMATS["rdfxml"].media_type))]


def _format_of(file: multipart.File) -> RDFFormat:
    """Tell the format of a file: by its type, or by its name where a browser knew none."""
    if file.name and bare_media_type(file.content_type) in ("", "application/octet-stream"):
        return formats.from_path(file.name, RDF_FORMATS)
    return _rdf(file.content_type or "")


def _rdf(content_type: str) -> RDFFormat:
    rdf_format = formats.from_content_type(content_type, FACTS_FORMATS)
    if not isinstance(rdf_format, RDFFormat):
        raise UnsupportedFormat(
            "A graph is sent as RDF.", supported=[each.media_type for each in GRAPH_FORMATS]
        )
    return rdf_format


def _author(request: Request, here: Resources) -> Provenance:
    """Find who writes, before anything else is looked at; raises MissingToken and Forbidden."""
    bearer = here.tokens.identify(request.headers.get("authorization"), Role.CURATE)
    parameters = url_parameters(request)
    return Provenance(bearer, once(parameters, "source"), once(parameters, "reason"))


def _named(parameters: Parameters, declaration: Declaration) -> Graph:
    """Find which graph is meant; raises BadInput unless it is exactly one, named by an absolute IRI."""
    declaration.refuse_unknown(parameters)
    name, default = once(parameters, "graph"), once(parameters, "default")
    if (name is None) == (default is None):
        raise BadInput("Name the graph by 'graph', or the default graph by 'default': one of them.")
    if default:
        raise BadInput("The parameter 'default' has no value.")
    return DefaultGraph() if name is None else iris.graph_named(name)


def _of_address(name: str) -> Graph:
    try:
        return NamedNode(f"{iris.BASE}graphs/{name}")
    except ValueError:
        raise NotFound("No graph is named so: the address holds a character that no IRI may hold.") from None


def _tag_in(snapshot: Snapshot | Past, graph: Graph, rdf_format: RDFFormat, coding: str) -> str:
    """Give the tag of a graph in a snapshot; raises NotFound for one that is not there."""
    contents = open_snapshot(snapshot.path, snapshot.version)
    if not edits.exists(contents, graph):
        raise NotFound(f"There is no graph {graph}.")
    return _tag(contents, graph, rdf_format, coding)


def _tag(contents: Contents, graph: Graph, rdf_format: RDFFormat, coding: str) -> str:
    """Tag a graph in one form: strong, for exports are sorted; it stays until a commit writes the graph."""
    return f'"v{_changed(contents, graph)}-{rdf_format.name}-{coding}"'


def _tags(contents: Contents, graph: Graph) -> frozenset[str]:
    """Give the tags of all forms of a graph; none where it is not there."""
    if not edits.exists(contents, graph):
        return frozenset()
    coding = (codings.IDENTITY, codings.GZIP, codings.ZSTD)
    return frozenset(_tag(contents, graph, each, code) for each in GRAPH_FORMATS for code in coding)


def _changed(contents: Contents, graph: Graph) -> int:
    """Give the version that last changed a graph; for one without a name, the version there is."""
    if isinstance(graph, DefaultGraph):
        return contents.newest
    prefix = provenance.commit_node(0).value.removesuffix("0")
    commits = _values(contents, graph)
    return max((int(commit.removeprefix(prefix)) for commit in commits), default=contents.newest)


def _values(contents: Quads, graph: NamedNode) -> list[str]:
    told = contents.quads_for_pattern(graph, PROV.WAS_GENERATED_BY, None, provenance.GRAPH)
    return [quad.object.value for quad in told if isinstance(quad.object, NamedNode)]
