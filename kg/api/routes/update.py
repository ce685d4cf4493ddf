"""The route /update: SPARQL updates, each one commit or none."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import answer_headers, answering, sparql_protocol
from kg.api.declarations import REASON, SOURCE, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import IRIS, NUMBER, STRING, STRINGS, VERSION, Schema, json_content, record
from kg.api.parameters import once
from kg.api.resources import AppResources, Resources
from kg.changes import Commit, Provenance
from kg.errors import JSON
from kg.facts import updates
from kg.facts.judges import jobs
from kg.facts.judges.jobs import UpdateRequest
from kg.store.tokens import Role

_SCHEMAS: dict[str, Schema] = {
    "Change": record(
        {
            "version": VERSION,
            "added": NUMBER,
            "removed": NUMBER,
            "graphs": STRINGS,
            "warnings": STRINGS,
        },
        description="The commit made by an update or by a write of a graph.",
    ),
}
router = Routes("update", "SPARQL Update.", _SCHEMAS)

_TEXT: Schema = {**STRING, "format": "sparql-update"}
_EXAMPLE = "DROP SILENT GRAPH <urn:example>"
_UPDATE = DeclaredParameter("update", "The update.", _TEXT, example=_EXAMPLE)
_DEFAULT_GRAPHS = DeclaredParameter(
    "using-graph-uri", "A graph to merge into the default graph of each WHERE; may be repeated.", IRIS
)
_NAMED_GRAPHS = DeclaredParameter(
    "using-named-graph-uri", "A graph that GRAPH in each WHERE may name; may be repeated.", IRIS
)
UPDATE = Declaration(
    {200: json_content("Change"), 204: {}},
    (400, 401, 403, 404, 409, 413, 415, 422, 503),
    parameters=(_DEFAULT_GRAPHS, _NAMED_GRAPHS, sparql_protocol.VERSION, SOURCE, REASON),
    body={sparql_protocol.UPDATE_TYPE: {**_TEXT, "examples": [_EXAMPLE]}},
    form=(_UPDATE, _DEFAULT_GRAPHS, _NAMED_GRAPHS),
    headers=("KG-Warning",),
    needs_token=True,
)


@router.declared("POST", "/update", UPDATE)
async def update(request: Request, resources: AppResources) -> Response:
    """Change the graph by a SPARQL update, all or nothing; the gate judges it, and it is durable on return.

    ``source`` and ``reason`` are recorded in the commit.
    """
    bearer = resources.tokens.identify(request.headers.get("authorization"), Role.CURATE)
    writes = resources.writes
    text, parameters = await sparql_protocol.update_from_post(request, resources.settings, UPDATE)
    by = Provenance(bearer, once(parameters, "source"), once(parameters, "reason"))
    update_request = UpdateRequest(
        text,
        sparql_protocol.endpoint(request, resources.settings),
        resources.settings.max_update_bytes,
        tuple(value for name, value in parameters if name == _DEFAULT_GRAPHS.name),
        tuple(value for name, value in parameters if name == _NAMED_GRAPHS.name),
    )
    settled = await answering.unless_gone(request, writes.change(partial(jobs.update, update_request), by))
    details = settled.decision.details or {}
    if jobs.LOADS in details:
        update_request = await _fetched(resources, update_request, details)
        settled = await answering.unless_gone(
            request, writes.change(partial(jobs.update, update_request), by)
        )
    warnings = [] if settled.commit else list(settled.decision.warnings)
    warnings += _strings((settled.decision.details or {}).get(jobs.WARNINGS, []))
    warnings += [warning for job in update_request.answered.values() for warning in job.warnings]
    return commit_answer(settled.commit, warnings=warnings, version=resources.contents.version)


async def _fetched(
    resources: Resources, update_request: UpdateRequest, details: Mapping[str, JSON]
) -> UpdateRequest:
    """Fetch the documents that an update loads, and the answers of the endpoints that it calls."""
    limits, allow_list = resources.readers.limits, resources.readers.allow_list
    documents, queries = _strings(details[jobs.LOADS]), _strings(details[jobs.SERVICES])
    loaded = await updates.fetched(documents, allow_list, limits.loading, resources.settings.max_body_bytes)
    asking = (resources.readers.with_services(updates.rows_job(text)) for text in queries)
    answered = dict(zip(queries, await asyncio.gather(*asking), strict=True))
    return replace(update_request, is_fetched=True, documents=loaded, answered=answered)


def _strings(listed: JSON) -> list[str]:
    assert isinstance(listed, list)
    return [str(each) for each in listed]


def commit_answer(
    commit: Commit | None, status: int = 200, *, warnings: Sequence[str] = (), version: int = 0
) -> Response:
    """Answer with the commit and the warnings; without a body if nothing changed and there are no warnings.

    ``version`` is the newest one, which is reported if there is no commit.
    """
    if commit is None and not warnings:
        return Response(status_code=204)
    all_warnings = [*(commit.warnings if commit else ()), *warnings]
    members = {
        "version": commit.version if commit else version,
        "added": commit.added if commit else 0,
        "removed": commit.removed if commit else 0,
        "graphs": list(commit.graphs) if commit else [],
        "warnings": all_warnings,
    }
    headers = {"X-Graph-Version": str(members["version"]), **answer_headers.warned(all_warnings)}
    return JSONResponse(members, status, headers)
