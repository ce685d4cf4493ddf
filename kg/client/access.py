"""What every way to a graph promises (Access), and the documents and answers that pass along it.

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
    """The answer of a query: its media type, the function that writes it to a file, and warnings.

    ``understood`` says how values of parameters were read.
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
    """Facts to be sent: bytes, format, a name for error messages, and the graph that they supersede."""

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

    The result is JSON-LD, for which a report gives no line numbers: they would refer to no file of the user.
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
    """A graph, in a data directory or behind a server."""

    if_interrupted: str
    """What becomes of facts if ``add`` is interrupted."""

    address: str | None
    """The root of the server that answers, where our IRIs can be followed to; None for a directory."""

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
        """Return what a fact rests on: a triple in Turtle, or a thing by its IRI or name.

        Graph by graph: its commits with their curators, and its reports with source, speaker, hedge, basis
        and passage. Raises NotFound for what no graph says.
        """
        ...

    def why_all(self, facts: Sequence[str], language: str = "en", as_of: str | None = None) -> Members:
        """Return what each of several facts rests on (``facts``); those that no graph says are left out.

        Raises NotFound if no graph says any of them.
        """
        ...

    def search(self, query: "SearchQuery") -> "SearchAnswer":
        """Find things by their names, and by words quoted."""
        ...

    def export(
        self,
        export_format: ExportFormat,
        selection: Selection = ALL_FACTS,
        *,
        as_of: str | None = None,
    ) -> Iterator[bytes]:
        """Yield the selected part of the graph as a document in chunks."""
        ...

    def validate(self, document: Document) -> Verdict:
        """Return whether facts would be accepted, and what is wrong with them."""
        ...

    def report(self, document: Document) -> bytes:
        """Return the same as a SHACL validation report in Turtle."""
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
        """Store facts: all, durably, or none. Raises Invalid with the report if they do not conform.

        With a drafter's token they become a proposal (``Verdict.proposal``), whether they conform or not.

        ``by`` names the author, by default the user of this machine or the bearer of the token. With
        ``quarantine`` refused facts are kept in the quarantine.
        """
        ...

    def add_source(self, data: bytes, *, by: str | None = None) -> Members:
        """Keep the full text of a source privately; return its hash, its length, what does not stand in it.

        Raises TooLarge, and BadInput for what is no text in UTF-8.
        """
        ...

    def sources(self) -> list[Members]:
        """List the kept texts: hash, length, since when, by whom, and their sources; never the text."""
        ...

    def remove_source(self, digest: str) -> None:
        """Remove the kept text with a hash; raises NotFound."""
        ...

    def proposals(self, state: str | None = None) -> list[Members]:
        """List proposals, the oldest first, in any state or in one: a drafter's own, a curator's all."""
        ...

    def proposal(self, digits: str) -> Members:
        """Return a proposal with its verdict; raises NotFound."""
        ...

    def proposal_document(self, digits: str) -> bytes:
        """Return the document of a proposal as it came; raises NotFound if it is kept no longer."""
        ...

    def accept(self, digits: str, *, reason: str | None = None, by: str | None = None) -> Verdict:
        """Add the facts of a proposal, judged again. Raises Invalid, and Conflict if it was decided on."""
        ...

    def reject(self, digits: str, reason: str, *, by: str | None = None) -> Members:
        """Reject a proposal, with a reason; raises NotFound, and Conflict if it was decided before."""
        ...

    def withdraw_proposal(self, digits: str) -> None:
        """Withdraw a proposal of one's own that waits; raises NotFound and Conflict."""
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

        ``graph`` takes what the files put in no graph. Raises Invalid with the report if they do not conform.
        """
        ...

    def retract(
        self, graphs: Sequence[str], reason: str, *, cascade: bool = False, by: str | None = None
    ) -> Members:
        """Withdraw graphs, with ``cascade`` those that refer to them too; return the commit."""
        ...

    def undo(self, version: int, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """Withdraw what a commit added, in submissions and in graphs that are edited; return the commit."""
        ...

    def commits(self, *, graph: str | None = None, by: str | None = None, limit: int = 50) -> list[Members]:
        """List commits, newest first: all, or those that wrote or withdrew a graph, or of a person."""
        ...

    def commit(self, version: int) -> Members:
        """Return one commit."""
        ...

    def changes(self, start: str, end: str, *, everything: bool = False) -> Members:
        """Return the quads added and removed between two times or versions, as N-Quads."""
        ...


def text_named(texts: Sequence[Members], name: str) -> str:
    """Return the hash of the kept text that is named by its hash, the beginning of it, or its source.

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
    """Return the id of the proposal that is named by it, or by the beginning of it.

    Raises NotFound and BadInput.
    """
    found = [str(each["id"]) for each in proposals if name and each["id"].startswith(name)]
    if not found:
        raise NotFound(f"There is no proposal '{name[:32]}'; kg review list --state all lists them.")
    if len(found) > 1:
        raise BadInput(f"'{name}' is ambiguous: {len(found)} proposals match; give more of the id.")
    return found[0]
