"""Bundles of tables give back what was exported: the same facts, record by record and graph by graph."""

import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import duckdb
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, parse

from kg import iris, ontology, provenance
from kg.changes import Commit, Provenance
from kg.client.documents import document
from kg.errors import KGError, TooLarge, Unreadable
from kg.exports import csv_bundle, export
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import ALL_FACTS
from kg.facts import submissions
from kg.facts.computed import completed
from kg.facts.parsing import MAX_BYTES
from kg.formats import from_content_type, from_path
from kg.gate.gate import Gate
from kg.importers import bundle
from kg.importers.bundle import columns, facts, rows
from kg.importers.catalogue import BUNDLE, FACTS_FORMATS
from kg.query.columnar.tables import TABLES
from kg.store.engine import in_memory
from kg.store.store import Contents, Store
from kg.terms import DIP, RDF, RDFS, SKOS
from tests.support import worlds
from tests.support.facts import quads as written
from tests.support.stores import open_store

SHAPES = Path(__file__).parents[2] / "shapes"
OF_CODERS = ("CodedOccurrence", "CodedMention", "CodedPlace", "CodingRun", "Commit")
"""Classes of what a bundle does not carry: rows of coders with what stands around them, and commits."""
NOT_CARRIED = {
    *(iris.TERMS + name for name in ("supersedes", "contentHash", "warning")),
}
"""Properties of a submission that belong to the graph it came into."""
HOSTILE = (
    *("=1+1", "'=1+1", "''@x", "-2", "| a", "a | b", "a |", r"a \| b", r"a \\| b", r" \|", " | ", "|"),
    *("'", "'quoted'", 'a "word"', "two\nlines", "two\r\nlines", "tab\there", "a;b,c", "ñandú", "عربي", "\\"),
)


def of_version(facts: Iterable[Quad]) -> Contents:
    release = ontology.load()
    commit = Commit(1, datetime(2026, 11, 30, 12, tzinfo=UTC), "Ana", None, None, (), None, "kg")
    return Contents(in_memory([*release.quads, *facts, *provenance.quads(commit)]), 1)


def exported(name: str, contents: Contents) -> bytes:
    return b"".join(export.chosen(EXPORT_FORMATS[name].writer, ALL_FACTS, contents))


def told(quads: Iterable[Quad]) -> set[Quad]:
    """The quads as a store keeps them."""
    return {*in_memory(quads).quads_for_pattern(None, None, None)}


def samples() -> Iterator[Quad]:
    """What the valid samples of the shapes say: each sample in a graph of its own, of things of its own."""
    for file in (SHAPES / "base.ttl", *sorted(SHAPES.glob("*/valid-*.ttl"))):
        if file.parent.name not in OF_CODERS:
            name = f"{file.parent.name}-{file.stem}"
            read = [*parse(path=str(file))]
            own = {quad.subject for quad in read if quad.predicate == RDF.TYPE}
            for quad in read:
                subject, value = (
                    NamedNode(f"{term.value}-{name}") if term in own and isinstance(term, NamedNode) else term
                    for term in (quad.subject, quad.object)
                )
                yield Quad(subject, quad.predicate, value, NamedNode(f"urn:sample:{name}"))


def hostile() -> Iterator[Quad]:
    """Records whose texts look like separators, formulas and quotes."""
    text = "".join(
        f"dipid:actor-{number} a dip:Person ; rdfs:label {json.dumps(one)}@en, {json.dumps(other)}@es,"
        f" {json.dumps(one + 'x')} ; skos:altLabel {json.dumps(other)}@pt-br ; skos:note {json.dumps(one)} ."
        f"dipid:passage-{number} a dip:Passage ; dip:exactText {json.dumps(one)} ;"
        f" dip:startOffset {number} .\n"
        for number, (one, other) in enumerate(zip(HOSTILE, reversed(HOSTILE), strict=True))
    )
    yield from written(text, "urn:hostile")


