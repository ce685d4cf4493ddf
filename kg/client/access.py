"""The two ways to a graph, alike from outside: a data directory opened here, or a server spoken to over HTTP.

Beside a running server a data directory is reached through it, for the store has one writer. What a plain
query does not need is imported where it is needed: so the command line answers in a third of a second.
"""

import getpass
import io
import json
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import quote

from pyoxigraph import Quad, RdfFormat, serialize

from kg.changes import Provenance
from kg.client.verdict import Members, Verdict
from kg.errors import Unreadable
from kg.formats import RDF_FORMATS, FactsFormat, RDFFormat
from kg.query import federation
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.settings import Settings
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.store.server_file import find_server
from kg.store.store import Contents, Store, open_snapshot

if TYPE_CHECKING:
    from kg.client.http import Client, Reply
    from kg.client.results import Result
    from kg.gate.reports import Report

_JSON = "application/json"
_TURTLE = "text/turtle"


@dataclass(frozen=True)
class Answer:
    """An answer about to be written: its media type, and what writes it."""

    media_type: str
    write: Callable[[IO[bytes]], None]

    def read(self) -> bytes:
        """Give the whole answer."""
        buffer = io.BytesIO()
        self.write(buffer)
        return buffer.getvalue()


@dataclass(frozen=True)
class Document:
    """Facts as they came: bytes, format, the name to call them by, and the graph they correct."""

    data: bytes
    format: FactsFormat
    name: str = "-"
    supersedes: str | None = None


def result_of(answer: Answer) -> "Result":
    """Read an answer that was asked for with ``results.ACCEPT``."""
    from kg.client.results import Result

    return Result(answer.media_type, answer.read())


def merged(documents: Sequence[Document]) -> Document:
    """Make one document of several, so that all of it is accepted or nothing; raises Unreadable.

    It is JSON-LD, for which a report tells no lines: those of a text nobody wrote would mislead.
    """
    from kg.facts import parsing

    if len(documents) == 1:
        return documents[0]
    quads: list[Quad] = []
    for document in documents:
        try:
            quads += parsing.read(document.data, document.format)[1]
        except Unreadable as fault:
            raise Unreadable(f"{document.name}: {fault.detail}") from None
    buffer = io.BytesIO()
    serialize(quads, buffer, RdfFormat.JSON_LD)
    return Document(buffer.getvalue(), RDF_FORMATS["jsonld"], ", ".join(each.name for each in documents))


class Access(Protocol):
    """What can be asked of a graph, wherever it is."""

    def query(self, text: str, accept: str, as_of: str | None = None) -> Answer:
        """Answer a SPARQL query, in the format the Accept header likes best; ``as_of`` a time or ``v17``."""
        ...

    def questions(self) -> Mapping[str, str]:
        """Give the sentence of each saved question, by its name."""
        ...

    def ask(self, name: str, values: Mapping[str, str], accept: str, as_of: str | None = None) -> Answer:
        """Answer a saved question."""
        ...

    def export(
        self, rdf_format: RDFFormat, graphs: Sequence[str], *, everything: bool, as_of: str | None = None
    ) -> Iterator[bytes]:
        """Stream graphs, by default all that hold facts."""
        ...

    def validate(self, document: Document) -> Verdict:
        """Say whether facts would be accepted, and if not, why."""
        ...

    def report(self, document: Document) -> bytes:
        """Say the same as a SHACL validation report, in Turtle."""
        ...

    def add(
        self,
        document: Document,
        *,
        by: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        quarantine: bool = False,
    ) -> Verdict:
        """Store facts: all, durably, or none. Raises Invalid with the report where they do not conform.

        ``by`` is whoever adds them, where that is not the user of this machine or the token's bearer. With
        ``quarantine`` what is refused is kept, to be mended.
        """
        ...

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        """Withdraw graphs, with ``cascade`` those that rest on them too; tell the commit."""
        ...

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """Withdraw what a commit added, whether in submissions or in graphs that are edited."""
        ...

    def commits(self, *, graph: str | None = None, limit: int = 50) -> list[Members]:
        """List commits, newest first: all, or those that wrote or withdrew a graph."""
        ...

    def commit(self, version: int) -> Members:
        """Tell one commit."""
        ...

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        """Tell what came and went between two times or versions, as N-Quads."""
        ...


def reach(directory: Path, token: str | None = None) -> Access:
    """Find the way to a data directory: through the server that holds it, or by opening it here."""
    if server := find_server(directory):
        return reach_server(server.url, server.key or token)
    return Local(directory)


