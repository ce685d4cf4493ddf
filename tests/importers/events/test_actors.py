"""The reviewed table of actors: what it matches, and what a user's own adds."""

from pathlib import Path

import pytest

from kg import ontology
from kg.errors import Unreadable
from kg.importers.events import actors
from kg.importers.events.actors import COLUMNS
from kg.iris import DATA
from kg.terms import RDFS
from tests.support.event_files import Imported, gdelt, imported

OWN = dict.fromkeys(COLUMNS, "") | {
    "country": "COL",
    "name": "the ministry",
    "actor": "example-ministry",
    "class": "Organization",
    "label": "Ministry",
    "verdict": "same",
    "author": "Ana Ruiz",
    "reason": "Its name.",
}


def own(folder: Path, **given: str) -> Path:
    path = folder / "own.csv"
    path.write_text("\n".join([",".join(COLUMNS), ",".join((OWN | given).values())]), encoding="utf-8")
    return path


def resolved(found: Imported, row: str, side: str = "codedActor") -> set[tuple[str, str]]:
    """Return whom a row's party resolves to, with the verdict."""
    [party] = found.values(row, side)
    prefix = f"{DATA}resolution-{found.file.key[:16]}-{party}-"
    names = {quad.subject.value for quad in found.quads if str(quad.subject).startswith(f"<{prefix}")}  # type: ignore[union-attr]
    short = (name.removeprefix(DATA) for name in names)
    return {(found.values(name, "resolvesTo")[0], found.values(name, "hasVerdict")[0]) for name in short}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"code1": "USA", "type1": ""}, {("united-states", "same")}),
        ({"code1": "USAMIL", "type1": "MIL"}, {("united-states", "same")}),
        ({"code1": "USABUS", "type1": "BUS"}, set()),
        ({"name1": "DONALD TRUMP"}, {("united-states", "same"), ("donald-trump", "same")}),
        ({"name1": "TRUMP", "type1": "BUS"}, {("donald-trump", "undecided")}),
        ({"name1": "TRUMP", "country1": "AUS", "type1": "BUS"}, set()),
        ({"code1": "EUR", "country1": "EUR", "type1": ""}, set()),
    ],
)
def test_countries_organs_and_full_names_count_and_what_is_unsure_does_not(
    tmp_path: Path, given: dict[str, str], expected: set[tuple[str, str]]
) -> None:
    assert resolved(imported(tmp_path / "a.CSV", "gdelt", gdelt(**given)), "gdelt-1") == expected


def test_an_undecided_match_has_a_score_a_reason_and_an_author(tmp_path: Path) -> None:
    found = imported(tmp_path / "a.CSV", "gdelt", gdelt(name1="PETRO", country1="COL", type1="BUS"))
    [party] = found.values("gdelt-1", "codedActor")
    name = f"resolution-{found.file.key[:16]}-{party}-gustavo-petro"
    assert found.values(name, "score") == ["0.7"]
    assert found.values(name, "assessedBy") == ["regional-diplomacy-maintainers"]
    assert found.values(name, "inferenceNote") == [
        "The surname alone, of the country of the person; others bear it."
    ]


def test_a_users_own_table_adds_to_the_one_that_comes_with_kg(tmp_path: Path) -> None:
    row = gdelt(code1="COLGOV", name1="THE MINISTRY", country1="COL")
    found = imported(tmp_path / "a.CSV", "gdelt", row, own(tmp_path))
    assert resolved(found, "gdelt-1") == {("colombia", "same"), ("example-ministry", "same")}
    without = imported(tmp_path / "a.CSV", "gdelt", row)
    assert found.file.graph != without.file.graph


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"author": ""}, "each row has an author and a reason"),
        ({"class": "Actor"}, "the class is one of Person"),
        ({"actor": "dipid:x"}, "is not the name of an actor"),
        ({"verdict": "perhaps"}, "the verdict is one of"),
        ({"score": "7"}, "'7' is not a score from 0 to 1"),
        ({"country": "", "name": ""}, "give a country or a name"),
    ],
)
def test_a_faulty_row_of_a_table_is_refused_with_its_line(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    with pytest.raises(Unreadable, match=rf"own\.csv:2: .*{said}"):
        actors.read(own(tmp_path, **given))


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("actor\nx\n")
    with pytest.raises(Unreadable, match="country is missing"):
        actors.read(tmp_path / "own.csv")


def test_the_table_calls_the_actors_of_the_seed_by_their_names() -> None:
    labels = {
        (str(quad.subject), quad.object.value)  # type: ignore[union-attr]  # a label is a literal
        for quad in ontology.load().seed
        if quad.predicate == RDFS.LABEL
    }
    named = {subject for subject, _ in labels}
    entries = {(f"<{DATA}{entry.actor}>", entry.label) for entry in actors.read().entries}
    of_seed = {pair for pair in entries if pair[0] in named}
    assert len(of_seed) == 12
    assert of_seed <= labels
