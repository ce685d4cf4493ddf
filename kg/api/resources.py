"""Resources that the routes share while the server runs: the store, readers, cache, queue of writes."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import Depends, Request
from pyoxigraph import NamedNode
from starlette.types import Scope

from kg import iris, ontology
from kg.api import languages
from kg.api.answer_cache import AnswerCache
from kg.api.kept_parts import KeptParts
from kg.api.load_jobs import LoadJobs
from kg.api.machine_use import LogSize
from kg.api.metrics import Metrics
from kg.errors import BadInput, Conflict, Forbidden, MissingToken, Unavailable
from kg.exports.catalogue import EXPORT_FORMATS
from kg.facts.judges.pool import JudgePool
from kg.facts.judges.queue import WriteQueue
from kg.facts.judges.validators import Validators
from kg.ontology import Ontology
from kg.pages.rendering import Style
from kg.query.columnar import manifest
from kg.query.kept_copy import KeptCopy
from kg.query.questions import Question
from kg.query.questions import load_all as load_questions
from kg.query.readers.pool import ReaderPool
from kg.query.search.live_search import LiveSearch
from kg.settings import Settings
from kg.store import tombstones
from kg.store.log import CommitLog
from kg.store.snapshots import version_of
from kg.store.store import Contents, Store
from kg.store.tokens import Role, Tokens
from kg.terms import DIP, RDF

PURGED = "X-Graph-Purged"
SECONDS_UNTIL_WARM = 2.0


class VoidCount(NamedTuple):
    """A count of items; of a class or a property, if ``of`` names one."""

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
    validators: Validators
    loads: LoadJobs | None
    """The load jobs; None if the server is read-only."""
    queue: WriteQueue | None
    """Orders the writes; None if the server is read-only."""
    bodies: Path
    """The folder for bodies that a judge will read."""
    log: CommitLog
    log_size: LogSize
    search: LiveSearch
    tables: KeptCopy
    """The columnar projection; a keeper starts when a question or an export first needs it."""
    kept_parts: KeptParts
    """Parts of pages, cached for a version."""
    listed: tuple[int, list[str]] | None = None
    """A version, and the graphs that are not empty in it."""
    ontology_versions: tuple[int, dict[str, int]] | None = None
    """A version, and for each version of the ontology the last commit that holds it."""
    measured: tuple[int, list[VoidCount]] | None = None
    """A version, and the size of its graph in terms of VoID."""

    decisions: set[str] = field(default_factory=set)
    """The proposals on which a decision is in progress."""

    @contextmanager
    def deciding(self, proposal: str) -> Iterator[None]:
        """Hold a proposal while it is decided on; raises Conflict if another decision is in progress."""
        if proposal in self.decisions:
            raise Conflict("Another decision on this proposal is in progress; read the proposal again.")
        self.decisions.add(proposal)
        try:
            yield
        finally:
            self.decisions.discard(proposal)

    @property
    def store(self) -> Store:
        """The store to write to; raises Forbidden if the server is read-only."""
        if not isinstance(self.contents, Store):
            raise Forbidden("This server is read-only: it was started with --read-only.")
        return self.contents

    @property
    def writes(self) -> WriteQueue:
        """The queue of writes; raises Forbidden if the server is read-only."""
        assert self.store
        assert self.queue is not None, "a server with a store has a queue"
        return self.queue

    @property
    def root_path(self) -> str:
        """The path of the root page."""
        return urlsplit(self.settings.base).path.rstrip("/") + "/"

    def is_curator(self, authorization: str | None) -> bool:
        """Return whether an Authorization header has a curator's token; False if it is missing or unknown."""
        with suppress(MissingToken):
            return authorization is not None and self.tokens.allows(authorization, Role.CURATE)
        return False

    def require_kept(self, graphs: Collection[str], as_of: str | None = None) -> None:
        """Raise Gone if a graph was purged in the version asked about, or since."""
        if graphs:
            newest = self.contents.version
            version = version_of(self.log, as_of, newest) if as_of else newest
            tombstones.require_kept(self.settings.data, graphs, version)

    def purged_since(self, as_of: str | None) -> dict[str, str]:
        """Return the header that names the graphs purged since an earlier version; none without ``as_of``."""
        if not as_of:
            return {}
        version = version_of(self.log, as_of, self.contents.version)
        purged = tombstones.purged_since(self.settings.data, version)
        return {PURGED: ", ".join(f"<{iris.as_uri(each.graph)}>" for each in purged)} if purged else {}

    def style(self, scope: Scope | None = None) -> Style:
        """Return the style of the page for a request, in its language."""
        if scope is None:
            return Style(self.root_path)
        return Style(
            self.root_path,
            languages.of_request(scope),
            site=self._site(scope),
            address=self._address(scope),
            contact=self.settings.contact,
        )

    def _address(self, scope: Scope) -> str:
        """Return the public path and the query of a request without the language; empty if it has a body."""
        if scope["method"] not in ("GET", "HEAD"):
            return ""
        path = self.root_path + quote(scope["path"].lstrip("/"), safe="/:@!$&'()*+,;=~")
        pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        query = urlencode([pair for pair in pairs if pair[0] != languages.PARAMETER])
        return f"{path}?{query}" if query else path

    def _site(self, scope: Scope) -> str:
        try:
            return self.root(Request(scope))
        except BadInput:  # the Host header makes no valid address
            return self.root_path

    def root(self, request: Request) -> str:
        """Return the public address of the server, with a final slash: the one set, else the one called.

        Raises BadInput if the Host header makes no valid address.
        """
        root = (self.settings.base or str(request.base_url)).rstrip("/") + "/"
        try:
            return NamedNode(root).value
        except ValueError:
            raise BadInput("The header 'Host' is empty or invalid; send the host of the address.") from None

    def warm(self) -> None:
        """Schedule the start of judges, so that the first write need not wait for them.

        They start after a delay: a client that waits for the server to start is answered first.
        """
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)  # reference counting frees most of what a request leaves
        asyncio.get_running_loop().call_later(SECONDS_UNTIL_WARM, self._start_judges)

    def keep_tables(self) -> None:
        """Start the keeper of the tables if they exist already, or if the graph holds coded rows."""
        rows = self.contents.quads_for_pattern(None, RDF.TYPE, DIP.CODED_OCCURRENCE)
        if manifest.read(manifest.folder_in(self.settings.data)) is not None or any(rows):
            self.tables.start()

    def _start_judges(self) -> None:
        self._warming = asyncio.ensure_future(self._warm())

    async def _warm(self) -> None:
        self.search.start()
        self.keep_tables()
        with suppress(Unavailable):  # the first change or validation tries again and reports it
            if self.queue is not None:
                await self.queue.warm()
            await self.validators.start()


