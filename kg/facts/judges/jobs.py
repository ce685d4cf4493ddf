"""Jobs of the judges: each parses a request and judges the change that it makes.

The server sends a job as a ``functools.partial`` of one of these functions, without its last arguments, the
private copy and the gate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg.changes import Delta, Provenance, Quads
from kg.errors import JSON, BadInput, NotFound
from kg.facts import (
    edits,
    graph_versions,
    json_ld_losses,
    multipart,
    parsing,
    retraction,
    sources,
    submissions,
    update_parser,
    updates,
)
from kg.facts.blank_nodes import named_by_content
from kg.facts.bodies import Body
from kg.facts.edits import Draft
from kg.facts.graph_versions import Graph
from kg.facts.judgement import Judgement
from kg.facts.judges.private_copy import PrivateCopy
from kg.facts.kept_texts import TextsAtHand
from kg.facts.preconditions import Precondition
from kg.facts.quarantine import Quarantine
from kg.facts.spellings import Spellings
from kg.facts.submissions import Submission
from kg.facts.updates import Documents
from kg.formats import (
    RDF_FORMATS,
    FactsFormat,
    RDFFormat,
    bare_media_type,
    from_content_type,
    from_path,
)
from kg.gate.reports import Report, Violation
from kg.iris import OWN_DEFAULT_GRAPH
from kg.query import screening, unknown_terms
from kg.query.job import QueryJob
from kg.store.transaction import normalised

if TYPE_CHECKING:
    from kg.gate.gate import Gate

_UNNAMED_TYPES = ("", "application/octet-stream")
_DEFAULT_TYPE = RDF_FORMATS["rdfxml"].media_type
"""The type of a body without a Content-Type, as the Graph Store Protocol requires."""


@dataclass(frozen=True)
class Offer:
    """Facts as a client sent them, with their format and the graph that they supersede, if it named one.

    ``may_see_texts`` is True if the sender is allowed to have passages compared with the kept texts of
    sources.
    """

    body: Body
    format: FactsFormat
    supersedes: str | None = None
    may_see_texts: bool = False

    def parsed(self, directory: Path, store: Quads) -> Submission:
        """Parse the facts for a store and its data directory; raises as ``submissions.parse``."""
        texts = TextsAtHand(directory, store) if self.may_see_texts else None
        return submissions.parse(self.body.read(), self.format, supersedes=self.supersedes, texts=texts)


def add_facts(
    offer: Offer, by: Provenance, quarantine: Path | None, copy: PrivateCopy, gate: Gate
) -> Judgement:
    """Judge a submission; if it is rejected and ``quarantine`` names a data directory, keep it there."""
    submission = (offer.body.read() if quarantine else b"", offer.format, by, offer.supersedes)
    with Quarantine(quarantine).keeping(*submission) if quarantine else nullcontext():
        return submissions.judge(copy, gate, offer.parsed(copy.log.folder.parent, copy), by)


def add_source(body: Body, by: str, copy: PrivateCopy, _: Gate) -> Judgement:
    """Keep the full text of a source beside the store; the details are those of ``sources.add``."""
    return Judgement(Report(), details=sources.add(copy, copy.log.folder.parent, body.read(), by))


def remove_source(digest: str, copy: PrivateCopy, _: Gate) -> Judgement:
    """Remove the kept text of a source."""
    sources.remove(copy.log.folder.parent, digest)
    return Judgement(Report())


def retract(graphs: Sequence[str], by: Provenance, cascade: bool, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge the withdrawal of submissions."""
    return retraction.judge_retraction(copy, gate, graphs, by, cascade=cascade)


