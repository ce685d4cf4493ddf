"""New facts: parsed, named, checked against everything there is, stored all or nothing.

``check`` says what ``add`` would say, with the same code on the same graph. The graph of a submission, once
accepted, is not edited; a correction is a submission that supersedes it.
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

if TYPE_CHECKING:  # the gate brings pySHACL with it, which whoever only parses need not load
    from kg.gate.gate import Gate
    from kg.store.store import Store

IMMUTABLE_GRAPH = SHAPES + "immutable-graph"
_ITSELF = NamedNode("urn:graph:itself")
"""Stands for the graph where its own name would be part of the content that names it."""
_DEFAULT = DefaultGraph()


@dataclass(frozen=True)
class Submission:
    """Facts as offered: every quad in a named graph, and the text they came in, or the lines of a table."""

    quads: tuple[Quad, ...]
    content_hash: str
    text: str = ""
    is_xml: bool = False
    rows: Mapping[str, TablePlace] | None = None
    losses: tuple[Loss, ...] = ()
    """What the text holds that makes no quad."""
    spellings: Spellings = field(default_factory=Spellings)
    """What its quads were as they were sent."""
    refused: Callable[[Sequence[TableFault]], KGError] | None = None
    """Makes the error of a table that has faults of its own, of which the quads are a part."""
    texts: TextsAtHand | None = None
    """The kept texts of sources, if its passages are looked up in them."""

    @property
    def graphs(self) -> tuple[str, ...]:
        """The graphs it would make, in order."""
        return tuple(sorted(graph.value for graph in self.by_graph))

    @cached_property
    def by_graph(self) -> Mapping[NamedNode, Sequence[Quad]]:
        """The quads of each graph."""
        if len({quad.graph_name for quad in self.quads}) == 1:
            return {_graph(self.quads[0]): self.quads}
        found: dict[NamedNode, list[Quad]] = {}
        for quad in self.quads:
            found.setdefault(_graph(quad), []).append(quad)
        return found

    def supersedes(self, graphs: Container[str]) -> tuple[str, ...]:
        """Name what some of its graphs say, in themselves, that they supersede."""
        return tuple(old for new, old in self._superseding if new in graphs)

    @cached_property
    def _superseding(self) -> Sequence[tuple[str, str]]:
        """The graphs that supersede another, each with the other."""
        said = [quad for quad in self.quads if quad.predicate == DIP.SUPERSEDES]
        return [
            (_graph(quad).value, quad.object.value)
            for quad in said
            if quad.subject == quad.graph_name and isinstance(quad.object, NamedNode)
        ]

    @cached_property
    def _lines(self) -> Lines:
        return Lines(lines_of_descriptions(self.text)) if self.is_xml else lines_in(self.text)

    def line_of(self, node: Term | None) -> int | None:
        """Say on which line a node's description begins; None where that is not known."""
        return self._lines.subjects.get(node.value) if isinstance(node, NamedNode) else None

    def row_of(self, node: Term | None) -> TablePlace | None:
        """Say where a table describes a node; None where it does not."""
        return (self.rows or {}).get(node.value) if isinstance(node, NamedNode) else None

    def line_where(self, violation: Violation) -> int | None:
        """Say on which line the statement at fault stands, or the first with its property, or its value."""
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
    """Give the single steps that a path consists of, or that it may take."""
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
    """Read a submission. Triples outside of any graph go to a graph named by the hash of the content.

    ``supersedes`` names the graph that its one graph replaces, as if its text said so. With ``texts``, what
    is kept of sources gives the start offsets of passages. Raises TooLarge, Unreadable (with line and column,
    or with every fault of a table) or BadInput.
    """
    if isinstance(rdf_format, TableFormat):
        table = rdf_format.read(data, limit)
        named = _in_graphs(_superseding(table.quads, supersedes), texts)
        spelt = Spellings(table.quads)
        return Submission(*named, rows=table.places, spellings=spelt, refused=table.refused, texts=texts)
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
    """Say that there is no triple, and what was left out."""
    english, spanish = "There is not one triple in this", "No hay ni una tripleta en esto"
    lost = json_ld_losses.messages(losses)
    return _bad(
        f"{english}; {'; '.join(each['en'] for each in lost) or 'send at least one'}.",
        f"{spanish}; {'; '.join(each['es'] for each in lost) or 'envíe al menos una'}.",
    )


def _superseding(quads: Iterable[Quad], old: str | None) -> Iterable[Quad]:
    """Add that the one graph of a submission supersedes another."""
    if old is None:
        return quads
    quads = list(quads)
    graphs = {quad.graph_name for quad in quads}
    if len(graphs) != 1:
        raise _bad(
            "Several graphs cannot all supersede one: say in the one that does that it does.",
            "Varios grafos no pueden sustituir todos a uno: dígalo en el que lo sustituye.",
        )
    (graph,) = graphs
    new = _ITSELF if isinstance(graph, DefaultGraph) else quads[0].graph_name
    assert isinstance(new, NamedNode | BlankNode)
    return [*quads, Quad(new, DIP.SUPERSEDES, read_iri(old), graph)]


