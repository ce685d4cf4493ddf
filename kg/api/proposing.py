"""Proposals of drafters: judges their facts like any others, and keeps them until a curator decides."""

import asyncio
import json

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import answering
from kg.api.resources import Resources
from kg.changes import Provenance
from kg.facts.judges.jobs import Offer
from kg.store.proposals import Bounds, Proposals


async def propose(request: Request, resources: Resources, offer: Offer, by: Provenance) -> Response:
    """Keep facts as a proposal; answer 202 with its address and the verdict, or 200 if the graph has them.

    Raises what reading the facts raises, TooManyRequests and TooLarge beyond the limits, and Forbidden on a
    read-only server.
    """
    assert resources.writes
    proposals, settings = Proposals(resources.settings.data), resources.settings
    bounds = Bounds(settings.drafts, settings.draft_bytes)
    await asyncio.to_thread(proposals.check_bounds, by.agent, bounds)
    client = answering.client_of(request, resources)
    validation = resources.validators.answer(offer, "json", "application/json", "en", client)
    report = await answering.unless_gone(request, validation)
    verdict = await asyncio.to_thread(json.loads, await report.read())
    if verdict["known"]:
        return JSONResponse({**verdict, "version": None})
    data = await asyncio.to_thread(offer.body.read)
    proposal = await asyncio.to_thread(
        proposals.add, data, offer.format, by, verdict, bounds, offer.supersedes
    )
    headers = {"Location": f"{resources.root_path}proposals/{proposal.id}"}
    return JSONResponse({**verdict, "version": None, "proposal": proposal.id}, 202, headers)
