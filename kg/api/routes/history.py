"""The routes /commits, /changes and /retractions: the history of the graph, and the withdrawal of facts."""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from kg.api import answering, names, sparql_protocol
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.declarations import ALL, MOMENT, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import (
    IRI,
    NUMBER,
    PAGE,
    STRING,
    STRING_OR_NULL,
    STRINGS,
    TRUTH,
    VERSION,
    VERSION_NAME,
    Content,
    Schema,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import Parameters, body, flag, once
from kg.api.resources import AppResources, Resources
from kg.api.routes.pages import page
from kg.changes import Provenance, version_number
from kg.errors import BadInput
from kg.facts.judges import jobs
from kg.formats import ATOM, HTML, JSON_DOCUMENT
from kg.pages import feed
from kg.pages import history as pages
from kg.pages.feed import FeedRequest
from kg.query.job import ReadJob
from kg.query.negotiation import likes_html_best
from kg.store import history
from kg.store.history import CommitList
from kg.store.snapshots import version_of
from kg.store.store import Contents
from kg.store.tokens import Role

_SCHEMAS: dict[str, Schema] = {
    "Commit": record(
        {
            "version": VERSION,
            "time": {**STRING, "format": "date-time"},
            "agent": STRING,
            "drafter": {
                **STRING_OR_NULL,
                "description": "The drafter of the proposal that the agent accepted.",
            },
            "source": STRING_OR_NULL,
            "reason": STRING_OR_NULL,
            "graphs": STRINGS,
            "hash": STRING_OR_NULL,
            "software": STRING,
            "warnings": STRINGS,
            "withdrawn": STRINGS,
            "superseding": several(record({"graph": STRING, "supersedes": STRING})),
            "added": NUMBER,
            "removed": NUMBER,
        },
        description="What was done, by whom, when, from what and why.",
    ),
    "Commits": record(
        {"commits": several(ref("Commit")), "next": STRING_OR_NULL},
        description="A page of commits, and the address of the page before it.",
    ),
    "Differences": record(
        {"from": VERSION, "to": VERSION, "added": STRINGS, "removed": STRINGS},
        description="Quads added and removed, as lines of N-Quads.",
    ),
    "Retraction": {
        **record(
            {
                "graphs": {**several(IRI), "minItems": 1, "examples": [["dipid:graph-of-mine"]]},
                "commit": {"anyOf": [VERSION, VERSION_NAME]},
                "reason": {**STRING, "minLength": 1},
                "cascade": TRUTH,
                "by": STRING_OR_NULL,
            },
            *("graphs", "commit", "cascade", "by"),
            description=(
                "Graphs to withdraw, by IRI, or the commit whose additions to withdraw, and the reason; "
                "with `cascade` also what depends on them."
            ),
        ),
        "oneOf": [{"required": ["graphs"]}, {"required": ["commit"]}],
        "examples": [{"graphs": ["dipid:graph-of-mine"], "reason": "It was corrected."}],
    },
}
router = Routes("history", "Commits, differences between versions, and withdrawals.", _SCHEMAS)

_LARGEST_RETRACTION = 1 << 18
"""Maximum bytes of a request to withdraw graphs: enough for some thousands of names."""
_MOST = 1000
"""Maximum number of commits in one answer."""
_NUMBER: Schema = {**VERSION, "maximum": 999999999}

_PAGING = (
    DeclaredParameter("limit", f"Maximum number, up to {_MOST}.", _NUMBER),
    DeclaredParameter("before", "Only commits before this version.", VERSION_NAME),
)

_THING = DeclaredParameter("thing", "Only commits that name this thing, given by IRI or name.", IRI)
LIST = Declaration(
    {200: {**json_content("Commits"), **PAGE}},
    (400, 404),
    parameters=(
        *_PAGING,
        DeclaredParameter("graph", "The IRI of the graph, or its title.", IRI),
        DeclaredParameter("by", "Only commits of this agent or drafter, by name."),
        _THING,
    ),
)
SHOW = Declaration({200: {**json_content("Commit"), **PAGE}}, (400, 404), in_path={"version": VERSION_NAME})
_FEED_CONTENT: Content = {ATOM.media_type: STRING}
FEED = Declaration(
    {200: _FEED_CONTENT, 304: {}}, (400, 404), parameters=(_THING, *_PAGING), headers=("ETag",)
)
CHANGES = Declaration(
    {200: {**json_content("Differences"), **PAGE, **_FEED_CONTENT}, 303: {}, 304: {}},
    (400, 404, 406, 410, 415),
    parameters=(
        DeclaredParameter("from", "First version or time.", MOMENT, example="v1"),
        DeclaredParameter("to", "Last version or time.", MOMENT, example="v2"),
        ALL,
        *FEED.parameters,
        format_of((JSON_DOCUMENT, HTML, ATOM)),
    ),
)
RETRACT = Declaration(
    {201: json_content("Commit")},
    (400, 401, 403, 404, 409, 413, 415, 422, 503),
    body=json_content("Retraction"),
    headers=("Location",),
    needs_token=True,
)


class Retraction(BaseModel):
    """A request to withdraw graphs (IRIs), or what a commit added; with ``cascade`` what rests on it too."""

    model_config = ConfigDict(extra="forbid")

    graphs: list[str] = []
    commit: int | str | None = None
    reason: str
    cascade: bool = False
    by: str | None = None


@router.declared("GET", "/commits", LIST)
async def list_commits(request: Request, resources: AppResources) -> Response:
    """List commits, newest first: at most ``limit``, before the version ``before``, all or of one ``graph``.

    ``by`` selects by author or drafter; ``thing`` selects commits that mention a thing.
    """
    parameters = LIST.read_parameters(request)
    before, limit = _before(parameters), min(_number(parameters, "limit") or history.PAGE, _MOST)
    graph = once(parameters, "graph")
    graph_iri = None if graph is None else await names.graph_named(request, resources, graph)
    thing = once(parameters, _THING.name)
    iri = None if thing is None else await names.thing_named(request, resources, thing)
    list_request = CommitList(
        resources.contents.version, before, limit, graph_iri, once(parameters, "by"), iri
    )
    path = f"{resources.root_path}commits"
    if _for_people(request):
        return await page(request, resources, pages.commits, list_request, resources.log, path)
    return await _json(request, resources, partial(history.write_commits, list_request, resources.log, path))


@router.declared("GET", "/commits/{version}", SHOW)
async def show_commit(version: str, request: Request, resources: AppResources) -> Response:
    """Return one commit: author, time, source, reason, graphs written and withdrawn, warnings."""
    SHOW.read_parameters(request)
    log, newest, number = resources.log, resources.contents.version, _version(version)
    if _for_people(request):
        return await page(request, resources, pages.commit, log, newest, number)
    return await _json(request, resources, partial(history.write_commit, log, newest, number))


@router.declared("GET", "/changes", CHANGES)
async def show_changes(request: Request, resources: AppResources) -> Response:
    """Return the difference between two versions or times, ``from`` and ``to``; without them, a feed.

    As JSON with lines of N-Quads, or as a page. The feed (Atom) has an entry for each commit, newest first,
    of all or of those that mention one ``thing``; ``Accept: application/atom+xml`` selects it too.
    """
    parameters = CHANGES.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, (JSON_DOCUMENT, HTML, ATOM))
    names = {name for name, _ in parameters}
    if choice.format is ATOM or not names & {"from", "to", "all"}:
        if choice.format is HTML and "thing" not in names:
            return RedirectResponse(f"{resources.root_path}commits", 303)
        return await _feed(request, resources, parameters)
    if feed_only := names & {each.name for each in FEED.parameters}:
        raise BadInput(f"The parameter '{min(feed_only)}' belongs to the feed, which has no 'from' and 'to'.")
    log, newest = resources.log, resources.contents.version
    start, end = (version_of(log, _needed(parameters, name), newest) for name in ("from", "to"))
    everything = flag(parameters, "all")
    if choice.format is HTML:
        return await page(request, resources, pages.changes, log, start, end, everything)
    return await _json(request, resources, partial(history.write_changes, log, start, end, everything))


