"""SPARQL updates as changes: computes what an update adds and removes, without writing to the store.

Operations are computed in order. Their data is parsed, each WHERE runs as a query, and its rows fill the
templates. An operation after others runs its query on a copy of the store that includes their changes.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from kg import formats
from kg.changes import Delta, GraphName
from kg.errors import BadInput, Conflict, FetchFailed, Forbidden, KGError, TooLarge
from kg.facts import parsing
from kg.facts.edits import Draft, exists
from kg.facts.update_parser import Operation, WherePattern, variable
from kg.gate.overlay import Term
from kg.query import federation
from kg.query.job import QueryJob
from kg.query.outbound import AllowList, Fetched, Request
from kg.rdf_version import is_newer, refusal

MOST_LOADS = 8
MOST_QUADS = 200_000
"""Maximum quads that one update may add or remove; larger changes must be sent as facts or loaded."""

Ask: TypeAlias = Callable[[QueryJob, Delta], bytes]
"""Runs a query on the store with a change applied, and returns the rows as JSON."""
Documents: TypeAlias = Mapping[str, Fetched | FetchFailed | Forbidden]
"""The documents that LOAD names, each with its content or the error from fetching it."""
Row: TypeAlias = Mapping[str, Term]


def apply(operations: Iterable[Operation], draft: Draft, ask: Ask, documents: Documents) -> None:
    """Apply operations to a draft in order.

    Raises Conflict for a graph that is missing or already exists, FetchFailed, TooLarge.
    """
    for operation in operations:
        if operation.verb == "LOAD":
            _load(draft, operation, documents)
        elif operation.graphs:
            _WORK[operation.verb](draft, operation)
        else:
            _modify(draft, operation, ask)
        if len(draft.delta.added) + len(draft.delta.removed) > MOST_QUADS:
            raise TooLarge(f"The update changes more than {MOST_QUADS} quads; send it in smaller parts.")


def documents_named(operations: Iterable[Operation]) -> list[str]:
    """Return the documents that operations load, sorted; raises TooLarge if there are too many."""
    documents = sorted({operation.graphs[0] for operation in operations if operation.verb == "LOAD"})
    if len(documents) > MOST_LOADS:
        raise TooLarge(f"The update loads more than {MOST_LOADS} documents; send it in smaller parts.")
    return documents


async def fetched(
    addresses: Sequence[str], allow_list: AllowList, seconds: float, most_bytes: int
) -> Documents:
    """Fetch the documents that an update loads; the value is the error if one fails or is not allowed."""
    share = most_bytes // max(1, len(addresses))
    accept = ", ".join(rdf_format.media_type for rdf_format in formats.RDF_FORMATS.values())

    async def fetch(iri: str) -> Fetched | FetchFailed | Forbidden:
        if not allow_list.allows(iri):
            return Forbidden(
                f"LOAD <{iri}> is refused, because KG_ALLOW does not list it:"
                " fetch it yourself and send it as facts."
            )
        try:
            return await allow_list.ask(Request(iri, accept), seconds, share)
        except FetchFailed as fault:
            return fault

    return dict(zip(addresses, await asyncio.gather(*map(fetch, addresses)), strict=True))


def with_dataset(operation: Operation, default: tuple[str, ...], named_graphs: tuple[str, ...]) -> Operation:
    """Return an operation with the request's dataset; raises BadInput if the operation names its own."""
    if not (default or named_graphs) or operation.where is None:
        return operation
    if operation.home or operation.where.default_graphs or operation.where.named_graphs:
        raise BadInput(
            "The update names its dataset by USING or WITH, and the request by using-graph-uri; use one."
        )
    where = replace(operation.where, default_graphs=default, named_graphs=named_graphs, all_named=False)
    return replace(operation, where=where)


def _modify(draft: Draft, operation: Operation, ask: Ask) -> None:
    if any(_has_blank_node(quad) for quad in operation.deleted):
        raise BadInput("Deleted triples cannot contain blank nodes; write a variable and bind it in WHERE.")
    if operation.where is None:
        draft.remove(operation.deleted)
        draft.add(operation.inserted)
        return
    rows = _rows(ask(_job(operation, operation.where), draft.delta), _variables(operation))
    home: GraphName = NamedNode(operation.home) if operation.home else DefaultGraph()
    draft.remove([quad for row in rows for quad in _filled(operation.deleted, row, home)])
    draft.add([quad for row in rows for quad in _filled(operation.inserted, row, home)])


def service_jobs(operations: Iterable[Operation]) -> list[QueryJob]:
    """Return the queries for the WHERE clauses that contain SERVICE."""
    jobs = (_job(operation, operation.where) for operation in operations if operation.where)
    return [job for job in jobs if federation.calls(job.text, job.base)]


def _variables(operation: Operation) -> list[str]:
    templates = (*operation.deleted, *operation.inserted)
    return sorted({name for quad in templates for node in _nodes(quad) if (name := variable(node))})


def _job(operation: Operation, where: WherePattern) -> QueryJob:
    """Return the query whose rows fill the templates of an operation."""
    is_fresh = any(_has_blank_node(quad) for quad in operation.inserted)
    columns = " ".join(f"?{name}" for name in _variables(operation)) or "(1 AS ?kg_one)"
    text = f"{where.prologue}SELECT {'' if is_fresh else 'DISTINCT '}{columns} WHERE {where.text}"
    return rows_job(text)._replace(
        default_graphs=where.default_graphs, named_graphs=where.named_graphs, all_named=where.all_named
    )


def rows_job(text: str) -> QueryJob:
    """Return the query for a WHERE clause of any length, with its rows as JSON."""
    return QueryJob(text, "application/sparql-results+json", max_bytes=len(text.encode()))


