"""The command export."""

import gzip
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg import iris
from kg.exports.catalogue import EXPORT_FORMATS
from tests.support.command import Kg
from tests.support.full_disk import files_limited


def test_an_export_goes_to_standard_output_or_to_a_file_named_for_its_format(kg: Kg, tmp_path: Path) -> None:
    file = tmp_path / "all.nq"
    streamed = kg("export", "--format", "nquads")
    saved = kg("export", "-o", file)
    assert (streamed.code, saved.code, saved.out) == (0, 0, "")
    assert file.read_text(encoding="utf-8") == streamed.out
    assert [path.name for path in tmp_path.iterdir()] == ["all.nq"]


def test_an_export_holds_the_graphs_asked_for(kg: Kg) -> None:
    def graphs(*arguments: str) -> set[str]:
        store = Store()
        store.load(kg("export", "-f", "nquads", *arguments).out, RdfFormat.N_QUADS)
        return {str(graph.value) for graph in store.named_graphs()}

    assert graphs("--graph", "dipid:graph-article") == {iris.DATA + "graph-article"}
    assert graphs("--all") - graphs() == {*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH}


def test_a_suffix_compresses_the_file_and_a_selection_narrows_it(kg: Kg, tmp_path: Path) -> None:
    selection = ("--actor", "Claudia Sheinbaum", "--since", "2020", "--layer", "assessment")
    plain = kg("export", "-f", "nquads", *selection).out
    assert "claudia-sheinbaum" in plain
    file = tmp_path / "part.nq.gz"
    assert kg("export", "-o", file, *selection).code == 0
    assert gzip.decompress(file.read_bytes()).decode() == plain
    asked = ("--question", "offices-of-a-person?person=dipid:gustavo-petro")
    assert "id/graph-wikidata" in kg("export", "-f", "nquads", *asked).out


@pytest.mark.parametrize("name", [name for name in EXPORT_FORMATS if name != "quickstatements"])
def test_a_full_disk_is_said_in_a_sentence_and_no_file_appears(kg: Kg, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"file{EXPORT_FORMATS[name].suffixes[0]}"
    with files_limited(400):
        run = kg("export", "--format", name, "-o", path)
    assert run.code in (2, 3), run
    assert run.err.startswith("kg: "), run.err
    assert "File too large" in run.err
    assert "fault of the program" not in run.err
    assert [*tmp_path.iterdir()] == []
