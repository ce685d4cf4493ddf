"""The routes /health and /ready, for whoever watches the server."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from kg.api.resources import Here

router = APIRouter(tags=["state"])


@router.get("/health")
async def health() -> JSONResponse:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/ready")
async def ready(here: Here) -> JSONResponse:
    """Say that queries are answered, and of which version."""
    return JSONResponse({"status": "ready", "version": here.contents.version})
