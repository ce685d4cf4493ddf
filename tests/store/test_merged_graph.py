"""The default graph of a query is the merge of graphs, a set: in memory, on disk and in earlier versions."""

from collections import Counter
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from kg.changes import Delta, Provenance
from kg.errors import Unreadable
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.store.copies import ContentsInMemory, ContentsOnDisk
from kg.store.merged_graph import may_name_a_graph, without_own
from kg.store.snapshots import Snapshots
from kg.store.store import Contents
from tests.support.contents import count, quads_in
from tests.support.stores import open_store

GRAPHS = [NamedNode(f"urn:g{number}") for number in (1, 2, 3)]
NODES = [NamedNode(f"urn:{letter}") for letter in "abc"]
PROPERTIES = [NamedNode("urn:p"), NamedNode("urn:q")]

few_quads = st.lists(
    st.builds(
        Quad,
        st.sampled_from(NODES),
        st.sampled_from(PROPERTIES),
        st.sampled_from([*NODES, Literal(1), Literal(2)]),
        st.sampled_from([*GRAPHS, DefaultGraph()]),
    ),
    max_size=10,
)
changes = st.lists(st.tuples(few_quads, few_quads), min_size=1, max_size=4)
some_graphs = st.lists(st.sampled_from(GRAPHS), max_size=3)

PATTERNS = (
    "SELECT (COUNT(*) AS ?n) {clauses} WHERE {{ ?s ?p ?o }}",
    "SELECT ?p (SUM(?o) AS ?n) {clauses} WHERE {{ ?s ?p ?o FILTER(ISNUMERIC(?o)) }} GROUP BY ?p",
    "SELECT ?s ?o ?g {clauses} WHERE {{ ?s ?p ?o GRAPH ?g {{ ?s ?q ?o }} }}",
    "SELECT ?g {clauses} WHERE {{ GRAPH ?g {{ }} }}",
    "SELECT ?s ?o ?x {clauses} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} OPTIONAL {{ ?o ?q ?x }} }}",
    "SELECT ?s {clauses} WHERE {{ ?s ?p ?o FILTER NOT EXISTS {{ GRAPH ?g {{ ?o ?q ?x }} }} }}",
    "SELECT ?s ?x {clauses} WHERE {{ ?s (<urn:p>|<urn:q>)+ ?x MINUS {{ GRAPH <urn:g1> {{ ?s ?p ?x }} }} }}",
    "SELECT ?g ?h {clauses} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} GRAPH ?h {{ ?s ?p ?o }} }}",
)


def answered(contents: Contents, text: str, default: Sequence[NamedNode] = ()) -> Counter[str]:
    """Ask a query as a reader does, and count its rows."""
    output = BytesIO()
    job = QueryJob(
        text, "application/sparql-results+json", default_graphs=tuple(graph.value for graph in default)
    )
    evaluate(contents, job).write(output)
    rows = parse_query_results(output.getvalue(), format=QueryResultsFormat.JSON)
    assert isinstance(rows, QuerySolutions)
    return Counter(map(str, rows))


def expected(
    quads: Iterable[Quad],
    text: str,
    default: Sequence[NamedNode] | None = None,
    named: Sequence[NamedNode] | None = None,
) -> Counter[str]:
    """Ask a store whose default graph was merged beforehand; None means all graphs."""
    merged = Store()
    for quad in quads:
        if default is None or quad.graph_name in default:
            merged.add(Quad(quad.subject, quad.predicate, quad.object))
        if quad.graph_name in (GRAPHS if named is None else named):
            merged.add(quad)
    rows = merged.query(text, named_graphs=None if named is None else list(dict.fromkeys(named)))
    assert isinstance(rows, QuerySolutions)
    return Counter(map(str, rows))


def steps(drawn: Iterable[tuple[list[Quad], list[Quad]]]) -> Iterable[tuple[Delta, set[Quad]]]:
    """Yield effective deltas, each with the quads that it leaves."""
    held: set[Quad] = set()
    for added, removed in drawn:
        delta = Delta(
            tuple(dict.fromkeys(quad for quad in added if quad not in held)),
            tuple(dict.fromkeys(quad for quad in removed if quad in held and quad not in added)),
        )
        held = (held | set(delta.added)) - set(delta.removed)
        yield delta, held


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> ContentsOnDisk:
    return ContentsOnDisk(tmp_path_factory.mktemp("disk") / "store", 1)


