"""No row is dropped in silence: each is taken, folded into its mirror, or in quarantine."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.importers.events import test_acled, test_icews, test_plover, test_polecat
from tests.support.event_files import gdelt, imported, read_quarantine

Fields = dict[str, Any]
BACK = {"code1": "COL", "name1": "COLOMBIA", "country1": "COL", "type1": ""}
BACK |= {"code2": "USAGOV", "name2": "UNITED STATES", "country2": "USA", "type2": "GOV"}
MENTION = ["1", "20191024000000", "20191025143000", "1", "example.org", "https://example.org/2", "3"]
MENTION += ["-1", "10", "20", "1", "40", "1000", "-1.5", "", ""]


def gdelt_file(rows: list[Fields]) -> str:
    return "".join(gdelt(**row) for row in rows)


def mentions_file(rows: list[Fields]) -> str:
    filled = ([row.get(str(place), value) for place, value in enumerate(MENTION)] for row in rows)
    return "".join("\t".join(row) + "\n" for row in filled)


def plover_file(rows: list[Fields]) -> str:
    lines = [row.get("line") or json.dumps(test_plover.RECORD | row) for row in rows]
    return "\n".join(lines) + "\n"


SETS: dict[str, tuple[Any, list[Fields]]] = {
    "gdelt": (
        gdelt_file,
        [
            *({}, {"id": "2"}, {"id": "3", **BACK}, {"id": "4", **BACK}, {"id": "2", "scale": "2.0"}),
            *({"id": "5", "code": "042", "base": "042"}, {"id": "6", "code": "043", "base": "043", **BACK}),
            *(
                {"day": "20140229"},
                {"code": "10"},
                {"name1": "A\tB"},
                {"scale": "11"},
                {"id": "x"},
                {"id": ""},
            ),
            *({"id": "7", "name1": 'THE "B\\C"'}, {"id": "8", "day": "20181024"}, {"id": "9", "geo": ""}),
            {"code1": "", "name1": "", "code2": "", "name2": ""},
        ],
    ),
    "gdelt mentions": (
        mentions_file,
        [{}, {"6": "4"}, {"0": "2"}, {"0": "x"}, {"11": "140"}, {"5": ""}, {"2": "soon"}, {"15": "a\tb"}],
    ),
    "icews": (
        lambda rows: test_icews.table(*rows),
        [
            *({}, {"Event ID": "8"}, {"Event Date": "3/13/2031"}, {"Event Date": "2/29/2014"}),
            *({"Event ID": "8", "CAMEO Code": "13y"}, {"Event Text": "Sing", "CAMEO Code": "x"}),
            *({"Source Name": "NULL", "Target Name": "NA"}, {"Event ID": ""}, {"Intensity": "warm"}),
            {"Event ID": "9", "Source Name": "Citizen (Namibia)", "Target Name": "Government (Colombia)"},
        ],
    ),
    "polecat": (
        lambda rows: test_polecat.table(*rows),
        [
            *({}, {"Event ID": "S1_CONSULT_2"}, {"Event Mode": "teleport"}, {"Event Type": "SING"}),
            *({"Event ID": "None"}, {"Event Date": "2031-02-29"}, {"Intensity": "11"}),
            *({"Actor Name": "None", "Recipient Name": "None"}, {"Version": "1\t2"}),
            {"Event ID": "S1_CONSULT_3", "Actor Name": "Namibia", "Recipient Name": "Colombia; None"},
        ],
    ),
    "plover": (
        plover_file,
        [
            *({}, {"id": "R3"}, {"id": "R3", "mode": []}, {"id": ""}, {"event": []}, {"date": "2014-02-29"}),
            *({"line": "{"}, {"line": "[1]"}, {"actor": [7]}, {"id": "PLOVER-GSR01-AGREE-0001"}),
            {"id": "R4", "event": ["DOCUMENT"]},
        ],
    ),
    "acled": (
        lambda rows: test_acled.table(*rows),
        [
            *({}, {"event_id_cnty": "NAM8"}, {"event_date": "31 June 2031"}, {"event_id_cnty": ""}),
            *({"event_id_cnty": "NAM8", "actor2": ""}, {"event_type": "Rain", "sub_event_type": "Rain"}),
            {"actor1": "", "actor2": ""},
        ],
    ),
}


@pytest.mark.parametrize("name", SETS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(data=st.data())
def test_rows_read_are_those_taken_folded_and_in_quarantine(
    tmp_path: Path, name: str, data: st.DataObject
) -> None:
    written, quirks = SETS[name]
    rows = [{}, *data.draw(st.lists(st.sampled_from(quirks), max_size=12))]
    found = imported(tmp_path / "a", name.split()[0], written(rows))
    counts = found.counts
    assert counts.rows == len(rows)
    assert counts.rows == counts.taken + counts.folded + counts.refused.total()
    ids = [quad for quad in found.quads if quad.predicate.value.endswith("#rowId")]
    assert len(ids) == counts.taken + counts.folded
    assert len({quad.subject for quad in ids}) == counts.taken
    kept = read_quarantine(tmp_path / "a.quarantine.csv")
    assert len(kept) == counts.refused.total()
    assert all(line > 0 and reason for line, reason in kept)
    (tmp_path / "a.quarantine.csv").unlink(missing_ok=True)


def test_the_quarantine_holds_the_text_of_each_row(tmp_path: Path) -> None:
    refused = gdelt(day="20140229", name1='THE "B"')
    imported(tmp_path / "a", "gdelt", gdelt() + refused)
    with (tmp_path / "a.quarantine.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["file"], row["line"], row["row"]) == ("a", "2", refused.rstrip("\n"))
