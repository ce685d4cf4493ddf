"""HTML for notebooks: where its links lead."""

import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg import iris
from kg.client import notebook
from kg.client.results import Result
from kg.client.verdict import Verdict
from kg.errors import Unavailable

SERVER = "https://kg.example/a/"


@pytest.mark.parametrize(
    ("iri", "target"),
    [
        (iris.DATA + "hat", SERVER + "id/hat"),
        (iris.TERMS + "Person", SERVER + "terms#Person"),
        (iris.DATA + "año?x=1&y", SERVER + "id/a%C3%B1o%3Fx%3D1%26y"),
        (iris.BASE + "/evil.example", SERVER + "/evil.example"),
        ("https://www.wikidata.org/entity/Q1", "https://www.wikidata.org/entity/Q1"),
        ("javascript:alert(1)", None),
        ("urn:a", None),
        (iris.BASE[:-1] + ".evil.example/", iris.BASE[:-1] + ".evil.example/"),
    ],
)
def test_our_iris_lead_to_the_server_and_others_where_they_are(iri: str, target: str | None) -> None:
    assert notebook.link(iri, SERVER) == target
    assert notebook.link(iri, None) == (None if iri.startswith(iris.BASE) else target)


def test_a_cell_shows_what_a_term_says_and_nothing_that_runs() -> None:
    assert notebook.cell(None, SERVER) == ""
    assert notebook.cell(NamedNode("urn:a&b"), None) == '<span title="urn:a&amp;b">urn:a&amp;b</span>'
    assert notebook.cell(Literal("<b>", language="es"), None) == '<span lang="es">&lt;b&gt;</span>'
    assert notebook.cell(BlankNode("x"), None) == "<span>_:x</span>"
    triple = Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("<b>"))
    assert "<b>" not in notebook.cell(triple, SERVER)


def test_the_answer_of_a_server_links_to_its_pages() -> None:
    thing = {"thing": {"type": "uri", "value": iris.DATA + "hat"}}
    data = json.dumps({"head": {"vars": ["thing"]}, "results": {"bindings": [thing]}}).encode()
    answer = Result("application/sparql-results+json", data, address=SERVER)
    assert f'<a href="{SERVER}id/hat">dipid:hat</a>' in answer._repr_html_()


def violation(sentence: str, severity: str = "error") -> dict[str, object]:
    return {
        "severity": severity,
        "focus": iris.DATA + "a",
        "rule": iris.SHAPES + "rule",
        "sentence": {"en": sentence},
    }


def judged(*violations: dict[str, object], omitted: int = 0) -> Verdict:
    conforms = all(each["severity"] != "error" for each in violations)
    members = {"conforms": conforms, "known": False, "graphs": [iris.DATA + "graph-x"]}
    return Verdict(
        {**members, "violations": list(violations), "omitted": {"errors": omitted}}, address=SERVER
    )


def test_a_refusal_shows_each_sentence_once_with_its_rule() -> None:
    wrong = violation("a <b> is wrong")
    html = judged(wrong, wrong, violation("c", "warning"))._repr_html_()
    assert html.count("<tr>") == 3
    assert "<b>1 error, 1 warning: not accepted.</b>" in html
    assert "a &lt;b&gt; is wrong" in html
    assert f'<a href="{SERVER}shapes#rule">dipsh:rule</a>' in html
    assert "graph-x" not in html


def test_an_acceptance_shows_where_the_facts_are() -> None:
    html = judged()._repr_html_()
    assert "0 errors, 0 warnings: accepted." in html
    assert f'<a href="{SERVER}id/graph-x">' in html
    assert "<table>" not in html


def test_a_long_refusal_is_cut_and_counted() -> None:
    many = judged(*(violation(f"number {n}") for n in range(150)), omitted=7)
    html = many._repr_html_()
    assert html.count("<tr>") == notebook.LONGEST_TABLE + 1
    assert "and 57 more rows" in html
    assert repr(many) == "Verdict(157 errors, 0 warnings: not accepted.)"


def test_a_verdict_without_facts_has_no_report() -> None:
    with pytest.raises(Unavailable, match=r"validate\(\)"):
        judged().rdflib()
