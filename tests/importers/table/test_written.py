"""What goes in as a table comes out as a table; what no table says is told."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg.facts.parsing import MAX_BYTES
from kg.importers import table
from kg.importers.table.examples import EXAMPLES
from kg.importers.table.written import written as written_back
from kg.iris import DATA
from kg.terms import DIP
from tests.support.curated import GIFT, REMARK, STANCE, VISIT, written

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
    back = written_back(facts.quads)
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


def test_an_act_that_two_rows_speak_of_is_described_by_one() -> None:
    threat = {"record": "statement", **EXAMPLES["statement"][1], "act_id": "an-act"}
    first = table.read(written(threat), MAX_BYTES).quads
    second = table.read(written({**threat, "id": "second", "act_es": "Otro"}), MAX_BYTES).quads
    back = written_back([*first, *second])
    assert back.text.count("an-act") == 2
    subjects = {str(triple.subject)[1:-1].removeprefix(DATA) for triple in back.unsaid}
    assert subjects == {"status-second", "report-second"}


def test_what_no_row_says_is_told() -> None:
    facts = table.read(written(REMARK), MAX_BYTES)
    remark = NamedNode(f"{DATA}a-remark")
    more = Quad(remark, DIP.OUTCOME, Literal("peace", language="en"))
    other = Quad(NamedNode("urn:elsewhere"), DIP.TEXT, Literal("x"))
    back = written_back([*facts.quads, more, other])
    assert [triple.object for triple in back.unsaid] == [more.object, other.object]
    assert set(table.read(back.text.encode(), MAX_BYTES).quads) == set(facts.quads)
