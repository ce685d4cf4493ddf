"""The route /update: SPARQL updates, each one commit or none."""

import asyncio
import shutil
from itertools import count
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import sparql_protocol
from kg.api.declarations import REASON, SOURCE, Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import IRIS, NUMBER, STRING, STRINGS, VERSION, Schema, json_content, record
from kg.api.parameters import Parameters, once
from kg.api.resources import Here, Resources
from kg.changes import Delta, Provenance
from kg.errors import Conflict, TooLarge
from kg.facts import edits, update_parser, updates
from kg.facts.edits import Draft
from kg.facts.submissions import Outcome
from kg.facts.update_parser import Operation
from kg.query import screening
from kg.query.job import QueryJob
from kg.query.readers.snapshots import Snapshot
from kg.store import copies
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

_MOST_BYTES = 1 << 26
_drafts = count(1)
"""Numbers of copies: a reader tells what it has open by version, so each copy gets one below zero."""


@router.declared("POST", "/update", UPDATE)
async def update(request: Request, here: Here) -> Response:
    """Change the graph by a SPARQL update: all of it, judged and durable, or nothing.

    ``source`` tells from what, ``reason`` why.
    """
    bearer = here.tokens.identify(request.headers.get("authorization"), Role.CURATE)
    text, parameters = await sparql_protocol.update_from_post(request, here.settings, UPDATE)
    by = Provenance(bearer, once(parameters, "source"), once(parameters, "reason"))
    base, loop = str(request.url.replace(query="")), asyncio.get_running_loop()
    settings, store = here.settings, here.store
    operations = await asyncio.to_thread(_read, text, settings.max_update_bytes, base)
    documents = await updates.fetched(
        operations, here.readers.allow_list, here.readers.limits.loading, settings.max_body_bytes
    )

    def work() -> Outcome:
        draft, version = Draft(store), store.newest

        def ask(job: QueryJob, delta: Delta) -> bytes:
            store.flush()  # readers answer of what is durable
            return asyncio.run_coroutine_threadsafe(_asked(here, job, delta, version), loop).result()

        given = (_with_dataset(each, parameters) for each in operations)
        updates.apply(given, draft, ask, documents)
        return edits.change(store, here.gate, draft, by, version=version)

    return told(await here.writes.write(work))


def _read(text: str, max_bytes: int, base: str) -> list[Operation]:
    screening.check(text, max_bytes)
    return list(update_parser.operations(text, base))


def _with_dataset(operation: Operation, parameters: Parameters) -> Operation:
    default, named = (
        tuple(value for name, value in parameters if name == wanted)
        for wanted in ("using-graph-uri", "using-named-graph-uri")
    )
    return updates.with_dataset(operation, default, named)


def told(outcome: Outcome, status: int = 200) -> Response:
    """Answer with the commit, or without a word where nothing changed."""
    if outcome.commit is None:
        return Response(status_code=204)
    commit = outcome.commit
    members = {
        "version": commit.version,
        "added": commit.added,
        "removed": commit.removed,
        "graphs": list(commit.graphs),
        "warnings": list(commit.warnings),
    }
    return JSONResponse(members, status, {"X-Graph-Version": str(commit.version)})


async def _asked(here: Resources, job: QueryJob, delta: Delta, version: int) -> bytes:
    """Ask the readers, of the store with a change made to it; raises Conflict where another came between."""
    with here.metrics.answering():
        if delta:
            answer = await here.readers.answer_from(await asyncio.to_thread(_copy, here, delta), job)
        else:
            answer = await here.readers.answer(job)
    if not delta and answer.version != version:
        answer.close()
        raise Conflict("Another change came between; send this one again.")
    gathered = bytearray()
    async for chunk in answer.chunks():
        gathered += chunk
        if len(gathered) > _MOST_BYTES:
            answer.close()
            raise TooLarge("The update matches too much at once; send it in smaller parts.")
    return bytes(gathered)


def _copy(here: Resources, delta: Delta) -> Snapshot:
    """Lay a hard-linked copy with a change made to it; it goes when its reader lets it go."""
    path = here.settings.data / "snapshots" / f"update-{uuid4().hex}"
    here.store.snapshot(path)
    try:
        copies.amend(path, delta)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    return Snapshot(path, -next(_drafts), users=1)
