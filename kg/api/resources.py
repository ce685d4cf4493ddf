"""Resources that the routes share while the server runs: the store, readers, cache, queue of writes, gate."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Lock, Timer
from typing import TYPE_CHECKING, Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import Depends, Request
from pyoxigraph import NamedNode
from starlette.datastructures import Headers

from kg import ontology
from kg.api.answer_cache import AnswerCache
from kg.api.metrics import Metrics
from kg.api.write_queue import WriteQueue
from kg.errors import BadInput, Forbidden
from kg.exports.catalogue import EXPORT_FORMATS
from kg.formats import choose_language
from kg.ontology import Ontology
from kg.pages.rendering import Style
from kg.query.questions import Question
from kg.query.questions import load as load_questions
from kg.query.readers.pool import ReaderPool
from kg.settings import Settings
from kg.store.log import CommitLog
from kg.store.store import Contents, Store
from kg.store.tokens import Tokens

if TYPE_CHECKING:
    from kg.gate.gate import Gate


@dataclass(frozen=True)
class Layer:
    """A layer of the model: the name of the class that heads it, what that is, the number of its things."""

    name: str
    meaning: str
    count: int


class VoidCount(NamedTuple):
    """So many of something; of a class or a property where ``of`` names it."""

    what: str
    of: str | None
    number: int


@dataclass
class Resources:
    """The resources of one server."""

    settings: Settings
    contents: Contents
    release: Ontology
    readers: ReaderPool
    tokens: Tokens
    questions: dict[str, Question]
    answers: AnswerCache
    metrics: Metrics
    writes: WriteQueue
    log: CommitLog
    listed: tuple[int, list[str]] | None = None
    """The graphs that hold something, and of which version that is true."""
    counted: tuple[int, tuple[Layer, ...]] | None = None
    """How much there is of each kind, and of which version that is true."""
    measured: tuple[int, list[VoidCount]] | None = None
    """How much there is in terms of VoID, and of which version that is true."""
    _making: Lock = field(default_factory=Lock)
    _gate: "Gate | None" = None

    @property
    def store(self) -> Store:
        """The store to write to; raises Forbidden if this server only reads."""
        if not isinstance(self.contents, Store):
            raise Forbidden("This server only reads: it was started with --read-only.")
        return self.contents

    @property
    def gate(self) -> "Gate":
        """The gate, made when first used: that takes a second or two."""
        with self._making:
            if self._gate is None:
                from kg.gate.gate import Gate

                self._gate = Gate.of(self.release)
                gc.freeze()  # what lives as long as the server need not be looked through for garbage
            return self._gate

    @property
    def root_path(self) -> str:
        """The path at which the root page is reached."""
        return urlsplit(self.settings.base).path.rstrip("/") + "/"

    def style(self, headers: Headers | None = None) -> Style:
        """Return the style of pages in the language that these headers ask for."""
        return Style(self.root_path, choose_language(headers.get("accept-language") if headers else None))

    def root(self, request: Request) -> str:
        """Return the public address of the server, with a slash at its end: the one set, else the one called.

        Raises BadInput if no address can be made of the Host header.
        """
        root = (self.settings.base or str(request.base_url)).rstrip("/") + "/"
        try:
            return NamedNode(root).value
        except ValueError:
            raise BadInput("The header 'Host' names no host; send the one you call.") from None

    def warm(self) -> None:
        """Make the gate in two seconds, so that the first submission need not wait for it.

        Requests that waited for the server to start are answered first. A server that stops does not wait.
        """
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # what a request leaves behind goes without a search for cycles
        making = Timer(2.0, lambda: self.gate)
        making.daemon = True
        making.start()


PRELOADED = (
    "kg.exports.export",
    *(known.writer for known in EXPORT_FORMATS.values()),
    "kg.pages.views",
    "kg.pages.rendering:prepare",
)
"""What makes pages and exports: imported before readers are forked, so that no reader imports it itself."""


@asynccontextmanager
async def opened(
    settings: Settings, contents: Contents, tokens: Tokens, metrics: Metrics, answers: AnswerCache
) -> AsyncIterator[Resources]:
    """Start the readers, yield the resources, and stop the readers."""
    release, questions = ontology.load(), load_questions()
    # The writer empties its folder at a start; a reader beside it keeps to one of its own.
    folder = "snapshots" if isinstance(contents, Store) else f"snapshots-{os.getpid()}"
    async with ReaderPool(contents, settings, settings.data / folder, PRELOADED) as readers:
        yield Resources(
            settings=settings,
            contents=contents,
            release=release,
            readers=readers,
            tokens=tokens,
            questions=questions,
            answers=answers,
            metrics=metrics,
            writes=WriteQueue(contents.writing if isinstance(contents, Store) else None),
            log=CommitLog(settings.data / "log"),
        )


async def _of_request(request: Request) -> Resources:  # a plain function would cost a thread at each request
    found = request.app.resources
    assert isinstance(found, Resources)
    return found


Here = Annotated[Resources, Depends(_of_request)]
"""The annotation of the parameter by which a route takes the resources."""