def reach_server(url: str, token: str | None = None) -> Access:
    """Find the way to a server; raises BadInput for what is no address."""
    from kg.client.http import Client

    return Remote(Client(url, token))


class Local:
    """A data directory that is opened here; it is read as it was when first asked."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._earlier: dict[int, Contents] = {}

    @cached_property
    def contents(self) -> Contents:
        """The version that is read; a fresh data directory is filled first."""
        return open_read_only(self.directory)

    def query(self, text: str, accept: str, as_of: str | None = None) -> Answer:
        """See Access."""
        return self._answer(QueryJob(text, accept, as_of=as_of))

    def questions(self) -> Mapping[str, str]:
        """See Access."""
        from kg.query import questions

        return {name: question.question for name, question in questions.load().items()}

    def ask(self, name: str, values: Mapping[str, str], accept: str, as_of: str | None = None) -> Answer:
        """See Access."""
        from kg.query import questions

        question = questions.find(name, questions.load())
        bindings = questions.bind(question, values)
        return self._answer(QueryJob(question.text, accept, bindings=bindings, as_of=as_of))

    def export(
        self, rdf_format: RDFFormat, graphs: Sequence[str], *, everything: bool, as_of: str | None = None
    ) -> Iterator[bytes]:
        """See Access."""
        from kg.exports import rdf

        contents = self._as_of(as_of)
        chosen = rdf.choose_graphs(contents.graphs(), graphs, everything=everything)
        return rdf.stream(contents, rdf_format, chosen)

    def validate(self, document: Document) -> Verdict:
        """See Access."""
        from kg.gate.reports import as_json

        return Verdict(as_json(self._check(document)))

    def report(self, document: Document) -> bytes:
        """See Access."""
        from kg.gate.reports import as_shacl

        return as_shacl(self._check(document)).encode()

    def add(
        self,
        document: Document,
        *,
        by: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        quarantine: bool = False,
    ) -> Verdict:
        """See Access. Takes the writer's place for as long as it lasts."""
        from kg import ontology
        from kg.facts import submissions
        from kg.facts.quarantine import Quarantine
        from kg.gate.gate import Gate
        from kg.gate.reports import as_json

        provenance = Provenance(by or getpass.getuser(), source, reason, is_admin=True)
        given = (document.data, document.format, provenance, document.supersedes)
        with Quarantine(self.directory).keeping(*given) if quarantine else nullcontext():
            submission = submissions.parse(document.data, document.format, supersedes=document.supersedes)
            with Store.open(self.directory) as store:
                outcome = submissions.add(store, Gate.of(ontology.load()), submission, provenance)
        vars(self).pop("contents", None)  # what was opened before is a version behind
        return Verdict({**as_json(outcome.report), "version": outcome.commit and outcome.commit.version})

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        """See Access. Takes the writer's place for as long as it lasts."""
        from kg import ontology
        from kg.facts import retraction
        from kg.gate.gate import Gate
        from kg.store import history

        provenance = Provenance(by or getpass.getuser(), reason=reason, is_admin=True)
        with Store.open(self.directory) as store:
            gate = Gate.of(ontology.load())
            commit = retraction.retract(store, gate, graphs, provenance, cascade=cascade)
        vars(self).pop("contents", None)
        return history.as_json(commit)

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """See Access."""
        from kg import ontology
        from kg.facts import retraction
        from kg.gate.gate import Gate
        from kg.store import history

        provenance = Provenance(by or getpass.getuser(), reason=reason, is_admin=True)
        with Store.open(self.directory) as store:
            gate = Gate.of(ontology.load())
            commit = retraction.undo(store, gate, version, provenance, cascade=cascade)
        vars(self).pop("contents", None)
        return history.as_json(commit)

    def commits(self, *, graph: str | None = None, limit: int = 50) -> list[Members]:
        """See Access."""
        from kg.store import history

        if graph:
            found = history.commits_of(self.contents, self._log, graph, limit=limit)
        else:
            found = history.commits(self._log, self.contents.version, limit=limit)
        return [history.as_json(commit) for commit in found]

    def commit(self, version: int) -> Members:
        """See Access."""
        from kg.store import history

        return history.as_json(history.commit(self._log, self.contents.version, version))

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        """See Access."""
        from kg.store import history
        from kg.store.snapshots import version_of

        between = (version_of(self._log, text, self.contents.version) for text in (start, end))
        delta = history.changes(self._log, *between, everything=everything)
        return {
            "added": [f"{quad} ." for quad in delta.added],
            "removed": [f"{quad} ." for quad in delta.removed],
        }

    @property
    def _log(self) -> CommitLog:
        return CommitLog(self.directory / "log")

    def _as_of(self, as_of: str | None) -> Contents:
        """Open the version that is meant; an earlier one is kept for as long as this lives."""
        if as_of is None:
            return self.contents
        from kg.store.snapshots import Snapshots, version_of

        version = version_of(self._log, as_of, self.contents.version)
        if version == self.contents.version:
            return self.contents
        if version not in self._earlier:
            past = Snapshots(self.directory).hold(self.contents, version)
            weakref.finalize(self, past.let_go)
            self._earlier[version] = open_snapshot(past.path, version)
        return self._earlier[version]

    def _check(self, document: Document) -> "Report":
        from kg import ontology
        from kg.facts import submissions
        from kg.gate.gate import Gate

        submission = submissions.parse(document.data, document.format, supersedes=document.supersedes)
        return submissions.check(self.contents, Gate.of(ontology.load()), submission)

    def _answer(self, job: QueryJob) -> Answer:
        if federation.is_meant(job.text):
            settings = Settings.from_environment()
            job = federation.asked_now(job, settings.allow, settings.query_seconds)
        evaluated = evaluate(self._as_of(job.as_of), job)
        return Answer(evaluated.choice.media_type, evaluated.write)


