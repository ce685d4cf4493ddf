"""Each hygiene check finds what its sample plants and nothing else; in the release none finds anything."""

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from kg import iris, ontology
from kg.gate import checks

CHECKS = ontology.ontology_folder() / "checks"
SAMPLES = Path(__file__).parents[1] / "checks"
FAULT = "#+ fault: "
NAMES = sorted(file.stem for file in CHECKS.glob("*.rq"))


def culprits(store: Store, name: str) -> set[str]:
    """The first column of a check's rows: what is at fault."""
    answer = store.query((CHECKS / f"{name}.rq").read_text(), use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    return {iris.compact(row[0].value) for row in answer}


def sample(name: str) -> tuple[Store, set[str]]:
    """A sample, and the culprits its header names."""
    file = SAMPLES / f"{name}.ttl"
    store = Store()
    store.load(path=file, format=RdfFormat.TURTLE)
    lines = file.read_text().splitlines()
    return store, {line.removeprefix(FAULT) for line in lines if line.startswith(FAULT)}


@cache
def release() -> Store:
    """Everything under ontology/: terms, kinds, shapes, alignments, seed and examples."""
    store = Store()
    loaded = ontology.load()
    store.extend(loaded.quads)
    store.extend(loaded.seed)
    for file in sorted((ontology.ontology_folder() / "examples").glob("*.trig")):
        store.load(path=file, format=RdfFormat.TRIG)
    return store


@pytest.mark.parametrize("name", NAMES)
def test_a_check_names_what_its_sample_plants_and_nothing_else(name: str) -> None:
    store, expected = sample(f"{name}.fault")
    assert expected
    assert culprits(store, name) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_check_lets_the_counterpart_pass(name: str) -> None:
    store, expected = sample(f"{name}.fine")
    assert not expected
    assert culprits(store, name) == set()


def test_no_check_finds_a_fault_in_the_release_its_seed_and_its_examples() -> None:
    found = {check.name: check.faults for check in checks.hygiene(release(), CHECKS)}
    assert sorted(found) == NAMES
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_check_begins_with_what_it_finds_why_that_is_a_fault_and_what_to_do(name: str) -> None:
    lines = (CHECKS / f"{name}.rq").read_text().splitlines()
    for line, beginning in zip(lines, ("# Finds ", "# A fault because ", "# What to do: "), strict=False):
        assert line.startswith(beginning)
        assert line.endswith(".")


def test_a_shape_whose_reach_has_no_bound_is_named_and_fails(tmp_path: Path) -> None:
    shapes = f"""
        @prefix dipsh: <{iris.SHAPES}> . @prefix sh: <{iris.PREFIXES["sh"]}> .
        dipsh:Far a sh:NodeShape ; sh:targetNode <urn:a> ;
            sh:sparql [ sh:select "SELECT $this WHERE {{ ?a ?p ?b }}" ] .
    """
    (tmp_path / "far.shapes.ttl").write_text(shapes, encoding="utf-8")
    (tmp_path / "checks").mkdir()
    check = checks.reach(ontology.Ontology(tmp_path))
    assert check.faults == ("dipsh:Far: its query reads ?a … ?b, which no pattern connects to $this",)
    assert checks.reach(ontology.load()).faults == ()
    assert "reach" in {check.name for check in checks.run(Store(), ontology.Ontology(tmp_path))}


def test_every_sample_belongs_to_a_check() -> None:
    samples = {file.name.removesuffix(".ttl").rsplit(".", 1)[0] for file in SAMPLES.glob("*.ttl")}
    assert samples == {*NAMES, "meta.shapes"}
