"""The routes /facts and /validate: new facts, and whether they would be accepted."""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg import formats, iris
from kg.api import sparql_protocol
from kg.api.declarations import FLAG, REASON, SOURCE, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import (
    IRI,
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
from kg.api.parameters import Parameters, body, check_charset, flag, once, url_parameters
from kg.api.resources import Here, Resources
from kg.changes import Provenance
from kg.errors import BadInput
from kg.facts import submissions
from kg.facts.quarantine import Quarantine
from kg.facts.submissions import Outcome, Submission
from kg.formats import RDF_FORMATS, FactsFormat, Format, choose
from kg.gate import reports
from kg.gate.rules.wording import LANGUAGES
from kg.importers.catalogue import FACTS_FORMATS
from kg.store.tokens import Role

_REPORT: dict[str, Schema] = {
    "conforms": TRUTH,
    "graphs": STRINGS,
    "known": TRUTH,
    "violations": several(ref("Violation")),
}
_SCHEMAS: dict[str, Schema] = {
    "Report": record(_REPORT, description="Whether facts would be accepted, and if not, why."),
    "Added": record(
        {**_REPORT, "version": {"type": ["integer", "null"]}},
        description="The report on accepted facts, and the version they made; none if known before.",
    ),
}
router = Routes("facts", "New facts, and whether they would be accepted.", _SCHEMAS)

_JSON = Format("json", ("application/json",), (".json",))
_TEXT = Format("text", ("text/plain",), (".txt",))
_REPORTS = (_JSON, RDF_FORMATS["turtle"], _TEXT)

_BY = DeclaredParameter("by", "On whose behalf; for admins.")
_SUPERSEDES = DeclaredParameter("supersedes", "The graph that these facts are to take the place of.", IRI)
_QUARANTINE = DeclaredParameter("quarantine", "Keep the facts, to be mended, where they are refused.", FLAG)
_LANGUAGE = DeclaredParameter(
    "language", "The language of a report in plain text.", {"enum": list(LANGUAGES)}
)
_FACTS = content(FACTS_FORMATS.values())
ADD = Declaration(
    {200: json_content("Added"), 201: json_content("Added")},
    (400, 401, 403, 404, 409, 413, 415, 422, 503),
    parameters=(_BY, SOURCE, REASON, _SUPERSEDES, _QUARANTINE),
    body=_FACTS,
    headers=("Location",),
    needs_token=True,
)
VALIDATE = Declaration(
    {200: {**json_content("Report"), **content([RDF_FORMATS["turtle"]]), "text/plain": STRING}},
    (400, 404, 406, 409, 413, 415, 503),
    parameters=(_LANGUAGE, _SUPERSEDES),
    body=_FACTS,
)


@router.declared("POST", "/facts", ADD)
async def add_facts(request: Request, here: Here) -> Response:
    """Add facts: all, durably, or none. The token tells by whom; ``source`` from what, ``reason`` why.

    An admin may add them on behalf of another, named by ``by``. What they correct is named by ``supersedes``;
    with ``quarantine`` what is refused is kept.
    """
    parameters = url_parameters(request)
    other = once(parameters, "by")
    needed = Role.ADMIN if other else Role.CURATE
    authorization = request.headers.get("authorization")
    bearer = here.tokens.identify(authorization, needed)
    store = here.store
    ADD.refuse_unknown(parameters)
    by = Provenance(
        other or bearer,
        once(parameters, "source"),
        once(parameters, "reason"),
        is_admin=here.tokens.allows(authorization, Role.ADMIN),
    )
    offer = await _offer(request, here, parameters)
    with offer.kept(here, by) if flag(parameters, "quarantine") else nullcontext():
        submission = await offer.parsed()
        outcome = await here.writes.write(lambda: submissions.add(store, here.gate, submission, by))
    return _added(here, outcome)


@router.declared("POST", "/validate", VALIDATE)
async def validate_facts(request: Request, here: Here) -> Response:
    """Say what adding these facts would say, without adding them."""
    parameters = VALIDATE.read_parameters(request)
    choice, language = (
        choose(sparql_protocol.accept(request.headers), _REPORTS),
        _language(request, parameters),
    )
    submission = await (await _offer(request, here, parameters)).parsed()
    report = await here.writes.judge(lambda: submissions.check(here.contents, here.gate, submission))
    if choice.format is _JSON:
        return JSONResponse(reports.as_json(report), media_type=choice.content_type)
    text = reports.as_text(report, language) if choice.format is _TEXT else reports.as_shacl(report)
    return Response(text, media_type=choice.content_type)


def _language(request: Request, parameters: Parameters) -> str:
    """Give the language of a report: the one named in the address, else the one liked best."""
    named = once(parameters, "language")
    if named not in (None, *LANGUAGES):
        raise BadInput(f"There is no report in {named!r}; there is {', '.join(LANGUAGES)}.")
    return named or sparql_protocol.language(request)


@dataclass(frozen=True)
class _Offer:
    """Facts as they came."""

    data: bytes
    format: FactsFormat
    supersedes: str | None

    async def parsed(self) -> Submission:
        """Parse them, off the event loop."""
        return await asyncio.to_thread(submissions.parse, self.data, self.format, supersedes=self.supersedes)

    def kept(self, here: Resources, by: Provenance) -> AbstractContextManager[None]:
        """Keep them where they are refused within."""
        return Quarantine(here.settings.data).keeping(self.data, self.format, by, self.supersedes)


async def _offer(request: Request, here: Resources, parameters: Parameters) -> _Offer:
    rdf_format = formats.from_content_type(request.headers.get("content-type"), FACTS_FORMATS)
    check_charset(request)
    data = await body(request, here.settings.max_body_bytes)
    return _Offer(data, rdf_format, once(parameters, "supersedes"))


def _added(here: Resources, outcome: Outcome) -> Response:
    """Answer 201 with the graph's address, or 200 where the same content was there already."""
    told = {**reports.as_json(outcome.report), "version": outcome.commit and outcome.commit.version}
    headers = {}
    if outcome.report.graphs:
        graph = outcome.report.graphs[0]
        is_ours = graph.startswith(iris.BASE)
        headers["Location"] = here.style().link(graph) if is_ours else iris.as_uri(graph)
    return JSONResponse(told, 201 if outcome.commit else 200, headers)
