"""Every fault of the curators' table is told at once, by line, column and value, and what to do about it."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ontology
from kg.changes import Provenance
from kg.errors import BadInput, TooLarge, Unreadable
from kg.facts import submissions
from kg.facts.parsing import MAX_BYTES
from kg.importers import table
from kg.importers.catalogue import TABLE
from kg.importers.table import table as tables
from kg.importers.table.faults import MOST_TOLD
from kg.importers.table.records import RECORDS
from tests.support.answers import seed_store
from tests.support.curated import GIFT, GROUNDS, REMARK, STANCE, VISIT, gate, written
from tests.support.stores import open_store


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        table.read(data, MAX_BYTES)
    return refused.value.detail


ENVOY = {
    "record": "actor",
    "label": "An envoy",
    "class": "Person",
    "speaks_for": "mexico",
    **GROUNDS,
}

# Faults of a cell or a row


FAULTS: dict[str, tuple[dict[str, str], str]] = {
    "no record": ({**REMARK, "record": " "}, "column record: say what this row is: source, actor"),
    "unknown record": (
        {**REMARK, "record": "statment"},
        "column record, “statment”: there is no such record; the nearest is statement",
    ),
    "unknown kind": (
        {**REMARK, "kind": "acusation"},
        "column kind, “acusation”: this is not a kind of the list statement-kinds; the nearest is accusation",
    ),
    "kind of another list": (
        {**REMARK, "kind": "gift"},
        "column kind, “gift”: this is not a kind of the list statement-kinds; choose from account-of-events",
    ),
    "unknown topic": (
        {**REMARK, "topics": "migration; tarde"},
        "column topics, “tarde”: this is not a kind of the list topics; the nearest is trade",
    ),
    "unknown hedge": (
        {**REMARK, "hedge": "reportedy"},
        "column hedge, “reportedy”: this is not a kind of the list hedges; the nearest is reportedly",
    ),
    "unknown basis": (
        {**REMARK, "basis": "own voice"},
        "column basis, “own voice”: this is not a kind of the list report-bases; the nearest is own-voice",
    ),
    "ties without their ground": (
        {**ENVOY, "hedge": ""},
        "column hedge: this is required, because the cell speaks_for is filled",
    ),
    "ties of two sources": (
        {**ENVOY, "source": "page-qqami; page-ijr"},
        "column source, “page-qqami”: only one source can support the ties; name the others in rows of",
    ),
    "unknown medium": (
        {**REMARK, "medium": "tweet"},
        "column medium, “tweet”: this is not a kind of the list media",
    ),
    "unknown class": (
        {**VISIT, "class": "Meting"},
        "column class, “Meting”: this is not a class of event; the nearest is Meeting",
    ),
    "class of an actor": (
        {"record": "actor", "label": "X", "class": "Actor", "source": "page-qqami"},
        "column class, “Actor”: this is not a class of actor",
    ),
    "no speaker": ({**REMARK, "speaker": ""}, "column speaker: this is required: who said or issued it"),
    "a separator alone": (
        {**REMARK, "speaker": " ; "},
        "column speaker: this is required: who said or issued it",
    ),
    "no source": ({**REMARK, "source": ""}, "column source: this is required: where it was found"),
    "no hedge": ({**REMARK, "hedge": ""}, "column hedge: this is required"),
    "no basis": ({**REMARK, "basis": ""}, "column basis: this is required"),
    "no words": (
        {**REMARK, "paraphrase": ""},
        "column quote: one of the cells quote, paraphrase is required, because this is of Statement",
    ),
    "neither id nor label": ({**REMARK, "id": ""}, "column label: this is required if there is no id"),
    "an event without label": ({**VISIT, "label": ""}, "column label: this is required"),
    "a name for a slug": (
        {**REMARK, "speaker": "Gustavo Petro"},
        "column speaker, “Gustavo Petro”: this is not a slug; write the slug of the intended thing, for "
        "instance gustavo-petro",
    ),
    "signs alone for a slug": (
        {**REMARK, "speaker": "???"},
        "column speaker, “???”: this is not a slug; write the slug of the intended thing.",
    ),
    "a kind for a thing": (
        {**REMARK, "about": "dipk:praise"},
        "column about, “dipk:praise”: praise is a term of the ontology or its lists, not a thing",
    ),
    "a term for a thing": (
        {**REMARK, "about": "dip:Event"},
        "column about, “dip:Event”: Event is a term of the ontology or its lists",
    ),
    "two sources": (
        {**REMARK, "source": "page-qqami; page-ijr"},
        "column source, “page-qqami; page-ijr”: this column takes one value; put the others into rows",
    ),
    "an id with capitals": (
        {**REMARK, "id": "My Remark"},
        "column id, “My Remark”: an id is made of lower-case letters, digits and hyphens,"
        " for instance my-remark",
    ),
    "an id elsewhere": (
        {**REMARK, "id": "https://example.org/x"},
        "column id, “https://example.org/x”: an id is made of",
    ),
    "a column of another record": (
        {**REMARK, "giver": "donald-trump"},
        "column giver, “donald-trump”: a row of statement has no such column;"
        " leave the cell empty, or make the row one of gesture",
    ),
    "a written date": (
        {**REMARK, "date": "26 January 2025"},
        "column date, “26 January 2025”: this is not a date; write 2025, 2025-01 or 2025-01-26,"
        " or leave it empty and keep the words in date_as_written",
    ),
    "a date the other way round": (
        {**REMARK, "date": "26/01/2025"},
        "column date, “26/01/2025”: a spreadsheet has reformatted this date; write 2025-01-26",
    ),
    "a date that may be two": (
        {**REMARK, "date": "3/4/2025"},
        "column date, “3/4/2025”: a spreadsheet has reformatted this date; write 2025-04-03 or 2025-03-04",
    ),
    "a day as a spreadsheet counts it": (
        {**REMARK, "earliest": "45683"},
        "column earliest, “45683”: a spreadsheet has reformatted this date; write 2025-01-26",
    ),
    "a day that is none": (
        {**REMARK, "date": "2025-02-29"},
        "column date, “2025-02-29”: this date does not exist",
    ),
    "a month that is none": (
        {**REMARK, "date": "2025-13"},
        "column date, “2025-13”: this date does not exist",
    ),
    "the year nought": ({**REMARK, "date": "0000"}, "column date, “0000”: this date does not exist"),
    "a bound that is no day": (
        {**REMARK, "date_as_written": "x", "earliest": "2025-01"},
        "column earliest, “2025-01”: this is not a date; write 2025-01-26.",
    ),
    "bounds turned round": (
        {
            **REMARK,
            "date_as_written": "x",
            "date_basis": "stated",
            "earliest": "2025-02-01",
            "latest": "2025-01-01",
        },
        "column earliest, “2025-02-01”: this day is later than 2025-01-01",
    ),
    "a bound without words": (
        {**REMARK, "latest": "2025-01-01", "date_basis": "stated"},
        "column date_as_written: this is required: the words of the source",
    ),
    "a bound without basis": (
        {**REMARK, "date_as_written": "x", "latest": "2025-01-01"},
        "column date_basis: say how the date is known",
    ),
    "a date that is not given": (
        {**REMARK, "date": "2025", "date_basis": "not-given"},
        "column date_basis, “not-given”: say how the date is known",
    ),
    "an inference without a note": (
        {**REMARK, "date": "2025", "date_as_written": "x", "date_basis": "inferred"},
        "column inference_note: this is required: say how the date was inferred",
    ),
    "an inference without words": (
        {**REMARK, "date": "2025", "inference_note": "x", "date_basis": "inferred"},
        "column date_as_written: this is required: give the source's own words for an inferred date",
    ),
    "a span and a date": ({**REMARK, "date": "2025", "time": "time-2025-09"}, "column time"),
    "a language that is none": (
        {**REMARK, "language": "in Spanish"},
        "column language, “in Spanish”: this is not a language tag; write es, en",
    ),
    "an offset that is no number": (
        {**REMARK, "passage": "x", "passage_start": "-1"},
        "column passage_start, “-1”: this is not a whole number",
    ),
    "an offset without a passage": (
        {**REMARK, "passage_start": "3"},
        "column passage: one of the cells passage, quote is required, because the cell passage_start is"
        " filled",
    ),
    "an offset beside a passage that is described": (
        {**REMARK, "passage": "dipid:passage-s5", "passage_start": "3"},
        "column passage_start, “3”: leave this empty, because the passage already exists",
    ),
    "an IRI that is none": (
        {**REMARK, "about": "http://["},
        "column about, “http://[”: this is not a slug;",
    ),
    "a prefix alone": ({**REMARK, "about": "dipid:"}, "column about, “dipid:”: the slug is missing"),
    "half a language": (
        {**REMARK, "language": "en-a"},
        "column language, “en-a”: this is not a language tag",
    ),
    "an address that is none": (
        {"record": "source", "label": "X", "kind": "web-page", "publisher": "reuters", "url": "example.org"},
        "column url, “example.org”: this is not a web address",
    ),
    "a hash that is none": (
        {"record": "source", "label": "X", "kind": "web-page", "publisher": "reuters", "text_hash": "abc"},
        "column text_hash, “abc”: this is not a SHA-256",
    ),
    "a claimant without a claim": (
        {**REMARK, "alleged_actor": "colombia"},
        "column claim: this is required, because the cell alleged_actor is filled",
    ),
    "an act without a kind": (
        {**REMARK, "kind": "threat", "act": "A tariff"},
        "column act_kind: this is required, because the cell act is filled",
    ),
    "a threat of nothing": (
        {**REMARK, "kind": "threat"},
        "column act: one of the cells act, holds_out is required, because this is of threat",
    ),
    "a disclaimer of nothing": (
        {**REMARK, "kind": "disclaimer"},
        "column disclaims: this is required, because this is of disclaimer",
    ),
    "a refusal of nothing": (
        {**VISIT, "kind": "refusal"},
        "column act: one of the cells act, refuses is required, because this is of Refusal",
    ),
    "a visit to nobody": ({**VISIT, "host": ""}, "column host: this is required, because this is of Visit"),
    "a measure against nobody": (
        {**VISIT, "kind": "tariff"},
        "column target: this is required, because this is of TradeMeasure",
    ),
    "a meeting of nobody": (
        {**VISIT, "kind": "summit-meeting"},
        "column participants: this is required, because this is of Meeting",
    ),
    "an event by nobody": (
        {**VISIT, "kind": "dispute", "performer": ""},
        "column performer: one of the cells performer, participants is required, because this is of Event",
    ),
    "a flight to nowhere": ({**VISIT, "kind": "deportation-flight"}, "column bound_for: this is required"),
    "a gift without a giver": (
        {**GIFT, "giver": ""},
        "column giver: this is required, because this is of gift",
    ),
    "a gift of nothing": (
        {**GIFT, "object": ""},
        "column object: one of the cells object, object_label is required, because this is of gift",
    ),
    "an alteration without words": (
        {**GIFT, "kind": "alteration-of-inscription", "performer": "colombia", "inscription_before": "x"},
        "column inscription_after: this is required",
    ),
    "a meaning by nobody": (
        {**GIFT, "meaning": "peace", "meaning_hedge": "plain", "meaning_basis": "attributed"},
        "column interpreter: this is required, because the cell meaning is filled",
    ),
    "a reader without a meaning": (
        {**GIFT, "interpreter": "reuters"},
        "column meaning: this is required, because the cell interpreter is filled",
    ),
    "a stance at no time": (
        {**STANCE, "date": ""},
        "column date: one of the cells date, date_as_written, earliest, latest, time is required,"
        " because this is of Stance",
    ),
    "an unknown position": (
        {**STANCE, "position": "alined"},
        "column position, “alined”: this is not a kind of the list stance-positions; the nearest is aligned",
    ),
    "a stance toward an unknown policy": (
        {**STANCE, "toward": "dipk:tarde"},
        "column toward, “dipk:tarde”: this is not a kind of the list topics; the nearest is trade",
    ),
    "a government of nothing": (
        {"record": "actor", "label": "X", "class": "Government", "source": "page-qqami"},
        "column governs: this is required, because this is of Government",
    ),
    "a row that adds nothing": (
        {"record": "actor", "id": "x", "adds_to": "colombia"},
        "column adds_to, “colombia”: fill in what the row adds to this record",
    ),
    "an addition without grounds": (
        {"record": "statement", "adds_to": "statement-s4", "denies": "claim-s3-refusal"},
        "column hedge: this is required",
    ),
    "an addition to what is never added to": (
        {"record": "claim", "adds_to": "claim-s3-refusal", "topics": "trade"},
        "column adds_to, “claim-s3-refusal”: a row of claim has no such column",
    ),
    "an act averted by nothing": (
        {"record": "status", "id": "x", "of": "threatened-tariffs", "status": "averted", **GROUNDS},
        "column settled_by: this is required, because this is of averted",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_row_is_told_with_line_column_and_value(name: str) -> None:
    row, expected = FAULTS[name]
    assert f"In line 2, {expected}" in refusal(written(row))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_a_row_is_told_in_spanish_and_without_the_words_of_rdf(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        table.read(written(FAULTS[name][0]), MAX_BYTES)
    english, spanish = refused.value.detail, refused.value.in_language("es")
    told = re.compile(r"(\d+ faltas, la primera en la|En la) línea 2")
    assert all(told.match(line) for line in spanish.splitlines())
    pairs = zip(english.splitlines(), spanish.splitlines(), strict=True)
    assert all(one.split(": ", 1)[-1] != other.split(": ", 1)[-1] for one, other in pairs)
    for language in (english, spanish):
        said = re.sub("“[^”]*”", "", language)
        assert not re.search(r"\b(IRI|RDF|SHACL|triples?|tripletas?|(dip|dipk|xsd|skos):)", said)


def test_a_column_and_value_of_a_fault_are_members_of_the_problem() -> None:
    with pytest.raises(Unreadable) as refused:
        table.read(written({**REMARK, "kind": "acusation"}), MAX_BYTES)
    problem = refused.value.to_problem()
    assert (problem["status"], problem["line"]) == (400, 2)
    sentence = {language: refused.value.in_language(language) for language in ("en", "es")}
    assert problem["faults"] == [{"line": 2, "column": "kind", "value": "acusation", "sentence": sentence}]


def test_all_faults_are_told_at_once_in_the_order_of_the_table() -> None:
    data = written(
        {**REMARK, "kind": "remarc", "hedge": ""},
        {**REMARK, "id": "another"},
        {**VISIT, "kind": "vist", "date": "soon"},
    )
    lines = refusal(data).split("\n")
    assert lines[0] == "4 faults, the first in line 2; nothing was stored."
    assert [line.split(":")[0] for line in lines[1:]] == [
        "In line 2, column hedge",
        "In line 2, column kind, “remarc”",
        "In line 4, column date, “soon”",
        "In line 4, column kind, “vist”",
    ]


def test_very_many_faults_are_counted() -> None:
    rows = [{**REMARK, "id": f"r-{number}", "kind": "x"} for number in range(MOST_TOLD + 5)]
    assert refusal(written(*rows)).endswith("\n5 more faults follow.")


def test_lines_count_the_line_breaks_within_cells() -> None:
    first = {**REMARK, "paraphrase": "one\ntwo\r\nthree"}
    assert refusal(written(first, {**REMARK, "id": "b", "kind": "x"})).startswith("In line 5, column kind")


@pytest.mark.parametrize(
    ("second", "named"),
    [
        (REMARK, "column id, “a-remark”: line 2 describes this already"),
        ({**VISIT, "id": "report-a-remark"}, "column id, “report-a-remark”: line 2 describes this already"),
        (
            {**REMARK, "id": "b", "kind": "threat", "act": "X", "act_kind": "tariff", "act_id": "a-remark"},
            "column act_id, “a-remark”: line 2 describes this already",
        ),
    ],
)
def test_two_rows_that_describe_one_thing_are_refused(second: dict[str, str], named: str) -> None:
    assert f"In line 3, {named}; give it an id of its own" in refusal(written(REMARK, second))


def test_two_gestures_may_be_made_with_one_object() -> None:
    gift = {**GIFT, "object": "lamp", "object_label": "A lamp", "inscription": "One sea"}
    assert table.read(written(gift, {**gift, "label": "A gift returned"}), MAX_BYTES).quads


# Faults of the table


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "The table is empty; its first line names the columns"),
        (b"\n\n", "The table is empty"),
        (b"\xef\xbb\xbf", "The table is empty"),
        (b"record,id\n", "The table has no rows of facts below its header"),
        (b"record,id\n# a remark,\n,\n", "The table has no rows of facts"),
        (b"id,label\nx,y\n", "In line 1, column record: this column is missing"),
        (
            b"record,speeker\nstatement,x\n",
            "In line 1, column speeker: there is no such column; the nearest is speaker",
        ),
        (b"record,zzz\nstatement,x\n", "In line 1, column zzz: there is no such column; kg template prints"),
        (b"record,id,id\nstatement,x,y\n", "In line 1, column id: this column occurs twice in the header"),
        (b"record,\nstatement,x\n", "In line 1: column number 2 holds values and has no name"),
        (b"record,id,label\nstatement,x\n", "In line 2: this row has 2 cells and the header 3"),
        (b"record,id\nstatement,x,a, b\n", "In line 2: this row has 4 cells and the header 2"),
        (b'record,id\nstatement,"x\n', "In line 2: an opening quotation mark is not closed"),
        (b'record,id\nstatement,"x"y\n', "In line 2: after a closing quotation mark the cell must end"),
        (b"record,id\nstatement,x\0\n", "Line 2 contains a NUL byte"),
        (
            "record,id\nstatement,é\n".encode("latin-1"),
            "In line 2: this is not UTF-8; save it as CSV in UTF-8",
        ),
        ("record,id\n".encode("utf-16"), "This text is in UTF-16; save the table as CSV in UTF-8"),
        (b"PK\x03\x04...", "This is a spreadsheet file; send it as XLSX (.xlsx), or save it as CSV in UTF-8"),
        (
            b"record,label\nstatement," + b"x" * 140_000 + b"\n",
            "In line 2: a cell is longer than 131,072 characters",
        ),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_a_sentence(data: bytes, expected: str) -> None:
    assert expected in refusal(data)


def test_columns_without_name_and_values_are_passed_over() -> None:
    data = written(REMARK).replace(b"\r\n", b",\r\n")
    assert table.read(data, MAX_BYTES) == table.read(written(REMARK), MAX_BYTES)


def test_a_table_that_is_too_large_is_refused() -> None:
    with pytest.raises(TooLarge, match="the limit is 100 at once; split it"):
        submissions.parse(written(REMARK), TABLE, limit=100)


def test_a_table_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    with pytest.raises(TooLarge, match="more than 2 rows"):
        table.read(written(REMARK, VISIT, GIFT), MAX_BYTES)


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        table.read(b"record,id\n" + data, MAX_BYTES)


CELLS = st.sampled_from(
    [
        *(
            "",
            "x",
            "a;b",
            "dipid:x",
            "dipid:",
            "dipk:trade",
            "dip:Event",
            "<",
            "https://x/%zz",
            "http://[",
            "urn:",
        ),
        *(
            "2025",
            "2025-02-30",
            "-1",
            "7",
            "999999999999",
            "gift",
            "threat",
            "en-a",
            "es",
            "Ünï",
            "#",
            "\n",
            "=1",
        ),
        *("attributed", "plain", "stated", "inferred", "tariff", "averted", "State", "Meeting", "a" * 64),
    ]
)


@pytest.mark.parametrize("record", RECORDS)
@given(data=st.data())
def test_a_table_is_taken_or_refused_whatever_its_cells_hold(record: str, data: st.DataObject) -> None:
    columns = [column.name for column in RECORDS[record].columns]
    row = {"record": record, **{column: data.draw(CELLS) for column in columns}}
    with contextlib.suppress(Unreadable):
        assert table.read(written(row), MAX_BYTES).quads


# Faults of the table and what the gate finds


LONE = {**VISIT, "id": "lone", "kind": "summit-meeting", "participants": "mexico", "host": ""}
FOUND = "column participants: A meeting needs at least two"


def judged(*rows: dict[str, str]) -> str:
    submission = submissions.parse(written(*rows), TABLE)
    with pytest.raises(Unreadable) as refused:
        submissions.check(seed_store(), gate(), submission)
    return refused.value.detail


def test_faults_of_the_table_and_of_the_gate_are_told_together_in_the_order_of_the_lines() -> None:
    told = judged({**REMARK, "kind": "acusation"}, LONE, {**GIFT, "date": "2025-13"}).splitlines()
    assert told[0] == "3 faults, the first in line 2; nothing was stored."
    assert told[1].startswith("In line 2, column kind, “acusation”: ")
    assert told[2].startswith(f"In line 3, {FOUND}")
    assert told[3].startswith("In line 4, column date, “2025-13”: ")
    assert len(told) == 4


def test_a_misspelt_column_is_told_and_its_cells_are_read_as_of_the_nearest() -> None:
    data = written({**LONE, "id": "a-lone"}, {**REMARK, "kind": "remarc"}).replace(b'"hedge"', b'"hegde"')
    with pytest.raises(Unreadable) as refused:
        submissions.check(seed_store(), gate(), submissions.parse(data, TABLE))
    told = refused.value.detail.splitlines()
    assert told[1] == "In line 1, column hegde: there is no such column; the nearest is hedge."
    assert told[2].startswith(f"In line 2, {FOUND}")
    assert [line.split(":")[0] for line in told[3:]] == ["In line 3, column kind, “remarc”"]


def test_what_the_gate_finds_beside_faults_of_the_table_is_told_in_spanish_too() -> None:
    submission = submissions.parse(written({**REMARK, "kind": "acusation"}, LONE), TABLE)
    with pytest.raises(Unreadable) as refused:
        submissions.check(seed_store(), gate(), submission)
    told = refused.value.in_language("es").splitlines()
    assert told[0] == "2 faltas, la primera en la línea 2; no se aceptó nada."
    assert told[2].startswith("En la línea 3, columna participants: Una reunión requiere")


def places(told: str) -> list[str]:
    return [line.split(":")[0] for line in told.splitlines()[1:]]


def test_rows_that_name_a_faulty_row_are_judged_without_findings_that_follow_from_it() -> None:
    page = {"record": "source", "id": "a-page", "label": "[A page]", "kind": "web-pgae"}
    found = {**REMARK, "source": "a-page", "topics": "trade", "medium": "speech", "responds_to": "nowhere"}
    reply = {**REMARK, "id": "a-reply", "responds_to": "a-remark", "label": "The kidnapping"}
    told = judged({**page, "publisher": "presence-news"}, found, reply, LONE)
    assert places(told) == [
        "In line 2, column kind, “web-pgae”",
        "In line 3, column responds_to, “nowhere”",
        "In line 4, column label, “The kidnapping”",
        "In line 5, column participants",
    ]


def test_rows_that_only_a_faulty_row_names_are_judged_without_findings_that_follow_from_it() -> None:
    claim = {"record": "claim", "id": "a-claim", "claim": "it rained", "claim_by": "nobody-known"}
    said = {**REMARK, "kind": "remarc", "advances": "a-claim"}
    assert places(judged(said, claim)) == [
        "In line 2, column kind, “remarc”",
        "In line 3, column claim_by, “nobody-known”",
    ]


def test_what_rests_on_a_faulty_report_is_not_called_unfounded() -> None:
    visit = {name: cell for name, cell in VISIT.items() if name not in GROUNDS}
    report = {"record": "report", "id": "a-report", "reports": "a-visit", **GROUNDS, "basis": "own-vioce"}
    account = {**REMARK, "id": "a-reply", "responds_to": "a-visit"}
    assert places(judged({**visit, "id": "a-visit"}, report, account)) == []
    assert "“own-vioce”" in judged({**visit, "id": "a-visit"}, report, account)


def test_cells_of_a_faulty_row_are_judged_but_for_those_at_fault() -> None:
    bad = {**REMARK, "kind": "remarc", "speaker": "nobody-known", "label": "The kidnapping"}
    assert places(judged(bad)) == [
        "In line 2, column kind, “remarc”",
        "In line 2, column label, “The kidnapping”",
        "In line 2, column speaker, “nobody-known”",
    ]


def test_a_speaker_that_cannot_be_read_is_missed_nowhere_else() -> None:
    bad = {**REMARK, "speaker": "No slug at all", "claim": "it rained", "act": "A tariff", "kind": "demand"}
    bad |= {"act_kind": "tariff"}
    assert places(judged({**bad, "addressee": "mexico"})) == []


@pytest.mark.parametrize("bad", [{**REMARK, "id": "Not a slug"}, {**REMARK, "record": "statment"}])
def test_of_other_rows_only_what_is_certain_is_told_where_it_is_not_known_what_a_faulty_row_describes(
    bad: dict[str, str],
) -> None:
    reply = {**REMARK, "id": "a-reply", "responds_to": "a-remark", "label": "The kidnapping"}
    unfounded = {**VISIT, "basis": "attributed"}
    assert places(judged(bad, reply, unfounded))[1:] == ["In line 3, column label, “The kidnapping”"]


def test_the_second_of_two_rows_that_describe_one_thing_is_told_with_what_the_gate_finds() -> None:
    again = {**REMARK, "kind": "praise"}
    assert places(judged(REMARK, again, LONE)) == [
        "In line 3, column id, “a-remark”",
        "In line 4, column participants",
    ]


def test_a_faulty_table_is_never_added_though_its_other_rows_are_sound(
    tmp_path: Path,
) -> None:
    submission = submissions.parse(written({**REMARK, "kind": "acusation"}, VISIT), TABLE)
    with open_store(tmp_path, ontology.load()) as store:
        before = store.newest
        with pytest.raises(Unreadable, match="column kind, “acusation”"):
            submissions.add(store, gate(), submission, Provenance("Ana"))
        assert store.newest == before
