"""The routes /sources: full texts of sources, which are kept private and never sent."""

import json
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import answering
from kg.api.declarations import BY, Declaration, Routes
from kg.api.openapi_schemas import (
    IRIS,
    NUMBER,
    STRING,
    TRUTH,
    VERSION,
    Schema,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import check_charset, once, received, url_parameters
from kg.api.resources import AppResources, Resources
from kg.changes import Provenance
from kg.errors import JSON, NotFound, UnsupportedFormat
from kg.facts import sources
from kg.facts.judges import jobs
from kg.formats import bare_media_type
from kg.query.job import ReadJob
from kg.store.source_texts import MOST_BYTES
from kg.store.store import Contents
from kg.store.tokens import Role

_TEXT_TYPE = "text/plain"
_HASH: Schema = {**STRING, "pattern": "^[0-9a-f]{64}$", "examples": ["0" * 64]}
_KEPT: dict[str, Schema] = {
    "hash": _HASH,
    "length": {**VERSION, "description": "Code points."},
    "since": {**STRING, "format": "date-time"},
    "by": STRING,
    "sources": {**IRIS, "description": "The sources of the graph that have this text hash."},
}
_SCHEMAS: dict[str, Schema] = {
    "KeptText": record(_KEPT, description="The record of the stored text of a source, without the text."),
    "KeptTexts": record({"texts": several(ref("KeptText"))}, description="The stored texts."),
    "AddedText": record(
        {**_KEPT, "new": TRUTH, "passages": NUMBER, "violations": several(ref("Violation"))},
        description=(
            "The stored text, the number of passages of the graph that quote it, and those passages that "
            "it does not contain."
        ),
    ),
}
router = Routes("sources", "Full texts of sources, stored privately to check quoted passages.", _SCHEMAS)

LIST = Declaration({200: json_content("KeptTexts")}, (400, 401, 403), needs_token=True)
ADD = Declaration(
    {200: json_content("AddedText"), 201: json_content("AddedText")},
    (400, 401, 403, 413, 415, 503),
    parameters=(BY,),
    body={_TEXT_TYPE: STRING},
    headers=("Location",),
    needs_token=True,
)
REMOVE = Declaration({204: {}}, (400, 401, 403, 404, 503), in_path={"hash": _HASH}, needs_token=True)
UNCACHED = {"Cache-Control": "no-store"}


@router.declared("GET", "/sources", LIST)
async def list_source_texts(request: Request, resources: AppResources) -> Response:
    """List the stored texts of sources: hash, length, date, author and the sources, without the text."""
    _curator(request, resources)
    LIST.read_parameters(request)
    job = ReadJob("application/json", partial(_listed, resources.settings.data))
    return await answering.sent(request, resources, job, UNCACHED)


@router.declared("POST", "/sources", ADD)
async def add_source_text(request: Request, resources: AppResources) -> Response:
    """Store the full text of a source, in UTF-8; the gate then checks the source's passages against it.

    The answer contains the hash to write as ``dip:textHash``, and the passages that the text lacks.
    """
    other = once(url_parameters(request), BY.name)
    bearer, writes = _curator(request, resources, Role.ADMIN if other else Role.CURATE), resources.writes
    ADD.read_parameters(request)
    by = Provenance(other or bearer)
    _check_is_text(request)
    body = await received(request, MOST_BYTES, resources.bodies)
    try:
        change = writes.change(partial(jobs.add_source, body, by.agent), by)
        settled = await answering.unless_gone(request, change)
    finally:
        body.discard()
    details = settled.decision.details or {}
    headers = {**UNCACHED, "Location": f"{resources.root_path}sources/{details['hash']}"}
    return JSONResponse(details, 201 if details["new"] else 200, headers)


@router.declared("DELETE", "/sources/{hash}", REMOVE)
async def remove_source_text(hash: str, request: Request, resources: AppResources) -> Response:  # noqa: A002  # as in the path
    """Remove the stored text with this hash; passages are not changed."""
    bearer, writes = _curator(request, resources), resources.writes
    REMOVE.read_parameters(request)
    if not re.fullmatch(_HASH["pattern"], hash):
        raise NotFound("A text is named by its SHA-256, 64 hexadecimal digits.")
    change = writes.change(partial(jobs.remove_source, hash), Provenance(bearer))
    await answering.unless_gone(request, change)
    return Response(status_code=204)


def _check_is_text(request: Request) -> None:
    """Raise UnsupportedFormat for a body that is not declared as plain text in UTF-8."""
    if (media_type := bare_media_type(request.headers.get("content-type"))) != _TEXT_TYPE:
        phrase = f"not as {media_type[:64]}" if media_type else "with this Content-Type"
        raise UnsupportedFormat(
            f"The text of a source is sent as {_TEXT_TYPE}, {phrase}.", supported=[_TEXT_TYPE]
        )
    check_charset(request)


def _curator(request: Request, resources: Resources, needed: Role = Role.CURATE) -> str:
    return resources.tokens.identify(request.headers.get("authorization"), needed)


def _listed(directory: Path, contents: Contents) -> Iterable[bytes]:
    texts: JSON = {"texts": sources.listed(contents, directory)}
    yield json.dumps(texts, ensure_ascii=False).encode()
