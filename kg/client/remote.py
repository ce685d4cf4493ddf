"""Remote access: a server called over HTTP."""

import json
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from kg.client.access import Answer, Document
from kg.client.http import Client, Reply, error_of
from kg.client.verdict import Members, Verdict
from kg.errors import KGError, Unavailable
from kg.exports.catalogue import ExportFormat
from kg.exports.selection import ALL_FACTS, Selection
from kg.query.job import LABELLED, UNLABELLED, Labelling
from kg.query.parameters import Parameter
from kg.query.questions import Question
from kg.query.search.search import SearchAnswer, SearchQuery

if TYPE_CHECKING:
    from kg.facts.loads.files import LoadFile
    from kg.facts.loads.source import Progress

_PAUSE = 0.5
"""Seconds between two requests for a load's progress."""
_JSON = "application/json"
_TURTLE = "text/turtle"


class Remote:
    """Access to a graph behind a server."""

    if_interrupted = "Interrupted: the server may have stored the facts; check with kg log."

    def __init__(self, client: Client) -> None:
        self._client = client
        self.address: str | None = client.root

    def query(
        self, text: str, accept: str, as_of: str | None = None, labelling: Labelling = UNLABELLED
    ) -> Answer:
        label_parameters = _labels(labelling) if labelling.changes_rows else []
        return _answer(self._client.query(text, accept, [*_moment(as_of), *label_parameters]))

    def questions(self) -> Mapping[str, Question]:
        document = _json(self._client.get("questions", _JSON))
        return {str(members["name"]): _question(members) for members in document["questions"]}

    def ask(
        self,
        name: str,
        values: Mapping[str, str],
        accept: str,
        as_of: str | None = None,
        labelling: Labelling = LABELLED,
    ) -> Answer:
        parameters = [*values.items(), *_moment(as_of), *_labels(labelling)]
        return _answer(self._client.get(f"questions/{quote(name, safe='')}", accept, parameters))

    def why(self, fact: str, language: str = "en", as_of: str | None = None) -> Members:
        return self._why([fact], language, as_of)

    def why_all(self, facts: Sequence[str], language: str = "en", as_of: str | None = None) -> Members:
        found = self._why(facts, language, as_of)
        return {"version": found["version"], "facts": [found]} if len(facts) == 1 else found

    def _why(self, facts: Sequence[str], language: str, as_of: str | None) -> Members:
        parameters = [*(("fact", fact) for fact in facts), ("lang", language), *_moment(as_of)]
        return _json(self._client.get("why", _JSON, parameters))

    def search(self, query: SearchQuery) -> SearchAnswer:
        classes = [("class", each) for each in query.classes]
        numbers = [("limit", str(query.limit)), ("offset", str(query.offset))]
        parameters = [("q", query.text), ("lang", query.lang), *classes, *numbers]
        return SearchAnswer.from_json(query, _json(self._client.get("search", _JSON, parameters)))

    def export(
        self,
        export_format: ExportFormat,
        selection: Selection = ALL_FACTS,
        *,
        as_of: str | None = None,
    ) -> Iterator[bytes]:
        parameters = [*selection.parameters(), *_moment(as_of), ("format", export_format.name)]
        return self._client.get("export", export_format.media_type, parameters).chunks

    def validate(self, document: Document) -> Verdict:
        return Verdict(_json(self._send("validate", document, _JSON)))

    def report(self, document: Document) -> bytes:
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
        fields = {"by": by, "source": source, "reason": reason, "quarantine": "true" if quarantine else None}
        return Verdict(_json(self._send("facts", document, _JSON, **fields)))

    def add_source(self, data: bytes, *, by: str | None = None) -> Members:
        return _json(self._client.post("sources", _JSON, "text/plain; charset=utf-8", data, by=by))

    def sources(self) -> list[Members]:
        return list(_json(self._client.get("sources", _JSON))["texts"])

    def remove_source(self, digest: str) -> None:
        self._client.delete(f"sources/{quote(digest, safe='')}")

    def proposals(self, state: str | None = None) -> list[Members]:
        parameters = [("state", state)] if state else []
        return list(_json(self._client.get("proposals", _JSON, parameters))["proposals"])

    def proposal(self, digits: str) -> Members:
        return _json(self._client.get(f"proposals/{quote(digits, safe='')}", _JSON))

    def proposal_document(self, digits: str) -> bytes:
        return b"".join(self._client.get(f"proposals/{quote(digits, safe='')}/document", "*/*").chunks)

    def accept(self, digits: str, *, reason: str | None = None, by: str | None = None) -> Verdict:
        return Verdict(self._decide(digits, "acceptance", reason, by))

    def reject(self, digits: str, reason: str, *, by: str | None = None) -> Members:
        return self._decide(digits, "rejection", reason, by)

    def withdraw_proposal(self, digits: str) -> None:
        self._client.delete(f"proposals/{quote(digits, safe='')}")

    def _decide(self, digits: str, decision: str, reason: str | None, by: str | None) -> Members:
        members = {name: value for name, value in (("reason", reason), ("by", by)) if value is not None}
        path = f"proposals/{quote(digits, safe='')}/{decision}"
        return _json(self._client.post(path, _JSON, _JSON, json.dumps(members).encode()))

    def load(
        self,
        files: "Sequence[LoadFile]",
        *,
        graph: str | None = None,
        by: str | None = None,
        source: str | None = None,
        reason: str | None = None,
        progress: "Progress",
    ) -> Members:
        """If the caller is interrupted, the load is cancelled."""
        start = monotonic()
        job: Members = {}
        provenance: dict[str, str | None] = {"by": by, "source": source, "reason": reason}
        try:
            for number, file in enumerate(files, 1):
                fields = {"graph": graph, "name": file.name, **provenance}
                if number < len(files):
                    fields["more"] = "true"
                with file.path.open("rb") as body:
                    reply = self._client.post_file(
                        "load", _JSON, file.format.media_type, body, file.size, **fields
                    )
                job = _json(reply)
                provenance = {"job": job["job"]}
            while job["state"] in ("waiting", "loading", "committing"):
                for file in files:
                    file.read = int(job["share"] * file.size)
                progress(job["state"], job["triples"], None)
                sleep(_PAUSE)
                job = _json(self._client.get(f"jobs/{job['job']}", _JSON))
        except (KGError, KeyboardInterrupt):
            if job:
                self._client.delete(f"jobs/{job['job']}")
            raise
        return {**_result_of(job), "seconds": monotonic() - start}

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        return self._withdraw(graphs=list(graphs), reason=reason, cascade=cascade, by=by)

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        return self._withdraw(commit=version, reason=reason, cascade=cascade, by=by)

    def commits(self, *, graph: str | None = None, by: str | None = None, limit: int = 50) -> list[Members]:
        found: list[Members] = []
        of = [(name, value) for name, value in (("graph", graph), ("by", by)) if value]
        is_more = True
        while is_more:
            before = [("before", str(found[-1]["version"]))] if found else []
            parameters = [*of, *before, ("limit", str(limit - len(found)))]
            page = _json(self._client.get("commits", _JSON, parameters))
            found += page["commits"]
            is_more = page["next"] and len(found) < limit
        return found

    def commit(self, version: int) -> Members:
        return _json(self._client.get(f"commits/{version}", _JSON))

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        parameters = [("from", start), ("to", end), ("all", str(everything).lower())]
        return _json(self._client.get("changes", _JSON, parameters))

    def _withdraw(self, **members: object) -> Members:
        return _json(self._client.post("retractions", _JSON, _JSON, json.dumps(members).encode()))

    def _send(self, path: str, document: Document, accept: str, **query: str | None) -> Reply:
        query |= {"supersedes": document.supersedes}
        return self._client.post(path, accept, document.format.media_type, document.data, **query)


