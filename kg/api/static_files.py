"""Static files of the pages: browsers cache addresses with a content hash permanently."""

import asyncio
import mimetypes
from functools import lru_cache
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.api import codings, etags
from kg.formats import content_type
from kg.pages import assets

FOREVER = "public, max-age=31536000, immutable"
CHECKED = "no-cache"
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}


class StaticFile(NamedTuple):
    """A file, ready to be sent."""

    body: bytes
    headers: dict[str, str]
    tag: str


async def respond(scope: Scope, receive: Receive, send: Send) -> None:
    """Send a file; its path may begin with the hash that ``assets.digest`` returns, or an outdated one."""
    request = Request(scope, receive)
    if request.method not in ("GET", "HEAD"):
        raise HTTPException(405)
    path = scope["path"].removeprefix(f"{scope['root_path']}/")
    first, _, rest = path.partition("/")
    name = rest if len(first) == assets.DIGEST_LENGTH and rest in assets.files() else path
    if name not in assets.files():
        raise HTTPException(404)
    found = await asyncio.to_thread(_read, name, codings.chosen(request.headers))
    cached = {"Cache-Control": FOREVER if first == assets.digest() else CHECKED}
    if etags.is_known(request, found.tag):
        response = etags.unchanged(found.tag)
        response.headers.update(cached)
    else:
        response = Response(found.body, headers={**found.headers, **cached, "ETag": found.tag})
    await response(scope, receive, send)


@lru_cache(256)
def _read(name: str, coding: str) -> StaticFile:
    """Read and compress a file, once for each coding."""
    path = assets.files()[name]
    body, coded = codings.coded(path.read_bytes(), coding)
    media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {"Content-Type": content_type(media_type), **coded}
    return StaticFile(body, headers, etags.tag(name, assets.digest(), coding))
