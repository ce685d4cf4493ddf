"""ACLED CSV exports, with their quirks. All rows are invented."""

import csv
import io
from pathlib import Path

import pytest

from kg.errors import Unreadable
from tests.support.event_files import imported

NAMES = (
    *("event_id_cnty", "event_date", "year", "event_type", "sub_event_type", "actor1", "actor2", "country"),
    *("location", "latitude", "longitude", "source", "notes", "timestamp"),
)
ROW = {
    "event_id_cnty": "NAM7",
    "event_date": "30 June 2031",
    "event_type": "Protests",
    "sub_event_type": "Peaceful protest",
    "actor1": "Protesters (Namibia)",
    "actor2": "Police Forces of Namibia (2030-)",
    "country": "Namibia",
    "location": "Windhoek",
    "latitude": "-22.5",
    "longitude": "17.1",
    "notes": 'They said, "no",\nand went [size=no report]',
}


def table(*rows: dict[str, str], names: tuple[str, ...] = NAMES) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([(ROW | row).get(name, "") for name in names] for row in rows)
    return "\ufeff" + text.getvalue()


def test_rows_with_line_breaks_and_a_byte_order_mark_are_read_in_both_forms_of_date(tmp_path: Path) -> None:
    found = imported(
        tmp_path / "a.csv", "acled", table({}, {"event_id_cnty": "NAM8", "event_date": "2031-06-30"})
    )
    assert found.counts.taken == 2
    for row in found.rows():
        assert found.values(row, "codedAs") == ["acled-protests-peaceful-protest"]
        assert found.values(row, "occursAt") == ["coded-day-2031-06-30"]
        assert found.of_party(row, "codedPlace", "codedName") == ["Windhoek, Namibia"]
        assert found.of_party(row, "codedTarget", "countryCode") == ["NAM"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"event_date": "31 June 2031"}, "'31 June 2031' is not a valid date"),
        ({"event_type": "Weather", "sub_event_type": "Rain"}, "'Rain' is not an ACLED event type"),
        ({"event_id_cnty": ""}, "the row has no event id"),
        ({"actor1": "", "actor2": ""}, "the row names no actor"),
    ],
)
def test_a_row_that_is_not_taken_is_in_quarantine(tmp_path: Path, given: dict[str, str], reason: str) -> None:
    found = imported(tmp_path / "a.csv", "acled", table({"event_id_cnty": "NAM9"}, given))
    [(line, said)] = found.quarantine
    assert (line, reason in said) == (5, True)


def test_a_header_that_lacks_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no column 'actor2'"):
        imported(
            tmp_path / "a.csv", "acled", table({}, names=tuple(name for name in NAMES if name != "actor2"))
        )
