"""The route /export: graphs as files, streamed from a snapshot."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from kg import export
from kg.api import bodies, protocol
from kg.api.resources import Here
from kg.negotiation import RDF_FORMATS, choose
from kg.store import open_snapshot

router = APIRouter(tags=["export"])

_OFFERS = tuple(RDF_FORMATS[name] for name in ("trig", "turtle", "nquads", "ntriples", "jsonld", "rdfxml"))


@router.get("/export", response_class=Response)
async def export_graphs(request: Request, here: Here) -> Response:
    """Export the graphs named (``graph``), or all that hold facts, or with ``all`` whatever there is."""
    parameters = bodies.url_parameters(request)
    bodies.refuse_unknown(parameters, ("graph", "all", *protocol.FORMAT_NAMES))
    choice = choose(protocol.wanted(request, parameters), _OFFERS)
    wanted = [value for name, value in parameters if name == "graph"]
    everything = bodies.flag(parameters, "all")
    async with AsyncExitStack() as stack:
        snapshot = await stack.enter_async_context(here.readers.snapshot())
        contents = open_snapshot(snapshot.path, snapshot.version)
        graphs = export.choose_graphs(contents.graphs(), wanted, everything=everything)
        chunks = export.stream(contents, choice.format, graphs)
        first = await asyncio.to_thread(next, chunks, b"")  # a fault is still a fault, not half a file
        held = stack.pop_all()
    name = f"regional-diplomacy-v{snapshot.version}{choice.format.suffixes[0]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Graph-Version": str(snapshot.version),
    }
    return StreamingResponse(_sent(first, chunks, held), headers=headers, media_type=choice.content_type)


async def _sent(first: bytes, rest: Iterator[bytes], held: AsyncExitStack) -> AsyncIterator[bytes]:
    """Yield the chunks and let the snapshot go at the end."""
    async with held:
        yield first
        while chunk := await asyncio.to_thread(next, rest, b""):
            yield chunk
