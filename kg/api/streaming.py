"""Streamed answers: the reader is released when sending ends, whether it succeeds or fails."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from kg.errors import KGError

_log = logging.getLogger(__name__)


class Streamed(StreamingResponse):
    """Sends chunks, and calls ``release`` at the end, even if the client disconnects before the first."""

    def __init__(
        self,
        chunks: AsyncIterator[bytes],
        release: Callable[[], None],
        headers: Mapping[str, str],
        content_type: str,
        status: int = 200,
    ) -> None:
        super().__init__(chunks, status, headers, content_type)
        self._release = release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the chunks. If the reader fails, leave the answer incomplete; the server then disconnects."""
        try:
            await super().__call__(scope, receive, send)
        except KGError as fault:
            _log.warning("An answer was aborted: %s", fault.detail)
        finally:
            self._release()
