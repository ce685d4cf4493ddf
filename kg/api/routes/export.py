"""The route /export: graphs as files, streamed from a reader."""

from functools import partial

from fastapi import Request, Response

from kg import iris
from kg.api import answering, sparql_protocol
from kg.api.declarations import ALL, AS_OF, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import IRIS, content
from kg.api.parameters import flag
from kg.api.resources import Here, Resources
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.query import naming
from kg.query.job import ReadJob

router = Routes("export", "Graphs as files.")

EXPORT = Declaration(
    {200: content(EXPORT_FORMATS.values()), 304: {}},
    (400, 404, 406, 410, 415, 503),
    parameters=(
        DeclaredParameter("graph", "A graph to be exported; may be repeated.", IRIS),
        ALL,
        AS_OF,
        format_of(EXPORT_FORMATS.values()),
    ),
    headers=("ETag", "X-Graph-Version"),
)


@router.declared("GET", "/export", EXPORT)
async def export_graphs(request: Request, here: Here) -> Response:
    """Export the graphs named (``graph``), or all that hold facts, or with ``all`` whatever there is."""
    parameters = EXPORT.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, EXPORT_FORMATS.values())
    wanted = [await _graph(here, value) for name, value in parameters if name == "graph"]
    everything = flag(parameters, "all")
    here.require_kept([iris.read_iri(text).value for text in wanted], sparql_protocol.moment(parameters))
    make = partial(export.chosen, choice.format.writer, tuple(wanted), everything)
    job = ReadJob(choice.media_type, make, sparql_protocol.moment(parameters), is_long=True)

    def named(version: int) -> dict[str, str]:
        name = f"regional-diplomacy-v{version}{choice.format.suffixes[0]}"
        return {"Content-Disposition": f'attachment; filename="{name}"'}

    return await answering.tagged(request, here, job, "export", wanted, everything, headers=named)


async def _graph(here: Resources, text: str) -> str:
    """Return the IRI of a graph that is given by its IRI or its title; raises BadInput."""
    if not naming.needs_search(text):
        return text
    return naming.iri_of(text, await here.search.resolve(text.strip(), (naming.SUBMISSION,)))
