"""ICEWS .tab files: by the names of the header, with its quirks. All rows are invented."""

from pathlib import Path

import pytest

from kg.errors import Unreadable
from tests.support.event_files import imported

NAMES = (
    *(
        "Event ID",
        "Event Date",
        "Source Name",
        "Source Sectors",
        "Source Country",
        "Event Text",
        "CAMEO Code",
    ),
    *(
        "Intensity",
        "Target Name",
        "Target Sectors",
        "Target Country",
        "Story ID",
        "Sentence Number",
        "Publisher",
    ),
    *("City", "District", "Province", "Country", "Latitude", "Longitude"),
)
ROW = {
    "Event ID": "7",
    "Event Date": "2031-03-12",
    "Source Name": "Government (Colombia)",
    "Source Sectors": "Government",
    "Source Country": "Colombia",
    "Event Text": "Consult",
    "CAMEO Code": "040",
    "Intensity": "1.0",
    "Target Name": "Citizen (Namibia)",
    "Target Country": "Namibia",
    "Story ID": "55",
    "City": "Bogota",
    "Country": "Colombia",
    "Latitude": "4.6",
    "Longitude": "-74.08",
}


def table(*rows: dict[str, str], without: tuple[str, ...] = ()) -> str:
    names = [name for name in NAMES if name not in without]
    lines = ["\t".join(names), *("\t".join((ROW | row).get(name, "") for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


def test_columns_are_read_by_name_with_and_without_codes(tmp_path: Path) -> None:
    for without in ((), ("CAMEO Code",), ("Sentence Number", "Publisher")):
        found = imported(tmp_path / "a.tab", "icews", table({}, without=without))
        assert found.rows() == ["icews-7-20310312"]
        assert found.values("icews-7-20310312", "codedAs") == ["cameo-040"]
        assert found.of_party("icews-7-20310312", "codedActor", "countryCode") == ["COL"]
        assert found.of_party("icews-7-20310312", "codedPlace", "codedName") == ["Bogota, Colombia"]
        assert found.counts.notes["codes recovered from the text"] == ("CAMEO Code" in without)


@pytest.mark.parametrize(
    ("code", "text", "concept"),
    [
        ("13y", "Threaten with repression", "cameo-137"),
        ("04", "Consult", "cameo-040"),
        ("NULL", "Make a visit", "cameo-042"),
        ("010", "Make statement", "cameo-010"),
        ("1213", "Reject judicial cooperation", "cameo-1213"),
    ],
)
def test_a_bad_or_missing_code_is_recovered_from_the_text(
    tmp_path: Path, code: str, text: str, concept: str
) -> None:
    found = imported(tmp_path / "a.tab", "icews", table({"CAMEO Code": code, "Event Text": text}))
    assert found.values("icews-7-20310312", "codedAs") == [concept]


@pytest.mark.parametrize(("written", "day"), [("3/1/2014", "20140301"), ("12/31/2014", "20141231")])
def test_dates_of_one_release_begin_with_the_month(tmp_path: Path, written: str, day: str) -> None:
    assert imported(tmp_path / "a.tab", "icews", table({"Event Date": written})).rows() == [f"icews-7-{day}"]


def test_the_29th_of_february_2014_is_in_quarantine(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.tab", "icews", table({}, {"Event Date": "2014-02-29"}))
    assert found.quarantine == [(3, "'2014-02-29' is not a valid date in the form 2014-03-01 or 3/1/2014")]


def test_an_id_that_repeats_on_another_day_is_another_row(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.tab", "icews", table({}, {"Event Date": "2031-03-13"}))
    assert found.rows() == ["icews-7-20310312", "icews-7-20310313"]


def test_whole_row_duplicates_count_once(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.tab", "icews", table({}, {}))
    assert (found.counts.taken, found.counts.refused.total(), found.counts.rows) == (1, 1, 2)


def test_na_and_null_are_missing_values_and_namibia_is_a_country(tmp_path: Path) -> None:
    row = {"City": "NA", "Source Name": "NULL", "Latitude": "NA", "Longitude": "NULL", "Country": "Namibia"}
    found = imported(tmp_path / "a.tab", "icews", table(row))
    assert found.values("icews-7-20310312", "codedActor") == []
    assert found.of_party("icews-7-20310312", "codedTarget", "countryCode") == ["NAM"]
    assert found.of_party("icews-7-20310312", "codedPlace", "codedName") == ["Namibia"]


def test_quoted_values_nested_brackets_and_odd_encodings_are_read(tmp_path: Path) -> None:
    row = {"Source Name": '"Holy See (Vatican City State)"', "Target Name": "Bogotá (Colombia)"}
    found = imported(tmp_path / "a.tab", "icews", table(row).encode("cp1252"))
    assert found.of_party("icews-7-20310312", "codedActor", "codedName") == ["Holy See (Vatican City State)"]
    assert found.of_party("icews-7-20310312", "codedTarget", "codedName") == ["Bogotá (Colombia)"]


def test_a_visit_coded_both_ways_on_one_day_is_one_occurrence(tmp_path: Path) -> None:
    back = {"Source Name": "Citizen (Namibia)", "Source Country": "Namibia"}
    back |= {"Target Name": "Government (Colombia)", "Target Country": "Colombia", "Event ID": "8"}
    visit = {"CAMEO Code": "042", "Event Text": "Make a visit"}
    host = {"CAMEO Code": "043", "Event Text": "Host a visit"}
    found = imported(tmp_path / "a.tab", "icews", table(visit, back | host))
    assert found.values("icews-7-20310312", "rowId") == ["7", "8"]
    assert found.counts.folded == 1


def test_a_role_group_of_a_state_counts_for_it_and_its_citizens_do_not(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.tab", "icews", table({}))
    [actor] = found.values("icews-7-20310312", "codedActor")
    [target] = found.values("icews-7-20310312", "codedTarget")
    run = found.file.key[:16]
    assert found.values(f"resolution-{run}-{actor}-colombia", "resolvesTo") == ["colombia"]
    assert not [
        quad for quad in found.quads if str(quad.object).endswith(f"/{target}>") and "assesses" in str(quad)
    ]


def test_a_header_that_lacks_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no column 'Story ID'"):
        imported(tmp_path / "a.tab", "icews", table({}, without=("Story ID",)))
