"""Submissions: new facts are parsed, named, checked against the whole graph, and stored all or nothing.

``check`` runs the same code on the same graph as ``add``, and returns the report that ``add`` would. Once
accepted, the graph of a submission is never edited; a correction is another submission that supersedes it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat

from kg.changes import Delta, Provenance, Quads
from kg.characters import check_quads
from kg.errors import BadInput, Conflict, Invalid, KGError
from kg.facts import json_ld_losses, parsing, spellings
from kg.facts.blank_nodes import named_by_content, with_named_graphs
from kg.facts.computed import completed
from kg.facts.json_ld_losses import Loss
from kg.facts.judgement import JudgedStore, Judgement, Outcome, committed
from kg.facts.judging import NOT_SUBMITTED, faults
from kg.facts.kept_texts import TextsAtHand
from kg.facts.line_numbers import Lines, lines_in, lines_of_descriptions
from kg.facts.retraction import check_right, submitted
from kg.facts.spellings import Spellings
from kg.formats import FactsFormat, TableFault, TableFormat, TablePlace
from kg.gate.overlay import Term
from kg.gate.reports import Report, Violation, as_json, in_language, summary
from kg.gate.rules.wording import LANGUAGES
from kg.gate.shacl.paths import Alternative, Path, Step
from kg.iris import (
    DATA,
    SHAPES,
    compact,
    read_iri,
    submission_graph,
)
from kg.store.transaction import normalised
from kg.terms import DIP

if TYPE_CHECKING:  # the gate imports pySHACL, which parsing alone does not need
    from kg.gate.gate import Gate
    from kg.store.store import Store

IMMUTABLE_GRAPH = SHAPES + "immutable-graph"
_ITSELF = NamedNode("urn:graph:itself")
"""Placeholder for the graph's own name, because the name is computed from a hash of the content."""
_DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Submission:
    """Submitted facts: quads in named graphs, and the text they were parsed from, or table lines."""

    quads: tuple[Quad, ...]
    content_hash: str
    text: str = ""
    is_xml: bool = False
    rows: Mapping[str, TablePlace] | None = None
    losses: tuple[Loss, ...] = ()
    """The parts of the text that yield no quad."""
    spellings: Spellings = field(default_factory=Spellings)
    """The quads as they were sent."""
    refused: Callable[[Sequence[TableFault]], KGError] | None = None
    """Returns the error for a table that has faults of its own besides those of its quads."""
    texts: TextsAtHand | None = None
    """The kept texts of sources, if passages are looked up in them."""

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs that it would create, sorted."""
        return tuple(sorted(graph.value for graph in self.by_graph))

    @cached_property
    def by_graph(self) -> Mapping[NamedNode, Sequence[Quad]]:
        """The quads by graph."""
        if len({quad.graph_name for quad in self.quads}) == 1:
            return {_graph(self.quads[0]): self.quads}
        found: dict[NamedNode, list[Quad]] = {}
        for quad in self.quads:
            found.setdefault(_graph(quad), []).append(quad)
        return found

    def supersedes(self, graphs: Container[str]) -> tuple[str, ...]:
        """Return the graphs that some of its graphs declare, in themselves, to supersede."""
        return tuple(old for new, old in self._superseding if new in graphs)

    @cached_property
    def _superseding(self) -> Sequence[tuple[str, str]]:
        """Pairs of a graph and the graph that it supersedes."""
        statements = [quad for quad in self.quads if quad.predicate == DIP.SUPERSEDES]
        return [
            (_graph(quad).value, quad.object.value)
            for quad in statements
            if quad.subject == quad.graph_name and isinstance(quad.object, NamedNode)
        ]

    @cached_property
    def _lines(self) -> Lines:
        return Lines(lines_of_descriptions(self.text)) if self.is_xml else lines_in(self.text)

    def line_of(self, node: Term | None) -> int | None:
        """Return the line on which a node's description begins; None if unknown."""
        return self._lines.subjects.get(node.value) if isinstance(node, NamedNode) else None

    def row_of(self, node: Term | None) -> TablePlace | None:
        """Return the place in the table that describes a node; None if there is none."""
        return (self.rows or {}).get(node.value) if isinstance(node, NamedNode) else None

    def line_where(self, violation: Violation) -> int | None:
        """Return the line of the statement at fault, or the first line with its property or its value."""
        focus, value = _name(violation.focus), _name(violation.value)
        for step in _steps(violation.path):
            subject, obj = (value, focus) if step.inverse else (focus, value)
            for statement in ((subject, step.predicate.value, obj), (subject, step.predicate.value, "")):
                if line := self._lines.statements.get(statement):
                    return line
        for statement in ((focus, "", value), (focus, value, "")) if violation.path is None else ():
            if line := self._lines.statements.get(statement):
                return line
        return None


