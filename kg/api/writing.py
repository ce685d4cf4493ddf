"""The routes /facts and /validate: new facts, and whether they would be accepted."""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from kg import facts, iris, negotiation
from kg.api import bodies, protocol
from kg.api.bodies import Parameters
from kg.api.resources import Here, Resources
from kg.errors import BadInput
from kg.facts import Outcome, Submission
from kg.gate import reports
from kg.gate.wording import LANGUAGES
from kg.negotiation import RDF_FORMATS, FactsFormat, Format, choose
from kg.quads import Provenance
from kg.quarantine import Quarantine
from kg.tokens import Role

router = APIRouter(tags=["facts"])

_JSON = Format("json", ("application/json",), (".json",))
_TEXT = Format("text", ("text/plain",), (".txt",))
_REPORTS = (_JSON, RDF_FORMATS["turtle"], _TEXT)


@router.post("/facts", status_code=201, response_class=Response)
async def add_facts(request: Request, here: Here) -> Response:
    """Add facts: all, durably, or none. The token tells by whom; ``source`` from what, ``reason`` why.

    An admin may add them on behalf of another, named by ``by``. What they correct is named by ``supersedes``;
    with ``quarantine`` what is refused is kept.
    """
    parameters = bodies.url_parameters(request)
    other = bodies.once(parameters, "by")
    needed = Role.ADMIN if other else Role.CURATE
    authorization = request.headers.get("authorization")
    bearer = here.tokens.identify(authorization, needed)
    store = here.store
    bodies.refuse_unknown(parameters, ("by", "source", "reason", "supersedes", "quarantine"))
    by = Provenance(
        other or bearer,
        bodies.once(parameters, "source"),
        bodies.once(parameters, "reason"),
        is_admin=here.tokens.allows(authorization, Role.ADMIN),
    )
    offer = await _offer(request, here, parameters)
    with offer.kept(here, by) if bodies.flag(parameters, "quarantine") else nullcontext():
        submission = await offer.parsed()
        outcome = await here.write(lambda: facts.add(store, here.gate, submission, by))
    return _added(here, outcome)


@router.post("/validate", response_class=Response)
async def validate_facts(request: Request, here: Here) -> Response:
    """Say what adding these facts would say, without adding them."""
    parameters = bodies.url_parameters(request)
    bodies.refuse_unknown(parameters, ("language", "supersedes"))
    choice, language = choose(protocol.accept(request.headers), _REPORTS), _language(request, parameters)
    submission = await (await _offer(request, here, parameters)).parsed()
    report = await here.judge(lambda: facts.check(here.contents, here.gate, submission))
    if choice.format is _JSON:
        return JSONResponse(reports.as_json(report), media_type=choice.content_type)
    text = reports.as_text(report, language) if choice.format is _TEXT else reports.as_shacl(report)
    return Response(text, media_type=choice.content_type)


def _language(request: Request, parameters: Parameters) -> str:
    """Give the language of a report: the one named in the address, else the one liked best."""
    named = bodies.once(parameters, "language")
    if named not in (None, *LANGUAGES):
        raise BadInput(f"There is no report in {named!r}; there is {', '.join(LANGUAGES)}.")
    return named or protocol.language(request)


@dataclass(frozen=True)
class _Offer:
    """Facts as they came."""

    data: bytes
    format: FactsFormat
    supersedes: str | None

    async def parsed(self) -> Submission:
        """Parse them, off the event loop."""
        return await asyncio.to_thread(facts.parse, self.data, self.format, supersedes=self.supersedes)

    def kept(self, here: Resources, by: Provenance) -> AbstractContextManager[None]:
        """Keep them where they are refused within."""
        return Quarantine(here.settings.data).keeping(self.data, self.format, by, self.supersedes)


async def _offer(request: Request, here: Resources, parameters: Parameters) -> _Offer:
    rdf_format = negotiation.from_content_type(request.headers.get("content-type"))
    bodies.check_charset(request)
    data = await bodies.body(request, here.settings.max_body_bytes)
    return _Offer(data, rdf_format, bodies.once(parameters, "supersedes"))


def _added(here: Resources, outcome: Outcome) -> Response:
    """Answer 201 with the graph's address, or 200 where the same content was there already."""
    told = {**reports.as_json(outcome.report), "version": outcome.commit and outcome.commit.version}
    headers = {}
    if outcome.report.graphs:
        graph = outcome.report.graphs[0]
        is_ours = graph.startswith(iris.BASE)
        headers["Location"] = here.style().link(graph) if is_ours else iris.as_uri(graph)
    return JSONResponse(told, 201 if outcome.commit else 200, headers)