class Remote:
    """A server."""

    def __init__(self, client: "Client") -> None:
        self._client = client

    def query(self, text: str, accept: str, as_of: str | None = None) -> Answer:
        """See Access."""
        return _answer(self._client.query(text, accept, as_of))

    def questions(self) -> Mapping[str, str]:
        """See Access."""
        told = _json(self._client.get("questions", _JSON))
        return {str(question["name"]): str(question["question"]) for question in told["questions"]}

    def ask(self, name: str, values: Mapping[str, str], accept: str, as_of: str | None = None) -> Answer:
        """See Access."""
        given = [*values.items(), *_moment(as_of)]
        return _answer(self._client.get(f"questions/{quote(name, safe='')}", accept, given))

    def export(
        self, rdf_format: RDFFormat, graphs: Sequence[str], *, everything: bool, as_of: str | None = None
    ) -> Iterator[bytes]:
        """See Access."""
        wanted = [("graph", graph) for graph in graphs] + [("all", "true")] * everything + _moment(as_of)
        return self._client.get("export", rdf_format.media_type, wanted).chunks

    def validate(self, document: Document) -> Verdict:
        """See Access."""
        return Verdict(_json(self._send("validate", document, _JSON)))

    def report(self, document: Document) -> bytes:
        """See Access."""
        return b"".join(self._send("validate", document, _TURTLE).chunks)

    def add(
        self,
        document: Document,
        *,
        by: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        quarantine: bool = False,
    ) -> Verdict:
        """See Access."""
        given = {"by": by, "source": source, "reason": reason, "quarantine": "true" if quarantine else None}
        return Verdict(_json(self._send("facts", document, _JSON, **given)))

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        """See Access."""
        return self._withdraw(graphs=list(graphs), reason=reason, cascade=cascade, by=by)

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """See Access."""
        return self._withdraw(commit=version, reason=reason, cascade=cascade, by=by)

    def commits(self, *, graph: str | None = None, limit: int = 50) -> list[Members]:
        """See Access."""
        found: list[Members] = []
        of = [("graph", graph)] if graph else []
        is_more = True
        while is_more:
            before = [("before", str(found[-1]["version"]))] if found else []
            wanted = [*of, *before, ("limit", str(limit - len(found)))]
            page = _json(self._client.get("commits", _JSON, wanted))
            found += page["commits"]
            is_more = page["next"] and len(found) < limit
        return found

    def commit(self, version: int) -> Members:
        """See Access."""
        return _json(self._client.get(f"commits/{version}", _JSON))

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        """See Access."""
        wanted = [("from", start), ("to", end), ("all", str(everything).lower())]
        return _json(self._client.get("changes", _JSON, wanted))

    def _withdraw(self, **asked: object) -> Members:
        return _json(self._client.post("retractions", _JSON, _JSON, json.dumps(asked).encode()))

    def _send(self, path: str, document: Document, accept: str, **query: str | None) -> "Reply":
        query |= {"supersedes": document.supersedes}
        return self._client.post(path, accept, document.format.media_type, document.data, **query)


def _moment(as_of: str | None) -> list[tuple[str, str]]:
    return [("as-of", as_of)] if as_of else []


def _answer(reply: "Reply") -> Answer:
    return Answer(reply.media_type, lambda output: output.writelines(reply.chunks))


def _json(reply: "Reply") -> Members:
    members = json.loads(b"".join(reply.chunks))
    assert isinstance(members, dict)
    return members
