"""The Python interface: what ``kg.open`` gives.

>>> with kg.open("data") as graph:  # doctest: +SKIP
...     graph.query("SELECT ?person WHERE { ?person a dip:Person }").df()
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from kg.client import statistics
from kg.client.access import Access, Document, result_of
from kg.client.reach import reach, reach_server
from kg.client.results import ACCEPT, Result
from kg.client.statistics import Count
from kg.client.verdict import Members, Verdict
from kg.errors import Unavailable
from kg.exports.catalogue import DEFAULT, EXPORT_FORMATS
from kg.formats import RDF_FORMATS, from_name, from_path
from kg.importers.catalogue import FACTS_FORMATS
from kg.iris import read_iri


class Graph:
    """A knowledge graph: the one in a data directory, or behind a server. Use it in a ``with``."""

    def __init__(self, place: str | Path, *, token: str | None = None) -> None:
        self._place = place
        is_address = isinstance(place, str) and place.startswith(("http://", "https://"))
        self._access: Access | None = (
            reach_server(str(place), token) if is_address else reach(Path(place), token)
        )

    def query(self, text: str, *, as_of: str | None = None) -> Result:
        """Answer a SPARQL query. The default graph is the union of all graphs; the usual prefixes are known.

        ``as_of``, here and below, is a time (``"2026-02-03"``) or a version (``"v17"``) to answer for.
        """
        return result_of(self._reached.query(text, ACCEPT, as_of))

    def questions(self) -> Mapping[str, str]:
        """Give the saved questions: each one's sentence by its name."""
        return self._reached.questions()

    def ask(self, name: str, *, as_of: str | None = None, **values: object) -> Result:
        """Answer a saved question; its parameters are keywords, IRIs written as ``"dipid:gustavo-petro"``."""
        texts = {key: str(value) for key, value in values.items()}
        return result_of(self._reached.ask(name, texts, ACCEPT, as_of))

    def validate(self, facts: str | bytes | Path, rdf_format: str | None = None) -> Verdict:
        """Return whether facts would be accepted, and what is wrong with them."""
        return self._reached.validate(_document(facts, rdf_format))

    def add(
        self,
        facts: str | bytes | Path,
        rdf_format: str | None = None,
        *,
        source: str | None = None,
        by: str | None = None,
        reason: str | None = None,
        supersedes: str | None = None,
    ) -> Verdict:
        """Store facts that conform: all of them, durably, or none. Raises Invalid with the report.

        ``supersedes`` is the graph that they correct and replace.
        """
        document = replace(_document(facts, rdf_format), supersedes=supersedes)
        return self._reached.add(document, by=by, source=source, reason=reason)

    def retract(self, graph: str, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """Withdraw the facts of a graph; raises Conflict if others refer to them, unless ``cascade``."""
        return self._reached.retract([read_iri(graph).value], reason, cascade=cascade, by=by)

    def commits(self, limit: int = 50) -> list[Members]:
        """List what was done to the graph, newest first."""
        return self._reached.commits(limit=limit)

    def export(
        self,
        rdf_format: str = DEFAULT.name,
        *,
        graphs: Sequence[str] = (),
        everything: bool = False,
        as_of: str | None = None,
    ) -> bytes:
        """Write graphs, by default all that hold facts, with ``everything`` those of the release too."""
        named = from_name(rdf_format, EXPORT_FORMATS)
        return b"".join(self._reached.export(named, graphs, everything=everything, as_of=as_of))

    def counts(self) -> list[Count]:
        """Count what the graph holds, by layer, class and named graph."""
        return list(statistics.counts(self._reached))

    def close(self) -> None:
        """Close the graph: later calls raise Unavailable."""
        self._access = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Graph({str(self._place)!r})"

    @property
    def _reached(self) -> Access:
        if self._access is None:
            raise Unavailable("This graph was closed; open it again.")
        return self._access


def _document(facts: str | bytes | Path, rdf_format: str | None) -> Document:
    """Take text as it is, in TriG (of which Turtle is a part) unless a format is named; read a file."""
    named = from_name(rdf_format, FACTS_FORMATS) if rdf_format else None
    if isinstance(facts, Path):
        return Document(facts.read_bytes(), named or from_path(facts, FACTS_FORMATS), str(facts))
    data = facts.encode() if isinstance(facts, str) else facts
    return Document(data, named or RDF_FORMATS["trig"])