@given(changes, st.data())
@settings(max_examples=40)
def test_queries_of_all_graphs_read_their_merge(
    disk: ContentsOnDisk, drawn: list[tuple[list[Quad], list[Quad]]], data: st.DataObject
) -> None:
    memory, kept, on_disk = ContentsInMemory([], 1), ContentsInMemory([], 1, are_stored=True), disk
    on_disk.apply(Delta(removed=tuple(quads_in(on_disk))))
    for delta, held in steps(drawn):
        memory.advance(delta, 2)
        kept.advance(delta, 2)
        on_disk.apply(delta)
        assert quads_in(memory) == quads_in(on_disk) == held
    dumped = BytesIO()
    on_disk.dump_stored(dumped)
    rebuilt = ContentsInMemory(parse(dumped.getvalue(), format=RdfFormat.N_QUADS), 1, are_stored=True)
    assert quads_in(rebuilt) == held
    text = data.draw(st.sampled_from(PATTERNS)).format(clauses="")
    wanted = expected(held, text)
    for contents in (memory, kept, on_disk, rebuilt):
        assert answered(contents, text) == wanted
        own = set(contents.quads_for_pattern(None, None, None, DefaultGraph()))
        assert own == {quad for quad in held if quad.graph_name == DefaultGraph()}


@pytest.mark.parametrize("text", ["SELECT * { graph ?g {} }", "SELECT * { \\u0047RAPH ?g {} }"])
def test_a_query_that_may_name_a_graph_is_known(text: str) -> None:
    assert may_name_a_graph(text)
    assert not may_name_a_graph("SELECT * { ?s ?p ?o }")


@given(few_quads, some_graphs, some_graphs, st.sampled_from(PATTERNS), st.booleans())
def test_several_graphs_that_a_query_names_are_merged(
    quads: list[Quad], default: list[NamedNode], named: list[NamedNode], pattern: str, is_named: bool
) -> None:
    contents = ContentsInMemory(quads, 1)
    clauses = [f"FROM {graph}" for graph in default]
    clauses += [f"FROM NAMED {graph}" for graph in named] if is_named or not default else []
    text, plain = pattern.format(clauses=" ".join(clauses)), pattern.format(clauses="")
    if not clauses:
        assert answered(contents, text) == expected(quads, plain)
        return
    read = named if is_named or not default else []
    assert answered(contents, text) == expected(quads, plain, default, read)
    if default:  # the request's dataset goes before that of the text
        assert answered(contents, text, default) == expected(quads, plain, default, [])


STATED, RESTATED = (Quad(NODES[0], PROPERTIES[0], Literal(1), graph) for graph in GRAPHS[:2])
UNNAMED = Quad(STATED.subject, STATED.predicate, STATED.object, DefaultGraph())


def test_a_triple_stays_until_its_last_holder_goes_also_in_earlier_versions(tmp_path: Path) -> None:
    group = "{ <urn:a> ?p ?o }"
    with open_store(tmp_path / "data") as store:
        for delta in (
            Delta((STATED, RESTATED)),
            Delta((UNNAMED,), (STATED,)),
            Delta(removed=(RESTATED,)),
            Delta(removed=(UNNAMED,)),
        ):
            store.commit(delta, Provenance("Ana"))
        assert count(store, group) == 0
        snapshots = Snapshots(tmp_path / "data")
        for back, wanted in ((1, 1), (2, 1), (3, 1), (4, 0)):
            with snapshots.opened(store, store.version - back) as contents:
                assert count(contents, group) == wanted
                assert count(contents, "{ GRAPH ?g { <urn:a> ?p ?o } }") == [0, 0, 1, 2, 0][back]


def test_the_stores_own_default_graph_is_no_named_graph(disk: ContentsOnDisk) -> None:
    disk.apply(Delta(removed=tuple(quads_in(disk))))
    disk.apply(Delta((STATED, UNNAMED)))
    assert list(disk.graphs()) == ["urn:g1"]
    assert count(disk, "{ GRAPH ?g { } }") == 1
    assert count(disk, "{ OPTIONAL { GRAPH ?g { ?s ?p ?o } } FILTER EXISTS { GRAPH ?h { ?s ?p ?o } } }") == 1
    dumped = BytesIO()
    disk.dump(dumped)
    assert sorted(dumped.getvalue().decode().splitlines()) == sorted(f"{q} ." for q in (STATED, UNNAMED))
    disk.apply(Delta(removed=(UNNAMED,)))
    assert count(disk, "{ GRAPH ?g { } }") == 1


def test_a_fault_of_syntax_is_placed_in_the_text_that_was_sent() -> None:
    contents = ContentsInMemory([UNNAMED], 1)
    for text in ("SELECT * { GRAPH ?g { ?s ?p ?o } ?s ?p }", "SELECT * FROM e:a { ?s ?p ?o }"):
        with pytest.raises(Unreadable) as refusal:
            answered(contents, text)
        assert refusal.value.extra["line"] == 1
        assert "ISIRI" not in refusal.value.detail


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ASK { GRAPH <urn:g> { ?s ?p '}' } }", None),
        ("ASK { GRAPH ?g { GRAPH $h { } } }", 2),
        ("ASK { # GRAPH ?g {\n GRAPH ?g { ?s ?p [ ?q ?g ] } }", 1),
        ("ASK { GRAPH ?g {", None),
        ("ASK } GRAPH ?g { } }", 1),
    ],
)
def test_only_variable_graphs_are_filtered(text: str, written: int | None) -> None:
    assert without_own(text).count("ISIRI") == (written or 0)
