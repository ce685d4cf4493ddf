"""GRAPH ?g has the answers of its group in each graph, and nothing else changes."""

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from kg.query.graph_groups import with_names_joined

DATA = """
    GRAPH <urn:g> { <urn:a> <urn:p> 1 , 2 . <urn:b> <urn:q> <urn:a> }
    GRAPH <urn:h> { <urn:a> <urn:p> 3 . <urn:b> <urn:q> <urn:c> }
"""
G, H = "<urn:g>", "<urn:h>"


@pytest.fixture(scope="module")
def store() -> Store:
    filled = Store()
    filled.load(DATA.encode(), format=RdfFormat.TRIG)
    return filled


def rows(store: Store, query: str) -> list[str]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    written = (found.serialize(format=QueryResultsFormat.TSV) or b"").decode()
    return sorted(" ".join(line.split("\t")) for line in written.splitlines()[1:])


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("VALUES ?v { 1 2 }", [f"{G} 1", f"{G} 2", f"{H} 1", f"{H} 2"]),
        ("VALUES (?g ?v) { (<urn:g> 1) (<urn:nowhere> 2) }", [f"{G} 1"]),
        ("BIND(7 AS ?v)", [f"{G} 7", f"{H} 7"]),
        ("BIND(7 AS ?v) FILTER(BOUND(?g))", []),
        ("VALUES (?v) { (1) (2) } FILTER regex(str(?v), '1|3')", [f"{G} 1", f"{H} 1"]),
        ("SELECT ?v { ?s <urn:p> ?v }", [f"{G} 1", f"{G} 2", f"{H} 3"]),
        ("SELECT * WHERE { ?s <urn:p> ?v }", [f"{G} 1", f"{G} 2", f"{H} 3"]),
        ("SELECT * WHERE { ?s <urn:p> ?v } ORDER BY ?v", ["  1", "  2", "  3"]),
        ("SELECT DISTINCT ?v { ?v <urn:p> ?o }", [f"{G} <urn:a>", f"{H} <urn:a>"]),
        ("SELECT (SUM(?o) AS ?v) { ?s <urn:p> ?o } GROUP BY ?s", [f"{G} 3", f"{H} 3"]),
        ("?a <urn:q> ?s . { SELECT ?s ?v { ?s <urn:p> ?v } }", [f"{G} 1", f"{G} 2"]),
        ("{ SELECT ?v { { SELECT ?v { ?s <urn:p> ?v } } } }", [f"{G} 1", f"{G} 2", f"{H} 3"]),
        ("?s <urn:p> ?v MINUS { ?x <urn:q> ?y }", [f"{G} 1", f"{G} 2", f"{H} 3"]),
        ("?s <urn:p> ?v MINUS { ?x <urn:q> ?s }", [f"{H} 3"]),
        ("?s <urn:p> ?v MINUS { <urn:b> <urn:q> <urn:c> }", [f"{G} 1", f"{G} 2", f"{H} 3"]),
    ],
)
def test_each_graph_has_the_answers_of_its_group(store: Store, pattern: str, expected: list[str]) -> None:
    query = with_names_joined(f"SELECT ?g ?v {{ GRAPH ?g {{ {pattern} }} }}")
    assert [row.strip() for row in rows(store, query)] == [row.strip() for row in expected]


@pytest.mark.parametrize(
    "pattern",
    [
        "GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } }",
        "GRAPH ?g { SELECT ?s { ?s ?p ?o } LIMIT 1 }",
        "GRAPH ?g { SELECT ?s { ?s ?g ?o } }",
        "GRAPH ?g { SELECT DISTINCT * { ?s ?p ?o } }",
        "GRAPH <urn:g> { SELECT ?s { ?s ?p ?o } }",
        "GRAPH <urn:g> { VALUES ?s { 1 } } GRAPH ?g { ?a ?b ?c }",
        "GRAPH ?g { ?s ?p ?o FILTER EXISTS { SELECT ?s { ?s ?p ?o } } }",
        "GRAPH ?g { ?s ?p ?o SERVICE <urn:x> { SELECT ?s { ?s ?p ?o } } }",
        "GRAPH ?g { ?s ?p ?o } MINUS { ?x ?y ?z }",
        "GRAPH ?g { FILTER EXISTS { ?s ?p ?o } }",
        "GRAPH ?g { ?s ?p ?o FILTER(?g = <urn:g>) }",
        "GRAPH ?g { }",
        "MINUS { GRAPH ?g { ?s ?p ?o } }",
        "# GRAPH ?g { SELECT ?s { ?s ?p ?o } }",
        "?s ?p 'GRAPH ?g { VALUES ?v { 1 } }'",
    ],
)
def test_what_cannot_be_mended_or_needs_it_not_stays_as_it_is(pattern: str) -> None:
    query = f"SELECT * {{ {pattern} }}"
    assert with_names_joined(query) == query


@pytest.mark.parametrize("cut", ["SELECT", "VALUES", "VALUES (", "BIND(", "SELECT * {", "MINUS {", "FILTER"])
def test_a_text_that_ends_too_soon_is_still_an_error(store: Store, cut: str) -> None:
    with pytest.raises(SyntaxError):
        store.query(with_names_joined(f"SELECT * {{ GRAPH ?g {{ {cut}"))


def test_lines_stay_where_they_are() -> None:
    query = "SELECT * {\n GRAPH ?g {\n SELECT\n *\n WHERE\n { ?s ?p ?o } } }"
    assert with_names_joined(query).count("\n") == query.count("\n")
