"""Access: the interface of a graph, and the documents and answers that it exchanges.

Local opens a data directory in this process; Remote calls a server over HTTP; ``reach`` picks one of the two.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol

from pyoxigraph import Quad, RdfFormat, serialize

from kg.client.verdict import Members, Verdict
from kg.errors import BadInput, NotFound, Unreadable
from kg.exports.catalogue import ExportFormat
from kg.exports.selection import ALL_FACTS, Selection
from kg.formats import RDF_FORMATS, FactsFormat
from kg.iris import read_iri
from kg.query.job import LABELLED, UNLABELLED, Labelling

if TYPE_CHECKING:
    from kg.client.results import Result
    from kg.facts.loads.files import LoadFile
    from kg.facts.loads.source import Progress
    from kg.query.questions import Question
    from kg.query.search.search import SearchAnswer, SearchQuery


@dataclass(frozen=True)
class Answer:
    """The answer of a query: its media type, a function that writes it to a file, and warnings.

    ``understood`` says how the values of parameters were read.
    """

    media_type: str
    write: Callable[[IO[bytes]], None]
    warnings: tuple[str, ...] = ()
    understood: tuple[str, ...] = ()

    def read(self) -> bytes:
        """Return the whole answer."""
        buffer = io.BytesIO()
        self.write(buffer)
        return buffer.getvalue()


@dataclass(frozen=True)
class Document:
    """Facts to submit: bytes, format, a name for error messages, and the graph that they supersede."""

    data: bytes
    format: FactsFormat
    name: str = "-"
    supersedes: str | None = None


def result_of(
    answer: Answer, address: str | None = None, ask_again: "Callable[[], Result] | None" = None
) -> "Result":
    """Parse the answer of a query that was sent with ``results.ACCEPT``."""
    from kg.client.results import Result

    return Result(
        answer.media_type,
        answer.read(),
        answer.warnings,
        answer.understood,
        address=address,
        ask_again=ask_again,
    )


def merged(documents: Sequence[Document]) -> Document:
    """Merge documents into one, so that all of them are accepted or none; raises Unreadable.

    The result is JSON-LD, so that a report gives no line numbers: they would not match the user's files.
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
    """A graph in a data directory or behind a server."""

    if_interrupted: str
    """Message for the user that says what happens to facts if ``add`` is interrupted."""

    address: str | None
    """The root URL of the server, under which our IRIs can be dereferenced; None for a directory."""

    def query(
        self, text: str, accept: str, as_of: str | None = None, labelling: Labelling = UNLABELLED
    ) -> Answer:
        """Answer a SPARQL query in a format that ``accept`` names; ``as_of`` is a time or ``v17``."""
        ...

    def questions(self) -> "Mapping[str, Question]":
        """Return the saved questions by name."""
        ...

    def ask(
        self,
        name: str,
        values: Mapping[str, str],
        accept: str,
        as_of: str | None = None,
        labelling: Labelling = LABELLED,
    ) -> Answer:
        """Answer a saved question."""
        ...

    def why(self, fact: str, language: str = "en", as_of: str | None = None) -> Members:
        """Return the grounds of a fact: a triple in Turtle, or a thing by its IRI or name.

        For each graph: its commits with their curators, and its reports with source, speaker, hedge, basis
        and passage. Raises NotFound if no graph states the fact.
        """
        ...

    def why_all(self, facts: Sequence[str], language: str = "en", as_of: str | None = None) -> Members:
        """Return the grounds of each of several facts (``facts``), without those that no graph states.

        Raises NotFound if no graph states any of them.
        """
        ...

    def search(self, query: "SearchQuery") -> "SearchAnswer":
        """Find things by their names and by quoted words."""
        ...

    def export(
        self,
        export_format: ExportFormat,
        selection: Selection = ALL_FACTS,
        *,
        as_of: str | None = None,
    ) -> Iterator[bytes]:
        """Yield the selected part of the graph as a document, in chunks."""
        ...

    def validate(self, document: Document) -> Verdict:
        """Return whether facts would be accepted, and their violations."""
        ...

    def report(self, document: Document) -> bytes:
        """Return the same as ``validate``, as a SHACL validation report in Turtle."""
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
        """Store all of the facts durably, or none. Raises Invalid with the report if they do not conform.

        With a drafter's token they become a proposal (``Verdict.proposal``), whether they conform or not.

        ``by`` names the author, by default the user of this machine or the token's owner. With
        ``quarantine``, rejected facts are kept in quarantine.
        """
        ...

    def add_source(self, data: bytes, *, by: str | None = None) -> Members:
        """Keep the full text of a source privately; return its hash, length, and passages missing from it.

        Raises TooLarge, and BadInput for data that is not UTF-8 text.
        """
        ...

    def sources(self) -> list[Members]:
        """List the kept texts: hash, length, date, author and sources; never the text."""
        ...

    def remove_source(self, digest: str) -> None:
        """Remove the kept text with a hash; raises NotFound."""
        ...

    def proposals(self, state: str | None = None) -> list[Members]:
        """List proposals, oldest first, in one state or in all: a drafter sees their own, a curator all."""
        ...

    def proposal(self, digits: str) -> Members:
        """Return a proposal with its verdict; raises NotFound."""
        ...

    def proposal_document(self, digits: str) -> bytes:
        """Return the document of a proposal as it was sent; raises NotFound if it is no longer kept."""
        ...

    def accept(self, digits: str, *, reason: str | None = None, by: str | None = None) -> Verdict:
        """Judge a proposal again and add its facts. Raises Invalid, and Conflict if it is already decided."""
        ...

    def reject(self, digits: str, reason: str, *, by: str | None = None) -> Members:
        """Reject a proposal, with a reason; raises NotFound, and Conflict if it was already decided."""
        ...

    def withdraw_proposal(self, digits: str) -> None:
        """Withdraw the caller's own undecided proposal; raises NotFound and Conflict."""
        ...

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
        """Load files of any size as one commit; return version, graphs, known, quads, warnings, seconds.

        ``graph`` receives triples outside of any graph. Raises Invalid with the report if they fail.
        """
        ...

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        """Withdraw graphs, with ``cascade`` also those that refer to them; return the commit."""
        ...

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """Withdraw what a commit added, in submissions and in editable graphs; return the commit."""
        ...

    def commits(self, *, graph: str | None = None, by: str | None = None, limit: int = 50) -> list[Members]:
        """List commits, newest first: all, those that wrote or withdrew ``graph``, or those by a person."""
        ...

    def commit(self, version: int) -> Members:
        """Return one commit."""
        ...

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        """Return the quads added and removed between two times or versions, as N-Quads."""
        ...


def text_named(texts: Sequence[Members], name: str) -> str:
    """Return the hash of a kept text, given the hash, its first digits, or the text's source.

    Raises NotFound and BadInput.
    """
    iri = read_iri(name).value if ":" in name else None
    found = [
        each["hash"] for each in texts if iri in each["sources"] or (name and each["hash"].startswith(name))
    ]
    if not found:
        raise NotFound(f"No text is kept that '{name}' names; kg source list names those that are.")
    if len(found) > 1:
        raise BadInput(f"'{name}' is ambiguous: {len(found)} texts match; give more of the hash.")
    return str(found[0])


def proposal_named(proposals: Sequence[Members], name: str) -> str:
    """Return the id of a proposal, given the id or its first digits.

    Raises NotFound and BadInput.
    """
    found = [str(each["id"]) for each in proposals if name and each["id"].startswith(name)]
    if not found:
        raise NotFound(f"There is no proposal '{name[:32]}'; kg review list --state all lists them.")
    if len(found) > 1:
        raise BadInput(f"'{name}' is ambiguous: {len(found)} proposals match; give more of the id.")
    return found[0]
