"""Files of every data set pass the gate; an import is one commit, known again, and undone without a trace."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad
from pyoxigraph import Store as Contents

from kg import iris, ontology
from kg.changes import Delta, Provenance
from kg.facts.loads.load import load
from kg.facts.loads.source import LoadSource
from kg.facts.loads.uniform import UniformRecords
from kg.facts.retraction import undo
from kg.gate.gate import Gate
from kg.importers.events import actors
from kg.importers.events.datasets import DATA_SETS
from kg.importers.events.imports import FileImport, RefusedRows
from kg.provenance import GRAPH
from kg.store.store import Store
from tests.importers.events import test_acled, test_icews, test_page, test_plover, test_polecat
from tests.support.event_files import Imported, gdelt, imported
from tests.support.stores import open_store

MENTION = "\t".join(
    [
        *("1", "20191024000000", "20191025143000", "1", "example.org", "https://example.org/2", "3"),
        *("-1", "10", "20", "1", "40", "1000", "-1.5", "", ""),
    ]
)
FILES = {
    "gdelt": gdelt()
    + gdelt(id="2", day="20181024", name1="TRUMP", code="190", base="190", root="19", scale="-10"),
    "gdelt mentions": MENTION + "\n",
    "icews": test_icews.table({}, {"Event ID": "8", "CAMEO Code": "013"}),
    "polecat": test_polecat.table({}),
    "plover": json.dumps([test_plover.RECORD, test_plover.OLD]),
    "acled": test_acled.table({}),
}
ME = Provenance("Ana")


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


@cache
def facts() -> Contents:
    contents = Contents()
    contents.extend(ontology.load().quads)
    contents.extend(ontology.load().seed)
    return contents


@pytest.mark.parametrize("name", ["gdelt", "gdelt mentions"])
def test_the_lines_of_a_row_follow_one_another_so_that_a_load_takes_rows_as_records(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "a"
    path.write_text(FILES[name] + FILES[name].replace("1\t", "7\t", 1), encoding="utf-8")
    with RefusedRows(tmp_path / "refused.csv") as refused:
        file = FileImport(path, DATA_SETS["gdelt"], actors.read(None), refused)
        text = b"".join(file.blocks())
    found = UniformRecords(gate().uniform_classes, file.graph).separate(text)
    rows = text.count(b"terms#CodedOccurrence> .") + text.count(b"terms#CodedMention> .")
    assert len(found.examples) + len(found.alike) == rows > 1


@pytest.mark.parametrize("name", FILES)
def test_what_is_made_of_a_file_passes_the_gate_without_a_remark(tmp_path: Path, name: str) -> None:
    found = imported(tmp_path / "a", name.split()[0], FILES[name])
    report = gate().check(Delta(added=tuple(found.quads)), facts())
    assert [violation.sentence() for violation in report.violations] == []


def test_two_files_that_bring_the_same_row_pass_the_gate_and_it_counts_once(tmp_path: Path) -> None:
    one = imported(tmp_path / "a", "gdelt", gdelt())
    both = imported(tmp_path / "b", "gdelt", gdelt() + gdelt(id="2"))
    contents = Contents()
    contents.extend(facts())
    contents.extend(one.quads)
    assert one.file.graph != both.file.graph
    assert gate().check(Delta(added=tuple(both.quads)), contents).conforms


def test_mirrored_rows_of_two_files_stay_two_and_all_counts_can_be_asked(tmp_path: Path) -> None:
    there = {"code1": "USA", "name1": "UNITED STATES", "code2": "COL", "name2": "COLOMBIA", "type1": ""}
    back = {"code1": "COL", "name1": "COLOMBIA", "country1": "COL", "type1": ""}
    back |= {"code2": "USA", "name2": "UNITED STATES", "country2": "USA"}
    one = imported(tmp_path / "a", "gdelt", gdelt(id="1", **there) + gdelt(id="2", **back))
    parted = [
        imported(tmp_path / "b", "gdelt", gdelt(id="1", **there)),
        imported(tmp_path / "c", "gdelt", gdelt(id="2", **back)),
    ]
    assert counts(one) == ("1", "2", "1")
    assert counts(*parted) == ("2", "2", "1")


def counts(*files: Imported) -> tuple[str, ...]:
    """Ask the last question of the page "Bring your event data": occurrences, rows and meetings."""
    contents = Contents()
    for file in files:
        contents.extend(Quad(*quad.triple) for quad in file.quads)
    (found,) = contents.query(test_page.block("sparql", -1), prefixes=iris.PREFIXES)  # type: ignore[misc]  # rows
    return tuple(found[name].value for name in ("occurrences", "rows", "meetings"))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as store:
        yield store


def test_an_import_is_one_commit_known_again_and_undone_without_a_trace(store: Store, tmp_path: Path) -> None:
    paths = [tmp_path / "one.CSV", tmp_path / "two.CSV"]
    for number, path in enumerate(paths):
        path.write_text(gdelt(id=str(number)), encoding="utf-8")
    before = exported(store)
    loaded = load(store, sources(paths), ME)
    assert loaded.commit is not None
    assert len(loaded.graphs) == 2
    assert len(exported(store)) > len(before)
    assert load(store, sources(paths), ME).known == ("one.CSV", "two.CSV")
    undo(store, gate(), loaded.commit.version, Provenance("Ana", reason="a trial"))
    assert exported(store) == before


def sources(paths: list[Path]) -> list[LoadSource]:
    quarantine = RefusedRows(paths[0].with_suffix(".quarantine.csv"))
    files = (FileImport(path, DATA_SETS["gdelt"], actors.read(), quarantine) for path in paths)
    return [file.source() for file in files]


def exported(store: Store) -> list[str]:
    """Return what an export of the facts holds: all graphs but that of provenance."""

    quads = store.quads_for_pattern(None, None, None, None)
    return sorted(str(quad) for quad in quads if quad.graph_name != GRAPH)