PRELOADED = (
    "kg.query.columnar.asking",
    "kg.exports.export",
    *(each.writer for each in EXPORT_FORMATS.values()),
    *(
        f"kg.pages.{name}"
        for name in (
            "feed",
            "glossary",
            "help",
            "home",
            "listing",
            "reference",
            "sitemap",
            "thing_json",
            "thing_table",
        )
    ),
    "kg.pages.profiles.thing_page",
    "kg.pages.views",
    "kg.pages.completions",
    "kg.pages.question_forms",
    "kg.pages.workbench",
    "kg.pages.desk.corrections",
    "kg.pages.desk.drafting",
    "kg.pages.desk.page",
    "kg.pages.desk.proposals",
    "kg.query.checking",
    "kg.pages.rendering:prepare",
)
"""Modules for pages and exports, imported before readers are forked, so that no reader imports them."""


@asynccontextmanager
async def opened(
    settings: Settings, contents: Contents, tokens: Tokens, metrics: Metrics, answers: AnswerCache
) -> AsyncIterator[Resources]:
    """Start the readers, yield the resources, and stop the readers."""
    release, questions = ontology.load(), load_questions(settings.questions)
    log = CommitLog(settings.data / "log")
    # A server that writes empties its folders at start, so a read-only server uses its own.
    own = "" if isinstance(contents, Store) else f"-{os.getpid()}"
    data = settings.data
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        readers = await enter(ReaderPool(contents, settings, data / f"snapshots{own}", PRELOADED))
        validators = await enter(Validators(contents, settings, data / f"validated{own}"))
        queue = loads = None
        if isinstance(contents, Store):
            loads = await enter(LoadJobs(contents))
            queue = WriteQueue(contents, await enter(JudgePool(contents, settings, data / "judges")))
        search = await stack.enter_async_context(LiveSearch(data, lambda: contents.version))
        tables = KeptCopy("kg.query.columnar.upkeep", data, lambda: contents.version)
        stack.push_async_callback(tables.end)
        kept_parts = KeptParts()
        stack.push_async_callback(kept_parts.end)
        bodies = data / f"bodies{own}"
        shutil.rmtree(bodies, ignore_errors=True)
        bodies.mkdir()
        stack.callback(shutil.rmtree, bodies, ignore_errors=True)
        yield Resources(
            settings=settings,
            contents=contents,
            release=release,
            readers=readers,
            tokens=tokens,
            questions=questions,
            answers=answers,
            metrics=metrics,
            validators=validators,
            queue=queue,
            loads=loads,
            bodies=bodies,
            log=log,
            log_size=LogSize(log),
            search=search,
            tables=tables,
            kept_parts=kept_parts,
        )


async def _of_request(request: Request) -> Resources:  # a plain function would cost a thread at each request
    found = request.app.resources
    assert isinstance(found, Resources)
    return found


AppResources = Annotated[Resources, Depends(_of_request)]
"""The annotation with which a route takes the resources as a parameter."""
