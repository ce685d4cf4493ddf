"""The routes /health, /ready and /metrics, for whoever watches the server."""

import asyncio

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from kg.api import metrics
from kg.api.resources import Here
from kg.store.store import Store

router = APIRouter(tags=["state"])


@router.get("/health")
async def health() -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/ready")
async def ready(here: Here) -> JSONResponse:
    """Say that queries are answered, and of which version; and where the store takes no writes, that."""
    if isinstance(here.contents, Store):
        await asyncio.to_thread(here.contents.mend)
    return JSONResponse({"status": "ready", "version": here.contents.version})


@router.get("/metrics", response_class=Response)
async def counts(here: Here) -> Response:
    """Tell what has been counted since the start, in the text format of Prometheus."""
    told = metrics.text(
        here.metrics,
        here.readers.served,
        version=here.contents.version,
        readers=here.settings.reader_count,
        kept_bytes=here.answers.held,
    )
    return Response(told, headers={"Content-Type": metrics.CONTENT_TYPE})
