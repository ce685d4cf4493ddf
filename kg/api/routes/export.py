"""The route /export: graphs as files, streamed from a reader."""

from collections.abc import Iterator
from functools import partial

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode

from kg.api import answering, names, sparql_protocol
from kg.api.declarations import (
    ALL,
    AS_OF,
    FORMAT_NAMES,
    Declaration,
    DeclaredParameter,
    Routes,
    format_of,
)
from kg.api.openapi_schemas import IRIS, content
from kg.api.parameters import Parameters, flag, once
from kg.api.resources import AppResources, Resources
from kg.exports import compression, export
from kg.exports.catalogue import EXPORT_FORMATS, ExportFormat
from kg.exports.compression import COMPRESSIONS, FileCompression
from kg.exports.narrowing import asking
from kg.exports.selection import LAYERS, Selection
from kg.formats import HTML
from kg.query import naming
from kg.query.job import ReadJob
from kg.query.negotiation import Choice, choose
from kg.query.search.search import read_class
from kg.store import mentions
from kg.store.log import CommitLog
from kg.store.store import Contents

router = Routes("export", "Graphs as files.")
_ACTOR = read_class("Actor")

EXPORT = Declaration(
    {200: content(EXPORT_FORMATS.values()), 303: {}, 304: {}},
    (400, 404, 406, 410, 415, 503),
    parameters=(
        DeclaredParameter("graph", "A graph to export; may be repeated.", IRIS),
        ALL,
        DeclaredParameter("actor", "Only records that name this actor; may be repeated.", IRIS),
        DeclaredParameter("since", "Only records possibly dated on or after this day, month or year."),
        DeclaredParameter("until", "Only records possibly dated on or before this day, month or year."),
        DeclaredParameter(
            "layer",
            "Only records of this layer; may be repeated.",
            {"type": "array", "items": {"enum": list(LAYERS)}},
        ),
        DeclaredParameter(
            "question",
            "Only the answer of a saved question, written as in its address: `name?parameter=value`.",
        ),
        AS_OF,
        format_of(EXPORT_FORMATS.values()),
        DeclaredParameter("compression", "Compress the file.", {"enum": ["", *COMPRESSIONS]}),
    ),
    headers=("ETag", "Link", "Location", "X-Graph-Version"),
)


@router.declared("GET", "/export", EXPORT)
async def export_graphs(request: Request, resources: AppResources) -> Response:
    """Export facts in a format of your choice: all facts, a selection, or with ``all`` every graph.

    Without parameters, a browser gets the list of formats; programs find it in DCAT through ``Link``.
    """
    parameters = EXPORT.read_parameters(request)
    formats = (*EXPORT_FORMATS.values(), HTML)
    if not parameters and choose(sparql_protocol.accept(request.headers), formats).format is HTML:
        return RedirectResponse(f"{resources.root_path}help/exports", 303, headers={"Vary": "Accept"})
    choice = _format(request, parameters)
    selection = await _selection(request, resources, parameters)
    packed = compression.from_name(once(parameters, "compression") or "")
    moment = sparql_protocol.moment(parameters)
    resources.require_kept(selection.graphs, moment)
    make = partial(_document, resources.log, choice.format.writer, selection, packed)
    job = ReadJob(packed.media_type if packed else choice.media_type, make, moment, is_long=True)

    def named(version: int) -> dict[str, str]:
        suffix = choice.format.suffixes[0] + (packed.suffix if packed else "")
        part = "-part" if selection.has_criteria or selection.graphs else ""
        name = f"regional-diplomacy{part}-v{version}{suffix}"
        catalogue = f'<{resources.root(request)}.well-known/void>; rel="describedby"'
        return {"Content-Disposition": f'attachment; filename="{name}"', "Link": catalogue}

    key = ("export", choice.format.name, selection.parameters())
    return await answering.tagged(request, resources, job, *key, headers=named)


def _document(
    log: CommitLog, writer: str, selection: Selection, packed: FileCompression | None, contents: Contents
) -> Iterator[bytes]:
    """Yield the document; raises Withdrawn for a retracted graph."""
    graphs = contents.graphs() if selection.graphs else ()
    for graph in selection.graphs:
        if graph not in graphs:
            mentions.require_not_withdrawn(contents, log, NamedNode(graph))
    chunks = export.chosen(writer, selection, contents, log.folder.parent)
    return packed.compressed(chunks) if packed else chunks


def _format(request: Request, parameters: Parameters) -> Choice[ExportFormat]:
    """Choose the format: by its own name, which distinguishes formats of one media type, else as usual."""
    names = {value for name, value in parameters if name in FORMAT_NAMES and value}
    if len(names) == 1 and (export_format := EXPORT_FORMATS.get(names.pop())):
        return Choice(export_format, export_format.media_type)
    return sparql_protocol.chosen(request, parameters, EXPORT_FORMATS.values())


async def _selection(request: Request, resources: Resources, parameters: Parameters) -> Selection:
    """Read what to export; raises BadInput and NotFound."""

    async def things(name: str, of_class: str) -> tuple[str, ...]:
        return tuple(
            [
                await names.thing_named(request, resources, value, of_class)
                for key, value in parameters
                if key == name
            ]
        )

    selection = Selection(
        await things("graph", naming.SUBMISSION),
        flag(parameters, "all"),
        await things("actor", _ACTOR),
        once(parameters, "since"),
        once(parameters, "until"),
        tuple(value for name, value in parameters if name == "layer"),
        once(parameters, "question"),
    )
    return asking(selection, resources.questions)
