"""What every way to a graph promises (Access), and the documents and answers that pass along it.

Local opens a data directory in this process; Remote calls a server over HTTP; ``reach`` picks one of the two.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol

from pyoxigraph import Quad, RdfFormat, serialize

from kg.client.verdict import Members, Verdict
from kg.errors import Unreadable
from kg.exports.catalogue import ExportFormat
from kg.formats import RDF_FORMATS, FactsFormat

if TYPE_CHECKING:
    from kg.client.results import Result


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
        self,
        export_format: ExportFormat,
        graphs: Sequence[str],
        *,
        everything: bool,
        as_of: str | None = None,
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
