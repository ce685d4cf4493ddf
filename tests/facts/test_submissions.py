"""New facts: what is taken, what is refused and how, what becomes of it in the store."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, serialize

from kg import iris
from kg.changes import Provenance
from kg.errors import BadInput, Conflict, Invalid, KGError, TooLarge, Unreadable
from kg.facts import submissions
from kg.facts.blank_nodes import named_by_content
from kg.facts.line_numbers import lines_in, lines_of_descriptions
from kg.facts.submissions import Submission
from kg.formats import RDF_FORMATS
from kg.gate import reports
from kg.gate.gate import Gate
from kg.iris import DATA, PREFIXES
from kg.ontology import Ontology
from kg.store.store import Store
from tests.support.stores import open_store

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
FIRST_LINE = len(PREFIXES) + 1
TERMS = """
    dip:Person a owl:Class . dip:knows a owl:ObjectProperty . dip:name a owl:DatatypeProperty .
"""
SHAPES = """
    dipsh:Person a sh:NodeShape ; sh:targetClass dip:Person ; sh:property dipsh:name , dipsh:knows .
    dipsh:name a sh:PropertyShape ; sh:path dip:name ; sh:minCount 1 .
    dipsh:knows a sh:PropertyShape ; sh:path dip:knows ; sh:class dip:Person ; sh:severity sh:Warning .
