"""The routes /health, /ready and /metrics, for monitoring."""

import asyncio

from fastapi import Response
from fastapi.responses import JSONResponse

from kg.api import machine_use, metrics
from kg.api.declarations import Declaration, Routes
from kg.api.openapi_schemas import STRING, STRINGS, VERSION, Schema, json_content, record
from kg.api.resources import AppResources, Resources
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
async def ready(resources: AppResources) -> JSONResponse:
    """Return the version that queries read; 503 with the reason while reading or writing fails."""
    if isinstance(resources.contents, Store):
        await asyncio.to_thread(resources.contents.mend)
    await resources.readers.fault.check()
    version = resources.contents.version
    notes = await asyncio.to_thread(_notes, resources, version)
    return JSONResponse({"status": "ready", "version": version, **({"notes": notes} if notes else {})})


def _notes(resources: Resources, version: int) -> list[str]:
    try:
        ahead = times_ahead(resources.log, version)
    except Damaged as fault:  # a read-only server may serve a store that has lost its log
        ahead = fault.detail
    return [note for note in (ahead, resources.readers.copy.note) if note]


@router.declared("GET", "/metrics", Declaration({200: {metrics.CONTENT_TYPE: STRING}}))
async def counts(resources: AppResources) -> Response:
    """Return the metrics since the start, in the text format of Prometheus."""
    version = resources.contents.version
    use = await asyncio.to_thread(machine_use.measure, resources.settings.data, resources.log_size, version)
    text = metrics.text(
        resources.metrics,
        resources.readers.served,
        version=version,
        readers=resources.settings.reader_count,
        kept_bytes=resources.answers.held,
        writes=_writes(resources),
        machine=use,
    )
    return Response(text, headers={"Content-Type": metrics.CONTENT_TYPE})


def _writes(resources: Resources) -> metrics.WriteCounts | None:
    queue = resources.queue
    if queue is None:
        return None
    return metrics.WriteCounts(queue.outcomes, queue.repeated, queue.waiting, resources.settings.judges)
