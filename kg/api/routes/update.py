"""The route /update: SPARQL updates, each one commit or none."""

from dataclasses import replace
from functools import partial

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import answering, sparql_protocol
from kg.api.declarations import REASON, SOURCE, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import IRIS, NUMBER, STRING, STRINGS, VERSION, Schema, json_content, record
from kg.api.parameters import once
from kg.api.resources import Here, Resources
from kg.changes import Commit, Provenance
from kg.facts import updates
from kg.facts.judges import jobs
from kg.facts.judges.jobs import UpdateRequest
from kg.facts.judges.queue import Settled
from kg.facts.updates import Documents
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
        description="The commit that an update or a write of a graph became.",
    ),
}
router = Routes("update", "SPARQL Update.", _SCHEMAS)

_TEXT: Schema = {**STRING, "format": "sparql-update"}
_EXAMPLE = "DROP SILENT GRAPH <urn:example>"
_UPDATE = DeclaredParameter("update", "The update.", _TEXT, example=_EXAMPLE)
_DEFAULT_GRAPHS = DeclaredParameter(
    "using-graph-uri", "A graph that the default graph of each WHERE is made of; may be repeated.", IRIS
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
    needs_token=True,
)


@router.declared("POST", "/update", UPDATE)
async def update(request: Request, here: Here) -> Response:
    """Change the graph by a SPARQL update: all of it, judged and durable, or nothing.

    ``source`` tells from what, ``reason`` why.
    """
    bearer = here.tokens.identify(request.headers.get("authorization"), Role.CURATE)
    writes = here.writes
    text, parameters = await sparql_protocol.update_from_post(request, here.settings, UPDATE)
    by = Provenance(bearer, once(parameters, "source"), once(parameters, "reason"))
    asked = UpdateRequest(
        text,
        str(request.url.replace(query="")),
        here.settings.max_update_bytes,
        tuple(value for name, value in parameters if name == _DEFAULT_GRAPHS.name),
        tuple(value for name, value in parameters if name == _NAMED_GRAPHS.name),
    )
    settled = await answering.unless_gone(request, writes.change(partial(jobs.update, asked), by))
    if named := _to_load(settled):
        asked = replace(asked, documents=await _fetched(here, named))
        settled = await answering.unless_gone(request, writes.change(partial(jobs.update, asked), by))
    return told(settled.commit)


def _to_load(settled: Settled) -> list[str]:
    """Return the documents that an update waits for."""
    named = (settled.decision.details or {}).get(jobs.LOADS, [])
    assert isinstance(named, list)
    return named


async def _fetched(here: Resources, named: list[str]) -> Documents:
    limits, allow_list = here.readers.limits, here.readers.allow_list
    return await updates.fetched(named, allow_list, limits.loading, here.settings.max_body_bytes)


def told(commit: Commit | None, status: int = 200) -> Response:
    """Answer with the commit, or without a word where nothing changed."""
    if commit is None:
        return Response(status_code=204)
    members = {
        "version": commit.version,
        "added": commit.added,
        "removed": commit.removed,
        "graphs": list(commit.graphs),
        "warnings": list(commit.warnings),
    }
    return JSONResponse(members, status, {"X-Graph-Version": str(commit.version)})
