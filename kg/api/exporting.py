"""The route /export: graphs as files, streamed from a reader."""

from functools import partial

from fastapi import APIRouter, Request, Response

from kg import export
from kg.api import answering, bodies, protocol
from kg.api.resources import Here
from kg.api.streaming import Streamed
from kg.negotiation import RDF_FORMATS, choose
from kg.reader import ReadJob

router = APIRouter(tags=["export"])

_OFFERS = tuple(RDF_FORMATS[name] for name in ("trig", "turtle", "nquads", "ntriples", "jsonld", "rdfxml"))


@router.get("/export", response_class=Response)
async def export_graphs(request: Request, here: Here) -> Response:
    """Export the graphs named (``graph``), or all that hold facts, or with ``all`` whatever there is."""
    parameters = bodies.url_parameters(request)
    bodies.refuse_unknown(parameters, ("graph", "all", protocol.AS_OF, *protocol.FORMAT_NAMES))
    choice = choose(protocol.wanted(request, parameters), _OFFERS)
    wanted = [value for name, value in parameters if name == "graph"]
    everything = bodies.flag(parameters, "all")
    make = partial(export.chosen, choice.format.name, tuple(wanted), everything)
    job = ReadJob(choice.media_type, make, protocol.moment(parameters), is_long=True)
    found = await answering.unless_gone(request, answering.fresh(here, job))
    name = f"regional-diplomacy-v{found.version}{choice.format.suffixes[0]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Graph-Version": str(found.version),
    }
    return Streamed(answering.counted(here, found), found.close, headers, found.content_type)
