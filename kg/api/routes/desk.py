"""The routes below /desk: a curator turns an article into table rows, and sees the gate's verdict on them."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from functools import partial

from fastapi import Request, Response

from kg.api import answering, names
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.declarations import Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import PAGE, STRING, content
from kg.api.parameters import FORM_TYPE, Parameters, body, form, once
from kg.api.resources import AppResources, Resources
from kg.api.routes import proposals
from kg.errors import JSON, BadInput, KGError, UnsupportedFormat
from kg.facts.bodies import Body
from kg.facts.judges.jobs import Offer
from kg.formats import RDF_FORMATS, bare_media_type
from kg.importers.catalogue import TABLE
from kg.pages.desk import corrections, drafting, dry_run, entries, page
from kg.pages.desk import proposals as proposals_page
from kg.pages.desk.dry_run import DryRun
from kg.pages.desk.entries import DeskEntry, DeskRequest
from kg.pages.desk.proposals import ProposalsRequest, ReviewedProposal
from kg.query.job import ReadJob
from kg.store.proposals import Proposals, State
from kg.store.store import Contents

router = Routes("desk", "Rows of the curators' table from an article, each beside its verdict; for people.")

_LARGEST = 4 << 20
_FORM = (
    DeclaredParameter("article", "The text of the article.", STRING, "Petro accused the United States."),
    *(
        DeclaredParameter(name, text)
        for name, text in {
            "title": "Its title.",
            "url": "Its address.",
            "publisher": "Who published it, by name.",
            "date": "The day on which it was published.",
            "text-language": "The language of the text: en or es.",
            "marks": "Marked passages, one per line; drafts are proposed only for these.",
            "supersedes": "The graph that the rows will supersede.",
            "unsaid": "Triples of that graph that no row states, one a line.",
            "do": "What to do: `propose` drafts, or `check` the submitted ones.",
        }.items()
    ),
)
_SUPERSEDED = DeclaredParameter(
    "supersedes", "A graph, by IRI or title: its rows are put on the desk, to take its place."
)
SHOW = Declaration({200: PAGE}, (400, 404, 406, 413, 503), parameters=(_SUPERSEDED,))
WORK = Declaration({200: PAGE}, (400, 406, 413, 415, 503), form=_FORM)
TABLE_OF_DRAFTS = Declaration(
    {200: content([TABLE, RDF_FORMATS["turtle"]])}, (400, 413, 415, 503), form=_FORM
)
PROPOSALS = Declaration({200: PAGE}, (400, 401, 403, 406, 503), parameters=(proposals.STATE,))
_MOST_PROPOSALS = 20
"""Maximum number of proposals on the page."""
_ACTIONS = ("propose", "check", "csv", "turtle")
_UNCACHED = {**VARY_BY_LANGUAGE, "Cache-Control": "no-store"}


@router.declared("GET", "/desk", SHOW)
async def show_desk(request: Request, resources: AppResources) -> Response:
    """Show an empty desk: fields for an article and its source; or the rows of a graph, to correct them."""
    name = once(SHOW.read_parameters(request), _SUPERSEDED.name)
    if not name:
        return await _page(request, resources, DeskRequest(), None, None)
    graph = await names.graph_named(request, resources, name)
    job = ReadJob("application/json", partial(corrections.loaded, graph))
    reply = await answering.made(request, resources, job)
    desk = await asyncio.to_thread(corrections.with_rows, graph, reply.body)
    return await _page(request, resources, desk, *await _runs(request, resources, desk))


@router.declared("GET", "/desk/proposals", PROPOSALS)
async def show_proposals(request: Request, resources: AppResources) -> Response:
    """Show the proposals of drafters: a form for a token, or with a token what its bearer may see."""
    state = proposals.state_named(once(PROPOSALS.read_parameters(request), "state")) or State.WAITING
    proposals_request = ProposalsRequest(state)
    if request.headers.get("authorization") is not None:
        proposals_request = await _reviewed(
            request, resources, proposals.reviewer_of(request, resources), state
        )
    make = partial(
        proposals_page.page, resources.style(request.scope), proposals_request, resources.settings.data
    )
    return await answering.sent(request, resources, ReadJob("text/html", make), _UNCACHED)


@router.declared("POST", "/desk", WORK)
async def work_at_desk(request: Request, resources: AppResources) -> Response:
    """Propose drafts for an article by rules, or check those sent, and show each with the verdict on it.

    Each draft has fields `N.record`, `N.decision` and `N.column` for its cells. Nothing is stored.
    """
    desk_request, action = await _asked(request, resources, WORK)
    language = resources.style(request.scope).language
    job = ReadJob("application/json", partial(drafting.drafted, desk_request, language, action == "propose"))
    reply = await answering.made(request, resources, job)
    desk_request = await asyncio.to_thread(drafting.with_drafts, desk_request, reply.body)
    return await _page(request, resources, desk_request, *await _runs(request, resources, desk_request))


@router.declared("POST", "/desk/table", TABLE_OF_DRAFTS)
async def download_table(request: Request, resources: AppResources) -> Response:
    """Give the accepted drafts, or all that are not rejected if none is, as the curators' table or Turtle."""
    desk_request, action = await _asked(request, resources, TABLE_OF_DRAFTS)
    make = partial(_written, desk_request, action, resources.settings.max_body_bytes)
    is_turtle = action == "turtle"
    media_type = "text/turtle" if is_turtle else "text/csv"
    name = re.sub(r"[^a-z0-9-]", "", desk_request.article.id)[:48] or "drafts"
    file = f'attachment; filename="{name}{".ttl" if is_turtle else ".csv"}"'
    headers = {**_UNCACHED, "Content-Disposition": file}
    return await answering.sent(request, resources, ReadJob(f"{media_type}; charset=utf-8", make), headers)