def _steps(path: Path | None) -> Sequence[Step]:
    """Return the single steps of a path or of its alternatives."""
    match path:
        case Step():
            return (path,)
        case Alternative(parts):
            return tuple(step for part in parts for step in _steps(part))
    return ()


def _name(node: Term | None) -> str:
    return node.value if isinstance(node, NamedNode | Literal) else ""


def parse(
    data: bytes,
    rdf_format: FactsFormat,
    *,
    limit: int = parsing.MAX_BYTES,
    supersedes: str | None = None,
    texts: TextsAtHand | None = None,
) -> Submission:
    """Parse a submission. Triples outside of any graph go to a graph named by the hash of the content.

    ``supersedes`` names the graph that its one graph replaces, as if its text said so. With ``texts``, the
    kept texts of sources supply the start offsets of passages. Raises TooLarge, Unreadable (with line and
    column, or with every fault of a table) or BadInput.
    """
    if isinstance(rdf_format, TableFormat):
        table = rdf_format.read(data, limit)
        parts = _in_graphs(_superseding(table.quads, supersedes), texts)
        spelt = Spellings(table.quads)
        return Submission(*parts, rows=table.places, spellings=spelt, refused=table.refused, texts=texts)
    text, quads, losses = parsing.read(data, rdf_format, limit=limit)
    if not quads:
        raise _nothing(losses)
    return Submission(
        *_in_graphs(_superseding(quads, supersedes), texts),
        text if rdf_format.syntax != RdfFormat.JSON_LD else "",
        is_xml=rdf_format.syntax == RdfFormat.RDF_XML,
        losses=losses,
        spellings=Spellings(quads),
        texts=texts,
    )


def _nothing(losses: Sequence[Loss]) -> BadInput:
    """Return the error for a document without triples, with the parts that were dropped."""
    english, spanish = "This contains no triple", "No hay ni una tripleta en esto"
    lost = json_ld_losses.messages(losses)
    return _bad(
        f"{english}; {'; '.join(each['en'] for each in lost) or 'send at least one'}.",
        f"{spanish}; {'; '.join(each['es'] for each in lost) or 'envíe al menos una'}.",
    )


def _superseding(quads: Iterable[Quad], old: str | None) -> Iterable[Quad]:
    """Add the triple that the one graph of a submission supersedes another."""
    if old is None:
        return quads
    quads = list(quads)
    graphs = {quad.graph_name for quad in quads}
    if len(graphs) != 1:
        raise _bad(
            "Several graphs cannot all supersede the same one: write dip:supersedes into the one that does.",
            "Varios grafos no pueden sustituir todos a uno: dígalo en el que lo sustituye.",
        )
    (graph,) = graphs
    new = _ITSELF if isinstance(graph, DefaultGraph) else quads[0].graph_name
    assert isinstance(new, NamedNode | BlankNode)
    return [*quads, Quad(new, DIP.SUPERSEDES, read_iri(old), graph)]


