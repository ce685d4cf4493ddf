"""POLECAT files: both headers, and the quirks of releases. All rows are invented."""

from pathlib import Path

import pytest

from tests.support.event_files import imported

NAMES = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *("Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title"),
    *("Actor Name Raw", "Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW"),
    *("Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw"),
    *(
        "Wikipedia Recipient ID",
        "Placename",
        "City",
        "District",
        "Province",
        "Country",
        "Latitude",
        "Longitude",
    ),
    *("GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date", "Story People"),
    *("Story Organizations", "Story Locations", "Language", "Version"),
)
ROW = dict.fromkeys(NAMES, "None") | {
    "Event ID": "S1_CONSULT_1",
    "Event Date": "2031-03-12",
    "Event Type": "CONSULT",
    "Event Mode": "visit",
    "Intensity": "2.0",
    "Contexts": "economic; diplomatic",
    "Actor Name": "Colombia",
    "Actor Country": "COL",
    "Recipient Name": "Namibia",
    "Recipient Country": "Namibia",
    "Placename": "Windhoek",
    "Country": "NAM",
    "Language": "es",
    "Version": "1",
}


def table(*rows: dict[str, str], names: tuple[str, ...] = NAMES, end: str = "") -> str:
    lines = ["\t".join(names), *("\t".join((ROW | row)[name] for name in NAMES) + end for row in rows)]
    return "\n".join(lines) + "\n"


def test_type_and_mode_are_the_code_and_contexts_stand_beside_it(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.txt", "polecat", table({}))
    [row] = found.rows()
    assert found.values(row, "codedAs") == ["plover-consult-visit"]
    assert found.values(row, "codedContext") == ["plover-context-diplomatic", "plover-context-economic"]
    assert found.of_party(row, "codedActor", "countryCode") == ["COL"]
    assert found.of_party(row, "codedTarget", "countryCode") == ["NAM"]
    assert found.of_party(row, "codedPlace", "countryCode") == ["NAM"]
    assert found.of_party(row, "codedIn", "usesScheme") == ["plover"]


def test_the_header_since_2023_names_the_intensity_otherwise(tmp_path: Path) -> None:
    names = tuple("Event Intensity" if name == "Intensity" else name for name in NAMES)
    found = imported(tmp_path / "a.txt", "polecat", table({}, names=names))
    assert found.values(found.rows()[0], "intensity") == ["2"]


@pytest.mark.parametrize("end", ["", "\t\t\t", "\r"])
def test_names_without_data_and_tabs_at_the_end_shift_nothing(tmp_path: Path, end: str) -> None:
    names = (NAMES[0], "Headline", *NAMES[1:7], "Event Text", "Feed", "Story ID", *NAMES[7:])
    found = imported(tmp_path / "a.txt", "polecat", table({}, names=names, end=end))
    [row] = found.rows()
    assert found.of_party(row, "codedActor", "codedName") == ["Colombia"]
    assert found.values(row, "intensity") == ["2"]


def test_none_is_missing_in_lists_and_several_actors_are_several(tmp_path: Path) -> None:
    row = {
        "Actor Name": "Colombia; None; Ana Ferro",
        "Actor Country": "COL; None; None",
        "Recipient Name": "None",
    }
    found = imported(tmp_path / "a.txt", "polecat", table(row))
    [name] = found.rows()
    assert found.of_party(name, "codedActor", "codedName") == ["Ana Ferro", "Colombia"]
    assert found.of_party(name, "codedActor", "countryCode") == ["COL"]
    assert found.values(name, "codedTarget") == []


def test_quotes_and_odd_encodings_are_text(tmp_path: Path) -> None:
    row = {"Actor Name": "Côte d'Ivoire \"the coast", "Actor Country": "CIV"}
    found = imported(tmp_path / "a.txt", "polecat", table(row, {"Event ID": "S2"}).encode("cp1252"))
    assert found.counts.taken == 2
    names = {
        name for row_name in found.rows() for name in found.of_party(row_name, "codedActor", "codedName")
    }
    assert names == {"Côte d'Ivoire \"the coast", "Colombia"}


def test_an_unknown_mode_or_context_is_counted_and_an_unknown_type_is_refused(tmp_path: Path) -> None:
    rows = {"Event Mode": "teleport", "Contexts": "weather"}, {"Event ID": "S2", "Event Type": "DOCUMENT"}
    found = imported(tmp_path / "a.txt", "polecat", table(*rows))
    assert found.values(found.rows()[0], "codedAs") == ["plover-consult"]
    assert sorted(found.counts.notes.values()) == [1, 1]
    assert found.quarantine == [(3, "'DOCUMENT' is not a PLOVER event type")]


def test_a_row_with_too_few_or_too_many_columns_is_in_quarantine(tmp_path: Path) -> None:
    text = table({}) + "S2\t2031-03-12\n" + table({"Event ID": "S3"}, end="\tmore").split("\n", 1)[1]
    found = imported(tmp_path / "a.txt", "polecat", text)
    assert [line for line, _ in found.quarantine] == [3, 4]
