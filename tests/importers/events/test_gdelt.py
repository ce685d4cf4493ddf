"""GDELT: events 2.0 and 1.0, mentions, and the quirks of both."""

import gzip
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from kg.errors import Unreadable
from tests.support.event_files import gdelt, imported


def test_a_row_becomes_an_occurrence_of_a_run_with_at_most_ten_triples(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt())
    assert found.rows() == ["gdelt-1"]
    assert found.values("gdelt-1", "codedAs") == ["cameo-040"]
    assert found.values("gdelt-1", "occursAt") == ["coded-day-2019-10-24"]
    assert found.values("gdelt-1", "intensity") == ["1"]
    assert found.values("gdelt-1", "story") == ["https://example.org/1"]
    assert found.of_party("gdelt-1", "codedActor", "actorCode") == ["USAGOV"]
    assert found.of_party("gdelt-1", "codedActor", "sector") == ["GOV"]
    assert found.of_party("gdelt-1", "codedTarget", "codedName") == ["COLOMBIA"]
    assert found.of_party("gdelt-1", "codedIn", "usesScheme") == ["cameo"]
    row = [quad for quad in found.quads if quad.subject.value.endswith("/gdelt-1")]  # type: ignore[union-attr]
    assert len(row) == 10
    assert found.counts.taken == found.counts.rows == 1


def test_countries_of_actors_are_read_as_cameo_and_those_of_places_as_fips(tmp_path: Path) -> None:
    rows = gdelt(country1="CHN", code1="CHN", geo="Beijing", fips="CH") + gdelt(
        id="2", country1="ROM", code1="ROM", geo="Windhoek", fips="WA"
    )
    found = imported(tmp_path / "a.CSV", "gdelt", rows)
    assert found.of_party("gdelt-1", "codedPlace", "countryCode") == ["CHN"]
    assert found.of_party("gdelt-2", "codedActor", "countryCode") == ["ROU"]
    assert found.of_party("gdelt-2", "codedPlace", "countryCode") == ["NAM"]


@pytest.mark.parametrize(
    ("day", "added", "inferred"),
    [
        ("20181024", "20191024143000", True),
        ("20190924", "20191024143000", True),
        ("20191017", "20191024143000", True),
        ("20191023", "20191024143000", False),
        ("20191024", "20191024143000", False),
    ],
)
def test_a_day_exactly_a_week_a_month_or_a_year_back_is_called_inferred(
    tmp_path: Path, day: str, added: str, inferred: bool
) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt(day=day, added=added))
    assert found.of_party("gdelt-1", "occursAt", "dateBasis") == ["inferred" if inferred else "stated"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"code": "10", "base": "10", "root": "10"}, "'10' is not a CAMEO code"),
        ({"code": "04", "base": "04"}, "'04' is not a CAMEO code"),
        ({"code": "112", "base": "112", "root": "04"}, "the event code does not begin with"),
        ({"day": "20140229"}, "'20140229' is not a valid date"),
        ({"id": "x"}, "the first column is not the number"),
        ({"scale": "warm"}, "'warm' is not a number of the Goldstein scale"),
        ({"scale": "11"}, "'11' is outside the Goldstein scale"),
        ({"code1": "", "name1": "", "code2": "", "name2": ""}, "the row names no actor"),
        ({"name1": "UNITED\tSTATES"}, "the line has 62 columns and not 61"),
    ],
)
def test_a_row_that_is_not_taken_is_in_quarantine_with_line_and_reason(
    tmp_path: Path, given: dict[str, str], reason: str
) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt(id="7") + "\n" + gdelt(**given))
    assert found.rows() == ["gdelt-7"]
    [(line, said)] = found.quarantine
    assert line == 3
    assert reason in said
    assert found.counts.rows == 2


def test_a_line_break_within_a_text_breaks_its_row_and_no_other(tmp_path: Path) -> None:
    rows = gdelt() + gdelt(id="2", name1="UNITED\nSTATES") + gdelt(id="3")
    found = imported(tmp_path / "a.CSV", "gdelt", rows)
    assert found.rows() == ["gdelt-1", "gdelt-3"]
    assert [line for line, _ in found.quarantine] == [2, 3]


def test_010_and_100_are_different_codes(tmp_path: Path) -> None:
    rows = gdelt(code="010", base="010", root="01") + gdelt(id="2", code="100", base="100", root="10")
    found = imported(tmp_path / "a.CSV", "gdelt", rows)
    assert found.values("gdelt-1", "codedAs") == ["cameo-010"]
    assert found.values("gdelt-2", "codedAs") == ["cameo-100"]


def test_mirrored_rows_of_one_story_fold_and_keep_both_ids(tmp_path: Path) -> None:
    there = {"code1": "USA", "name1": "UNITED STATES", "code2": "COL", "name2": "COLOMBIA", "type1": ""}
    back = {"code1": "COL", "name1": "COLOMBIA", "country1": "COL", "type1": ""}
    back |= {"code2": "USA", "name2": "UNITED STATES", "country2": "USA"}
    visit, host = ({"code": code, "base": code} for code in ("042", "043"))
    rows = gdelt(id="1", **there, **host) + gdelt(id="2", **back, **visit)
    rows += gdelt(id="3", **there) + gdelt(id="4", **back)
    rows += gdelt(id="5", **there, url="https://example.org/2")
    found = imported(tmp_path / "a.CSV", "gdelt", rows)
    assert found.rows() == ["gdelt-2", "gdelt-4", "gdelt-5"]
    assert found.values("gdelt-2", "codedAs") == ["cameo-042"]
    assert found.values("gdelt-2", "rowId") == ["1", "2"]
    assert found.values("gdelt-4", "rowId") == ["3", "4"]
    assert (found.counts.taken, found.counts.folded, found.counts.rows) == (3, 2, 5)