def is_carried(quad: Quad, of_coders: set[object]) -> bool:
    if quad.graph_name == provenance.GRAPH:
        return False
    return quad.subject not in of_coders and quad.predicate.value not in NOT_CARRIED


@pytest.fixture(scope="module")
def generated() -> set[Quad]:
    """The seed, each sample of the shapes, hostile texts and a generated world, but nothing of coders."""
    quads = [*ontology.load().seed, *samples(), *hostile(), *worlds.world(3000, seed=7)]
    coded = {iris.TERMS + name for name in OF_CODERS}
    typed = [quad for quad in quads if quad.predicate == RDF.TYPE and isinstance(quad.object, NamedNode)]
    of_coders: set[object] = {quad.subject for quad in typed if quad.object.value in coded}  # type: ignore[union-attr]
    described = {quad.subject for quad in typed}
    return told(quad for quad in quads if is_carried(quad, of_coders) and quad.subject in described)


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_bundle_gives_back_each_fact_in_its_graph(generated: set[Quad], name: str) -> None:
    read = told(bundle.read(exported(name, of_version(generated)), MAX_BYTES).quads)
    assert read - generated == set()
    assert generated - read == set()


def tables(data: bytes) -> dict[str, object]:
    """The tables of a bundle; rows of Parquet, for the file itself names the version."""
    with ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != "datapackage.json"}
    return {
        name: pandas.read_parquet(io.BytesIO(file)).to_dict("list").__repr__() if "parquet" in name else file
        for name, file in files.items()
    }


