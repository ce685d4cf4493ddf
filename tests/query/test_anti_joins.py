"""FILTER NOT EXISTS as MINUS: only where both remove the same rows, and then with the same answers."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions

from kg.query.anti_joins import with_minus

NODES = [NamedNode(f"urn:{letter}") for letter in "abcd"]
PROPERTIES = [NamedNode("urn:p"), NamedNode("urn:q")]
GROUPS = (
    "?x <urn:p> ?y",
    "?x <urn:p> ?y . ?y <urn:q> ?z",
    "?x <urn:p> ?y FILTER(?x != ?y) ?y <urn:q> ?z",
    "?y a ?y",
)
PATTERNS = (
    "?y <urn:q> <urn:a>",
    "?y <urn:p> ?v ; <urn:q> <urn:b>",
    "?v <urn:p> ?x . ?v <urn:q> <urn:a> .",
    "<urn:c> <urn:p> ?x",
    "?x <urn:p> ?x ; <urn:q> <urn:d>",
    "?v <urn:p> <urn:a>",
)
quads = st.builds(Quad, st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from(NODES))


@given(st.lists(quads, max_size=20), st.sampled_from(GROUPS), st.sampled_from(PATTERNS), st.booleans())
def test_the_answers_are_the_same(held: list[Quad], group: str, pattern: str, is_first: bool) -> None:
    store = pyoxigraph.Store()
    store.extend(held)
    condition = f"FILTER NOT EXISTS {{ {pattern} }}"
    text = f"SELECT * {{ {f'{condition} {group}' if is_first else f'{group} {condition}'} }}"
    assert rows(store, with_minus(text)) == rows(store, text)


def rows(store: pyoxigraph.Store, text: str) -> list[str]:
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)
    return sorted(str([solution[variable] for variable in answer.variables]) for solution in answer)


@pytest.mark.parametrize("pattern", PATTERNS[:5])
def test_a_pattern_with_a_constant_becomes_minus(pattern: str) -> None:
    assert "MINUS" in with_minus(f"SELECT * {{ ?x <urn:p> ?y\nFILTER NOT EXISTS {{ {pattern} }} }}")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?v <urn:q> <urn:a> } }",  # no variable is shared
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> ?v } }",  # no constant bounds it
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?y a <urn:C> . ?y ?q ?v FILTER(?v > ?x) } }",
        "SELECT * { ?x <urn:p> ?y OPTIONAL { ?x <urn:q> ?z } FILTER NOT EXISTS { ?z <urn:q> <urn:a> } }",
        "SELECT * { { ?x <urn:p> ?y } FILTER NOT EXISTS { ?y <urn:q> <urn:a> } }",
        "SELECT * { GRAPH ?g { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> <urn:a> } } }",
        "SELECT * { VALUES ?y { UNDEF } ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> <urn:a> } }",
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q>/<urn:p> <urn:a> } }",
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> <urn:a>, <urn:b> } }",
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> [ <urn:p> <urn:a> ] } }",
        "SELECT * { ?x <urn:p> ?y FILTER(!EXISTS { ?y <urn:q> <urn:a> }) }",
        "CONSTRUCT { ?x <urn:p> ?y } { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> <urn:a> } }",
        "SELECT * { ?x <urn:p> 'NOT EXISTS' FILTER NOT EXISTS { ?y <urn:q> <urn:a> ",
        "SELECT * { ?x <urn:p> ?y FILTER NOT EXISTS { ?y <urn:q> <urn:a> # which\n } }",
    ],
)
def test_another_query_stays_as_it_is(text: str) -> None:
    assert with_minus(text) == text


def test_lines_stay_where_they_are() -> None:
    text = "SELECT *\n{ ?x <urn:p> ?y\nFILTER NOT EXISTS\n{ ?y <urn:q>\n<urn:a> }\n?y <urn:q> ?z\n}"
    assert with_minus(text).splitlines()[5] == "?y <urn:q> ?z"
    assert with_minus(text).count("\n") == text.count("\n")