@router.declared("GET", "/changes.atom", FEED)
async def feed_of_changes(request: Request, resources: AppResources) -> Response:
    """Return the feed (Atom) of commits, newest first: of all, or of those that mention one ``thing``."""
    return await _feed(request, resources, FEED.read_parameters(request))


async def _feed(request: Request, resources: Resources, parameters: Parameters) -> Response:
    if extra := {name for name, _ in parameters} & {"from", "to", "all"}:
        raise BadInput(
            f"The parameter '{min(extra)}' belongs to the difference of versions, not to the feed."
        )
    thing = once(parameters, _THING.name)
    iri = None if thing is None else await names.thing_named(request, resources, thing)
    limit = min(_number(parameters, "limit") or history.PAGE, _MOST)
    language, before = sparql_protocol.language(request), _before(parameters)
    feed_request = FeedRequest(resources.root(request), resources.contents.version, limit, iri, language)
    job = ReadJob(ATOM.media_type, partial(feed.write, feed_request, resources.log, before))
    return await answering.tagged(
        request, resources, job, feed_request, before, headers=lambda _: VARY_BY_LANGUAGE
    )


@router.declared("POST", "/retractions", RETRACT)
async def add_retraction(request: Request, resources: AppResources) -> JSONResponse:
    """Withdraw whole graphs in one commit, with a reason; with ``cascade``, also graphs that depend on them.

    ``commit`` instead of ``graphs`` withdraws the additions of that commit, also in edited graphs. A
    curator may withdraw their own facts; an admin any, also on behalf of another person (``by``).
    """
    authorization = request.headers.get("authorization")
    resources.tokens.identify(authorization, Role.CURATE)
    retraction = await asyncio.to_thread(_asked, await body(request, _LARGEST_RETRACTION))
    bearer = resources.tokens.identify(authorization, Role.ADMIN if retraction.by else Role.CURATE)
    by = Provenance(
        retraction.by or bearer,
        reason=retraction.reason,
        is_admin=resources.tokens.allows(authorization, Role.ADMIN),
    )
    graphs = [await names.graph_named(request, resources, text) for text in retraction.graphs]
    if retraction.commit is None:
        job = partial(jobs.retract, graphs, by, retraction.cascade)
    else:
        job = partial(jobs.undo, _version(str(retraction.commit)), by, retraction.cascade)
    commit = (await answering.unless_gone(request, resources.writes.change(job, by))).commit
    assert commit is not None, "an accepted withdrawal removes something"
    headers = {"Location": f"{resources.root_path}commits/{commit.version}"}
    return JSONResponse(history.as_json(commit), 201, headers)


