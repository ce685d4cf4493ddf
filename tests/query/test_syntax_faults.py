"""A text that does not parse is answered by what is wrong with it, in words and at the right place."""

import pyoxigraph
import pytest

from kg.errors import Unreadable
from kg.facts.update_parser import operations
from kg.query.syntax_faults import fault


def told(text: str) -> Unreadable:
    with pytest.raises(SyntaxError) as caught:
        pyoxigraph.Store().query(text, base_iri="http://example.org/")
    return fault(text, str(caught.value))


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("SELECT * { ?s ?p ?o . BIND(?o AS ?s) }", 34, "BIND gives ?s a value, but it already has one"),
        ("SELECT * { { ?s ?p ?o } BIND(1 AS ?o) }", 35, "BIND gives ?o a value"),
        ("SELECT * { ?s ?p ?o BIND(IF(?o, 1, 2) AS ?x) BIND(2 AS ?x) }", 56, "BIND gives ?x a value"),
        ("SELECT (?s AS ?s) { ?s ?p ?o }", 1, "the name after AS is already a variable of the pattern"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, "two values the same name"),
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, "add it to GROUP BY"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, "SELECT * cannot be combined with GROUP BY"),
        ("SELECT * { ?s ?p }", 12, "near '?s ?p }'"),
        ("SELECT * { ?s ?p ?o", 10, "the bracket { is not closed"),
        ("SELECT * ?s ?p ?o }", 19, "the bracket } has no opening bracket"),
        ("SELECT * { ?s ?p 'x }", 18, "opens a text that is not closed"),
        ("SELEC * { ?s ?p ?o }", 1, "SELECT may be meant"),
        ("SELECT * { FILTER NOT EXIST { ?s ?p 1 } }", 23, "EXISTS may be meant"),
        ("SELECT ?s, ?p { ?s ?p ?o }", 10, "no comma"),
        ("SELECT COUNT(*) { ?s ?p ?o }", 8, "(COUNT(...) AS ?name)"),
        ("SELECT * { ?s foaf:name ?o }", 15, "the prefix foaf: is not declared"),
        ("SELECT * { ?s a Person }", 17, "'Person' is not a keyword of SPARQL; name a thing"),
        ("SELECT * { ?s <a b> ?o }", 15, "this IRI is not closed, or contains a space"),
        ("SELECT * { ?s ?p <http://a/%zz> }", 18, "'<http://a/%zz>' is not an IRI"),
        ("PREFIX ex: http://x/ SELECT * {}", 12, "angle brackets"),
        ("SELECT * { FILTER ?x > 3 }", 19, "near '?x > 3 }'"),
        ("SELECT * { FILTER(?x == 3) }", 22, "write ="),
        ("SELECT * { FILTER(?x > 3 and ?x < 5) }", 26, "write &&"),
        ("SELECT * { { ?s ?p _:a } { ?s ?q _:a } }", 34, "_:a is used in two groups"),
        ("SELECT\u00a0(1 AS ?x) {}", 7, "U+00A0 (no-break space)"),
        ("\ufeffSELECT (1 AS ?x) {}", 1, "U+FEFF"),
        ("SELECT (1 AS ?x)\u200b {}", 17, "U+200B (zero width space)"),
        ("SELECT * { ?s ?p \u201cx\u201d }", 18, "U+201C (left double quotation mark)"),
        ("SELECT * { ?s ?p ?o } LIMIT 5 ORDER BY ?s", 31, "near 'ORDER BY ?s'"),
        ("SELECT * { ?s ?p ?o } ORDER BY", 31, "it ends too early"),
    ],
)
def test_a_fault_is_said_in_words_and_where_it_stands(text: str, column: int, said: str) -> None:
    found = told(text)
    assert said in found.detail
    assert "[_]" not in found.detail
    assert found.extra["column"] == column
    lower = told(f"# A comment\n{text}") if not text.startswith("\ufeff") else found
    assert (lower.extra["line"], lower.extra["column"]) == (2 - (lower is found), column)


@pytest.mark.parametrize(
    "pattern",
    [
        "FILTER(?x > 1) BIND(1 AS ?x)",
        "MINUS { ?a ?b ?x } BIND(1 AS ?x)",
        "FILTER NOT EXISTS { ?a ?b ?x } BIND(1 AS ?x)",
        "{ BIND(1 AS ?x) } UNION { BIND(2 AS ?x) }",
        "BIND(IF(?y, 1, 2) AS ?x) BIND(?x AS ?z)",
    ],
)
def test_a_variable_that_bind_may_give_a_value_is_not_blamed(pattern: str) -> None:
    assert "BIND gives" not in told(f"SELECT * {{ {pattern} . ?s ?p }}").detail


def test_an_update_sent_as_a_query_is_called_by_its_name() -> None:
    assert "INSERT is an update" in told("PREFIX e: <urn:x> INSERT DATA { <a:a> <a:b> <a:c> }").detail


def test_a_query_sent_as_an_update_is_called_by_its_name() -> None:
    with pytest.raises(Unreadable, match=r"SELECT is a query; send it to /sparql\."):
        list(operations("PREFIX e: <urn:x> SELECT * { ?s ?p ?o }", "http://example.org/"))


def test_nothing_at_all_is_said_to_be_nothing() -> None:
    assert "it is empty" in told(" ").detail


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("CLEAR DEFAULT ;\n  INSERT DATA { <urn:a> <urn:b> 'x }", (2, 33), "opens a text that is not closed"),
        ("CLEAR DEFAULT ; INSERT { ?s e:p 1 } WHERE { ?s ?p ?o }", (1, 29), "the prefix e: is not declared"),
        ("CLEAR DEFAULT ;\nDELETE DATA { ?s <urn:p> 1 }", (2, 15), "DELETE DATA cannot contain variables"),
        ("INSERT DATA {\u00a0<urn:a> <urn:b> 1 }", (1, 14), "U+00A0"),
        ("CREATE DEAFULT", (1, 8), "DEFAULT may be meant"),
        ("DELETE DATA { _:a <urn:p> 1 }", (1, 15), "deleted triples cannot contain blank nodes"),
        (
            "CLEAR DEFAULT ;\nDELETE WHERE { ?s <urn:p> [] }",
            (2, 27),
            "deleted triples cannot contain blank nodes",
        ),
        (
            "WITH <urn:g> DELETE { _:a ?p 1 } WHERE { _:b ?p 1 }",
            (1, 23),
            "deleted triples cannot contain blank",
        ),
        ("INSERT INTO <urn:g> { <urn:a> <urn:b> 1 }", (1, 1), "INSERT INTO is not SPARQL; write INSERT DATA"),
    ],
)
def test_the_place_of_a_fault_counts_in_the_whole_update(
    text: str, place: tuple[int, int], said: str
) -> None:
    with pytest.raises(Unreadable, match="The update does not parse") as caught:
        list(operations(text, "http://example.org/"))
    assert said in caught.value.detail
    assert (caught.value.extra["line"], caught.value.extra["column"]) == place
