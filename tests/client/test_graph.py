"""The Python interface: what ``kg.open`` gives, and what its answers become."""

import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

import kg
from kg import iris
from kg.client.graph import Graph
from kg.client.notebook import LONGEST_TABLE
from kg.errors import BadInput, Invalid, NotFound, Unavailable

GOOD = '<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .'
BAD = f"<{iris.DATA}nobody> a <{iris.TERMS}Persn> ."
VALUES = """SELECT ?iri ?number ?day ?text ?nothing ?mixed WHERE {
  VALUES (?iri ?number ?day ?text ?mixed) {
    (dipid:a 1 "2026-02-03"^^xsd:date "uno"@es 1)
    (dipid:b 2 "2026-02-30"^^xsd:date "<dos>"  "2026-02"^^xsd:gYearMonth)
  }
}"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.open(tmp_path_factory.mktemp("graph") / "data", create=True)


def test_rows_are_terms_by_name(graph: Graph) -> None:
    first = graph.query(VALUES).terms()[0]
    assert first["iri"] == NamedNode(iris.DATA + "a")
    assert first["text"] == Literal("uno", language="es")
    assert first["nothing"] is None
    assert list(first) == ["iri", "number", "day", "text", "nothing", "mixed"]


def test_a_result_counts_and_iterates_its_rows(graph: Graph) -> None:
    result = graph.query(VALUES)
    assert (len(result), len(list(result)), bool(result)) == (2, 2, True)
    assert repr(result) == "Result(2 rows of iri, number, day, text, nothing, mixed)"
    assert not graph.query("SELECT * WHERE { dipid:nothing ?p ?o }")


def test_a_truth_value_is_true_or_false(graph: Graph) -> None:
    yes, no = graph.query("ASK {}"), graph.query("ASK { FILTER(false) }")
    assert (yes.truth, bool(yes), repr(yes), yes._repr_html_()) == (True, True, "Result(true)", "<p>true</p>")
    assert (no.truth, bool(no)) == (False, False)


def test_columns_are_python_values_and_mixed_ones_text(graph: Graph) -> None:
    assert graph.query(VALUES).columns() == {
        "iri": [iris.DATA + "a", iris.DATA + "b"],
        "number": [1, 2],
        "day": ["2026-02-03", "2026-02-30"],  # one is not a valid date, so the column is text
        "text": ["uno", "<dos>"],
        "nothing": [None, None],
        "mixed": ["1", "2026-02"],
    }
    assert graph.query('SELECT ("2026-02-03"^^xsd:date AS ?day) {}').columns() == {"day": [date(2026, 2, 3)]}


def test_rows_are_native_values_each_by_its_own_type(graph: Graph) -> None:
    assert graph.query(VALUES).rows() == [
        {
            "iri": iris.DATA + "a",
            "number": 1,
            "day": date(2026, 2, 3),
            "text": "uno",
            "nothing": None,
            "mixed": 1,
        },
        {
            "iri": iris.DATA + "b",
            "number": 2,
            "day": "2026-02-30",
            "text": "<dos>",
            "nothing": None,
            "mixed": "2026-02",
        },
    ]
    assert list(graph.query("SELECT (1.50 AS ?n) {}")) == [{"n": Decimal("1.50")}]


def test_data_frames_are_made_of_the_columns(graph: Graph) -> None:
    result = graph.query(VALUES)
    assert result.df()["number"].tolist() == [1, 2]
    assert result.polars()["text"].to_list() == ["uno", "<dos>"]


def test_rdflib_gets_its_own_objects(graph: Graph) -> None:
    rows = list(graph.query(VALUES).rdflib())
    assert rows[0].text == rdflib.Literal("uno", lang="es")  # type: ignore[union-attr]  # a row of a SELECT
    triples = graph.query("CONSTRUCT { dipid:a dip:about dipid:b } {}").rdflib()
    assert isinstance(triples, rdflib.Graph)
    assert len(triples) == 1


def test_triples_are_rows_of_three(graph: Graph) -> None:
    result = graph.query("CONSTRUCT { dipid:a dip:about 'b' } {}")
    assert result.terms() == [
        {
            "subject": NamedNode(iris.DATA + "a"),
            "predicate": NamedNode(iris.TERMS + "about"),
            "object": Literal("b"),
        }
    ]


def test_a_notebook_shows_a_table_and_nothing_that_runs(graph: Graph) -> None:
    html = graph.query(VALUES)._repr_html_()
    assert f'<span title="{iris.DATA}a">dipid:a</span>' in html  # without a server nobody answers for it
    assert '<span lang="es">uno</span>' in html
    assert "&lt;dos&gt;" in html
    script = graph.query("SELECT (IRI('javascript:alert(1)') AS ?iri) {}")._repr_html_()
    assert "href" not in script
    many = graph.query("SELECT ?s WHERE { ?s ?p ?o } LIMIT 150")._repr_html_()
    assert many.count("<tr>") == LONGEST_TABLE + 1
    assert "and 50 more rows" in many


def test_an_answer_is_labelled_afterwards(graph: Graph) -> None:
    bare = graph.query("SELECT ?who WHERE { VALUES ?who { dipid:gustavo-petro } }")
    assert bare.variables == ("who",)
    assert bare.labelled().rows()[0]["who_label"] == "Gustavo Petro"
    assert bare.labelled().labelled().variables == ("who", "who_label")
    assert list(bare.df().columns) == ["who"]
    assert list(bare.df(labels=True)["who_label"]) == ["Gustavo Petro"]
    assert bare.polars(labels=True)["who_label"].to_list() == ["Gustavo Petro"]
    asked = graph.ask("offices-of-a-person", person="Gustavo Petro", labels="off")
    assert "office_label" in asked.labelled().variables


def test_questions_are_asked_by_name_and_keyword(graph: Graph) -> None:
    assert graph.questions()["offices-of-a-person"].question.endswith("?")
    rows = graph.ask("offices-of-a-person", person="gustavo-petro").rows()
    assert "President of Colombia" in {row["office_label"] for row in rows}
    bare = graph.ask("offices-of-a-person", person="gustavo-petro", labels="off")
    assert bare.variables == ("office", "start", "end", "attested", "attestedBasis", "source")
    with pytest.raises(NotFound):
        graph.ask("nonsense")
    with pytest.raises(BadInput, match="needs the parameter 'person'"):
        graph.ask("offices-of-a-person")


def test_an_export_is_bytes_in_the_format_asked_for(graph: Graph) -> None:
    quads = list(parse(graph.export("nquads", graphs=["dipid:graph-article"]), RdfFormat.N_QUADS))
    assert {quad.graph_name for quad in quads} == {NamedNode(iris.DATA + "graph-article")}
    assert len(graph.export("ntriples", everything=True)) > len(graph.export("ntriples"))
    title = "Ten statements of 2025 between the United States and Colombia"
    by_iri = graph.export("nquads", graphs=["dipid:graph-statements-2025"])
    assert graph.export("nquads", graphs=[title]) == by_iri


def test_counts_are_told_by_layer_class_and_graph(graph: Graph) -> None:
    counts = graph.counts()
    assert {count.name for count in counts if count.of == "layer"} == {
        "source",
        "statement",
        "happening",
        "assessment",
    }
    assert all(count.count > 0 for count in counts)


def test_facts_are_validated_and_added_from_text_or_file(tmp_path: Path) -> None:
    file = tmp_path / "facts.ttl"
    file.write_text(GOOD, encoding="utf-8")
    with kg.open(tmp_path / "data", create=True) as graph:
        assert graph.validate(file).conforms
        assert not graph.validate(data=BAD)
        added = graph.add(data=GOOD, by="Ana Ruiz", source="http://example.org/page", reason="a test")
        assert (added.conforms, added.is_known, added.version) == (True, False, 4)
        assert graph.query(f"ASK {{ GRAPH <{added.graphs[0]}> {{ ?s rdfs:label 'A' }} }}")
        assert graph.add(file).is_known


def test_refused_facts_are_raised_with_the_report(tmp_path: Path) -> None:
    with kg.open(tmp_path / "data", create=True) as graph:
        verdict = graph.validate(rdf_format="turtle", data=BAD)
        assert str(verdict).startswith(
            "error: dipid:nobody (line 1), rdf:type dip:Persn: dip:Persn is not a term"
        )
        assert str(verdict).endswith("\n1 error, 0 warnings: not accepted.")
        with pytest.raises(Invalid) as refusal:
            graph.add(data=BAD)
        assert refusal.value.extra["violations"] == verdict.violations


def test_graphs_of_rdflib_go_in_and_come_out(tmp_path: Path) -> None:
    with kg.open(tmp_path / "data", create=True) as graph:
        added = graph.add(rdflib.Graph().parse(data=GOOD, format="turtle"), by="Ana")
        assert graph.add(data=GOOD).is_known
        dataset = graph.rdflib(added.graphs[0])
        (quad,) = dataset.quads()
        assert str(quad[3]) == added.graphs[0]
        label = rdflib.Literal("B", lang="es")
        dataset.graph(quad[3]).add((quad[0], rdflib.RDFS.label, label))
        corrected = graph.add(dataset.graph(quad[3]), supersedes=added.graphs[0])
        labels = {value for _, _, value, _ in graph.rdflib(*corrected.graphs).quads()}
        assert labels >= {rdflib.Literal("A"), label}  # and the graph that it supersedes
        assert len(graph.rdflib(as_of="v1")) < len(graph.rdflib())
        assert graph.export(as_of=1) == graph.export(as_of="1") == graph.export(as_of="v1")
        refused = graph.validate(rdflib.Graph().parse(data=BAD, format="turtle"))
        report = refused.rdflib()
    assert set(report.objects(None, rdflib.SH.conforms)) == {rdflib.Literal(False)}
    assert set(report.objects(None, rdflib.SH.focusNode)) == {rdflib.URIRef(iris.DATA + "nobody")}


def test_what_is_superseded_is_named_by_its_title_too(graph: Graph) -> None:
    titles = ("Ten statements of 2025 between the United States and Colombia", "dipid:graph-statements-2025")
    by_title, by_iri = (graph.validate(data="<urn:a> <urn:p> 1 .", supersedes=each) for each in titles)
    assert by_title.members == by_iri.members
    assert by_title.members != graph.validate(data="<urn:a> <urn:p> 1 .").members
    with pytest.raises(BadInput, match="names nothing in the graph: 'No such title'"):
        graph.validate(data="<urn:a> <urn:p> 1 .", supersedes="No such title")


def test_things_are_found_by_name(graph: Graph) -> None:
    (petro, *_) = graph.search("Gustvo Petor", classes=["Person"])
    assert petro.iri == f"{iris.DATA}gustavo-petro"
    assert str(petro).startswith("Gustavo Petro (Person): office: President of Colombia")
    assert [
        hit.type_label for hit in graph.search("kidnapping", classes=["dip:Claim"], lang="es", limit=1)
    ] == ["Afirmación"]
    with pytest.raises(NotFound, match="the nearest is dip:Person"):
        graph.search("petro", classes=["Persn"])
    assert graph.thing("Gustavo Petro") == graph.thing("dipid:gustavo-petro")
    with pytest.raises(BadInput, match="names nothing in the graph: 'Nobody At All'"):
        graph.thing("Nobody At All")


def test_what_was_added_is_found_and_what_was_retracted_is_not(tmp_path: Path) -> None:
    with kg.open(tmp_path / "data", create=True) as graph:
        added = graph.add(data=GOOD.replace('"A"', '"Aconcagua"'), by="Ana")
        assert [hit.label for hit in graph.search("aconcagua")] == ["Aconcagua"]
        graph.retract(added.graphs[0], "It was not so.")
        assert graph.search("aconcagua") == []


def test_a_closed_graph_answers_no_more(tmp_path: Path) -> None:
    with kg.open(tmp_path / "data", create=True) as graph:
        assert repr(graph) == f"Graph({str(tmp_path / 'data')!r})"
    with pytest.raises(Unavailable, match="is closed"):
        graph.query("ASK {}")


def test_importing_kg_imports_nothing_else() -> None:
    program = (
        "import sys, kg; print([name for name in sys.modules if name.startswith(('kg.', 'pyoxigraph'))])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