def _asked(body: bytes) -> Retraction:
    try:
        retraction = Retraction.model_validate_json(body)
    except ValidationError as fault:
        first = fault.errors()[0]
        name = ".".join(map(str, first["loc"])) or "body"
        raise BadInput(f"Invalid retraction: {name}: {first['msg']}.") from None
    if retraction.graphs and retraction.commit is not None:
        raise BadInput("A retraction must name graphs or a commit, not both.")
    return retraction


async def _json(
    request: Request, resources: Resources, make: Callable[[Contents], Iterable[bytes]]
) -> Response:
    """Send JSON from a reader, as the description of a commit may be long."""
    return await answering.sent(request, resources, ReadJob("application/json", make, is_long=True), {})


def _for_people(request: Request) -> bool:
    return likes_html_best(", ".join(request.headers.getlist("accept")))


def _version(text: str) -> int:
    if (version := version_number(text)) is None:
        raise BadInput(f"A version is written v17 or 17, not {text[:64]!r}.")
    return version


def _before(parameters: Parameters) -> int | None:
    text = once(parameters, "before")
    if text is not None and not _version(text):
        raise BadInput("The parameter 'before' must be a version from v1 on, not v0.")
    return None if text is None else _version(text)


def _number(parameters: Parameters, name: str) -> int | None:
    text = once(parameters, name)
    if text is not None and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise BadInput(f"The parameter '{name}' must be a number from 1, not {text!r}.")
    return int(text) if text else None


def _needed(parameters: Parameters, name: str) -> str:
    text = once(parameters, name)
    if text is None:
        raise BadInput(f"The parameter '{name}' is missing; give a version, v17, or a time.")
    return text
