"""The route /export: graphs as files, streamed from a snapshot."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial

from fastapi import APIRouter, Request, Response

from kg import export
from kg.api import bodies, protocol
from kg.api.resources import Here
from kg.api.streaming import Streamed
from kg.negotiation import RDF_FORMATS, choose
from kg.store import open_snapshot

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
    snapshot = await here.readers.hold(protocol.moment(parameters))
    let_go = partial(here.readers.leave, snapshot)
    try:
        contents = open_snapshot(snapshot.path, snapshot.version)
        graphs = export.choose_graphs(contents.graphs(), wanted, everything=everything)
        chunks = export.stream(contents, choice.format, graphs)
        first = await asyncio.to_thread(next, chunks, b"")  # a fault is still a fault, not half a file
    except BaseException:
        let_go()
        raise
    name = f"regional-diplomacy-v{snapshot.version}{choice.format.suffixes[0]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Graph-Version": str(snapshot.version),
    }
    return Streamed(sent(first, chunks), let_go, headers, choice.content_type)


async def sent(first: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pass on what an export yields, off the event loop."""
    yield first
    while chunk := await asyncio.to_thread(next, rest, b""):
        yield chunk