def undo(version: int, by: Provenance, cascade: bool, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge an undo."""
    return retraction.judge_undo(copy, gate, version, by, cascade=cascade)


LOADS, SERVICES = "loads", "services"
"""Details that name what the server must fetch before it can judge an update: documents, SERVICE queries."""
WARNINGS = "warnings"
"""The detail with warnings about a change, in addition to those of its report."""


@dataclass(frozen=True)
class UpdateRequest:
    """A SPARQL update: its text, the base IRI of relative ones, and its dataset.

    If it loads documents or queries other endpoints, the first judgement only names them; the server fetches
    them (``is_fetched``) and sends it again with the ``documents``, and with the answered queries by their
    texts.
    """

    text: str
    base: str
    max_bytes: int
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    is_fetched: bool = False
    documents: Documents = field(default_factory=dict)
    answered: Mapping[str, QueryJob] = field(default_factory=dict)


def update(request: UpdateRequest, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge an update; see ``UpdateRequest``."""
    screening.check(request.text, request.max_bytes)
    operations = list(update_parser.operations(request.text, request.base))
    dataset = request.default_graphs, request.named_graphs
    scoped_operations = [updates.with_dataset(operation, *dataset) for operation in operations]
    if not request.is_fetched:
        services = [job.text for job in updates.service_jobs(scoped_operations)]
        details = {LOADS: updates.documents_named(scoped_operations), SERVICES: services}
        if any(details.values()):
            return Judgement(Report(is_known=True), details=details)
    draft = Draft(copy)
    updates.apply(scoped_operations, draft, partial(_rows, copy, request.answered), request.documents)
    warnings = [
        *edits.left_alone_warning(draft),
        *draft.failures,
        *unknown_terms.warnings(copy, request.text),
    ]
    return _with_details(edits.judge(copy, gate, draft), {WARNINGS: warnings} if warnings else {})


def _rows(copy: PrivateCopy, answered: Mapping[str, QueryJob], job: QueryJob, delta: Delta) -> bytes:
    services = answered[job.text].services if job.text in answered else ()
    return copy.rows(job._replace(services=services), copy.effective(delta) if delta else delta)


@dataclass(frozen=True)
class GraphWrite:
    """A write of one graph, with its precondition and the graph's representations (format and coding)."""

    graph: Graph
    precondition: Precondition
    forms: tuple[str, ...]

    def begin(self, copy: PrivateCopy) -> Draft:
        """Check that the graph may be written, and return an empty draft.

        Raises Conflict and PreconditionFailed.
        """
        edits.check_open(copy, self.graph)
        self.precondition.require(graph_versions.tags(copy, self.graph, self.forms))
        return Draft(copy)


def replace_graph(write: GraphWrite, body: Body, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge the replacement of a graph's content by a body; if it is the same, nothing changes."""
    content, is_new = _sent(body, write.graph, is_merged=False), not edits.exists(copy, write.graph)
    draft = write.begin(copy)
    draft.remove(set(draft.quads_of(write.graph)) - normalised(content.quads))
    draft.add(content.quads)
    if not content.quads:
        draft.create(write.graph)
    return _with_details(edits.judge(copy, gate, draft, content.noticed), {"is_new": is_new})


def extend_graph(write: GraphWrite, body: Body, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge the addition of a body to a graph: a merge, so its blank nodes are renamed."""
    content, is_new = _sent(body, write.graph, is_merged=True), not edits.exists(copy, write.graph)
    draft = write.begin(copy)
    draft.add(content.quads)
    return _with_details(edits.judge(copy, gate, draft, content.noticed), {"is_new": is_new})


def delete_graph(write: GraphWrite, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge the deletion of a graph."""
    if not edits.exists(copy, write.graph):
        raise NotFound(f"There is no graph {write.graph}.")
    draft = write.begin(copy)
    draft.drop(write.graph)
    return edits.judge(copy, gate, draft)


def submit_graph(body: Body, by: Provenance, copy: PrivateCopy, gate: Gate) -> Judgement:
    """Judge a body sent for a graph without a name: a submission like any other."""
    documents = _documents(body)
    if not any(data for data, _ in documents):
        return Judgement(Report(is_known=True))
    if len(documents) > 1:
        raise BadInput("A new graph takes one document; to send several, name the graph that they go into.")
    ((data, rdf_format),) = documents
    texts = TextsAtHand(copy.log.folder.parent, copy)
    submission = submissions.parse(data, rdf_format, texts=texts)
    return _with_details(submissions.judge(copy, gate, submission, by), {"graph": submission.graphs[0]})


def _with_details(judgement: Judgement, details: Mapping[str, JSON]) -> Judgement:
    return Judgement(judgement.report, judgement.delta, judgement.content_hash, details)


@dataclass(frozen=True)
class _Sent:
    """The content sent for a graph: its quads, and warnings about parts that yield none."""

    quads: Sequence[Quad]
    noticed: Sequence[Violation]


def _sent(body: Body, graph: Graph, *, is_merged: bool) -> _Sent:
    """Parse the body for a graph. For a merge with existing content, its blank nodes are renamed."""
    documents = [
        _read(data, rdf_format, graph, None if is_merged else number)
        for number, (data, rdf_format) in enumerate(_documents(body))
    ]
    return _Sent(
        [quad for each in documents for quad in each.quads],
        [notice for each in documents for notice in each.noticed],
    )


def _read(data: bytes, rdf_format: RDFFormat, graph: Graph, place: int | None) -> _Sent:
    """Parse a document for one graph, whose IRI is the base of relative ones.

    With ``place``, its number among the documents, blank nodes are named by content, graph and place.
    """
    document = parsing.read(data, rdf_format, base=graph.value if isinstance(graph, NamedNode) else None)
    if any(quad.graph_name not in (DefaultGraph(), graph) for quad in document.quads):
        raise BadInput("A document sent to one graph must not name other graphs.")
    quads_by_content = document.quads if place is None else _named(document.quads, f"{place} {graph}")
    quads = [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads_by_content]
    about = graph if isinstance(graph, NamedNode) else NamedNode(OWN_DEFAULT_GRAPH)
    return _Sent(quads, json_ld_losses.warnings(document.losses, about))


def _named(quads: Sequence[Quad], place: str) -> Sequence[Quad]:
    """Name blank nodes by content and place; literals keep the spelling that was sent."""
    _, named_quads = named_by_content(normalised(quads), place)
    return list(Spellings(quads).restored(named_quads))


def _documents(body: Body) -> list[tuple[bytes, RDFFormat]]:
    """Return the body, or the files of a form, each with its format."""
    if bare_media_type(body.content_type) == "multipart/form-data":
        files = multipart.files(body.content_type, body.read())
        return [(file.data, _format_of(file)) for file in files]
    return [(body.read(), from_content_type(body.content_type or _DEFAULT_TYPE, RDF_FORMATS))]


def _format_of(file: multipart.File) -> RDFFormat:
    """Return the format of a file by its Content-Type, or by its name if it has no type."""
    if file.name and bare_media_type(file.content_type) in _UNNAMED_TYPES:
        return from_path(file.name, RDF_FORMATS)
    return from_content_type(file.content_type, RDF_FORMATS)
