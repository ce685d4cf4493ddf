"""The command load."""

from pathlib import Path

from tests.support.command import BAD, FACT, GOOD, OTHER, Kg, count, written


def test_files_are_loaded_as_one_commit_and_the_same_again_adds_nothing(
    kg: Kg, data: Path, tmp_path: Path
) -> None:
    one, two = written(tmp_path / "one.nt", FACT.replace("'", '"')), written(tmp_path / "two.ttl", OTHER)
    run = kg("load", one, two, "--by", "Ana Ruiz", "--graph", "urn:graph", "--data", data)
    assert (run.code, run.out) == (0, "urn:graph\n")
    assert run.err.startswith("Loaded 2 triples in version ")
    assert count(kg, "--data", str(data)) == "2"
    assert kg("load", two, "--graph", "urn:graph", "--data", data).err == f"The graph holds {two} already.\n"


def test_what_does_not_conform_is_refused_and_leaves_no_trace(kg: Kg, data: Path, tmp_path: Path) -> None:
    bad = written(
        tmp_path / "bad.nt", GOOD + BAD.replace(" a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ")
    )
    run = kg("load", bad, "--each", "--data", data)
    assert run.code == 1
    assert "dip:Persn is not a term of this ontology" in run.err
    assert run.err.endswith("Nothing was stored.\n")


def test_a_file_that_is_not_there_is_named(kg: Kg, data: Path) -> None:
    assert (
        kg("load", "nowhere.nt", "--data", data).err
        == "kg: nowhere.nt cannot be read: there is no such file.\n"
    )
