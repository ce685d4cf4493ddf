"""Tables of an export: each format is opened by its own tool, and in each a claim stays a claim."""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pandas
import polars
import pyarrow.ipc
import pyarrow.parquet
import pytest

from kg import iris, scratch
from kg.changes import Delta, Provenance
from kg.errors import NotAcceptable, Unreadable
from kg.exports import export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.extract import Extract
from kg.exports.selection import Selection
from kg.facts import releases
from kg.facts.parsing import MAX_BYTES
from kg.importers.catalogue import FACTS_FORMATS
from kg.query.columnar import building, upkeep
from kg.store.store import Store
from tests.support.facts import quads
from tests.support.projections import kept_up

FORMATS = ("csv", "csv-bom", "parquet", "arrow", "duckdb", "xlsx")
CLAIM = iris.DATA + "claim-petro-kidnapping"
PETRO = iris.DATA + "gustavo-petro"
FORMULA = '=HYPERLINK("https://example.org";"a")'
HOSTILE = quads(
    f"""dipid:hostile a dip:Person ; rdfs:label "{FORMULA.replace('"', chr(92) + '"')}"@en .
    dipid:plain a dip:Person ; rdfs:label "Ñandú, \\"the\\" second\\nline"@en .""",
    "urn:hostile",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with releases.open_store(tmp_path_factory.mktemp("world") / "data") as store:
        store.commit(Delta(HOSTILE), Provenance("Ana"))
        kept_up(store)
        yield store


def exported(store: Store, name: str, selection: Selection | None = None) -> bytes:
    writer = EXPORT_FORMATS[name].writer
    return b"".join(export.chosen(writer, selection or Selection(), store, store.directory))


@pytest.fixture(scope="module")
def bundles(store: Store) -> dict[str, bytes]:
    return {name: exported(store, name) for name in FORMATS}


def member(bundle: bytes, name: str) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.testzip() is None
        return io.BytesIO(archive.read(name))


def records(bundle: bytes, name: str) -> dict[str, dict[str, str]]:
    text = io.TextIOWrapper(member(bundle, name), "utf-8", newline="")
    return {row["record"]: row for row in csv.DictReader(text)}


def test_in_the_csv_bundle_a_claim_is_marked_as_one(bundles: dict[str, bytes]) -> None:
    claim = records(bundles["csv"], "claims.csv")[CLAIM]
    assert (claim["layer"], claim["class"], claim["claimant"]) == ("statement", "Claim", PETRO)
    assert (claim["claimed_by_label"], claim["content"]) == ("Gustavo Petro", "kidnapping")
    assert (claim["hedge"], claim["basis"]) == ("claimed", "attributed")
    assert claim["graph"] == iris.DATA + "graph-venezuela"
    assert claim["quote"]
    everything = "".join(records(bundles["csv"], "events.csv"))
    assert CLAIM not in everything


def test_the_csv_bundle_is_a_valid_data_package(bundles: dict[str, bytes], tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(bundles["csv"])) as archive:
        archive.extractall(tmp_path)
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["type", "note"])
    told = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert told["version"].startswith("v")
    assert told["created"][:2] == "20"
    assert told["version"] in told["citation"]
    assert told["licenses"][0]["name"] == "CC-BY-4.0"
    fields = {each["name"]: each for each in package.get_resource("claims").schema.to_descriptor()["fields"]}
    assert fields["content"]["description"].startswith("What a claim says")
    assert all(field["description"] for field in fields.values())


def test_a_spreadsheet_executes_no_cell_of_the_csv_bundle(bundles: dict[str, bytes]) -> None:
    actors = records(bundles["csv"], "actors.csv")
    assert actors[iris.DATA + "hostile"]["label"] == "'" + FORMULA
    assert actors[iris.DATA + "plain"]["label"] == 'Ñandú, "the" second\nline'
    with zipfile.ZipFile(io.BytesIO(bundles["csv"])) as archive:
        for name in archive.namelist():
            rows = csv.reader(io.StringIO(archive.read(name).decode())) if name.endswith(".csv") else ()
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row)


def test_a_byte_order_mark_is_there_for_who_asks_for_it(bundles: dict[str, bytes]) -> None:
    mark = b"\xef\xbb\xbf"
    plain = member(bundles["csv"], "claims.csv").read()
    assert member(bundles["csv-bom"], "claims.csv").read() == mark + plain
    frame = pandas.read_csv(member(bundles["csv-bom"], "claims.csv"), encoding="utf-8-sig")
    assert frame.columns[0] == "record"


def test_parquet_is_read_by_the_tools_of_analysts(bundles: dict[str, bytes], tmp_path: Path) -> None:
    file = member(bundles["parquet"], "claims.parquet")
    frame = polars.read_parquet(file).filter(polars.col("record") == CLAIM)
    assert frame["claimant"].to_list() == [[PETRO]]
    metadata = pyarrow.parquet.read_metadata(file).metadata
    told = {name.decode(): value.decode() for name, value in metadata.items()}
    assert told["version"].startswith("v")
    assert {"time", "licence", "citation"} <= set(told)
    assert CLAIM in set(pandas.read_parquet(file)["record"])
    path = tmp_path / "statements.parquet"
    path.write_bytes(member(bundles["parquet"], "statements.parquet").read())
    kinds = {type(day) for (day,) in duckdb.execute(f"SELECT earliest FROM '{path}'").fetchall()}
    assert kinds <= {date, type(None)}
    assert date in kinds