def _in_graphs(quads: Iterable[Quad], texts: TextsAtHand | None) -> tuple[tuple[Quad, ...], str]:
    """Put every quad in a named graph, and give the hash of the content.

    A blank node that names a graph gets an IRI by the hash, wherever it stands: a graph has to be cited.
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
    """Report what hinders a submission, all faults at once, without writing anything.

    Raises Conflict where it would change a graph that is there already, or one of a release, and Unreadable
    for a table with faults of its own, which names those that the gate finds as well.
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
    """Check a submission and store it: all of it, durable when this returns, or nothing.

    Raises Invalid with the report, or Conflict. The same content again makes no new commit.
    """
    with store.writing:  # two submissions can be valid apart and not together
        return committed(store, judge(store, gate, submission, by), by)


def judge(store: JudgedStore, gate: Gate, submission: Submission, by: Provenance) -> Judgement:
    """Check a submission and return what adding it changes; raises as ``add``."""
    report = check(store, gate, submission)
    if not report.conforms:
        raise refused(report)
    if report.is_known:
        return Judgement(report)
    new = _new_quads(store, submission)
    check_right(store, submission.supersedes(_names(new)), by)
    return Judgement(report, Delta(new, _replaced(store, submission, new)), submission.content_hash)


def _violations(store: Quads, gate: Gate, delta: Delta) -> Sequence[Violation]:
    """Judge what comes and what goes as one change."""
    return faults(store, gate, delta) if delta.removed else gate.check(delta, store).violations


def _replaced(store: Quads, submission: Submission, new: Iterable[Quad]) -> tuple[Quad, ...]:
    """Give the quads of the graphs that the new ones say they supersede."""
    graphs = dict.fromkeys(submission.supersedes(_names(new)))
    return tuple(quad for graph in graphs for quad in submitted(store, graph))


def _names(quads: Iterable[Quad]) -> frozenset[str]:
    graphs = {quad.graph_name for quad in quads}
    return frozenset(graph.value for graph in graphs if isinstance(graph, NamedNode))


def _new_quads(store: Quads, submission: Submission) -> tuple[Quad, ...]:
    """Give the quads of the graphs that are not there yet."""
    new = [quads for graph, quads in submission.by_graph.items() if not _is_held(store, graph, quads)]
    return tuple(chain.from_iterable(new))


def _is_held(store: Quads, graph: NamedNode, quads: Iterable[Quad]) -> bool:
    """Tell if a graph is there with this very content; raises Conflict where it holds something else."""
    if graph.value in NOT_SUBMITTED:
        raise protected(graph)
    held = set(store.quads_for_pattern(None, None, None, graph))
    if not held:
        return False
    if held != set(quads):
        raise immutable(graph)
    return True


def protected(graph: NamedNode) -> Conflict:
    """Return the error for a write to a graph that no submission writes."""
    return _conflict(
        graph,
        "it changes only with a release or by commits; use a graph of your own",
        "solo cambia con una versión o con los asientos; use un grafo propio",
    )


def immutable(graph: NamedNode) -> Conflict:
    """Return the error for a submission to a graph that holds something else."""
    return _conflict(
        graph,
        "it was accepted before and is not edited; supersede it by a graph of your own, or retract it",
        "ya fue aceptado y no se edita; sustitúyalo con un grafo propio o retírelo",
    )


def _conflict(graph: NamedNode, english: str, spanish: str) -> Conflict:
    name = compact(graph.value)
    sentence = {"en": f"{name}: {english}.", "es": f"{name}: {spanish}."}
    return Conflict(sentence["en"], graph=graph.value, rule=IMMUTABLE_GRAPH, sentence=sentence)


def _bad(english: str, spanish: str) -> BadInput:
    return BadInput(english, sentence={"en": english, "es": spanish})


def _placed(violation: Violation, submission: Submission) -> Violation:
    """Add the line: of the statement at fault, or of the description of its node, or of its value."""
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
    """Name the thing that has the value instead of the graph."""
    focus = next((quad.subject for quad in sent if quad.object == violation.value), violation.focus)
    return replace(violation, focus=focus)


def _of_table(violation: Violation) -> TableFault:
    from kg.gate.own_findings import rests_on_its_record

    place = violation.row or TablePlace()
    said = {
        language: place.reworded(in_language(violation.message, language)).rstrip(".")
        for language in LANGUAGES
    }
    value = violation.value
    is_thing = isinstance(value, NamedNode) and value.value.startswith(DATA)
    return TableFault(
        place,
        violation.column or "",
        violation.cell,
        said,
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
