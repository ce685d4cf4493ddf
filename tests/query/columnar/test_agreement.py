"""Each question over many rows has one answer: by SPARQL from the store, by SQL from the projection."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, serialize

from kg import iris, ontology
from kg.importers.events import actors
from kg.importers.events.datasets import DATA_SETS
from kg.importers.events.imports import FileImport, RefusedRows
from kg.query import questions
from kg.query.columnar import asking, building, manifest
from kg.query.columnar.manifest import Manifest
from kg.query.evaluation import evaluate
from kg.query.job import Labelling, QueryJob, TableQuery
from kg.store.engine import Oxigraph
from kg.store.store import Contents
from tests.support import coded_rows
from tests.support.facts import quads

ROWS = 20_000
FILES = 4
"""Two of them are of one coder, and tell of some occurrences differently."""
QUESTIONS = {name: question for name, question in questions.load().items() if question.sql}
CODINGS = quads(
    "dipid:coding a dip:EventCoding ; dip:assesses dipid:standoff-january-2025 ; dip:restsOn "
    + ", ".join(f"dipid:gdelt-0-{number}" for number in range(1, 600) if number % 50)
    + " .",
    "urn:codings",
)
GDELT = Path("/nowhere") if "GDELT_EVENTS" not in os.environ else Path(os.environ["GDELT_EVENTS"])
"""A real file of GDELT 2.0 events, for who has one."""
VALUES: dict[str, tuple[dict[str, str], ...]] = {
    "pair": (
        {"actor": "dipid:united-states", "other": "dipid:colombia"},
        {"actor": "dipid:colombia", "other": "dipid:venezuela"},
    ),
    "rest": (
        {"since": "2020", "until": "2030"},
        {"since": "2024-11", "until": "2025-02", "days": "2"},
        {"coder": "dipid:icews"},
        {"scheme": "dipk:plover", "scale": "dip:quadClassByGdelt"},
    ),
}


@dataclass(frozen=True)
class World:
    """A graph in an engine, and its projection in the folder of a data directory."""

    contents: Contents
    directory: Path

    def answers(self, name: str, values: dict[str, str]) -> tuple[str, str]:
        """Answer a question by SPARQL, and by SQL."""
        question = QUESTIONS[name]
        asked = {**question.examples, **values}
        known = {key: value for key, value in asked.items() if key in question.examples}
        bound = questions.bindings(question, known)
        job = questions.job(question, bound, "text/csv", labelling=Labelling())._replace(required=())
        assert question.sql is not None
        tables = TableQuery(question.sql, str(self.directory), question.labels or ())
        return self._written(job), self._written(job._replace(tables=tables))

    def _written(self, job: QueryJob) -> str:
        written = BytesIO()
        evaluate(self.contents, job).write(written)
        return written.getvalue().decode()


def made(directory: Path, *parts: bytes) -> World:
    """Make a world of N-Quads; the engine's default graph is the merge of all graphs."""
    folder = manifest.folder_in(directory)
    folder.mkdir(parents=True)
    path = directory / "world.nq"
    path.write_bytes(b"".join(parts))
    store = Store()
    store.bulk_load(path=path, format=RdfFormat.N_QUADS)
    merged = "\n".join(f"{line.rpartition(' <')[0]} ." for line in path.read_text("utf-8").splitlines())
    store.bulk_load(merged, RdfFormat.N_TRIPLES)
    files = building.build(folder, 1, lambda target: target.hardlink_to(path), lambda _: None)
    manifest.write(folder, Manifest(1, "then", building.MADE_BY, files))
    return World(Contents(Oxigraph(store), 1), directory)


def standing(directory: Path, _: int) -> Manifest | None:
    """Return the projection of a folder that has no log."""
    return manifest.read(manifest.folder_in(directory))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    known = ontology.load()
    curated = serialize([*known.quads, *known.seed, *CODINGS], format=RdfFormat.N_QUADS) or b""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asking, "_standing", standing)
        yield made(
            tmp_path_factory.mktemp("world"), curated, *coded_rows.lines(ROWS, files=FILES, actors=120)
        )


@pytest.mark.parametrize("name", QUESTIONS)
def test_sparql_and_the_projection_answer_the_same(world: World, name: str) -> None:
    rows = 0
    for pair, rest in zip(cycle(VALUES["pair"]), VALUES["rest"], strict=False):
        by_sparql, by_sql = world.answers(name, {**pair, **rest})
        assert by_sql == by_sparql, (pair, rest)
        rows += by_sparql.count("\n") - 1
    assert rows > 10


def test_curated_records_and_rows_that_a_coding_rests_on_are_among_the_answers(world: World) -> None:
    pair = {"actor": "dipid:united-states", "other": "dipid:colombia", "since": "2020", "until": "2030"}
    told = world.answers("words-and-deeds-by-month", pair)[1]
    assert {line.split(",")[1] for line in told.splitlines()[1:]} == {"coded", "curated"}
    around = world.answers("coded-days-around-a-happening", {"days": "400"})[1]
    assert sum(int(line.rsplit(",", 1)[1]) for line in around.splitlines()[1:]) > 0


@pytest.mark.skipif(not GDELT.exists(), reason="GDELT_EVENTS names no file of GDELT")
def test_a_real_file_has_one_answer_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_standing", standing)
    with RefusedRows(tmp_path / "quarantine.csv") as refused:
        file = FileImport(GDELT, DATA_SETS["gdelt"], actors.read(None), refused)
        lines = b"".join(file.blocks()) + (serialize(file.closing(), format=RdfFormat.N_TRIPLES) or b"")
    named = lines.replace(b" .\n", f" <{iris.DATA}{file.graph.rpartition('/')[2]}> .\n".encode())
    known = ontology.load()
    curated = serialize([*known.quads, *known.seed], format=RdfFormat.N_QUADS) or b""
    world = made(tmp_path / "real", curated, named)
    for name in QUESTIONS:
        by_sparql, by_sql = world.answers(name, {"since": "2000", "until": "2030", "days": "0"})
        assert by_sql == by_sparql