@pytest.fixture(scope="module")
def of_seed() -> Mapping[str, bytes]:
    """The bundles of the seed."""
    contents = of_version(completed(ontology.load().seed))
    return {name: exported(name, contents) for name in ("csv", "parquet")}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A graph with the release and no facts."""
    release = tmp_path / "ontology"
    shutil.copytree(ontology.load().folder, release, ignore=shutil.ignore_patterns("seed"))
    with open_store(tmp_path / "data", ontology.load(release)) as store:
        yield store


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.of(ontology.load())


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_what_the_gate_lets_into_an_empty_graph_is_exported_as_the_same_records(
    empty: Store, gate: Gate, of_seed: Mapping[str, bytes], name: str
) -> None:
    first = of_seed[name]
    outcome = submissions.add(empty, gate, submissions.parse(first, BUNDLE), Provenance("Ana", is_admin=True))
    assert outcome.commit is not None
    assert tables(exported(name, empty)) == tables(first)
    again = submissions.check(empty, gate, submissions.parse(first, BUNDLE))
    assert again.is_known


# Cells


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.text("|\\ '=a\n"),
)


@settings(max_examples=300)
@given(parts=st.lists(TEXTS, min_size=1))
def test_a_list_of_texts_comes_back_from_a_cell(
    database: duckdb.DuckDBPyConnection, parts: list[str]
) -> None:
    query = f"SELECT {csv_bundle.text_of('given', 'VARCHAR[]')} FROM (SELECT ? AS given)"
    (cell,) = database.execute(query, [parts]).fetchone() or ("",)
    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
    assert facts.parts(rows.unguarded(cell)) == (parts if cell else [])


@settings(max_examples=300)
@given(text=TEXTS)
def test_a_text_comes_back_from_a_cell(database: duckdb.DuckDBPyConnection, text: str) -> None:
    query = f"SELECT {csv_bundle.text_of('given', 'VARCHAR')} FROM (SELECT ? AS given)"
    (cell,) = database.execute(query, [text]).fetchone() or ("",)
    assert rows.unguarded(cell) == text


# What people make of a bundle


def zipped(files: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    output = io.BytesIO()
    with ZipFile(output, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return output.getvalue()


PERSON = "record,class,names,names_language\ndipid:ana,Person,Ana,es\n"


def quads_of(files: Mapping[str, str | bytes]) -> list[Quad]:
    return [*bundle.read(zipped(files), MAX_BYTES).quads]


def refusal(files: Mapping[str, str | bytes] | bytes, language: str = "en") -> str:
    data = files if isinstance(files, bytes) else zipped(files)
    with pytest.raises(KGError) as refused:
        bundle.read(data, MAX_BYTES)
    return refused.value.in_language(language)


def test_a_row_without_a_graph_goes_into_the_graph_of_the_submission() -> None:
    submission = submissions.parse(zipped({"actors.csv": PERSON}), BUNDLE)
    (graph,) = submission.graphs
    assert graph.startswith(iris.DATA)
    assert {(quad.predicate, str(quad.object)) for quad in submission.quads} == {
        (RDF.TYPE, str(DIP.PERSON)),
        (RDFS.LABEL, '"Ana"@es'),
    }


@pytest.mark.parametrize(
    "text",
    [PERSON.replace(",", ";"), "\ufeff" + PERSON, PERSON.replace(",", "\t"), PERSON.replace("\n", "\r\n")],
    ids=["semicolons", "byte-order-mark", "tabs", "windows"],
)
def test_a_table_is_read_as_spreadsheets_save_it(text: str) -> None:
    assert quads_of({"actors.csv": text}) == quads_of({"actors.csv": PERSON})


def test_archives_that_people_pack_again_are_read() -> None:
    packed: dict[str, str | bytes]
    packed = {"bundle/actors.csv": PERSON, "__MACOSX/bundle/._actors.csv": b"\0", "bundle/.DS_Store": b"\0"}
    assert quads_of(packed) == quads_of({"actors.csv": PERSON})


def test_the_data_package_says_which_table_a_file_is() -> None:
    described = {"resources": [{"name": "office-holdings", "path": "mine.csv"}]}
    files: dict[str, str | bytes] = {
        "mine.csv": "record,class,held_by\ndipid:a-tenure,OfficeHolding,dipid:ana\n",
        "datapackage.json": json.dumps(described),
    }
    assert {quad.predicate for quad in quads_of(files)} == {RDF.TYPE, DIP.HELD_BY}


def test_tables_that_pandas_writes_are_read(tmp_path: Path) -> None:
    frame = pandas.DataFrame(
        {
            "record": ["dipid:a", "dipid:b"],
            "class": [["Passage"], ["Passage"]],
            "exact_text": ["words", None],
            "start_offset": [3.0, None],
        }
    )
    frame.to_parquet(tmp_path / "passages.parquet")
    (tmp_path / "notes.txt").write_text("not of the bundle", encoding="utf-8")
    given = document(tmp_path, None, None)
    assert given.format is BUNDLE
    quads = bundle.read(given.data, MAX_BYTES).quads
    offsets = [str(quad.object) for quad in quads if quad.predicate == DIP.START_OFFSET]
    assert offsets == ['"3"^^<http://www.w3.org/2001/XMLSchema#integer>']


def test_numbers_and_dates_have_the_datatypes_that_the_shapes_ask_for() -> None:
    files = {
        "quantities.csv": "record,class,amount\ndipid:q,Quantity,1e3\n",
        "time_spans.csv": "record,class,date,earliest\n"
        "dipid:t,TimeSpan,2026,2026-01-01\ndipid:u,TimeSpan,2026-02,\ndipid:v,TimeSpan,2026-02-03,\n",
        "kinds.csv": "record,class,pref_label\ndipid:k,Concept,A kind\n",
    }
    values = {str(quad.object).replace("http://www.w3.org/2001/XMLSchema#", "") for quad in quads_of(files)}
    assert {'"1000"^^<decimal>', '"2026"^^<gYear>', '"2026-02"^^<gYearMonth>'} <= values
    assert {'"2026-02-03"^^<date>', '"2026-01-01"^^<date>', str(SKOS.CONCEPT)} <= values


def test_all_faults_are_told_with_table_line_and_column() -> None:
    text = refusal(
        {
            "actors.csv": "record,class,nmes\ndipid:ana,Persn,Ana\n,Person,Ana\n",
            "quantities.csv": "record,amount\ndipid:q,many\nnot an iri,2\n",
            "claims.csv": "record,content,content_language\ndipid:c,one | two,en\ndipid:d,one,e n\n",
            "passages.csv": "record\ndipid:p,too many\n",
        }
    )
    for said in (
        "actors.csv, line 1, column nmes: there is no such column in this table; the nearest is names",
        "actors.csv, line 2, column class, “Persn”: there is no such class; the nearest is Person",
        "actors.csv, line 3, column record: this row has no record",
        "quantities.csv, line 2, column amount, “many”: this is not a number",
        "quantities.csv, line 3, column record, “not an iri”: this is not an IRI",
        "claims.csv, line 2, column content, “one | two”: there are 2 texts here and 1 languages",
        "claims.csv, line 3, column content, “one”: “e n” is not a language",
        "passages.csv, line 2: this row has 2 cells and the header 1",
    ):
        assert said in text, text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (b"PK\x03\x04 broken", "not a zip archive"),
        (
            {"nodes.csv": "iri:ID\n"},
            "nodes.csv: there is no such table in a bundle; the tables are submissions",
        ),
        ({"facts.trig": ""}, "contains no table of records, only facts.trig"),
        ({"actors.csv": "record\n"}, "have no rows"),
        ({"actors.csv": "label\nAna\n"}, "column record: this column is missing"),
        ({"actors.csv": b"record\n\xff\n"}, "actors.csv: In line 2: this is not UTF-8"),
        ({"actors.csv": 'record\n"open\n'}, "actors.csv: In line 2: an opening quotation mark"),
        ({"actors.csv": PERSON, "datapackage.json": "[]"}, "is not a data package"),
        ({"actors.parquet": b"PAR1 broken"}, "this is not a Parquet file"),
        ({"actors.csv": PERSON, "coded_occurrences.csv": "occurrence\nx\n"}, "contains coded rows"),
        ({"actors.csv": PERSON, "coded_mentions.csv": "mention\nx\n"}, "contains coded rows"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_bundle_is_refused_with_a_reason(
    files: Mapping[str, str | bytes] | bytes, said: str
) -> None:
    assert said in refusal(files)
    assert refusal(files, "es") != refusal(files)


def test_one_table_of_a_bundle_is_refused_with_the_way_to_add_all(of_seed: Mapping[str, bytes]) -> None:
    with ZipFile(io.BytesIO(of_seed["csv"])) as archive:
        alone = archive.read("claims.csv")
    with pytest.raises(Unreadable, match="a single table of an exported bundle"):
        submissions.parse(alone, FACTS_FORMATS["csv"])


def test_an_archive_takes_no_more_than_its_share() -> None:
    with pytest.raises(TooLarge, match="Split it by graph"):
        bundle.read(zipped({"actors.csv": b"x" * 5000}), 1000)
    with pytest.raises(Unreadable):
        bundle.read(zipped({"actors.csv": PERSON}, ZIP_BZIP2), MAX_BYTES)


def test_a_fault_that_the_gate_finds_names_the_row(empty: Store, gate: Gate) -> None:
    files = {"claims.csv": "record,class,content,content_language\ndipid:c,Claim,words,en\n"}
    report = submissions.check(empty, gate, submissions.parse(zipped(files), BUNDLE))
    assert not report.conforms
    place = report.errors[0].row
    assert place is not None
    assert (place.sheet, place.line) == ("claims.csv", 2)


def test_a_bundle_is_known_by_its_suffix_and_its_media_type() -> None:
    assert from_path("diplomacy.csv.zip", FACTS_FORMATS) is BUNDLE
    assert from_path("diplomacy.parquet.zip", FACTS_FORMATS) is BUNDLE
    assert from_content_type("application/zip", FACTS_FORMATS) is BUNDLE


def test_each_column_that_an_export_has_is_one_that_a_bundle_may_have(of_seed: Mapping[str, bytes]) -> None:
    with ZipFile(io.BytesIO(of_seed["csv"])) as archive:
        for name, table in TABLES.items():
            header = next(csv.reader(io.StringIO(archive.read(f"{name}.csv").decode())))
            assert set(header) == {*columns.names(table)}
