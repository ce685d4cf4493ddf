"""Narrowing: finds the records of a selection, completes them, and reads their quads in their graphs."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from urllib.parse import parse_qsl

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    parse_query_results,
)

from kg import iris
from kg.changes import GraphName, Object, Quads, Subject
from kg.errors import BadInput
from kg.exports.selection import LAYERS, Selection
from kg.exports.text_set import TextSet
from kg.query import evaluation, questions
from kg.query.job import UNLABELLED, QueryJob
from kg.query.questions import Question
from kg.store.store import Contents
from kg.terms import DIP, RDF, RDFS

_OF_A_RECORD = (DIP.REPORTS, DIP.APPLIES_TO)
"""Properties by which a part points to its record."""
_ROWS = "application/sparql-results+json"


def asking(selection: Selection, known_questions: Mapping[str, Question]) -> Selection:
    """Return a selection with the query of its question; raises NotFound and BadInput."""
    if selection.question is None:
        return selection
    name, _, values = selection.question.partition("?")
    question = questions.find(name, known_questions)
    bound = questions.bindings(question, dict(parse_qsl(values, keep_blank_values=True)))
    return replace(selection, query=questions.job(question, bound, _ROWS, labelling=UNLABELLED))


def narrowed(
    contents: Contents, selection: Selection, graphs: Sequence[GraphName]
) -> tuple[Quads, tuple[GraphName, ...]]:
    """Return the quads of the selected records and the graphs that hold them, in order."""
    graph_names = frozenset(graphs)
    members = _whole(contents, records(contents, selection, graphs), graph_names)
    places: dict[GraphName, TextSet] = {}
    for subject in _nodes(members):
        for quad in contents.quads_for_pattern(subject, None, None):
            if (graph := quad.graph_name) in graph_names:
                if graph not in places:
                    places[graph] = TextSet([str(graph)] if isinstance(graph, NamedNode) else ())
                places[graph].add(str(subject))
    graphs_of_records = {graph: places[graph] for graph in graphs if graph in places}
    return _SelectedQuads(contents, graphs_of_records), tuple(graphs_of_records)


def records(contents: Contents, selection: Selection, graphs: Sequence[GraphName]) -> TextSet:
    """Return the records that meet all criteria."""
    graph_names = frozenset(graphs)
    found: list[Iterable[Subject]] = []
    if selection.actors:
        found.append(_naming(contents, selection.actors, graph_names))
    if selection.since or selection.until:
        found.append(_within(contents, selection.first_day, selection.last_day, graph_names))
    if selection.layers:
        found.append(_of_layers(contents, selection.layers, graph_names))
    if selection.question:
        found.append(_answering(contents, selection.query, graph_names))
    if not found:
        return TextSet()
    met = TextSet(map(str, found[0]))
    for each in found[1:]:
        met = TextSet(text for node in each if (text := str(node)) in met)
    return met


def _nodes(texts: Iterable[str]) -> Iterator[Subject]:
    """Parse nodes from N-Triples."""
    return (BlankNode(text[2:]) if text.startswith("_:") else NamedNode(text[1:-1]) for text in texts)


class _SelectedQuads:
    """The quads of some subjects in some graphs of a store."""

    def __init__(self, quads: Quads, places: Mapping[GraphName, TextSet]) -> None:
        self._quads = quads
        self._places = places

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        if subject is None and predicate is None and object is None:
            graphs = self._places if graph_name is None else (graph_name,)
            return chain.from_iterable(
                self._quads.quads_for_pattern(each, None, None, graph)
                for graph in graphs
                for each in _nodes(self._places.get(graph, ()))
            )
        found = self._quads.quads_for_pattern(subject, predicate, object, graph_name)
        return (quad for quad in found if str(quad.subject) in self._places.get(quad.graph_name, ()))


def _naming(quads: Quads, actors: Sequence[str], graph_names: frozenset[GraphName]) -> Iterator[Subject]:
    """Yield the things that name one of the actors, and the actors."""
    for node in map(iris.read_iri, actors):
        yield node
        naming = quads.quads_for_pattern(None, None, node)
        yield from (quad.subject for quad in naming if quad.graph_name in graph_names)


def _within(quads: Quads, first: str, last: str, graph_names: frozenset[GraphName]) -> Iterator[Subject]:
    """Yield the things whose time span overlaps a period; an open bound counts as possibly within it."""
    for predicate in (DIP.EARLIEST, DIP.LATEST):
        for bounded in quads.quads_for_pattern(None, predicate, None):
            span = bounded.subject
            if bounded.graph_name not in graph_names or not isinstance(span, NamedNode):
                continue
            earliest = min(_bounds(quads, span, DIP.EARLIEST, graph_names), default=first)
            latest = max(_bounds(quads, span, DIP.LATEST, graph_names), default=last)
            if earliest <= last and latest >= first:
                dated = quads.quads_for_pattern(None, None, span)
                yield from (quad.subject for quad in dated if quad.graph_name in graph_names)


def _bounds(
    quads: Quads, span: NamedNode, predicate: NamedNode, graph_names: frozenset[GraphName]
) -> Iterator[str]:
    bounds = quads.quads_for_pattern(span, predicate, None)
    return (_text(quad.object) for quad in bounds if quad.graph_name in graph_names)


def _of_layers(
    contents: Contents, layers: Sequence[str], graph_names: frozenset[GraphName]
) -> Iterator[Subject]:
    """Yield the things of the given layers."""
    classes = classes_of(contents, [LAYERS[each] for each in layers])
    typed = (quad for each in classes for quad in contents.quads_for_pattern(None, RDF.TYPE, each))
    return (quad.subject for quad in typed if quad.graph_name in graph_names)


def _answering(contents: Contents, query: QueryJob | None, graph_names: frozenset[GraphName]) -> set[Subject]:
    """Return the things in the answer of a question."""
    if query is None:
        raise BadInput("A selection by a question needs the saved questions, and this selection has none.")
    rows = parse_query_results(_answer(contents, query), QueryResultsFormat.JSON)
    assert isinstance(rows, QuerySolutions)
    things = {value for row in rows for value in row if isinstance(value, NamedNode)}
    return {
        thing
        for thing in things
        if any(quad.graph_name in graph_names for quad in contents.quads_for_pattern(thing, None, None))
    }


def _answer(contents: Contents, query: QueryJob) -> bytes:
    output = io.BytesIO()
    evaluation.evaluate(contents, query).write(output)
    return output.getvalue()


def classes_of(quads: Quads, heads: Iterable[NamedNode]) -> set[NamedNode]:
    """Return the classes of the layers with the given head classes, from the terms of the graph."""
    terms = NamedNode(iris.TERMS_GRAPH)
    found: set[NamedNode] = set()
    rest = [
        *(quad.subject for head in heads for quad in quads.quads_for_pattern(None, DIP.IN_LAYER, head, terms))
    ]
    while rest:
        node = rest.pop()
        if isinstance(node, NamedNode) and node not in found:
            found.add(node)
            rest += (quad.subject for quad in quads.quads_for_pattern(None, RDFS.SUB_CLASS_OF, node, terms))
    return found


def _whole(contents: Contents, selected: TextSet, graph_names: frozenset[GraphName]) -> TextSet:
    """Return the selected records, their parts, and the things that they name, but no other records."""
    heads = [LAYERS[each] for each in ("statement", "happening", "assessment")]
    of_records = classes_of(contents, heads) - {DIP.CLAIM}
    members = TextSet(selected)
    for node in _nodes(members.as_added()):
        for other in chain(_belonging(contents, node, graph_names), _named(contents, node, graph_names)):
            if (text := str(other)) not in members and not _is_of(contents, other, of_records):
                members.add(text)
    return members


def _belonging(quads: Quads, node: Subject, graph_names: frozenset[GraphName]) -> Iterator[Subject]:
    for predicate in _OF_A_RECORD:
        for quad in quads.quads_for_pattern(None, predicate, node):
            if quad.graph_name in graph_names:
                yield quad.subject


def _named(quads: Quads, node: Subject, graph_names: frozenset[GraphName]) -> Iterator[Subject]:
    for quad in quads.quads_for_pattern(node, None, None):
        if (
            quad.graph_name in graph_names
            and isinstance(quad.object, NamedNode)
            and quad.predicate != RDF.TYPE
        ):
            yield quad.object


def _is_of(quads: Quads, node: Subject, classes: set[NamedNode]) -> bool:
    return any(quad.object in classes for quad in quads.quads_for_pattern(node, RDF.TYPE, None))


def _text(term: Object) -> str:
    return term.value if isinstance(term, Literal) else str(term)