"""
BY = Provenance("Ana", "https://example.org/article", "a test")
ANA = "dipid:ana a dip:Person ; dip:name 'Ana' ."


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Ontology:
    folder = tmp_path_factory.mktemp("ontology")
    (folder / "small.ttl").write_text(HEADER + TERMS, encoding="utf-8")
    (folder / "small.shapes.ttl").write_text(HEADER + SHAPES, encoding="utf-8")
    return Ontology(folder)


@pytest.fixture(scope="module")
def gate(release: Ontology) -> Gate:
    return Gate.of(release)


@pytest.fixture
def store(tmp_path: Path, release: Ontology) -> Iterator[Store]:
    with open_store(tmp_path / "data", release) as store:
        yield store


def turtle(text: str) -> Submission:
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["turtle"])


def trig(text: str) -> Submission:
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"])


def quads(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None))


def test_facts_that_conform_are_stored_with_their_provenance(store: Store, gate: Gate) -> None:
    submission = turtle(ANA)
    outcome = submissions.add(store, gate, submission, BY)
    assert outcome.commit is not None
    assert (outcome.commit.agent, outcome.commit.hash) == ("Ana", submission.content_hash)
    assert outcome.report.graphs == submission.graphs == (iris.submission_graph(submission.content_hash),)
    assert set(submission.quads) <= quads(store)


def test_a_refused_submission_leaves_no_trace(store: Store, gate: Gate) -> None:
    before = quads(store), store.version, store.log.last
    with pytest.raises(Invalid) as refusal:
        submissions.add(store, gate, turtle(f"{ANA} dipid:x a dip:Person ; dip:nmae 'X' ."), BY)
    assert (quads(store), store.version, store.log.last) == before
    assert "dip:name" in refusal.value.detail
    assert refusal.value.extra["conforms"] is False


def test_an_interrupted_submission_leaves_no_trace(
    store: Store, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = quads(store), store.version

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.log, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        submissions.add(store, gate, turtle(ANA), BY)
    assert (quads(store), store.version) == before


def test_check_gives_the_very_report_of_add(store: Store, gate: Gate) -> None:
    submission = turtle("dipid:x a dip:Person ; dip:knows dipid:y ; dip:nmae 'X' .")
    report = submissions.check(store, gate, submission)
    with pytest.raises(Invalid) as refusal:
        submissions.add(store, gate, submission, BY)
    assert reports.as_json(report).items() <= refusal.value.extra.items()


def test_warnings_are_stored_with_the_commit(store: Store, gate: Gate) -> None:
    outcome = submissions.add(store, gate, turtle(f"{ANA} dipid:ana dip:knows dipid:x ."), BY)
    assert outcome.commit is not None
    assert len(outcome.commit.warnings) == 1
    assert "dip:knows dipid:x: nothing with this name is described" in outcome.commit.warnings[0]


def test_the_same_content_again_makes_no_new_commit(store: Store, gate: Gate) -> None:
    submissions.add(store, gate, turtle(ANA), BY)
    again = submissions.add(store, gate, turtle(f"# the same\n{ANA.replace(';', ';;')}"), BY)
    assert again.commit is None
    assert again.report.is_known


def test_two_submissions_that_fit_only_apart_are_not_both_taken(store: Store, gate: Gate) -> None:
    first, second = turtle(ANA), trig(f"dipid:graph {{ {ANA} dipid:ana dip:knows dipid:ana . }}")
    submissions.add(store, gate, first, BY)
    assert submissions.add(store, gate, second, BY).commit is not None
    with pytest.raises(Conflict, match="supersede it with a graph of your own, or retract it") as conflict:
        submissions.add(store, gate, trig("dipid:graph { dipid:ana dip:name 'A' . }"), BY)
    assert conflict.value.extra["graph"] == DATA + "graph"


@pytest.mark.parametrize("graph", [*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH])
def test_a_graph_of_the_release_cannot_be_written(store: Store, gate: Gate, graph: str) -> None:
    with pytest.raises(Conflict, match="only releases"):
        submissions.check(store, gate, trig(f"<{graph}> {{ <urn:a> <urn:p> 1 }}"))


def test_a_dataset_is_one_commit_and_what_has_no_graph_goes_to_one_named_by_hash(
    store: Store, gate: Gate
) -> None:
    submission = trig(f"dipid:one {{ {ANA} }} dipid:two {{ <urn:a> <urn:p> 1 }} <urn:b> <urn:p> 2 .")
    outcome = submissions.add(store, gate, submission, BY)
    assert outcome.commit is not None
    assert set(outcome.commit.graphs) == {
        DATA + "one",
        DATA + "two",
        iris.submission_graph(submission.content_hash),
    }


def test_of_a_dataset_only_what_is_new_is_added(store: Store, gate: Gate) -> None:
    submissions.add(store, gate, trig(f"dipid:one {{ {ANA} }}"), BY)
    outcome = submissions.add(
        store, gate, trig(f"dipid:one {{ {ANA} }} dipid:two {{ <urn:a> <urn:p> 1 }}"), BY
    )
    assert outcome.commit is not None
    assert outcome.commit.graphs == (DATA + "two",)


def test_a_violation_names_the_line_of_its_node(store: Store, gate: Gate) -> None:
    report = submissions.check(store, gate, turtle(f"{ANA}\n\ndipid:x\n    a dip:Person ."))
    assert [violation.line for violation in report.violations] == [FIRST_LINE + 2]


@pytest.mark.parametrize("name", sorted(RDF_FORMATS))
def test_every_format_is_read_alike(name: str) -> None:
    triples = [quad.triple for quad in turtle(f"{ANA} dipid:ana dip:knows <urn:b>, <urn:c> .").quads]
    data = serialize(triples, format=RDF_FORMATS[name].syntax)
    assert data is not None
    submission = submissions.parse(data, RDF_FORMATS[name])
    assert {quad.triple for quad in submission.quads} == set(triples)


def test_literals_are_hashed_as_they_are_stored() -> None:
    assert turtle("<urn:a> <urn:p> 01 .").content_hash == turtle("<urn:a> <urn:p> 1 .").content_hash


@pytest.mark.parametrize(
    ("name", "text", "kind", "sentence"),
    [
        (
            "turtle",
            "<urn:a> <urn:b>\n  <urn:c",
            Unreadable,
            "Line 2, column 3 at “<urn:c”: the text is incomplete",
        ),
        (
            "turtle",
            "ex:a ex:b ex:c .",
            Unreadable,
            "Line 1, column 1 at “ex:a ex:b ex:c .”: the prefix ex: is not declared",
        ),
        ("turtle", "<a> <urn:b> <urn:c> .", Unreadable, "Line 1, column 1 at “<a> <urn:b>"),
        ("turtle", "# nothing", BadInput, "contains no triple"),
        ("turtle", "<urn:a> <urn:b> << <urn:a> <urn:b> 1 >> .", Unreadable, "triples about triples"),
        ("turtle", "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 9999, Unreadable, "triples about triples"),
        ("nquads", "<urn:a> <urn:b> <urn:c> <urn:d> <urn:e> .", Unreadable, "Line 1"),
        ("trig", "<urn:g> { }", BadInput, "contains no triple"),
        (
            "jsonld",
            '{"@id": "urn:a", "b": 1}',
            BadInput,
            'these keys have no IRI and were ignored: "b"',
        ),
        (
            "jsonld",
            '{"@context": "http://localhost/c", "@id": "urn:a"}',
            Unreadable,
            "context on another server",
        ),
        ("jsonld", '{"@id": ', Unreadable, "Line 1"),
        ("jsonld", '{"urn:p":' * 30_000, TooLarge, "nested deeper than 256"),
        (
            "rdfxml",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
            Unreadable,
            "has no namespace",
        ),
        ("rdfxml", "<a xmlns='urn:x:'>" + "<b>" * 120_000, TooLarge, "nested deeper than 256"),
        (
            "rdfxml",
            "<a xmlns='urn:x:'>" + "<b c='/>'><!-- </b> --><![CDATA[</b>]]>" * 300,
            TooLarge,
            "nested",
        ),
        ("rdfxml", "<a", Unreadable, ""),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    name: str, text: str, kind: type[KGError], sentence: str
) -> None:
    with pytest.raises(kind) as refusal:
        submissions.parse(text.encode(), RDF_FORMATS[name])
    assert sentence in refusal.value.detail
    assert refusal.value.detail.endswith(".")


def test_a_text_in_another_encoding_is_refused_with_its_place() -> None:
    with pytest.raises(Unreadable, match="Line 2, column 18: this is not UTF-8") as refusal:
        submissions.parse("# x\n<urn:a> <urn:b> 'é' .".encode("latin-1"), RDF_FORMATS["turtle"])
    assert (refusal.value.line, refusal.value.column) == (2, 18)


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(TooLarge, match="11 bytes, the limit is 10"):
        submissions.parse(b"<urn:a> <ur", RDF_FORMATS["turtle"], limit=10)


def test_brackets_in_a_string_of_json_do_not_count_as_nesting() -> None:
    text = '{"@id": "urn:a", "urn:p": "' + "[" * 300 + '\\""}'
    (quad,) = submissions.parse(text.encode(), RDF_FORMATS["jsonld"]).quads
    assert quad.object == Literal("[" * 300 + '"')


@given(st.binary(max_size=200), st.sampled_from(sorted(RDF_FORMATS)))
def test_no_bytes_whatever_do_worse_than_being_refused(data: bytes, name: str) -> None:
    with suppress(BadInput):
        assert submissions.parse(data, RDF_FORMATS[name]).quads


def test_blank_nodes_of_the_same_content_have_the_same_names() -> None:
    one, other = turtle("<urn:a> <urn:p> [ <urn:q> 1 ] ."), turtle("_:z <urn:q> 1 . <urn:a> <urn:p> _:z .")
    assert one.quads == other.quads
    assert set(one.quads).isdisjoint(turtle("<urn:a> <urn:p> [ <urn:q> 1 ] , 2 .").quads)


def test_blank_nodes_that_cannot_be_told_apart_are_refused_at_once() -> None:
    ring = " . ".join(
        f"_:n{one} <urn:p> _:n{other}" for one in range(12) for other in range(12) if one != other
    )
    with pytest.raises(BadInput, match="12 connected blank nodes cannot be distinguished"):
        turtle(f"{ring} .")


def test_blank_nodes_in_a_long_chain_are_refused_at_once() -> None:
    with pytest.raises(BadInput, match="chains too long to follow"):
        turtle(" ".join(f"_:n{number} <urn:p> _:n{number + 1} ." for number in range(3000)))


@pytest.mark.parametrize(("groups", "size"), [(500, 5), (500, 4)])
def test_many_groups_of_blank_nodes_that_cannot_be_told_apart_are_refused_at_once(
    groups: int, size: int
) -> None:
    pairs = [(one, other) for one in range(size) for other in range(size) if one != other]
    text = " ".join(
        f"_:g{group}n{one} <urn:p> _:g{group}n{other} ." for group in range(groups) for one, other in pairs
    )
    with pytest.raises(BadInput, match="Too many connected blank nodes"):
        turtle(text)


@pytest.mark.parametrize("character", ["\\u0007", "\\u0000", "\\uFFFF", "\x0b", "\\f"])
@pytest.mark.parametrize("name", ["turtle", "ntriples", "trig"])
def test_a_character_that_xml_cannot_carry_is_refused(character: str, name: str) -> None:
    with pytest.raises(BadInput, match=r"U\+[0-9A-F]{4}, which XML cannot represent|NUL"):
        submissions.parse(f'<urn:a> <urn:p> "a{character}" .'.encode(), RDF_FORMATS[name])


def test_many_blank_nodes_that_can_be_told_apart_pass() -> None:
    content_hash, found = named_by_content(
        turtle(" ".join(f"<urn:a> <urn:p> [ <urn:q> [ <urn:r> {number} ] ] ." for number in range(300))).quads
    )
    assert len(content_hash) == 64
    assert len(found) == 900


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("@prefix x: <urn:> .\nx:a x:p x:b ;\n  x:q x:c .\nx:c x:p 'x . x:d' .", {"urn:a": 2, "urn:c": 4}),
        (
            "BASE <https://x/>\nPREFIX : <y/>\n:a :p 1.5 .\n<b> :p [ :q :z ] .",
            {"https://x/y/a": 3, "https://x/b": 4},
        ),
        ("<urn:g> {\n<urn:a> <urn:p> 1 .\n<urn:b> <urn:p> 1 }", {"urn:a": 2, "urn:b": 3}),
        ("GRAPH <urn:g> {\n<urn:a> <urn:p> '''\n\n''' }\n{ <urn:b> <urn:p> 1 }", {"urn:a": 2, "urn:b": 5}),
        (
            "# <urn:x> <urn:p> 1 .\n<urn:a> <urn:p> <urn:b#> . # .\n<urn:b#> <urn:p> 1 .",
            {"urn:a": 2, "urn:b#": 3},
        ),
        (
            "<urn:a> <urn:p> ( <urn:x> [ <urn:p> 1 ] ) .\n[] <urn:p> <urn:y> .\n<urn:z> a 1 .",
            {"urn:a": 1, "urn:z": 3},
        ),
        ("<urn:\\u0061> <urn:p> 'a'@en .\n<urn:b> <urn:p> '1'^^<urn:t> .", {"urn:a": 1, "urn:b": 2}),
    ],
)
def test_the_line_of_each_subject_is_found(text: str, lines: dict[str, int]) -> None:
    assert lines_in(text).subjects == lines


def test_the_line_of_each_description_is_found_in_xml() -> None:
    text = "<rdf:RDF>\n<rdf:Description\n  rdf:about='urn:a'/>\n<x rdf:about=\"urn:b\"/></rdf:RDF>"
    assert lines_of_descriptions(text) == {"urn:a": 3, "urn:b": 4}


def test_a_node_that_does_not_stand_in_the_text_has_no_line() -> None:
    assert turtle(ANA).line_of(NamedNode("urn:elsewhere")) is None
    assert turtle(ANA).line_of(None) is None