def _in_graphs(quads: Iterable[Quad], texts: TextsAtHand | None) -> tuple[tuple[Quad, ...], str]:
    """Put every quad in a named graph, and return the quads and the hash of the content.

    A blank node that names a graph is replaced by an IRI with the hash everywhere: graphs must be citable.
    """
    quads = tuple(quads)
    check_quads(quads)
    content_hash, canonical = named_by_content(normalised(completed(quads, texts)))
    canonical = with_named_graphs(canonical, content_hash)
    home = NamedNode(submission_graph(content_hash))
    if all(quad.graph_name == _DEFAULT and quad.predicate != DIP.SUPERSEDES for quad in canonical):
        return tuple(
            Quad(quad.subject, quad.predicate, quad.object, home) for quad in canonical
        ), content_hash
    return tuple(sorted((_in_named_graph(quad, home) for quad in canonical), key=str)), content_hash


def check(store: Quads, gate: Gate, submission: Submission) -> Report:
    """Return every violation of a submission at once; writes nothing.

    Raises Conflict if it would change an existing graph or one of a release, and Unreadable for a table with
    faults of its own; that error also names the gate's violations.
    """
    if submission.refused is not None:
        report = check(store, gate, replace(submission, refused=None))
        raise submission.refused([_of_table(each) for each in report.errors])
    new = _new_quads(store, submission)
    sent = tuple(spellings.restored(new or submission.quads, submission.spellings))
    noticed = json_ld_losses.warnings(submission.losses, _graph(sent[0]))
    noticed += spellings.warnings(sent) if submission.spellings else []
    if submission.rows is not None:
        noticed = [_placed(_of_cell(each, sent), submission) for each in noticed]
    if not new:
        return replace(Report.of(noticed), graphs=submission.graphs, is_known=True)
    delta = Delta(sent, _replaced(store, submission, new))
    found = _violations(store, gate, delta)
    if submission.texts is not None:
        found = submission.texts.judged(found, delta)
    placed = tuple(_placed(violation, submission) for violation in found)
    return replace(Report.of((*placed, *noticed)), graphs=submission.graphs)


def add(store: Store, gate: Gate, submission: Submission, by: Provenance) -> Outcome:
    """Check a submission and store all of it or nothing; durable on return.

    Raises Invalid with the report, or Conflict. If the same content is stored already, it makes no commit.
    """
    with store.writing:  # two submissions can each be valid, but not together
        return committed(store, judge(store, gate, submission, by), by)


def judge(store: JudgedStore, gate: Gate, submission: Submission, by: Provenance) -> Judgement:
    """Check a submission and return the change that adds it; raises as ``add``."""
    report = check(store, gate, submission)
    if not report.conforms:
        raise refused(report)
    if report.is_known:
        return Judgement(report)
    new = _new_quads(store, submission)
    check_right(store, submission.supersedes(_names(new)), by)
    return Judgement(report, Delta(new, _replaced(store, submission, new)), submission.content_hash)


def _violations(store: Quads, gate: Gate, delta: Delta) -> Sequence[Violation]:
    """Return the violations of one change that adds and removes."""
    return faults(store, gate, delta) if delta.removed else gate.check(delta, store).violations


def _replaced(store: Quads, submission: Submission, new: Iterable[Quad]) -> tuple[Quad, ...]:
    """Return the quads of the graphs that the new quads supersede."""
    graphs = dict.fromkeys(submission.supersedes(_names(new)))
    return tuple(quad for graph in graphs for quad in submitted(store, graph))


def _names(quads: Iterable[Quad]) -> frozenset[str]:
    graphs = {quad.graph_name for quad in quads}
    return frozenset(graph.value for graph in graphs if isinstance(graph, NamedNode))


def _new_quads(store: Quads, submission: Submission) -> tuple[Quad, ...]:
    """Return the quads of the graphs that do not exist yet."""
    new = [quads for graph, quads in submission.by_graph.items() if not _is_held(store, graph, quads)]
    return tuple(chain.from_iterable(new))