def test_arrow_is_read_by_pyarrow_and_polars(bundles: dict[str, bytes]) -> None:
    file = member(bundles["arrow"], "claims.arrow")
    table = pyarrow.ipc.open_file(file).read_all()
    assert CLAIM in table.column("record").to_pylist()
    assert b"citation" in (table.schema.metadata or {})
    parquet = polars.read_parquet(member(bundles["parquet"], "sources.parquet"))
    assert polars.read_ipc(member(bundles["arrow"], "sources.arrow")).equals(parquet)


def test_a_duckdb_file_has_the_tables_with_comments(bundles: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "graph.duckdb"
    path.write_bytes(bundles["duckdb"])
    with duckdb.connect(str(path), read_only=True) as database:
        found = database.execute("SELECT claimant, hedge FROM claims WHERE record = ?", [CLAIM]).fetchall()
        assert found == [([PETRO], ["claimed"])]
        about = dict(database.execute("FROM about").fetchall())
        assert about["licence"].startswith("https://creativecommons.org/")
        comments = database.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'claims'"
        ).fetchall()
        assert all(comment for _, comment in comments)
        for name in ("coded_occurrences", "coded_mentions"):
            assert database.execute(f"SELECT count(*) FROM {name}").fetchall() == [(0,)]


def test_a_workbook_has_days_links_frozen_headers_and_explains_itself(bundles: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(bundles["xlsx"]))
    assert book.sheetnames[:2] == ["about", "columns"]
    about = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}
    assert {"version", "time", "licence", "citation"} <= set(about)
    explained = {(row[0], row[1]) for row in book["columns"].iter_rows(min_row=2, values_only=True) if row[2]}
    for name in ("claims", "statements", "coded_occurrences"):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert {(name, cell.value) for cell in sheet[1]} <= explained
    statements = book["statements"]
    columns = {cell.value: cell.column for cell in statements[1]}
    days = [row[columns["earliest"] - 1] for row in statements.iter_rows(min_row=2)]
    assert {type(cell.value) for cell in days} == {datetime, type(None)}
    assert statements.cell(2, 1).hyperlink is not None
    (hostile,) = (row for row in book["actors"].iter_rows() if row[0].value == iris.DATA + "hostile")
    assert (hostile[1].value, hostile[1].data_type) == (FORMULA, "s")


def test_a_workbook_that_was_exported_is_no_table_of_facts(bundles: dict[str, bytes]) -> None:
    with pytest.raises(Unreadable, match="an export for reading"):
        FACTS_FORMATS["xlsx"].read(bundles["xlsx"], MAX_BYTES)  # type: ignore[union-attr]  # it is a table


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "csv-bom"])
def test_the_same_version_gives_the_same_bytes(store: Store, bundles: dict[str, bytes], name: str) -> None:
    assert exported(store, name) == bundles[name]


def test_without_a_projection_beside_the_store_the_tables_are_the_same(
    store: Store, bundles: dict[str, bytes]
) -> None:
    writer = EXPORT_FORMATS["csv"].writer
    assert b"".join(export.chosen(writer, Selection(), store)) == bundles["csv"]
    assert upkeep.standing(store.directory) is not None


def test_tables_that_the_projection_holds_in_several_files_are_the_same(
    store: Store, bundles: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "RECORDS_OF_A_FILE", 3)
    upkeep.discard(store.directory)
    kept_up(store)
    held = upkeep.standing(store.directory)
    assert held is not None
    assert len(held.tables["claims"]) > 1
    for name in ("csv", "parquet"):
        assert exported(store, name) == bundles[name]


def test_no_column_of_parquet_is_declared_without_nulls(bundles: dict[str, bytes]) -> None:
    schema = pyarrow.parquet.read_schema(member(bundles["parquet"], "claims.parquet"))
    assert {field.nullable for field in schema} == {True}


def test_a_part_of_the_graph_has_its_rows_alone(store: Store, bundles: dict[str, bytes]) -> None:
    whole = records(bundles["csv"], "actors.csv")
    of_graph = records(exported(store, "csv", Selection(graphs=("<urn:hostile>",))), "actors.csv")
    assert set(of_graph) == {iris.DATA + "hostile", iris.DATA + "plain"}
    assert of_graph[iris.DATA + "plain"] == whole[iris.DATA + "plain"]
    part = exported(store, "csv", Selection(actors=("dipid:gustavo-petro",)))
    claims = records(part, "claims.csv")
    assert claims[CLAIM] == records(bundles["csv"], "claims.csv")[CLAIM]
    assert set(claims) < set(records(bundles["csv"], "claims.csv"))


def test_a_bare_graph_is_no_table() -> None:
    writer = import_module(EXPORT_FORMATS["csv"].writer)
    with pytest.raises(NotAcceptable, match="a version of the graph"):
        next(writer.write(Extract(scratch.filled(), ())))


def test_without_pyarrow_arrow_names_the_extra(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotAcceptable, match=r"regional-diplomacy\[arrow\]"):
        exported(store, "arrow")
