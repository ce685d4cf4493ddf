"""Reading a folder of ontology files into the release graphs."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode

from kg import iris, ontology
from kg.errors import Unreadable
from kg.terms import DCTERMS, DIP, RDFS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    prefixes = f"@prefix dip: <{iris.TERMS}> . @prefix dipk: <{iris.KINDS}> .\n"
    (tmp_path / "seed").mkdir()
    (tmp_path / "examples").mkdir()
    (tmp_path / "diplomacy.ttl").write_text(f"{prefixes} dip:Statement dip:label 'Statement' .")
    (tmp_path / "actors.ttl").write_text(
        f"{prefixes} dip:Actor dip:label 'Actor' ; dip:list (1 [ dip:x 2 ]) ."
    )
    (tmp_path / "actors.shapes.ttl").write_text(f"{prefixes} dip:shape dip:label 'Shape' .")
    (tmp_path / "kinds.ttl").write_text(f"{prefixes} dipk:gift dip:label 'Gift' .")
    (tmp_path / "alignments.ttl").write_text(f"{prefixes} dip:Actor dip:like <http://example.org/Agent> .")
    (tmp_path / "seed" / "told.trig").write_text(f"{prefixes} <urn:g> {{ <urn:a> dip:knows <urn:b> }}")
    (tmp_path / "examples" / "more.trig").write_text("this is not read")
    return tmp_path


def test_each_file_goes_to_its_release_graph(folder: Path) -> None:
    graphs = ontology.load(folder).graphs
    assert {graph: len(quads) for graph, quads in graphs.items()} == {
        iris.TERMS_GRAPH: 8,
        iris.KINDS_GRAPH: 1,
        iris.SHAPES_GRAPH: 1,
        iris.ALIGNMENTS_GRAPH: 1,
    }


def test_the_known_terms_are_those_described_in_our_own_namespaces(folder: Path) -> None:
    known = ontology.load(folder).known_terms
    assert known == {iris.TERMS + "Statement", iris.TERMS + "Actor", iris.KINDS + "gift"}


def test_the_seed_keeps_the_graph_names_of_its_files(folder: Path) -> None:
    assert [str(quad.graph_name) for quad in ontology.load(folder).seed] == ["<urn:g>"]


def test_each_folder_of_the_seed_is_a_part_and_the_last_has_the_hash_of_all(folder: Path) -> None:
    for number, name in enumerate(("1-article", "2-statements")):
        (folder / "seed" / name).mkdir()
        (folder / "seed" / name / "told.trig").write_text(f"<urn:g{number}> {{ <urn:a> <urn:b> {number} }}")
    read = ontology.load(folder)
    assert [part.name for part in read.seed_parts] == ["", "article", "statements"]
    assert [sorted(part.graphs) for part in read.seed_parts] == [["urn:g"], ["urn:g0"], ["urn:g1"]]
    assert read.seed_parts[-1].source_hash == read.seed_hash
    assert len({part.source_hash for part in read.seed_parts}) == 3
    assert len(read.seed) == 3


def test_blank_nodes_have_the_same_names_at_every_reading(folder: Path) -> None:
    first, second = ontology.load(folder).quads, ontology.load(folder).quads
    assert first == second
    assert {q.subject.value for q in first if isinstance(q.subject, BlankNode)} == {
        "actors-c14n0",
        "actors-c14n1",
        "actors-c14n2",
    }


def test_the_hashes_follow_the_files_they_cover(folder: Path) -> None:
    before = ontology.load(folder)
    release, seed = before.release_hash, before.seed_hash
    (folder / "seed" / "told.trig").write_text("<urn:g> { <urn:a> <urn:b> <urn:c> }")
    (folder / "examples" / "more.trig").write_text("still not read")
    after = ontology.load(folder)
    assert after.release_hash == release
    assert after.seed_hash != seed


def test_a_file_that_does_not_parse_is_named_with_its_line(folder: Path) -> None:
    (folder / "kinds.ttl").write_text("<a:a> <a:b>\n ;; nonsense .")
    with pytest.raises(Unreadable, match=r"kinds\.ttl") as refusal:
        _ = ontology.load(folder).graphs
    assert refusal.value.line == 2


def test_the_same_content_has_the_same_hash_whatever_its_blank_nodes_are_called(folder: Path) -> None:
    quads = ontology.load(folder).graphs[iris.TERMS_GRAPH]
    renamed = Path(folder / "renamed.ttl")
    renamed.write_bytes((folder / "actors.ttl").read_bytes())
    (folder / "actors.ttl").unlink()
    again = ontology.load(folder).graphs[iris.TERMS_GRAPH]
    assert again != quads
    assert ontology.canonical_hash(again) == ontology.canonical_hash(quads)


def test_the_folders_of_this_software_are_found() -> None:
    assert ontology.ontology_folder().is_dir()
    assert ontology.queries_folder().is_dir()


def test_the_class_of_each_kind_is_read_from_the_kinds() -> None:
    release = ontology.load()
    classes = release.classes_of_kinds
    assert len(classes) > 15
    assert {*classes, *classes.values()} - release.known_terms == set()
    assert classes[iris.expand("dipk:visit")] == iris.expand("dip:Visit")


def test_what_a_rule_examines_is_read_from_its_description() -> None:
    shapes = ontology.load().graphs[iris.SHAPES_GRAPH]
    rule = ontology.examined(shapes, NamedNode(f"{iris.SHAPES}contested-word-as-fact"))
    assert rule.properties >= {RDFS.LABEL, DCTERMS.TITLE, DIP.OUTCOME}
    assert {iris.compact(class_.value) for class_ in rule.classes} >= {"dip:Actor", "dip:Happening"}
    assert ontology.examined(shapes, NamedNode("urn:no-rule")) == ontology.Examined(frozenset(), frozenset())