def _is_held(store: Quads, graph: NamedNode, quads: Iterable[Quad]) -> bool:
    """Return True if a graph exists with exactly this content; raises Conflict if it has other content."""
    if graph.value in NOT_SUBMITTED:
        raise protected(graph)
    stored_quads = set(store.quads_for_pattern(None, None, None, graph))
    if not stored_quads:
        return False
    if stored_quads != set(quads):
        raise immutable(graph)
    return True


def protected(graph: NamedNode) -> Conflict:
    """Return the error for a write to a graph that no submission may write."""
    return _conflict(
        graph,
        "only releases or commits may change it; use a graph of your own",
        "solo cambia con una versión o con los asientos; use un grafo propio",
    )


def immutable(graph: NamedNode) -> Conflict:
    """Return the error for a submission to a graph that exists with other content."""
    return _conflict(
        graph,
        "it was accepted before and cannot be edited; supersede it with a graph of your own, or retract it",
        "ya fue aceptado y no se edita; sustitúyalo con un grafo propio o retírelo",
    )


def _conflict(graph: NamedNode, english: str, spanish: str) -> Conflict:
    name = compact(graph.value)
    sentence = {"en": f"{name}: {english}.", "es": f"{name}: {spanish}."}
    return Conflict(sentence["en"], graph=graph.value, rule=IMMUTABLE_GRAPH, sentence=sentence)


def _bad(english: str, spanish: str) -> BadInput:
    return BadInput(english, sentence={"en": english, "es": spanish})


def _placed(violation: Violation, submission: Submission) -> Violation:
    """Return the violation with a line: of its statement, of the description of its node, or of its value."""
    if submission.rows is not None:
        row = submission.row_of(violation.focus) or submission.row_of(violation.value) or TablePlace()
        return replace(violation, line=row.line, row=row)
    line = (
        submission.line_where(violation)
        or submission.line_of(violation.focus)
        or submission.line_of(violation.value)
    )
    return replace(violation, line=line)


def _of_cell(violation: Violation, sent: Sequence[Quad]) -> Violation:
    """Return the violation with the node that has the value as its focus, instead of the graph."""
    focus = next((quad.subject for quad in sent if quad.object == violation.value), violation.focus)
    return replace(violation, focus=focus)


def _of_table(violation: Violation) -> TableFault:
    from kg.gate.own_findings import rests_on_its_record

    place = violation.row or TablePlace()
    sentence = {
        language: place.reworded(in_language(violation.message, language)).rstrip(".")
        for language in LANGUAGES
    }
    value = violation.value
    is_thing = isinstance(value, NamedNode) and value.value.startswith(DATA)
    return TableFault(
        place,
        violation.column or "",
        violation.cell,
        sentence,
        violation.cell if is_thing else "",
        rests_on_its_record(violation),
    )


def refused(report: Report) -> Invalid:
    """Return the error for facts that do not conform."""
    sentence = {language: _refusal(report, language) for language in LANGUAGES}
    return Invalid(sentence["en"], **as_json(report), sentence=sentence)


def _refusal(report: Report, language: str = "en") -> str:
    first = report.errors[0].sentence(language)
    if len(report.errors) == 1:
        return first
    return f"{summary(report, language)} {'Primero' if language == 'es' else 'First'}: {first}"


def _graph(quad: Quad) -> NamedNode:
    if not isinstance(quad.graph_name, NamedNode):
        raise _bad(
            "A graph must be named by an IRI; name it, or leave the graph out.",
            "Un grafo se nombra con un IRI; póngale uno o quite el grafo.",
        )
    return quad.graph_name


def _in_named_graph(quad: Quad, home: NamedNode) -> Quad:
    graph = home if isinstance(quad.graph_name, DefaultGraph) else _graph(quad)
    subject = home if quad.subject == _ITSELF else quad.subject
    return Quad(subject, quad.predicate, quad.object, graph)
