"""The Python interface: the result of ``kg.open``.

>>> with kg.open("data") as graph:  # doctest: +SKIP
...     graph.query("SELECT ?person WHERE { ?person a dip:Person }").df()
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias, Unpack

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.client import statistics, things
from kg.client.access import Access, Document, proposal_named, result_of, text_named
from kg.client.documents import Facts, document, text_bytes
from kg.client.naming import graph_named, thing_named
from kg.client.progress import counted, working
from kg.client.reach import reach_any
from kg.client.results import ACCEPT, Result
from kg.client.saved_questions import Questions
from kg.client.selected import Selected, selection_of
from kg.client.statistics import Count
from kg.client.things import DescribedThing
from kg.client.verdict import Members, Verdict
from kg.client.whole_file import write_file
from kg.errors import BadInput, Unavailable
from kg.exports import compression
from kg.exports.catalogue import DEFAULT, EXPORT_FORMATS
from kg.exports.selection import Selection
from kg.formats import from_name, from_path
from kg.query.job import LABEL_MODES, Labelling, read_language
from kg.query.search.search import HITS, Hit, SearchQuery, read_class

if TYPE_CHECKING:
    import rdflib


Moment: TypeAlias = str | int
"""A time or a version: ``"2026-02-03"``, ``"v17"``, ``17``."""


class Graph:
    """A knowledge graph in a data directory or behind a server; a context manager, which closes it."""

    def __init__(self, place: str | Path, *, token: str | None = None, create: bool = False) -> None:
        self._place = place
        with working(f"Opening {place}"):
            self._access: Access | None = reach_any(place, token, create=create)

    @property
    def address(self) -> str | None:
        """The root URL of the server; None if this process has opened the data directory."""
        return self._reached.address

    def query(
        self, text: str, *, as_of: Moment | None = None, labels: str = "off", lang: str = "en"
    ) -> Result:
        """Answer a SPARQL query. The default graph is the merge of all graphs; usual prefixes are predefined.

        ``as_of``, here and below, selects the state at a time (``"2026-02-03"``) or version (``17``).
        ``labels`` is ``"on"`` for a column ``x_label`` beside each column ``x`` of IRIs, ``"only"`` for
        labels in place of the IRIs, or ``"off"``; ``lang`` is their language.
        """
        with working("Asking"):
            answer = self._reached.query(text, ACCEPT, _moment(as_of), _labelling(labels, lang))
            again = partial(self.query, text, as_of=as_of, labels="on", lang=lang)
            return result_of(answer, self.address, again)

    def questions(self) -> Questions:
        """Return the saved questions by name; each has its parameters and is called with them.

        ``graph.questions().offices_of_a_person(person="dipid:gustavo-petro")`` asks one.
        """
        return Questions(self._reached.questions(), self.ask)

    def ask(
        self,
        name: str,
        /,
        *,
        as_of: Moment | None = None,
        labels: str = "on",
        lang: str = "en",
        **values: object,
    ) -> Result:
        """Answer a saved question; its parameters are keywords, IRIs written as ``"dipid:gustavo-petro"``.

        ``labels`` and ``lang`` are as in ``query``.
        """
        texts = {key: str(value) for key, value in values.items()}
        with working("Asking"):
            answer = self._reached.ask(name, texts, ACCEPT, _moment(as_of), _labelling(labels, lang))
            again = partial(self.ask, name, as_of=as_of, labels="on", lang=lang, **values)
            return result_of(answer, self.address, again)

    def search(
        self, text: str, *, classes: Sequence[str] = (), lang: str = "en", limit: int = HITS
    ) -> list[Hit]:
        """Return the things that match a text, best first: by label, alternative name or quoted words.

        Accents and case make no difference; prefixes and typing errors still match. ``classes`` narrows the
        search (``["Person", "dip:Event"]``); ``lang`` is the language of labels and descriptions.
        """
        query = SearchQuery(text, tuple(map(read_class, classes)), lang, limit)
        with working("Searching"):
            return list(self._reached.search(query).hits)

    def thing(self, name: str) -> DescribedThing:
        """Return the description of a thing, by IRI or name (``"dipid:hat"``, ``"Gustavo Petro"``).

        Raises NotFound if the graph does not describe it, BadInput if several things or none have the name.
        """
        with working("Reading"):
            return things.read(self._reached, thing_named(self._reached, name))

    def validate(
        self,
        facts: Facts | None = None,
        rdf_format: str | None = None,
        *,
        data: str | bytes | None = None,
        supersedes: str | None = None,
    ) -> Verdict:
        """Return whether facts would be accepted, and their violations.

        ``facts`` is the path of a file, or an rdflib graph or dataset. ``data`` is RDF text or bytes, in
        TriG (which includes Turtle) unless ``rdf_format`` names another format.
        """
        facts_document = document(facts, data, rdf_format, self._graph_named(supersedes))
        with working("Validating"):
            return self._reported(self._reached.validate(facts_document), facts_document)

    def add(
        self,
        facts: Facts | None = None,
        rdf_format: str | None = None,
        *,
        data: str | bytes | None = None,
        source: str | None = None,
        by: str | None = None,
        reason: str | None = None,
        supersedes: str | None = None,
    ) -> Verdict:
        """Store all of the facts durably, or none. Raises Invalid with the report if they do not conform.

        With a drafter's token they wait for a curator (``Verdict.proposal``), whether they conform or not.

        Facts are passed as to ``validate``. ``supersedes`` is the graph that they correct and replace.
        """
        facts_document = document(facts, data, rdf_format, self._graph_named(supersedes))
        with working("Adding"):
            return self._reported(
                self._reached.add(facts_document, by=by, source=source, reason=reason), facts_document
            )

    def add_source(
        self, text: str | Path | None = None, *, data: str | bytes | None = None, by: str | None = None
    ) -> Members:
        """Keep the full text of a source privately, so that the gate checks passages against it.

        ``text`` is the path of a UTF-8 file, ``data`` the text itself. Returns the hash to write as
        ``dip:textHash``, the length, and the passages in the graph that do not occur in it (``violations``).
        """
        with working("Adding"):
            return self._reached.add_source(text_bytes(text, data), by=by)

    def sources(self) -> list[Members]:
        """List the kept texts: hash, length, date, author and sources; never the text."""
        return self._reached.sources()

    def remove_source(self, name: str) -> None:
        """Remove a kept text, given its hash, the first digits of the hash, or its source."""
        self._reached.remove_source(text_named(self._reached.sources(), name))

    def proposals(self, state: str | None = "waiting") -> list[Members]:
        """List proposals, oldest first: a drafter sees their own, a curator all.

        ``state`` is ``"waiting"``, ``"accepted"``, ``"rejected"``, ``"withdrawn"``, or None for all.
        """
        return self._reached.proposals(state)

    def proposal(self, name: str) -> Members:
        """Return a proposal with its verdict (``verdict``), given its id or the first digits of it."""
        return self._reached.proposal(self._proposal_named(name))

    def accept(self, name: str, reason: str | None = None, *, by: str | None = None) -> Verdict:
        """Judge a proposal again and add its facts; raises Invalid with the report, and it stays waiting."""
        with working("Adding"):
            return self._reached.accept(self._proposal_named(name), reason=reason, by=by)

    def reject(self, name: str, reason: str, *, by: str | None = None) -> Members:
        """Reject a proposal, with a reason for its drafter."""
        return self._reached.reject(self._proposal_named(name), reason, by=by)

    def withdraw_proposal(self, name: str) -> None:
        """Withdraw the caller's own undecided proposal."""
        self._reached.withdraw_proposal(self._proposal_named(name))

    def _proposal_named(self, name: str) -> str:
        return proposal_named(self._reached.proposals(), name)

    def retract(self, graph: str, reason: str, *, cascade: bool = False, by: str | None = None) -> Members:
        """Withdraw the facts of a graph; raises Conflict if others refer to them, unless ``cascade``."""
        with working("Withdrawing"):
            return self._reached.retract([graph_named(self._reached, graph)], reason, cascade=cascade, by=by)

    def commits(self, limit: int = 50) -> list[Members]:
        """List commits, newest first."""
        return self._reached.commits(limit=limit)

    def export(
        self,
        export_format: str = DEFAULT.name,
        *,
        as_of: Moment | None = None,
        **selected: Unpack[Selected],
    ) -> bytes:
        """Return facts as a document, by default all; see ``Selected`` for the keywords that narrow them.

        ``graph.export("gexf", actors=["dipid:gustavo-petro"], since="2025")`` is an example.
        """
        named_format = from_name(export_format, EXPORT_FORMATS)
        with working("Exporting"):
            chunks = self._reached.export(named_format, self._selection(selected), as_of=_moment(as_of))
            return b"".join(counted(chunks, "Exporting"))

    def export_to(
        self,
        path: str | Path,
        export_format: str | None = None,
        *,
        as_of: Moment | None = None,
        **selected: Unpack[Selected],
    ) -> None:
        """Write the same to a file, whole or not at all, in the format of its suffix.

        A further suffix ``.gz`` or ``.zst`` compresses it.
        """
        unpacked, packed = compression.of_path(Path(path))
        named_format = (
            from_name(export_format, EXPORT_FORMATS) if export_format else from_path(unpacked, EXPORT_FORMATS)
        )
        with working(f"Writing {path}"):
            chunks = self._reached.export(named_format, self._selection(selected), as_of=_moment(as_of))
            chunks = packed.compressed(chunks) if packed else chunks
            write_file(Path(path), counted(chunks, f"Writing {path}"))

    def rdflib(self, *graphs: str, as_of: Moment | None = None) -> rdflib.Dataset:
        """Return graphs, by default all that hold facts, as an rdflib dataset; each keeps its name."""
        import rdflib

        from kg.gate.shacl.rdflib_view import to_rdflib

        dataset = rdflib.Dataset()
        for quad in parse(self.export("nquads", graphs=graphs, as_of=as_of), RdfFormat.N_QUADS):
            is_named = isinstance(quad.graph_name, NamedNode)
            home = dataset.graph(rdflib.URIRef(quad.graph_name.value)) if is_named else dataset.default_graph
            home.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        return dataset

    def counts(self) -> list[Count]:
        """Return counts by layer, class and named graph."""
        with working("Counting"):
            return list(statistics.counts(self._reached))

    def why(
        self, fact: str | Mapping[str, Any] | Iterable[Any], *, lang: str = "en", as_of: Moment | None = None
    ) -> Members:
        """Return the grounds of a fact, by graph: commits with their curators, reports with passages.

        ``fact`` is a triple in Turtle (``"dipid:tenure-petro dip:heldBy dipid:gustavo-petro"``), or a thing
        by its IRI or name, such as a cell of an answer. It may also be a row of an answer: then ``facts``
        holds the same for each thing in the row. Raises NotFound if no graph states it.
        """
        with working("Asking"):
            if not isinstance(fact, str):
                return self._reached.why_all(_things_of(fact), lang, _moment(as_of))
            return self._reached.why(fact, lang, _moment(as_of))

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

    def _graph_named(self, graph: str | None) -> str | None:
        return graph_named(self._reached, graph) if graph else None

    def _selection(self, selected: Selected) -> Selection:
        """Return the selection; graphs and actors may be given by name."""
        selection = selection_of(selected)
        return replace(
            selection,
            graphs=tuple(graph_named(self._reached, graph) for graph in selection.graphs),
            actors=tuple(thing_named(self._reached, actor, "Actor") for actor in selection.actors),
        )

    def _reported(self, verdict: Verdict, facts_document: Document) -> Verdict:
        """Return a verdict that can show links and return a SHACL report."""
        return Verdict(
            verdict.members, address=self.address, shacl=partial(self._reached.report, facts_document)
        )

    @property
    def access(self) -> Access:
        """The access to the graph, for other parts of the client; raises Unavailable if it is closed."""
        return self._reached

    @property
    def _reached(self) -> Access:
        if self._access is None:
            raise Unavailable("This graph is closed; open it again.")
        return self._access


def _things_of(row: Mapping[str, Any] | Iterable[Any]) -> tuple[str, ...]:
    from kg.query.why import things_of

    found = things_of(row.values() if isinstance(row, Mapping) else row)
    if not found:
        raise BadInput("This row contains no IRI of a thing; give a row that has one, or a thing or triple.")
    return found


def _moment(as_of: Moment | None) -> str | None:
    return None if as_of is None else str(as_of)


def _labelling(labels: str, language: str) -> Labelling:
    if labels not in LABEL_MODES:
        raise BadInput(f"labels must be {', '.join(map(repr, LABEL_MODES))}, not {labels!r}.")
    return Labelling(labels, read_language(language))
