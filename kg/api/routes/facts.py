"""The routes /facts and /validate: new facts, and whether they would be accepted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg import formats, iris
from kg.api import answer_headers, answering, names, proposing, sparql_protocol
from kg.api.declarations import BY, FLAG, REASON, SOURCE, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import (
    IRI,
    NUMBER,
    STRING,
    STRINGS,
    TRUTH,
    Schema,
    content,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import Parameters, check_charset, flag, once, received, url_parameters
from kg.api.resources import AppResources, Resources
from kg.changes import Provenance
from kg.errors import BadInput, KGError
from kg.facts.judges import jobs
from kg.facts.judges.jobs import Offer
from kg.facts.judges.queue import Settled
from kg.formats import RDF_FORMATS, Format
from kg.gate.rules.wording import LANGUAGES
from kg.importers.catalogue import FACTS_FORMATS
from kg.query.negotiation import choose
from kg.store.tokens import Role

_REPORT: dict[str, Schema] = {
    "conforms": TRUTH,
    "graphs": STRINGS,
    "known": TRUTH,
    "violations": several(ref("Violation")),
    "omitted": record(
        {"errors": NUMBER, "warnings": NUMBER},
        description="The violations that a long report counts but does not list.",
    ),
}
_SCHEMAS: dict[str, Schema] = {
    "Report": record(_REPORT, "omitted", description="Whether the facts would be accepted, and if not, why."),
    "Added": record(
        {**_REPORT, "version": {"type": ["integer", "null"]}},
        "omitted",
        description=(
            "The report on accepted facts, and the version that they created; none if the graph holds "
            "them already."
        ),
    ),
    "Proposed": record(
        {**_REPORT, "version": {"type": "null"}, "proposal": STRING},
        "omitted",
        description="The report on facts that wait for a curator, and the id of the proposal.",
    ),
}
router = Routes("facts", "New facts, and whether they would be accepted.", _SCHEMAS)

_JSON = Format("json", ("application/json",), (".json",))
_TEXT = Format("text", ("text/plain",), (".txt",))
_REPORTS = (_JSON, RDF_FORMATS["turtle"], _TEXT)

_SUPERSEDES = DeclaredParameter("supersedes", "The graph that these facts replace.", IRI)
_QUARANTINE = DeclaredParameter(
    "quarantine", "If the facts are rejected, keep them in the quarantine to be fixed.", FLAG
)
_LANGUAGE = DeclaredParameter(
    "language", "The language of a report in plain text.", {"enum": list(LANGUAGES)}
)
_FACTS = content(FACTS_FORMATS.values())
ADD = Declaration(
    {200: json_content("Added"), 201: json_content("Added"), 202: json_content("Proposed")},
    (400, 401, 403, 404, 409, 413, 415, 422, 429, 503),
    parameters=(BY, SOURCE, REASON, _SUPERSEDES, _QUARANTINE),
    body=_FACTS,
    headers=("KG-Warning", "Location"),
    needs_token=True,
)
VALIDATE = Declaration(
    {200: {**json_content("Report"), **content([RDF_FORMATS["turtle"]]), "text/plain": STRING}},
    (400, 404, 406, 409, 413, 415, 503),
    parameters=(_LANGUAGE, _SUPERSEDES),
    body=_FACTS,
)


@router.declared("POST", "/facts", ADD)
async def add_facts(request: Request, resources: AppResources) -> Response:
    """Add facts, all or none, durably. The token names the author; ``source`` and ``reason`` are recorded.

    An admin may add them on behalf of another person (``by``). ``supersedes`` names the graph to replace;
    with ``quarantine``, rejected facts are kept. Facts of a drafter wait as a proposal (202).
    """
    parameters = url_parameters(request)
    other = once(parameters, "by")
    needed = Role.ADMIN if other else Role.DRAFT
    authorization = request.headers.get("authorization")
    bearer = resources.tokens.identify(authorization, needed)
    writes = resources.writes
    ADD.refuse_unknown(parameters)
    by = Provenance(
        other or bearer,
        once(parameters, "source"),
        once(parameters, "reason"),
        is_admin=resources.tokens.allows(authorization, Role.ADMIN),
    )
    if not resources.is_curator(authorization):
        return await _proposed(request, resources, parameters, by)
    quarantine = resources.settings.data if flag(parameters, "quarantine") else None
    async with _offered(request, resources, parameters, may_see_texts=True) as offer:
        change = writes.change(partial(jobs.add_facts, offer, by, quarantine), by)
        settled = await answering.unless_gone(request, change)
    return added(resources, settled)


async def _proposed(
    request: Request, resources: Resources, parameters: Parameters, by: Provenance
) -> Response:
    if flag(parameters, "quarantine"):
        raise BadInput("Facts of a drafter always wait for a curator; leave 'quarantine' out.")
    limit = min(resources.settings.draft_bytes, resources.settings.max_body_bytes)
    async with _offered(request, resources, parameters, limit=limit) as offer:
        return await proposing.propose(request, resources, offer, by)


@router.declared("POST", "/validate", VALIDATE)
async def validate_facts(request: Request, resources: AppResources) -> Response:
    """Return the report that adding these facts would return, without adding them.

    With a curator's token, passages are checked against the stored texts of their sources, as by POST /facts.
    """
    may_see_texts = resources.is_curator(request.headers.get("authorization"))
    parameters = VALIDATE.read_parameters(request)
    choice = choose(sparql_protocol.accept(request.headers), _REPORTS)
    language = _language(request, parameters)
    async with _offered(request, resources, parameters, may_see_texts=may_see_texts) as offer:
        client = answering.client_of(request, resources)
        validation = resources.validators.answer(
            offer, choice.format.name, choice.media_type, language, client
        )
        try:
            report = await answering.unless_gone(request, validation)
        except KGError as fault:
            raise _translated(language, fault) from None
        return Response(await report.read(), media_type=choice.content_type)


def _translated(language: str, fault: KGError) -> KGError:
    """Return a parse error with its message in the language that the address names."""
    fault.detail = fault.in_language(language)
    fault.extra.pop("sentence", None)
    return fault


def _language(request: Request, parameters: Parameters) -> str:
    """Return the language of a report: the one that the address names, else the preferred one."""
    language = once(parameters, "language")
    if language not in (None, *LANGUAGES):
        raise BadInput(f"There is no report in {language!r}; the languages are {', '.join(LANGUAGES)}.")
    return language or sparql_protocol.language(request)


@asynccontextmanager
async def _offered(
    request: Request,
    resources: Resources,
    parameters: Parameters,
    *,
    may_see_texts: bool = False,
    limit: int | None = None,
) -> AsyncIterator[Offer]:
    """Receive facts; delete their file at the end."""
    facts_format = formats.from_content_type(request.headers.get("content-type"), FACTS_FORMATS)
    check_charset(request)
    replaced = once(parameters, "supersedes")
    if replaced:
        replaced = await names.graph_named(request, resources, replaced)
    body = await received(request, limit or resources.settings.max_body_bytes, resources.bodies)
    try:
        yield Offer(body, facts_format, replaced, may_see_texts)
    finally:
        body.discard()


def added(resources: Resources, settled: Settled) -> Response:
    """Answer 201 with the graph's address, or 200 if the graph had the same content already."""
    decision, commit = settled.decision, settled.commit
    members = {**(decision.report or {}), "version": commit and commit.version}
    headers = answer_headers.warned(decision.warnings)
    if decision.graphs:
        graph = decision.graphs[0]
        is_ours = graph.startswith(iris.BASE)
        headers["Location"] = resources.style().link(graph) if is_ours else iris.as_uri(graph)
    return JSONResponse(members, 201 if commit else 200, headers)