def test_a_whole_duplicate_counts_once_and_an_id_with_another_text_is_refused(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt() + gdelt() + gdelt(scale="2.0"))
    assert found.rows() == ["gdelt-1"]
    assert found.quarantine == [
        (2, "the row is an exact duplicate of an earlier one"),
        (3, "'1' is the id of another row, which has other content"),
    ]


@pytest.mark.parametrize("width", [58, 57])
def test_files_of_gdelt_1_have_fewer_columns_of_places(tmp_path: Path, width: int) -> None:
    row = gdelt().rstrip("\n").split("\t")
    older = [*row[:39], *row[40:47], *row[48:55], *row[56:59], "20191024", "https://example.org/1"]
    found = imported(tmp_path / "a.CSV", "gdelt", "\t".join(older[:width]) + "\n")
    assert found.of_party("gdelt-1", "codedPlace", "codedName") == ["Bogota, Colombia"]
    assert found.of_party("gdelt-1", "codedPlace", "countryCode") == ["COL"]
    assert found.values("gdelt-1", "story") == (["https://example.org/1"] if width == 58 else [])


def test_a_place_may_lack_coordinates(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt(lat="", long=""))
    [place] = found.values("gdelt-1", "codedPlace")
    assert not [quad for quad in found.quads if "wgs84" in quad.predicate.value]
    assert found.values(place, "codedName") == ["Bogota, Colombia"]


def test_mentions_name_the_row_the_story_and_the_confidence(tmp_path: Path) -> None:
    fields = ["1", "20191024000000", "20191025143000", "1", "example.org", "https://example.org/2", "3"]
    fields += ["-1", "10", "20", "1", "40", "1000", "-1.5", "", ""]
    strange = [*fields[:11], "140", *fields[12:]]
    found = imported(tmp_path / "m.CSV", "gdelt", "\t".join(fields) + "\n" + "\t".join(strange) + "\n")
    further = [*fields[:6], "4", *fields[7:]], [*fields[:7], "10", "-1", *fields[9:]]
    again = imported(
        tmp_path / "n.CSV", "gdelt", "".join("\t".join(row) + "\n" for row in (fields, *further))
    )
    assert again.counts.taken == 3, "a story may name an event twice: in two sentences, or with other actors"
    [mention] = {
        quad.subject.value.rpartition("/")[2]  # type: ignore[union-attr]  # no triple stands there
        for quad in found.quads
        if quad.predicate.value.endswith("rowId")
    }
    assert found.values(mention, "score") == ["0.4"]
    assert found.values(mention, "occursAt") == ["coded-day-2019-10-25"]
    assert found.quarantine == [(2, "'140' is not a confidence from 0 to 100")]


def test_mentions_saved_again_with_commas_and_a_header_are_read_too(tmp_path: Path) -> None:
    header = "globaleventid,eventtimedate,mentiontimedate,mentiontype,mentionsourcename,mentionidentifier"
    header += (
        ",sentenceid,a,b,c,inrawtext,confidence,mentiondoclen,mentiondoctone,mentiondoctranslationinfo,extras"
    )
    row = (
        '1,20191024000000,20191025143000,1,example.org,"https://example.org/2,3",3,-1,10,20,1,40,1000,-1.5,,'
    )
    found = imported(tmp_path / "m.csv", "gdelt", f"{header}\n{row}\n")
    assert (found.counts.rows, found.counts.taken) == (1, 1)
    assert [quad for quad in found.quads if "https://example.org/2,3" in str(quad.object)]


def test_a_file_is_read_plain_as_gz_and_as_zip_alike(tmp_path: Path) -> None:
    rows = (gdelt() + gdelt(id="2")).encode()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20191024.export.CSV", rows)
    plain, gz, zipped = (
        imported(tmp_path / name, "gdelt", content)
        for name, content in (("a.CSV", rows), ("a.gz", gzip.compress(rows)), ("a.zip", packed.getvalue()))
    )
    assert plain.rows() == gz.rows() == zipped.rows() == ["gdelt-1", "gdelt-2"]


def test_a_damaged_archive_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"a\.gz cannot be read"):
        imported(tmp_path / "a.gz", "gdelt", gzip.compress(gdelt().encode() * 50)[:60])


def test_a_file_of_another_form_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="the first line has 1"):
        imported(tmp_path / "a.csv", "gdelt", "id,day\n1,2\n")
    with pytest.raises(Unreadable, match="holds no row that can be imported"):
        imported(tmp_path / "b.CSV", "gdelt", gdelt(day="20140229"))


def test_quotation_marks_and_backslashes_stay_as_they_are(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt(name1='THE "BACK\\SLASH"'))
    assert found.of_party("gdelt-1", "codedActor", "codedName") == ['THE "BACK\\SLASH"']


def test_the_same_file_gives_the_same_graph_and_triples(tmp_path: Path) -> None:
    one = imported(tmp_path / "a.CSV", "gdelt", gdelt() + gdelt(id="2"))
    other = imported(tmp_path / "a.CSV", "gdelt", gdelt() + gdelt(id="2"))
    assert one.file.graph == other.file.graph
    assert sorted(map(str, one.quads)) == sorted(map(str, other.quads))