def _rows(data: bytes, names: list[str]) -> list[Row]:
    found = parse_query_results(data, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    rows: list[Row] = []
    for solution in found:
        if len(rows) > MOST_QUADS:
            raise TooLarge(f"The update matches more than {MOST_QUADS} times; send it in smaller parts.")
        values = {name: solution[name] for name in names}
        rows.append({name: value for name, value in values.items() if value is not None})
    return rows


def _filled(template: Iterable[Quad], row: Row, home: GraphName) -> Iterator[Quad]:
    """Fill a template with one row; as SPARQL requires, skip results that are not valid quads."""
    fresh: dict[BlankNode, BlankNode] = {}

    def value(node: Term) -> Term | None:
        if isinstance(node, BlankNode):
            return fresh.setdefault(node, BlankNode())
        name = variable(node)
        return node if name is None else row.get(name)

    for quad in template:
        subject, predicate, obj = value(quad.subject), value(quad.predicate), value(quad.object)
        in_default = isinstance(quad.graph_name, DefaultGraph)
        if is_newer(obj):
            raise refusal()
        graph = home if in_default else value(quad.graph_name)  # type: ignore[arg-type]
        if (
            isinstance(subject, NamedNode | BlankNode)
            and isinstance(predicate, NamedNode)
            and isinstance(obj, NamedNode | BlankNode | Literal)
            and isinstance(graph, NamedNode | DefaultGraph)
        ):
            yield Quad(subject, predicate, obj, graph)


def _nodes(quad: Quad) -> tuple[object, ...]:
    return (quad.subject, quad.predicate, quad.object, quad.graph_name)


def _has_blank_node(quad: Quad) -> bool:
    return isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)


# Operations on whole graphs


def _load(draft: Draft, operation: Operation, documents: Documents) -> None:
    source, *into = operation.graphs
    goal: GraphName = NamedNode(into[0]) if into and into[0] != "DEFAULT" else DefaultGraph()
    try:
        quads = _read(documents[source])
    except KGError as fault:
        if operation.is_silent:
            draft.failures.append(f"LOAD SILENT <{source}> was skipped: {fault.detail}")
        elif isinstance(fault, Forbidden):
            raise
        else:
            raise FetchFailed(f"<{source}> cannot be loaded: {fault.detail}") from None
    else:
        if _may_change(draft, operation, [goal]):
            draft.add([Quad(quad.subject, quad.predicate, quad.object, goal) for quad in quads])


def _read(document: Fetched | FetchFailed | Forbidden) -> list[Quad]:
    if isinstance(document, KGError):
        raise document
    rdf_format = formats.from_content_type(document.content_type, formats.RDF_FORMATS)
    quads = parsing.read(document.data, rdf_format, base=document.iri).quads
    if any(quad.graph_name != DefaultGraph() for quad in quads):
        raise BadInput("it holds named graphs, and LOAD takes one graph.")
    return quads


def _emptied(draft: Draft, operation: Operation) -> None:
    """Run CLEAR or DROP."""
    for graph in _may_change(draft, operation, _meant(draft, operation)):
        if operation.verb == "CLEAR" and isinstance(graph, NamedNode) and exists(draft.quads, graph):
            draft.clear(graph)
        else:
            draft.drop(graph)


def _meant(draft: Draft, operation: Operation) -> list[GraphName]:
    (target,) = operation.graphs
    if target in ("NAMED", "ALL"):
        return [*([DefaultGraph()] if target == "ALL" else []), *draft.graphs()]
    return _found(draft, operation, target)


def _may_change(draft: Draft, operation: Operation, graphs: Sequence[GraphName]) -> Sequence[GraphName]:
    """Return the graphs that an operation may change; a SILENT one, or one on all graphs, skips the others.

    Any other operation is rejected later if one of its graphs cannot be edited.
    """
    if operation.is_silent or {"NAMED", "ALL"} & set(operation.graphs):
        return [graph for graph in graphs if draft.may_change(graph)]
    return graphs


def _created(draft: Draft, operation: Operation) -> None:
    graph = NamedNode(operation.graphs[0])
    if not exists(draft.quads, graph):
        draft.create(graph)
    elif not operation.is_silent:
        raise Conflict(f"The graph {graph} exists already.", graph=graph.value)


def _transferred(draft: Draft, operation: Operation) -> None:
    """Run COPY, MOVE or ADD."""
    source, target = operation.graphs
    if source == target:
        return
    for origin in _found(draft, operation, source):
        quads = draft.quads_of(origin)
        goal: GraphName = DefaultGraph() if target == "DEFAULT" else NamedNode(target)
        changed = [origin, goal] if operation.verb == "MOVE" else [goal]
        if list(_may_change(draft, operation, changed)) != changed:
            continue
        if operation.verb != "ADD":
            draft.drop(goal)
        if operation.verb == "MOVE":
            draft.drop(origin)
        draft.add([Quad(quad.subject, quad.predicate, quad.object, goal) for quad in quads])


def _found(draft: Draft, operation: Operation, name: str) -> list[GraphName]:
    """Return the graph of a name; raises Conflict if it does not exist, unless the operation is SILENT."""
    if name == "DEFAULT":
        return [DefaultGraph()]
    graph = NamedNode(name)
    if exists(draft.quads, graph):
        return [graph]
    if operation.is_silent:
        return []
    raise Conflict(f"There is no graph {graph}.", graph=name)


_WORK: Mapping[str, Callable[[Draft, Operation], None]] = {
    "CLEAR": _emptied,
    "DROP": _emptied,
    "CREATE": _created,
    "COPY": _transferred,
    "MOVE": _transferred,
    "ADD": _transferred,
}
