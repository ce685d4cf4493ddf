"""HTML for notebooks: where its links lead."""

import json

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg import iris
from kg.client import notebook
from kg.client.results import Result

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
