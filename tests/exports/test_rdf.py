"""What goes out comes back: every format, with terms that trip writers."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from kg import iris
from kg.errors import NotAcceptable
from kg.exports import chunks, export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.extract import Extract
from kg.formats import RDF_FORMATS
from kg.store.engine import Oxigraph
from kg.store.store import Contents

XSD = iris.PREFIXES["xsd"]
RDF = iris.PREFIXES["rdf"]
GRAPHS = tuple(NamedNode(iris.DATA + name) for name in ("first", "second"))
EVERY_GRAPH: tuple[NamedNode | DefaultGraph, ...] = (DefaultGraph(), *GRAPHS)


def dip(name: str) -> NamedNode:
    return NamedNode(iris.TERMS + name)


def dipid(name: str) -> NamedNode:
    return NamedNode(iris.DATA + name)


LABEL = NamedNode(iris.PREFIXES["rdfs"] + "label")


def on_a_thread_of_its_own(call: Callable[[], bytes]) -> bytes:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(call).result()


def store_of(*quads: Quad) -> Store:
    store = Store()
    store.extend(quads)
    return store


def written(store: Store, name: str, graphs: Sequence[NamedNode | DefaultGraph] = EVERY_GRAPH) -> bytes:
    return b"".join(export.stream(EXPORT_FORMATS[name].writer, Extract(store, tuple(graphs))))


def canonical(quads: Iterator[Quad] | list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


hostile = st.text(
    st.one_of(
        st.sampled_from("\"'\\\n\r\t<>&{}@^#_:; \u202e\u200f\u2028é漢\U0001f91d\ufeff\u00a0العربية"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=12,
)
dated = st.dates().map(lambda day: Literal(day.isoformat(), datatype=NamedNode(XSD + "date")))
months = st.dates().map(lambda day: Literal(day.isoformat()[:7], datatype=NamedNode(XSD + "gYearMonth")))
odd_names = ["1", "a.", "a.b", "-a", "a/b", "é", "a%20b", "a'b", "a~b", "ns:x", "a(b)", "_", "\u202e", ""]
names = st.one_of(
    st.sampled_from([dipid(name) for name in odd_names] + [NamedNode("urn:x:y"), NamedNode(RDF + "nil")]),
    st.from_regex(r"[a-z][a-z0-9-]{0,4}", fullmatch=True).map(dipid),
)
blanks = st.sampled_from(["a", "1", "b-2", "5abc"]).map(BlankNode)
literals = st.one_of(
    hostile.map(Literal),
    st.tuples(hostile, st.sampled_from(["en", "es-co", "ar", "zh-hant"])).map(
        lambda pair: Literal(pair[0], language=pair[1])
    ),
    st.tuples(hostile, names).map(lambda pair: Literal(pair[0], datatype=pair[1])),
    dated,
    months,
    st.integers(-(10**9), 10**9).map(Literal),
    st.booleans().map(Literal),
    st.decimals(-1000, 1000, places=2).map(
        lambda number: Literal(str(number), datatype=NamedNode(XSD + "decimal"))
    ),
    st.sampled_from(["integer", "decimal", "boolean", "date", "gYear"]).flatmap(
        lambda kind: hostile.map(lambda text: Literal(text, datatype=NamedNode(XSD + kind)))
    ),
)
predicates = st.one_of(
    st.sampled_from([dip("speaker"), NamedNode(RDF + "type"), NamedNode("urn:p"), NamedNode("http://a/é#x")]),
    st.from_regex(r"[a-zA-Z][a-zA-Z0-9.-]{0,4}", fullmatch=True).map(dip),
)
quads = st.builds(
    Quad,
    st.one_of(names, blanks),
    predicates,
    st.one_of(names, blanks, literals),
    st.sampled_from(EVERY_GRAPH),
)
datasets = st.lists(quads, max_size=8)
generated = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", ["trig", "nquads", "jsonld"])
@generated
@given(datasets)
def test_a_dataset_exported_and_read_again_is_the_same_dataset(name: str, dataset: list[Quad]) -> None:
    store = store_of(*dataset)
    read = parse(written(store, name), RDF_FORMATS[name].syntax)
    assert canonical(read) == canonical(list(store))


@pytest.mark.parametrize("name", ["turtle", "ntriples"])
@generated
@given(datasets)
def test_the_union_of_graphs_exported_and_read_again_is_the_same_graph(
    name: str, dataset: list[Quad]
) -> None:
    store = store_of(*dataset)
    read = parse(written(store, name), RDF_FORMATS[name].syntax)
    assert canonical(read) == canonical([Quad(*quad.triple) for quad in store])


@generated
@given(datasets)
def test_rdf_xml_is_read_again_as_the_same_graph_or_refused(dataset: list[Quad]) -> None:
    store = store_of(*dataset)
    try:
        text = written(store, "rdfxml")
    except NotAcceptable:
        return  # what is refused, and how, is tested by name below
    ElementTree.fromstring(text)
    assert canonical(parse(text, RdfFormat.RDF_XML)) == canonical([Quad(*quad.triple) for quad in store])


def test_any_xml_reader_finds_a_carriage_return_of_a_literal() -> None:
    text = written(store_of(Quad(dipid("a"), dip("text"), Literal("one\r\ntwo"))), "rdfxml")
    assert "".join(ElementTree.fromstring(text).itertext()).strip() == "one\r\ntwo"


@pytest.mark.parametrize(
    ("predicate", "value", "said"),
    [
        (dip("text"), Literal("a\x01b"), "cannot hold the character U+0001"),
        (NamedNode("http://example.org/1"), Literal("x"), "cannot write the predicate"),
        (NamedNode(RDF + "li"), Literal("x"), "cannot write the predicate"),
    ],
)
def test_rdf_xml_says_what_it_cannot_carry_before_the_first_byte(
    predicate: NamedNode, value: Literal, said: str
) -> None:
    many = [Quad(dipid(f"a{number}"), dip("text"), Literal("x" * 1000)) for number in range(100)]
    store = store_of(*many, Quad(dipid("z"), predicate, value))
    chunks = export.stream("kg.exports.rdfxml", Extract(store, EVERY_GRAPH))
    with pytest.raises(NotAcceptable, match="ask for text/turtle") as refusal:
        next(chunks)
    assert said in refusal.value.detail


def test_turtle_is_written_for_reading() -> None:
    store = store_of(
        Quad(dipid("gustavo-petro"), dip("height"), Literal(5), GRAPHS[1]),
        Quad(dipid("gustavo-petro"), LABEL, Literal("Gustavo Petro", language="es"), GRAPHS[0]),
        Quad(dipid("gustavo-petro"), LABEL, Literal("Gustavo Petro", language="en"), GRAPHS[1]),
        Quad(dipid("gustavo-petro"), NamedNode(RDF + "type"), dip("Person"), GRAPHS[0]),
        Quad(
            dipid("a-hat"), dip("date"), Literal("2026-02", datatype=NamedNode(XSD + "gYearMonth")), GRAPHS[0]
        ),
    )
    body = written(store, "turtle").decode().split("\n\n", 1)[1]
    assert body == (
        'dipid:a-hat dip:date "2026-02"^^xsd:gYearMonth .\n'
        "\n"
        "dipid:gustavo-petro a dip:Person ;\n"
        '    rdfs:label "Gustavo Petro"@en ,\n'
        '        "Gustavo Petro"@es ;\n'
        "    dip:height 5 .\n"
    )


def test_trig_names_each_graph_and_leaves_out_an_empty_default_graph() -> None:
    store = store_of(Quad(dipid("a"), dip("about"), dipid("b"), GRAPHS[0]))
    body = written(store, "trig").decode().split("\n\n", 1)[1]
    assert body == "dipid:first {\n    dipid:a dip:about dipid:b .\n}\n"


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_the_same_graphs_give_the_same_bytes(name: str) -> None:
    story = [
        Quad(dipid(f"thing-{number % 7}"), dip(f"p{number % 3}"), Literal(number), GRAPHS[number % 2])
        for number in range(40)
    ]
    assert written(store_of(*story), name) == written(store_of(*reversed(story)), name)


def test_a_triple_that_two_graphs_hold_is_written_once() -> None:
    triple = Triple(dipid("a"), dip("about"), dipid("b"))
    store = store_of(*(Quad(triple.subject, triple.predicate, triple.object, graph) for graph in GRAPHS))
    assert written(store, "ntriples").splitlines() == [f"{triple} .".encode()]


def test_only_the_chosen_graphs_are_written() -> None:
    store = store_of(*(Quad(dipid("a"), dip("about"), graph, graph) for graph in GRAPHS))
    assert written(store, "ntriples", GRAPHS[:1]).splitlines() == [
        f"{dipid('a')} {dip('about')} {GRAPHS[0]} .".encode()
    ]


def test_an_export_comes_in_chunks_each_made_on_another_thread() -> None:
    store = store_of(
        *(
            Quad(dipid(f"a{number}"), dip("text"), Literal("x" * 1000), GRAPHS[number % 2])
            for number in range(300)
        )
    )
    for name in RDF_FORMATS:
        pieces, received = (
            export.stream(EXPORT_FORMATS[name].writer, Extract(store, EVERY_GRAPH)),
            list[bytes](),
        )
        while chunk := on_a_thread_of_its_own(partial(next, pieces, b"")):
            received.append(chunk)
        assert len(received) > 3
        assert max(map(len, received)) < 3 * chunks.CHUNK


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own use
@generated
@given(datasets)
def test_one_graph_as_json_ld_is_that_graph_for_other_readers_too(dataset: list[Quad]) -> None:
    store = store_of(*dataset)
    text = b"".join(export.one("jsonld", GRAPHS[0], Contents(Oxigraph(store), 1)))
    held = [Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, GRAPHS[0])]
    assert canonical(parse(text, RdfFormat.JSON_LD)) == canonical(held)
    assert len(rdflib.Graph().parse(data=text, format="json-ld")) == len(set(held))
