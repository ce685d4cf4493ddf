"""What goes in as a table comes out as a table; what no table says is told."""

from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.errors import Unreadable
from kg.facts.parsing import MAX_BYTES
from kg.importers import table
from kg.importers.table.columns import Column
from kg.importers.table.examples import EXAMPLES
from kg.importers.table.literals import Date, Decimal, Tagged, Words
from kg.importers.table.records import RECORDS
from kg.importers.table.release_words import released
from kg.importers.table.values import Class, Kind, Thing, ThingOrTopic
from kg.importers.table.written import untyped
from kg.importers.table.written import written as written_back
from kg.iris import DATA, TERMS
from kg.store.transaction import normalised
from kg.terms import DIP, RDF, SKOS
from tests.support.curated import GIFT, GROUNDS, REMARK, STANCE, VISIT, written

DENIAL = {"record": "statement", "adds_to": "statement-s4", "denies": "claim-s3-refusal"}
GROUNDED = {**DENIAL, **GROUNDS, "passage": "never refused", "date": "2025-01-26", "claim": "it is not so"}
GROUNDED |= {"claim_by": "gustavo-petro"}
ROWS = [
    REMARK,
    VISIT,
    GIFT,
    STANCE,
    *({"record": record, **row} for record, rows in EXAMPLES.items() for row in rows),
]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(str.strip)


def assert_comes_back(*rows: Mapping[str, str]) -> None:
    facts = table.read(written(*map(dict, rows)), MAX_BYTES)
    added = {slug: RECORDS[row["record"]].type for row in rows if (slug := row.get("adds_to"))}
    classes = {Thing().read(slug): NamedNode(TERMS + name) for slug, name in added.items()}
    back = written_back(facts.quads, classes)
    assert (back.unsaid, back.more) == ((), 0)
    assert set(table.read(back.text.encode(), MAX_BYTES).quads) == set(facts.quads)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.get("id", row["record"]))
def test_each_kind_of_row_comes_back(row: dict[str, str]) -> None:
    assert_comes_back(row)


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(ROWS), min_size=1, unique_by=lambda row: row.get("id") or row["record"]),
    TEXT,
    TEXT,
    st.sampled_from(["en", "es", "pt-br"]),
)
def test_generated_tables_come_back(
    rows: list[dict[str, str]], words: str, label: str, language: str
) -> None:
    changed = {**REMARK, "id": "changed", "paraphrase": words, "passage": words, "label": label}
    assert_comes_back(*rows, {**changed, "label_es": label, "language": language, "qualifier": "often; some"})


SLUGS = st.sampled_from(["colombia", "dipid:hat", "claim-of-somebody", "https://example.org/thing"])


def cells(column: Column) -> st.SearchStrategy[str]:
    """What a cell of a column may hold."""
    match column.reads:
        case Thing() | ThingOrTopic():
            return SLUGS
        case Kind(lists):
            return st.sampled_from(sorted(kind for each in lists for kind in released().kinds[each]))
        case Class():
            return st.sampled_from(sorted(column.reads.known))
        case Words():
            return TEXT
        case Tagged():
            return st.sampled_from(["pt: Brasil", "fr: Brésil", "pt-br: Brasil"])
        case Date():
            days = ["2025-01-26", "2025-01-31"]
            return st.sampled_from(days if column.reads.only_days else ["2025", "2025-01", *days])
        case Decimal():
            return st.sampled_from(["-5.0", "10", "0.50"])
        case _:
            return st.nothing()


@pytest.mark.parametrize("record", RECORDS)
@settings(max_examples=10)
@given(data=st.data())
def test_what_any_record_says_comes_back(record: str, data: st.DataObject) -> None:
    row = {"record": record, **EXAMPLES[record][0]}
    columns = [column for column in RECORDS[record].columns if not cells(column).is_empty]
    for column in data.draw(st.lists(st.sampled_from(columns), unique_by=lambda column: column.name)):
        drawn = data.draw(st.lists(cells(column), min_size=1, max_size=2 if column.holds_many else 1))
        row[column.name] = "; ".join(drawn)
    row["language"] = data.draw(st.sampled_from(["en", "es"])) if RECORDS[record].column("language") else ""
    try:
        table.read(written(row), MAX_BYTES)
    except Unreadable:
        assume(False)
    assert_comes_back(row)


def test_every_graph_of_the_seed_comes_back_but_for_what_is_said_of_the_graph() -> None:
    graphs: dict[str, list[Quad]] = {}
    for quad in normalised(ontology.load().seed):
        graphs.setdefault(str(quad.graph_name)[1:-1], []).append(quad)
    for name in graphs:
        back = written_back(graphs[name])
        assert [triple for triple in back.unsaid if triple.subject != NamedNode(name)] == []
        assert back.more == 0


@pytest.mark.parametrize(
    "rows",
    [
        (DENIAL, {"record": "report", "id": "a-report", "reports": "statement-s4", **GROUNDS}),
        (GROUNDED,),
        ({**GROUNDED, "id": "the-denial", "language": "es"},),
    ],
)
def test_what_a_row_adds_to_another_record_comes_back(rows: tuple[dict[str, str], ...]) -> None:
    facts = table.read(written(*rows), MAX_BYTES).quads
    added = NamedNode(f"{DATA}statement-s4")
    assert [quad for quad in facts if quad.subject == added and quad.predicate == RDF.TYPE] == []
    assert_comes_back(*rows)


def test_additions_in_several_languages_are_rows_of_the_record_of_the_thing() -> None:
    place = NamedNode(f"{DATA}white-house")
    names = [Literal("the Residence", language="en"), Literal("la Residencia", language="es")]
    quads = [Quad(place, SKOS.ALT_LABEL, name) for name in names]
    assert untyped(quads) == {place}
    back = written_back(quads, {place: DIP.PLACE})
    assert back.unsaid == ()
    assert [line.split(",")[0] for line in back.text.splitlines()[1:]] == ["place", "place"]
    assert set(table.read(back.text.encode(), MAX_BYTES).quads) == set(quads)


def test_an_act_that_two_rows_speak_of_is_described_by_one() -> None:
    threat = {"record": "statement", **EXAMPLES["statement"][1], "act_id": "an-act"}
    first = table.read(written(threat), MAX_BYTES).quads
    second = table.read(written({**threat, "id": "second", "act_es": "Otro"}), MAX_BYTES).quads
    back = written_back([*first, *second])
    assert (back.unsaid, back.more) == ((), 0)
    assert set(table.read(back.text.encode(), MAX_BYTES).quads) == {*first, *second}


def test_what_no_row_says_is_told() -> None:
    facts = table.read(written(REMARK), MAX_BYTES)
    remark = NamedNode(f"{DATA}a-remark")
    more = Quad(remark, DIP.OUTCOME, Literal("peace", language="en"))
    other = Quad(NamedNode("urn:elsewhere"), DIP.TEXT, Literal("x"))
    back = written_back([*facts.quads, more, other])
    assert [triple.object for triple in back.unsaid] == [more.object, other.object]
    assert set(table.read(back.text.encode(), MAX_BYTES).quads) == set(facts.quads)
