"""N-Quads as rows: what SQL reads of a line is what the engine's own parser reads."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from kg import iris
from kg.query.columnar import lines
from kg.terms import DIP, RDFS, XSD

NODES = [NamedNode("urn:a"), NamedNode("https://example.org/ñ?x=1#y"), BlankNode("b1")]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['say "so" <urn:x> .', "back\\slash\n\t\r\b\f", '"', "\\", " <urn:g> .", "a\u0001b\u007f", "𝒳 é"]
)
LITERALS = (
    st.builds(Literal, TEXTS)
    | st.builds(Literal, TEXTS, language=st.sampled_from(["en", "es-co"]))
    | st.builds(Literal, TEXTS, datatype=st.sampled_from([XSD.DATE, NamedNode("urn:type")]))
)
QUADS = st.builds(
    Quad,
    st.sampled_from(NODES),
    st.sampled_from([DIP.CONTENT, RDFS.LABEL]),
    st.sampled_from(NODES) | LITERALS,
    st.sampled_from([NamedNode("urn:g"), NamedNode("urn:ñ"), DefaultGraph()]),
)


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def read(database: duckdb.DuckDBPyConnection, path: Path, quads: list[Quad]) -> set[tuple[str, ...]]:
    path.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
    return set(database.execute(lines.quads_of(lines.read_lines(path))).fetchall())


def expected(quad: Quad) -> tuple[str, ...]:
    value = quad.object
    graph = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
    subject = quad.subject.value if isinstance(quad.subject, NamedNode) else str(quad.subject)
    if isinstance(value, Literal):
        is_plain = value.datatype == XSD.STRING or value.language
        kind = "l" if is_plain else value.datatype.value
        return subject, quad.predicate.value, value.value, kind, value.language or "", graph
    assert isinstance(value, NamedNode | BlankNode)
    kind, text = ("i", value.value) if isinstance(value, NamedNode) else ("b", str(value))
    return subject, quad.predicate.value, text, kind, "", graph


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(quads=st.lists(QUADS, max_size=12))
def test_each_line_is_read_as_the_parser_reads_it(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, quads: list[Quad]
) -> None:
    assert read(database, tmp_path / "lines.nq", quads) == set(map(expected, quads))


def test_only_our_terms_and_names_are_taken_and_no_triple_about_a_triple(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    taken = Quad(NamedNode("urn:s"), DIP.CONTENT, Literal("said"), NamedNode("urn:g"))
    others = [
        Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("foreign"), NamedNode("urn:g")),
        Quad(NamedNode("urn:s"), DIP.CONTENT, Literal("of a commit"), NamedNode(iris.PROVENANCE_GRAPH)),
        Quad(NamedNode("urn:s"), DIP.CONTENT, Triple(*taken.triple), NamedNode("urn:g")),
    ]
    assert read(database, tmp_path / "lines.nq", [taken, *others]) == {expected(taken)}