def _written(desk_request: DeskRequest, action: str, limit: int, _: Contents) -> Iterable[bytes]:
    text = entries.table(desk_request.accepted or desk_request.kept)[0]
    yield (drafting.turtle_of(text, limit) if action == "turtle" else text).encode()


async def _asked(request: Request, resources: Resources, declaration: Declaration) -> tuple[DeskRequest, str]:
    """Read the form; raises UnsupportedFormat for another body, and as reading the entries does."""
    if bare_media_type(request.headers.get("content-type")) != FORM_TYPE:
        raise UnsupportedFormat(f"The desk is sent as {FORM_TYPE}.", supported=[FORM_TYPE])
    declaration.read_parameters(request)
    fields = await form(await body(request, min(resources.settings.max_body_bytes, _LARGEST)))
    if once(fields, "article") is None:
        raise BadInput(
            "The parameter 'article' is missing; send the text of the article, which may be empty."
        )
    action = once(fields, "do") or "check"
    if action not in _ACTIONS:
        raise BadInput(f"The parameter 'do' is {', '.join(_ACTIONS)}, not {action[:64]!r}.")
    others: Parameters = [pair for pair in fields if pair[0] != "do"]
    return await asyncio.to_thread(entries.read, others), action


async def _reviewed(
    request: Request, resources: Resources, reviewer: proposals.Reviewer, state: State
) -> ProposalsRequest:
    """Read the newest proposals in a state: for a curator all, each judged anew; else the reviewer's own."""
    stored_proposals = Proposals(resources.settings.data)
    found = (await asyncio.to_thread(stored_proposals.all, reviewer.own, state))[::-1]
    language = resources.style(request.scope).language
    reviewed_proposals = []
    for note in found[:_MOST_PROPOSALS]:
        verdict: Mapping[str, JSON] = note.verdict
        if reviewer.is_curator and note.is_waiting:
            verdict = await proposals.judged(request, resources, note)
        offer = None
        if note.state in (State.WAITING, State.REJECTED):
            offer = proposals.offered(note, await asyncio.to_thread(stored_proposals.document, note))
        run = dry_run.of_members(verdict, language)
        reviewed_proposals.append(ReviewedProposal(note, offer, run, note.drafter == reviewer.name))
    return ProposalsRequest(
        state, reviewer.is_curator, tuple(reviewed_proposals), len(found) - len(reviewed_proposals)
    )


async def _runs(
    request: Request, resources: Resources, desk_request: DeskRequest
) -> tuple[DryRun | None, DryRun | None]:
    """Judge all entries that are not rejected, and the accepted ones."""
    language = resources.style(request.scope).language
    kept_entries, accepted = desk_request.kept, desk_request.accepted
    all_run = await _judged(request, resources, desk_request, kept_entries, language)
    if kept_entries == accepted:
        return all_run, all_run
    return all_run, await _judged(request, resources, desk_request, accepted, language)


async def _judged(
    request: Request,
    resources: Resources,
    desk_request: DeskRequest,
    desk_entries: list[DeskEntry],
    language: str,
) -> DryRun | None:
    """Judge entries as /validate does; None if there are none."""
    if not desk_entries:
        return None
    text, _ = entries.table(desk_entries)
    is_curator = resources.is_curator(request.headers.get("authorization"))
    replaced = desk_request.supersedes or None
    offer = Offer(Body(TABLE.media_type, text.encode()), TABLE, replaced, may_see_texts=is_curator)
    validation = resources.validators.answer(
        offer, "json", "application/json", language, answering.client_of(request, resources)
    )
    try:
        report = await answering.unless_gone(request, validation)
        return await asyncio.to_thread(dry_run.of_report, await report.read(), language)
    except KGError as fault:
        members = {**fault.to_problem(), "sentence": fault.extra.get("sentence")}
        return dry_run.of_members(members, language)


async def _page(
    request: Request,
    resources: Resources,
    desk_request: DeskRequest,
    all_run: DryRun | None,
    own_run: DryRun | None,
) -> Response:
    make = partial(page.page, resources.style(request.scope), desk_request, all_run, own_run)
    return await answering.sent(request, resources, ReadJob("text/html", make), _UNCACHED)
