"""The routes /health, /ready and /metrics, for monitoring."""

import asyncio

from fastapi import Response
from fastapi.responses import JSONResponse

from kg.api import machine_use, metrics
from kg.api.declarations import Declaration, Routes
from kg.api.openapi_schemas import STRING, STRINGS, VERSION, Schema, json_content, record
from kg.api.resources import Here, Resources
from kg.errors import Damaged
from kg.store.store import Store, times_ahead

_SCHEMAS: dict[str, Schema] = {
    "Health": record({"status": {"const": "ok"}}),
    "Readiness": record(
        {"status": {"const": "ready"}, "version": VERSION, "notes": STRINGS},
        "notes",
        description="The version that is served; notes name what an operator should check.",
    ),
}
router = Routes("state", "For monitoring.", _SCHEMAS)


@router.declared("GET", "/health", Declaration({200: json_content("Health")}))
async def health() -> JSONResponse:
    """Return 200 while the process runs."""
    return JSONResponse({"status": "ok"})


@router.declared("GET", "/ready", Declaration({200: json_content("Readiness")}, (503,)))
async def ready(here: Here) -> JSONResponse:
    """Return the version that queries read; 503 with the reason while reading or writing fails."""
    if isinstance(here.contents, Store):
        await asyncio.to_thread(here.contents.mend)
    await here.readers.fault.check()
    version = here.contents.version
    notes = await asyncio.to_thread(_notes, here, version)
    return JSONResponse({"status": "ready", "version": version, **({"notes": notes} if notes else {})})


def _notes(here: Resources, version: int) -> list[str]:
    try:
        ahead = times_ahead(here.log, version)
    except Damaged as fault:  # a read-only server may serve a store that has lost its log
        ahead = fault.detail
    return [note for note in (ahead, here.readers.copy.note) if note]


@router.declared("GET", "/metrics", Declaration({200: {metrics.CONTENT_TYPE: STRING}}))
async def counts(here: Here) -> Response:
    """Return the metrics since the start, in the text format of Prometheus."""
    version = here.contents.version
    use = await asyncio.to_thread(machine_use.measure, here.settings.data, here.log_size, version)
    told = metrics.text(
        here.metrics,
        here.readers.served,
        version=version,
        readers=here.settings.reader_count,
        kept_bytes=here.answers.held,
        writes=_writes(here),
        machine=use,
    )
    return Response(told, headers={"Content-Type": metrics.CONTENT_TYPE})


def _writes(here: Resources) -> metrics.WriteCounts | None:
    queue = here.queue
    if queue is None:
        return None
    return metrics.WriteCounts(queue.outcomes, queue.repeated, queue.waiting, here.settings.judges)