def _result_of(job: Members) -> Members:
    """Return the result of a finished load; raises its error if it failed."""
    if job["state"] == "done":
        return dict(job["result"])
    if job["state"] == "failed":
        raise error_of(job["problem"]["status"], json.dumps(job["problem"]).encode())
    raise Unavailable(f"The load was {job['state']}: nothing was stored.")


def _moment(as_of: str | None) -> list[tuple[str, str]]:
    return [("as-of", as_of)] if as_of else []


def _labels(labelling: Labelling) -> list[tuple[str, str]]:
    return [("labels", labelling.mode), ("lang", labelling.language)]


def _answer(reply: Reply) -> Answer:
    def write(output: IO[bytes]) -> None:
        output.writelines(reply.chunks)

    return Answer(reply.media_type, write, reply.warnings, reply.understood)


def _question(members: Members) -> Question:
    """Return a question from its entry in /questions; unknown members, from a newer server, are ignored."""
    names = ("name", "type", "example", "default", "of_class", "bound")
    params = tuple(Parameter(**{name: each.get(name) for name in names}) for each in members["params"])
    return Question(
        members["name"],
        members["question"],
        params,
        members["returns"],
        tuple(members["tags"]),
        members["text"],
        None if members.get("labels") is None else tuple(members["labels"]),
        members.get("sql"),
        {language: (texts[0], texts[1]) for language, texts in members.get("translations", {}).items()},
    )


def _json(reply: Reply) -> Members:
    members = json.loads(b"".join(reply.chunks))
    assert isinstance(members, dict)
    return members
