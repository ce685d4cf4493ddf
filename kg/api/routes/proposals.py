"""The routes /proposals: facts of drafters wait for a curator, who accepts or rejects them with a reason."""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from kg.api import answering
from kg.api.declarations import BY, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import (
    STRING,
    STRING_OR_NULL,
    Schema,
    content,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import body, once
from kg.api.resources import AppResources, Resources
from kg.api.routes import facts
from kg.changes import LONGEST_REASON, Provenance
from kg.errors import JSON, BadInput, Conflict, Forbidden, NotFound
from kg.facts.bodies import Body
from kg.facts.judges import jobs
from kg.facts.judges.jobs import Offer
from kg.facts.judges.queue import Settled
from kg.importers.catalogue import FACTS_FORMATS
from kg.query.job import ReadJob
from kg.store.proposals import Proposal, Proposals, State
from kg.store.store import Contents
from kg.store.tokens import Role

_PROPOSAL: dict[str, Schema] = {
    "id": {**STRING, "pattern": "^[0-9a-f]{16}$", "examples": ["0123456789abcdef"]},
    "time": {**STRING, "format": "date-time"},
    "drafter": STRING,
    "format": STRING,
    "source": STRING_OR_NULL,
    "reason": STRING_OR_NULL,
    "supersedes": STRING_OR_NULL,
    "state": {**STRING, "enum": [str(state) for state in State]},
    "decided_by": STRING_OR_NULL,
    "decided": STRING_OR_NULL,
    "because": {**STRING_OR_NULL, "description": "The reason of the decision."},
    "version": {"type": ["integer", "null"], "description": "The commit that holds what was accepted."},
    "conforms": {"type": ["boolean", "null"], "description": "The verdict at the time of the proposal."},
}
_REASON: Schema = {**STRING, "minLength": 1, "maxLength": LONGEST_REASON}
_BY: Schema = {**STRING_OR_NULL, "description": BY.description}
_SCHEMAS: dict[str, Schema] = {
    "Proposal": record(_PROPOSAL, description="Facts that a drafter sent, and the decision on them."),
    "JudgedProposal": record(
        {**_PROPOSAL, "verdict": {"anyOf": [ref("Report"), ref("Problem")]}},
        description=(
            "A proposal with its verdict: for curators the current one, for its drafter the one when it "
            "was sent."
        ),
    ),
    "Proposals": record({"proposals": several(ref("Proposal"))}, description="Proposals, the oldest first."),
    "Acceptance": record(
        {"reason": _REASON, "by": _BY}, "reason", "by", description="Why a proposal is accepted."
    ),
    "Rejection": record(
        {"reason": _REASON, "by": _BY}, "by", description="Why a proposal is rejected; its drafter reads it."
    ),
}
router = Routes("proposals", "Proposals of drafters, and the decisions of curators.", _SCHEMAS)

_LARGEST_DECISION = 1 << 14
STATE = DeclaredParameter("state", "Only proposals in this state.", {"enum": [str(state) for state in State]})
_IN_PATH = {"id": _PROPOSAL["id"]}
LIST = Declaration({200: json_content("Proposals")}, (400, 401, 403), parameters=(STATE,), needs_token=True)
SHOW = Declaration(
    {200: json_content("JudgedProposal")}, (400, 401, 403, 404, 503), in_path=_IN_PATH, needs_token=True
)
DOCUMENT = Declaration(
    {200: content(FACTS_FORMATS.values())}, (400, 401, 403, 404, 503), in_path=_IN_PATH, needs_token=True
)
ACCEPT = Declaration(
    {200: json_content("Added"), 201: json_content("Added")},
    (400, 401, 403, 404, 409, 413, 415, 422, 503),
    body=json_content("Acceptance"),
    in_path=_IN_PATH,
    headers=("KG-Warning", "Location"),
    needs_body=False,
    needs_token=True,
)
REJECT = Declaration(
    {200: json_content("Proposal")},
    (400, 401, 403, 404, 409, 413, 415, 503),
    body=json_content("Rejection"),
    in_path=_IN_PATH,
    needs_token=True,
)
WITHDRAW = Declaration({204: {}}, (400, 401, 403, 404, 409, 503), in_path=_IN_PATH, needs_token=True)
UNCACHED = {"Cache-Control": "no-store"}


class ProposalDecision(BaseModel):
    """A decision on a proposal: why, and on whose behalf."""

    model_config = ConfigDict(extra="forbid")

    reason: str | None = None
    by: str | None = None


class Reviewer(NamedTuple):
    """A drafter, who sees their own proposals, or a curator, who sees all."""

    name: str
    is_curator: bool
    is_admin: bool

    @property
    def own(self) -> str | None:
        """The drafter whose proposals alone are visible; None for a curator."""
        return None if self.is_curator else self.name


@router.declared("GET", "/proposals", LIST)
async def list_proposals(request: Request, resources: AppResources) -> Response:
    """List proposals with their decisions: all for a curator, their own for a drafter."""
    reviewer = reviewer_of(request, resources)
    state = state_named(once(LIST.read_parameters(request), STATE.name))
    job = ReadJob("application/json", partial(_listed, resources.settings.data, reviewer.own, state))
    return await answering.sent(request, resources, job, UNCACHED)


@router.declared("GET", "/proposals/{id}", SHOW)
async def show_proposal(id: str, request: Request, resources: AppResources) -> Response:  # noqa: A002  # as in the path
    """Return a proposal with its verdict: for a curator the current one, for its drafter the original one."""
    reviewer = reviewer_of(request, resources)
    SHOW.read_parameters(request)
    proposal = await asyncio.to_thread(_proposals(resources).find, _name(id), reviewer.own)
    verdict: JSON = proposal.verdict
    if reviewer.is_curator and proposal.is_waiting:
        verdict = await judged(request, resources, proposal)
    return JSONResponse({**proposal.as_json(), "verdict": verdict}, headers=UNCACHED)


@router.declared("GET", "/proposals/{id}/document", DOCUMENT)
async def show_document(id: str, request: Request, resources: AppResources) -> Response:  # noqa: A002
    """Return the document of a proposal, byte for byte."""
    reviewer = reviewer_of(request, resources)
    DOCUMENT.read_parameters(request)
    proposal = await asyncio.to_thread(_proposals(resources).find, _name(id), reviewer.own)
    data = await asyncio.to_thread(_proposals(resources).document, proposal)
    disposition = f'attachment; filename="{proposal.id}{proposal.suffix}"'
    media_type = FACTS_FORMATS[proposal.format].media_type
    return Response(data, media_type=media_type, headers={**UNCACHED, "Content-Disposition": disposition})


@router.declared("POST", "/proposals/{id}/acceptance", ACCEPT)
async def accept_proposal(id: str, request: Request, resources: AppResources) -> Response:  # noqa: A002
    """Accept a proposal: judge its facts again, and add them in the curator's name; the drafter is recorded.

    If they do not conform, the proposal stays open.
    """
    reviewer = _curator(request, resources)
    ACCEPT.read_parameters(request)
    assert resources.writes
    decision = await _decision(request)
    reviewer = _on_behalf(reviewer, decision)
    accepting = asyncio.ensure_future(_accepted(resources, _name(id), reviewer, decision.reason))
    return facts.added(resources, await asyncio.shield(accepting))  # a committed proposal is always recorded


@router.declared("POST", "/proposals/{id}/rejection", REJECT)
async def reject_proposal(id: str, request: Request, resources: AppResources) -> Response:  # noqa: A002
    """Reject a proposal, with a reason for its drafter."""
    reviewer = _curator(request, resources)
    REJECT.read_parameters(request)
    assert resources.writes
    decision = await _decision(request)
    if not (decision.reason or "").strip():
        raise BadInput("A rejection needs a reason: say in a sentence what its drafter should change.")
    by = Provenance(_on_behalf(reviewer, decision).name, reason=decision.reason)
    with resources.deciding(_name(id)):
        decide = partial(_proposals(resources).decide, id, State.REJECTED, by.agent, by.reason)
        return JSONResponse((await asyncio.to_thread(decide)).as_json(), headers=UNCACHED)


@router.declared("DELETE", "/proposals/{id}", WITHDRAW)
async def withdraw_proposal(id: str, request: Request, resources: AppResources) -> Response:  # noqa: A002
    """Withdraw your own open proposal."""
    reviewer = reviewer_of(request, resources)
    WITHDRAW.read_parameters(request)
    assert resources.writes
    with resources.deciding(_name(id)):
        proposal = await asyncio.to_thread(_proposals(resources).require_waiting, id, reviewer.own)
        if proposal.drafter != reviewer.name:
            raise Forbidden(
                f"{proposal.id} belongs to {proposal.drafter}, who alone may withdraw it; reject it instead, "
                "with a reason."
            )
        decide = partial(_proposals(resources).decide, proposal.id, State.WITHDRAWN, reviewer.name)
        await asyncio.to_thread(decide)
    return Response(status_code=204)


async def _accepted(resources: Resources, name: str, reviewer: Reviewer, because: str | None) -> Settled:
    """Add the facts of a proposal and record that; if judging them raises, the proposal stays open."""
    proposals = _proposals(resources)
    with resources.deciding(name):
        proposal = await asyncio.to_thread(proposals.require_waiting, name)
        data = await asyncio.to_thread(proposals.document, proposal)
        by = proposal.provenance(reviewer.name, because, is_admin=reviewer.is_admin)
        job = partial(jobs.add_facts, offered(proposal, data), by, None)
        settled = await resources.writes.change(job, by)
        version = settled.commit.version if settled.commit else None
        decide = partial(proposals.decide, name, State.ACCEPTED, by.agent, because, version)
        await asyncio.to_thread(decide)
    return settled


async def judged(request: Request, resources: Resources, proposal: Proposal) -> Mapping[str, JSON]:
    """Judge a proposal as of now; an error of the judging itself becomes the verdict."""
    try:
        offer = offered(proposal, await asyncio.to_thread(_proposals(resources).document, proposal))
        client = answering.client_of(request, resources)
        validation = resources.validators.answer(offer, "json", "application/json", "en", client)
        report = await answering.unless_gone(request, validation)
        return json.loads(await report.read())  # type: ignore[no-any-return]  # a report that gate.reports wrote
    except (BadInput, Conflict, NotFound) as fault:
        return fault.to_problem()


def offered(proposal: Proposal, data: bytes) -> Offer:
    """Return the facts of a proposal as an offer to the gate."""
    facts_format = FACTS_FORMATS[proposal.format]
    body = Body(facts_format.media_type, data)
    return Offer(body, facts_format, proposal.supersedes, may_see_texts=True)


def _proposals(resources: Resources) -> Proposals:
    return Proposals(resources.settings.data)


def _name(text: str) -> str:
    """Return the id of a proposal from a path; raises NotFound for an invalid one."""
    if not re.fullmatch(_PROPOSAL["id"]["pattern"], text):
        raise NotFound("A proposal is named by 16 hexadecimal digits.")
    return text


def reviewer_of(request: Request, resources: Resources) -> Reviewer:
    """Return who asks; raises Unauthorized or Forbidden without a token for drafts."""
    authorization = request.headers.get("authorization")
    name = resources.tokens.identify(authorization, Role.DRAFT)
    allows = partial(resources.tokens.allows, authorization)
    return Reviewer(name, allows(Role.CURATE), allows(Role.ADMIN))


def _curator(request: Request, resources: Resources) -> Reviewer:
    resources.tokens.identify(request.headers.get("authorization"), Role.CURATE)
    return reviewer_of(request, resources)


def _on_behalf(reviewer: Reviewer, decision: ProposalDecision) -> Reviewer:
    """Return who decides; raises Forbidden if somebody other than an admin names another person."""
    if decision.by is None:
        return reviewer
    if not reviewer.is_admin:
        raise Forbidden("Only an admin decides on behalf of another: leave 'by' out.")
    return reviewer._replace(name=decision.by)


def state_named(text: str | None) -> State | None:
    """Return a state by its name; raises BadInput."""
    if text is not None and text not in list(State):
        raise BadInput(f"The state of a proposal is {', '.join(State)}, not {text[:32]!r}.")
    return State(text) if text else None


async def _decision(request: Request) -> ProposalDecision:
    data = await body(request, _LARGEST_DECISION)
    try:
        return ProposalDecision.model_validate_json(data or b"{}")
    except ValidationError as fault:
        first = fault.errors()[0]
        name = ".".join(map(str, first["loc"])) or "body"
        raise BadInput(f"Invalid decision: {name}: {first['msg']}.") from None


def _listed(directory: Path, drafter: str | None, state: State | None, _: Contents) -> Iterable[bytes]:
    document: JSON = {"proposals": [each.as_json() for each in Proposals(directory).all(drafter, state)]}
    yield json.dumps(document, ensure_ascii=False).encode()
