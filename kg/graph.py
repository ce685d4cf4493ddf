"""The Python interface: what ``kg.open`` gives.

>>> with kg.open("data") as graph:  # doctest: +SKIP
...     graph.query("SELECT ?person WHERE { ?person a dip:Person }").df()
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from kg import statistics
from kg.access import Access, Document, reach, reach_server, result_of
from kg.errors import Unavailable
from kg.negotiation import FACTS_FORMATS, RDF_FORMATS, facts_from_path, from_name
from kg.results import ACCEPT, Result
from kg.statistics import Count
from kg.verdicts import Verdict


class Graph:
    """A knowledge graph: the one in a data directory, or behind a server. Use it in a ``with``."""

    def __init__(self, place: str | Path, *, token: str | None = None) -> None:
        self._place = place
        is_address = isinstance(place, str) and place.startswith(("http://", "https://"))
        self._access: Access | None = (
            reach_server(str(place), token) if is_address else reach(Path(place), token)
        )

    def query(self, text: str) -> Result:
        """Answer a SPARQL query. The default graph is the union of all graphs; our prefixes are known."""
        return result_of(self._reached.query(text, ACCEPT))

    def questions(self) -> Mapping[str, str]:
        """Give the saved questions: each one's sentence by its name."""
        return self._reached.questions()

    def ask(self, name: str, **values: object) -> Result:
        """Answer a saved question; its parameters are keywords, IRIs written as ``"dipid:gustavo-petro"``."""
        texts = {key: str(value) for key, value in values.items()}
        return result_of(self._reached.ask(name, texts, ACCEPT))

    def validate(self, facts: str | bytes | Path, rdf_format: str | None = None) -> Verdict:
        """Say whether facts would be accepted, and if not, why."""
        return self._reached.validate(_document(facts, rdf_format))

    def add(
        self,
        facts: str | bytes | Path,
        rdf_format: str | None = None,
        *,
        source: str | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> Verdict:
        """Store facts that conform: all of them, durably, or none. Raises Invalid with the report."""
        return self._reached.add(_document(facts, rdf_format), by=by, source=source, reason=reason)

    def export(
        self, rdf_format: str = "trig", *, graphs: Sequence[str] = (), everything: bool = False
    ) -> bytes:
        """Write graphs, by default all that hold facts, with ``everything`` those of the release too."""
        named = from_name(rdf_format, RDF_FORMATS)
        return b"".join(self._reached.export(named, graphs, everything=everything))

    def counts(self) -> list[Count]:
        """Count what the graph holds, by layer, class and named graph."""
        return list(statistics.counts(self._reached))

    def close(self) -> None:
        """Let go of what was opened."""
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
        return Document(facts.read_bytes(), named or facts_from_path(facts), str(facts))
    data = facts.encode() if isinstance(facts, str) else facts
    return Document(data, named or RDF_FORMATS["trig"])
