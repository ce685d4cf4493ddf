"""Workbooks say what text says, and no workbook takes more than its share."""

import contextlib
import io
import struct
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from kg.client.documents import document
from kg.errors import KGError, TooLarge, Unreadable
from kg.facts import submissions
from kg.facts.parsing import MAX_BYTES
from kg.formats import from_content_type, from_path
from kg.importers import table
from kg.importers.catalogue import FACTS_FORMATS, TABLE, WORKBOOK
from kg.importers.table import workbook
from kg.importers.table.table import MAX_ROWS
from tests.support.answers import seed_store
from tests.support.curated import GIFT, REMARK, STANCE, VISIT, gate, written
from tests.support.workbooks import book_of, cells_of, saved

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def replaced(data: bytes, parts: Mapping[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    """Write a workbook again with some of its parts replaced."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as old, ZipFile(buffer, "w", method) as new:
        for name in dict.fromkeys((*old.namelist(), *parts)):
            new.writestr(name, parts.get(name) or old.read(name))
    return buffer.getvalue()


PLAIN = book_of({"facts": cells_of(REMARK)})


def with_sheet(body: str) -> bytes:
    return replaced(PLAIN, {SHEET: f"<worksheet {NAMESPACE}>{body}</worksheet>".encode()})


def refusal(data: bytes) -> str:
    with pytest.raises(KGError) as refused:
        table.read_workbook(data, MAX_BYTES)
    return refused.value.detail


# It says what text says


def test_a_workbook_is_the_submission_that_the_same_rows_make_as_text() -> None:
    rows = (REMARK, VISIT, GIFT, STANCE)
    plain = submissions.parse(written(*rows), TABLE)
    other = submissions.parse(book_of({"Sheet1": cells_of(*rows)}), WORKBOOK)
    assert other.content_hash == plain.content_hash
    places = {
        name: replace(place, sheet="Sheet1", sheet_number=1) for name, place in (plain.rows or {}).items()
    }
    assert other.rows == places


def test_a_sheet_may_hold_the_rows_of_the_record_it_is_named_after() -> None:
    sheets = {
        " Statement": cells_of(REMARK, but=("record",)),
        "event": cells_of(VISIT, but=("record",)),
        "#notes": [["whatever", 1]],
        "empty": [],
    }
    plain = submissions.parse(written(REMARK, VISIT), TABLE)
    assert submissions.parse(book_of(sheets), WORKBOOK).content_hash == plain.content_hash


def test_faults_of_all_sheets_are_told_at_once_each_with_its_sheet() -> None:
    bad = ({**REMARK, "kind": "acusation"}, {**VISIT, "date": "2025-13"})
    told = refusal(book_of({"said": cells_of(bad[0]), "done": cells_of(VISIT, bad[1])}))
    assert "2 faults, the first in sheet said, line 2" in told
    assert "In sheet said, line 2, column kind, “acusation”: this is not a kind" in told
    assert "In sheet done, line 3, column date, “2025-13”" in told


@pytest.mark.parametrize(
    ("name", "expected"),
    [("statments", "the nearest is statement"), ("data", "or put # before its name")],
)
def test_a_sheet_that_tells_no_record_is_refused(name: str, expected: str) -> None:
    told = refusal(book_of({name: cells_of(REMARK, but=("record",))}))
    assert f"In sheet {name}, line 1, column record: this column is missing" in told
    assert expected in told


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (datetime(2025, 1, 26), "yyyy-mm-dd", "2025-01-26"),
        (date(2025, 1, 26), "d. mmmm yyyy", "2025-01-26"),
        (datetime(2025, 1, 1), "mmm-yy", "2025-01"),
        (datetime(2025, 1, 1), "yyyy", "2025"),
        (datetime(2025, 1, 1), '[$-en-US]mmm" Friday "yyyy', "2025-01"),
        (2025, "General", "2025"),
        (2025.0, "0", "2025"),
        ("2025-01", "@", "2025-01"),
    ],
)
def test_a_date_has_the_precision_that_its_cell_shows(
    value: object, number_format: str, expected: str
) -> None:
    book = Workbook()
    book.active.append(list(STANCE))
    book.active.append([value if name == "date" else text for name, text in STANCE.items()])
    cell = book.active.cell(2, list(STANCE).index("date") + 1)
    cell.number_format = number_format
    plain = submissions.parse(written({**STANCE, "date": expected}), TABLE)
    assert submissions.parse(saved(book), WORKBOOK).content_hash == plain.content_hash


@settings(max_examples=30)
@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿"), min_size=1
    )
)
def test_a_text_comes_out_to_the_letter(words: str) -> None:
    row = {**REMARK, "paraphrase": f"a{words}b"}
    escaped = row["paraphrase"].replace("_x", "_x005F_x")  # as spreadsheets write it
    data = book_of({"facts": cells_of({**row, "paraphrase": escaped})})
    plain = submissions.parse(written(row), TABLE)
    assert submissions.parse(data, WORKBOOK).content_hash == plain.content_hash


def test_the_format_is_found_by_suffix_and_media_type() -> None:
    assert from_path("facts.XLSX", FACTS_FORMATS) is WORKBOOK
    assert from_content_type(WORKBOOK.media_type, FACTS_FORMATS) is WORKBOOK


def test_a_file_with_the_suffix_is_read_as_a_workbook(tmp_path: Path) -> None:
    file = tmp_path / "facts.xlsx"
    file.write_bytes(book_of({"statement": cells_of({**REMARK, "kind": "acusation"})}))
    given = document(file, None, None)
    with pytest.raises(Unreadable, match="In sheet statement, line 2, column kind, “acusation”"):
        submissions.check(seed_store(), gate(), submissions.parse(given.data, given.format))


# What a cell may not hold


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=A1", "column id: this cell holds a formula"),
        ("#REF!", "column id: this cell contains a spreadsheet error"),
    ],
)
def test_a_cell_without_a_value_of_its_own_is_refused(value: str, expected: str) -> None:
    assert f"In sheet facts, line 2, {expected}" in refusal(
        book_of({"facts": cells_of({**REMARK, "id": value})})
    )


@pytest.mark.parametrize("text", ["_x0000_", "_xD800_"])
def test_characters_that_no_text_holds_are_refused(text: str) -> None:
    data = book_of({"facts": cells_of({**REMARK, "paraphrase": text})})
    assert "column paraphrase: this cell holds a character that no text may contain" in refusal(data)


def test_more_rows_than_a_table_has_are_refused_over_all_sheets() -> None:
    rows = [["record", "id"], *[["place", "x"]] * (MAX_ROWS // 2 + 1)]
    assert f"more than {MAX_ROWS:,} rows" in refusal(book_of({"a": rows, "b": rows}))


# Hostile ones


def test_an_archive_that_unpacks_to_more_than_the_limit_is_refused_before_it_is_unpacked() -> None:
    bomb = replaced(PLAIN, {"xl/theme/theme1.xml": bytes(1 << 26)})
    assert len(bomb) < 1 << 17
    with pytest.raises(TooLarge, match="when it is unpacked"):
        table.read_workbook(bomb, MAX_BYTES)


def test_a_part_that_is_larger_than_it_says_is_not_read_further() -> None:
    body = b"<row>" + b"<c/>" * 100_000
    data = bytearray(replaced(PLAIN, {SHEET: body}))
    for place in _places(data, struct.pack("<L", len(body))):
        data[place : place + 4] = struct.pack("<L", 64)
    assert "This workbook cannot be read" in refusal(bytes(data))


def _places(data: bytes | bytearray, part: bytes) -> list[int]:
    return [place for place in range(len(data)) if data[place : place + len(part)] == part]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_expanded(encoding: str) -> None:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    text = f'<!DOCTYPE w [<!ENTITY e0 "ha">{entities}]><worksheet {NAMESPACE}>&e9;</worksheet>'
    data = replaced(PLAIN, {SHEET: f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)})
    assert "This workbook cannot be read" in refusal(data)


@pytest.mark.parametrize(
    "body",
    [
        '<sheetData><row r="99999999999"><c r="A99999999999" t="str"><v>x</v></c></row></sheetData>',
        "<sheetData>" + '<row><c r="ZZZ1"/></row>' * 300 + "</sheetData>",
    ],
)
def test_cells_that_are_far_out_are_not_reached_for(body: str) -> None:
    assert "delete the empty rows and columns" in refusal(with_sheet(body))


def test_a_sheet_that_says_it_is_as_large_as_sheets_get_is_read_as_far_as_it_goes() -> None:
    sheet = ZipFile(io.BytesIO(PLAIN)).read(SHEET).decode()
    start, _, rest = sheet.partition("<dimension ref=")
    _, _, rest = rest.partition("/>")
    data = replaced(PLAIN, {SHEET: f'{start}<dimension ref="A1:XFD1048576"/>{rest}'.encode()})
    assert table.read_workbook(data, MAX_BYTES) == table.read_workbook(PLAIN, MAX_BYTES)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04...",
        PLAIN[:-30],
        PLAIN[:400],
        written(REMARK),
        replaced(PLAIN, {}, ZIP_BZIP2),
        replaced(PLAIN, {"[Content_Types].xml": b"<a/>"}),
        with_sheet('<sheetData><row><c t="s"><v>999</v></c></row></sheetData>'),
        with_sheet('<sheetData><row><c r="1A"><v>1</v></c></row></sheetData>'),
        with_sheet(f"<sheetData><row><c><v>{'9' * 5000}</v></c></row></sheetData>"),
        with_sheet('<sheetData><row><c s="77"><v>1</v></c></row></sheetData>'),
        with_sheet("<sheetData><row>"),
    ],
)
def test_what_is_no_workbook_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Unreadable, match="This workbook cannot be read; save it as XLSX"):
        table.read_workbook(data, MAX_BYTES)


def test_an_older_workbook_or_one_behind_a_password_is_told_apart() -> None:
    assert "or a password" in refusal(workbook.OLDER_BEGIN + bytes(100))


@given(st.binary(min_size=1, max_size=8), st.integers(0, len(PLAIN) - 8))
def test_a_damaged_workbook_is_read_or_refused(damage: bytes, place: int) -> None:
    data = PLAIN[:place] + damage + PLAIN[place + len(damage) :]
    with contextlib.suppress(Unreadable, TooLarge):
        assert table.read_workbook(data, MAX_BYTES).quads
