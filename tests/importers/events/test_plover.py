"""PLOVER records in JSON, in lines and in an array, with the names of both versions. All are invented."""

import json
from pathlib import Path
from typing import Any

import pytest

from kg.errors import Unreadable
from tests.support.event_files import imported

RECORD: dict[str, Any] = {
    "id": "R1",
    "date": "2031-03-12",
    "actor": [{"code": "COLGOV", "entity_text": "Colombia", "sector": ["GOV"]}],
    "recipient": [{"code": "NAM"}],
    "event": ["CONSULT"],
    "mode": ["visit"],
    "context": ["economic"],
    "event_scale": 2.5,
    "event_loc": {"resolved_place": "Windhoek", "country_code": "NA", "lat": -22.5, "lon": 17.1},
    "link": "https://example.org/1",
}
OLD: dict[str, Any] = {
    "id": "R2",
    "date": "2031-03-13",
    "source": "COLGOV",
    "target": "NAM",
    "event": "DEMAND",
    "eventLoc": "Windhoek",
    "textInfo": {"sequence": 1},
}


def test_lines_and_an_array_are_read_alike(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, (RECORD, OLD))) + "\n"
    for content in (lines, json.dumps([RECORD, OLD], indent=1)):
        found = imported(tmp_path / "a.json", "plover", content)
        old, new = sorted(found.rows(), key=lambda row: found.values(row, "rowId"), reverse=True)
        assert found.values(new, "codedAs") == ["plover-consult-visit"]
        assert found.of_party(new, "codedPlace", "countryCode") == ["NAM"]
        assert found.of_party(new, "codedActor", "sector") == ["GOV"]
        assert found.values(new, "intensity") == ["2.5"]
        assert found.values(old, "codedAs") == ["plover-demand"]
        assert found.of_party(old, "codedActor", "actorCode") == ["COLGOV"]


def test_a_record_with_several_events_is_several_rows(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.json", "plover", json.dumps(RECORD | {"event": ["AGREE", "CONSULT"]}))
    assert sorted(code for row in found.rows() for code in found.values(row, "codedAs")) == [
        "plover-agree",
        "plover-consult-visit",
    ]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"id": ""}, "the record has no id"),
        ({"id": "PLOVER-GSR01-AGREE-0001"}, "a record of the gold standard is an edited example"),
        ({"date": "2014-02-29"}, "'2014-02-29' is not a valid date"),
        ({"event": ["DOCUMENT"]}, "'DOCUMENT' is not a PLOVER event type"),
        ({"event": []}, "the record has no event"),
        ({"actor": [], "recipient": []}, "the record names no actor"),
        ({"event_scale": "high"}, "'high' is not a valid intensity"),
        ({"event_scale": 70}, "'70' is outside the scale"),
        ({"actor": [7]}, "a field of the record has a form that PLOVER does not define"),
    ],
)
def test_a_record_that_is_not_taken_is_in_quarantine(
    tmp_path: Path, given: dict[str, Any], reason: str
) -> None:
    lines = json.dumps(RECORD | {"id": "R0"}) + "\n" + json.dumps(RECORD | given) + "\n{\n"
    found = imported(tmp_path / "a.json", "plover", lines)
    assert [line for line, _ in found.quarantine] == [2, 3]
    assert reason in found.quarantine[0][1]
    assert "the line is not JSON" in found.quarantine[1][1]


def test_a_broken_array_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"a\.json is not JSON"):
        imported(tmp_path / "a.json", "plover", "[{")
