"""Upkeep: a projection that commits extended is that built from the store; a damaged one is built anew."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import iris
from kg.errors import Unavailable
from kg.query.columnar import building, manifest, upkeep
from kg.query.columnar.manifest import Manifest
from kg.store import purge
from kg.store.store import Store
from kg.terms import DIP, RDF
from tests.support.facts import quads
from tests.support.indexes import ME, commit
from tests.support.projections import content, files, kept_up, rows

SECONDS_OF_A_KEEPER = 60
"""How long a keeper may take at most to write something."""
TERMS = quads(
    """dip:Claim dip:inLayer dip:Statement . dip:Person rdfs:subClassOf dip:Actor .
    dip:Threat rdfs:subClassOf dip:Commitment . dip:Commitment rdfs:subClassOf dip:Statement .""",
    iris.TERMS_GRAPH,
)
CODES = quads(
    """dipk:cameo-04 skos:inScheme dipk:cameo-codes ; dip:countsAs dipk:rhetoric ; dip:quadClassByPlover 1 .
    dipk:cameo-042 skos:inScheme dipk:cameo-codes ; skos:broader dipk:cameo-04 ; skos:notation "042" .""",
    iris.KINDS_GRAPH,
)
PEOPLE = quads(
    'dipid:ana a dip:Person ; rdfs:label "Ana"@en . dipid:bo a dip:Person ; rdfs:label "Bo"@en .',
    "urn:people",
)
CLAIM = quads(
    """dipid:claim a dip:Claim ; dip:claimedBy dipid:ana ; dip:content "a \\"kidnapping\\""@en .
    dipid:words a dip:Statement ; dip:madeBy dipid:ana ; dip:concerns dipid:bo ; dip:hasKind dipk:remark ;
        dip:advances dipid:claim ; dip:occursAt dipid:day .
    dipid:day a dip:TimeSpan ; dip:date "2025-01-26"^^xsd:date ; dip:earliest "2025-01-26"^^xsd:date ;
        dip:latest "2025-01-26"^^xsd:date .
    dipid:page a dip:Source ; dcterms:title "A page"@en . dipid:passage a dip:Passage ; dip:exactText "so" .
    dipid:report a dip:Report ; dip:reports dipid:words ; dip:foundIn dipid:page ; dip:hedgedAs dipk:claimed ;
        dip:basedOn dipk:attributed ; dip:quotes dipid:passage .""",
    "urn:claim",
)


def file_of_rows(name: str, *numbers: int) -> tuple[Quad, ...]:
    """A coder's file with some rows of Ana toward Bo, on a day each."""
    lines = [
        "dipid:run a dip:CodingRun ; dip:assessedBy dipid:coder ; dip:usesScheme dipk:cameo .",
        "dipid:coded-ana a dip:CodedActor . dipid:coded-bo a dip:CodedActor .",
        "dipid:same-ana a dip:ActorResolution ; dip:assesses dipid:coded-ana ; dip:resolvesTo dipid:ana ;"
        " dip:hasVerdict dipk:same .",
    ]
    for number in numbers:
        lines.append(
            f'dipid:row-{number} a dip:CodedOccurrence ; dip:codedIn dipid:run ; dip:rowId "{number}" ;'
            f" dip:codedActor dipid:coded-ana ; dip:codedTarget dipid:coded-bo ; dip:codedAs dipk:cameo-042 ;"
            f" dip:occursAt dipid:day-{number} . dipid:day-{number} a dip:TimeSpan ;"
            f' dip:date "2025-01-{number:02}"^^xsd:date .'
            f" dipid:mention-{name}-{number} a dip:CodedMention ; dip:codedIn dipid:run ;"
            f' dip:rowId "{number}" ; dip:occursAt dipid:day-{number} ; dip:score 0.4 ;'
            f' dip:story "https://example.org/{number}" .'
        )
    return quads("\n".join(lines), f"urn:{name}")


FILES = {
    "one": file_of_rows("one", 1, 2, 3),
    "two": file_of_rows("two", 3, 4),
    "three": file_of_rows("three", 5, 6),
}
RESOLUTION = quads(
    "dipid:same-bo a dip:ActorResolution ; dip:assesses dipid:coded-bo ; dip:resolvesTo dipid:bo ;"
    " dip:hasVerdict dipk:same .",
    "urn:resolution",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as store:
        commit(store, TERMS + CODES + PEOPLE)
        yield store


def occurrences(store: Store) -> list[str]:
    return [str(row[0]).removeprefix(iris.DATA) for row in rows(store.directory, "coded_occurrences")]


def standing(store: Store) -> Manifest:
    held = upkeep.standing(store.directory)
    assert held is not None
    return held


def test_a_claim_stays_a_claim_and_a_coded_row_is_no_record(store: Store) -> None:
    commit(store, CLAIM + FILES["one"] + RESOLUTION)
    kept_up(store)
    columns = "class, claimed_by_label, content, layer, claimant, source_title, hedge, basis, quote, graph"
    assert rows(store.directory, "claims", columns) == [
        (
            *(["Claim"], ["Ana"], ['a "kidnapping"'], "statement", [iris.DATA + "ana"]),
            *(["A page"], ["claimed"], ["attributed"], ["so"], "urn:claim"),
        )
    ]
    assert rows(store.directory, "statements", "claimant, date") == [(None, "2025-01-26")]
    assert occurrences(store) == ["row-1", "row-2", "row-3"]
    ends = {(iris.DATA + "ana", iris.DATA + "bo")}
    assert set(rows(store.directory, "coded_occurrences", "actor, target")) == ends
    assert rows(store.directory, "events") == rows(store.directory, "other_assessments") == []
    assert iris.DATA + "row-1" not in {row[0] for row in rows(store.directory, "quads")}


STEPS: tuple[tuple[tuple[Quad, ...], tuple[Quad, ...]], ...] = (
    (FILES["one"], ()),
    (FILES["two"] + CLAIM, ()),
    (RESOLUTION, CLAIM),
    ((), FILES["one"]),
    (FILES["one"] + CLAIM, RESOLUTION),
)
"""What commits add and remove: rows come, one of them twice, are resolved, go, and come again."""


def test_a_projection_that_commits_extended_is_the_one_built_from_the_store(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_up(store)
    with monkeypatch.context() as patched:
        patched.setattr("kg.query.columnar.extending.MOST_PARTS", 2)
        patched.setattr(building, "build", lambda *_: pytest.fail("it is built, not extended"))
        for added, removed in STEPS:
            commit(store, added, removed)
            assert kept_up(store) == store.version
    extended = content(store.directory)
    upkeep.discard(store.directory)
    kept_up(store)
    assert extended == content(store.directory)
    assert occurrences(store) == ["row-1", "row-2", "row-3", "row-3", "row-4"]


def test_files_of_rows_that_no_commit_touches_stay_as_they_are(store: Store) -> None:
    def parts() -> list[str]:
        kept_up(store)
        return [file.name for file in standing(store).tables["coded_occurrences"]]

    commit(store, FILES["one"])
    (first,) = parts()
    commit(store, FILES["three"])
    assert parts()[0] == first
    other = parts()[1]
    commit(store, CLAIM)
    assert parts() == [first, other]
    commit(store, FILES["two"])
    assert parts()[0] == other, "row 3 is in the first file and in the new one: they are one file now"
    joined = parts()[1]
    commit(store, [], FILES["three"])
    assert parts() == [joined]
    again = rows(store.directory, "coded_occurrences", "occurrence, again IS NULL")
    assert [is_only for _, is_only in again] == [True, True, False, False, True]


def test_mentions_of_rows_have_a_table(store: Store) -> None:
    commit(store, FILES["one"])
    kept_up(store)
    columns = "row_id, day::VARCHAR, story, score, graph"
    assert rows(store.directory, "coded_mentions", columns)[0] == (
        *("1", "2025-01-01", "https://example.org/1", 0.4, "urn:one"),
    )


@pytest.mark.parametrize("files_written", [0, 1, 15])
def test_a_keeper_that_is_killed_leaves_the_projection_as_it_was(store: Store, files_written: int) -> None:
    kept_up(store)
    before = files(store.directory)
    commit(store, FILES["one"] + CLAIM)
    keeper = subprocess.Popen(
        [
            *(sys.executable, "-c", "from kg.query.keeper import main; main()"),
            *("kg.query.columnar.upkeep", str(store.directory)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert keeper.stdin is not None
        keeper.stdin.write(b"\n")
        keeper.stdin.flush()
        end = time.monotonic() + SECONDS_OF_A_KEEPER
        while len(files(store.directory) - before) <= files_written and time.monotonic() < end:
            time.sleep(0.001)
    finally:
        keeper.kill()
        keeper.communicate()
    assert upkeep.is_whole(store.directory)
    kept_up(store)
    extended = content(store.directory)
    upkeep.discard(store.directory)
    kept_up(store)
    assert extended == content(store.directory)
    assert not list(manifest.folder_in(store.directory).glob("building-*"))


def test_a_row_that_is_changed_in_part_has_the_projection_built_anew(store: Store) -> None:
    commit(store, FILES["one"])
    kept_up(store)
    code = [quad for quad in FILES["one"] if quad.predicate.value.endswith("codedAs")][:1]
    other = Quad(code[0].subject, code[0].predicate, NamedNode(iris.KINDS + "cameo-04"), NamedNode("urn:one"))
    commit(store, [other], code)
    kept_up(store)
    codes = rows(store.directory, "coded_occurrences", "code")
    assert [str(code).removeprefix(iris.KINDS) for (code,) in codes] == ["cameo-04", "cameo-042", "cameo-042"]


def test_old_files_go_those_of_a_killed_building_too_but_not_those_that_readers_may_read(
    store: Store,
) -> None:
    kept_up(store)
    first, folder = standing(store), manifest.folder_in(store.directory)
    (folder / "building-1").mkdir()
    (folder / "claims-9-0.parquet").write_bytes(b"torn")
    (folder / "manifest.json.partial").write_text("{")
    commit(store, quads("dipid:x a dip:Person .", "urn:x"))
    kept_up(store)
    second = standing(store)
    assert files(store.directory) == first.files | second.files | {"lock", "manifest.json"}
    commit(store, quads("dipid:y a dip:Person .", "urn:y"))
    kept_up(store)
    assert files(store.directory) == second.files | standing(store).files | {"lock", "manifest.json"}


def test_a_damaged_projection_is_noticed_and_built_anew(store: Store) -> None:
    commit(store, FILES["one"])
    kept_up(store)
    whole, folder = content(store.directory), manifest.folder_in(store.directory)
    told = folder / "manifest.json"

    def victim() -> Path:
        return folder / standing(store).tables["coded_occurrences"][0].name

    def changed() -> None:
        victim().write_bytes(bytes(victim().stat().st_size))
        assert not upkeep.is_whole(store.directory)
        upkeep.discard(store.directory)

    damages: tuple[Callable[[], object], ...] = (
        changed,
        lambda: os.truncate(victim(), 9),
        lambda: victim().unlink(),
        lambda: told.write_text(json.dumps({**json.loads(told.read_text()), "made_by": "another"})),
        lambda: told.write_text(told.read_text()[:-9]),
    )
    for damage in damages:
        damage()
        kept_up(store)
        assert upkeep.is_whole(store.directory)
        assert content(store.directory) == whole


def test_nothing_that_was_purged_stays_in_a_file(store: Store) -> None:
    commit(store, CLAIM)
    kept_up(store)
    store.close()
    kept = shutil.copytree(manifest.folder_in(store.directory), store.directory.parent / "kept")
    purge.purge(store.directory, "urn:claim", ME)
    assert not manifest.folder_in(store.directory).exists()
    shutil.move(kept, manifest.folder_in(store.directory))
    with Store.open(store.directory) as again:
        kept_up(again)
    assert {name for name in files(store.directory) if name.endswith(".parquet")} == standing(store).files
    assert rows(store.directory, "claims") == []


def test_a_projection_of_nothing_is_refused(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store, pytest.raises(Unavailable, match="no commit has been made"):
        kept_up(store)


def test_a_literal_that_differs_by_its_type_alone_is_another(store: Store) -> None:
    day = NamedNode(iris.DATA + "day")
    graph = NamedNode("urn:g")
    plain = Quad(day, DIP.DATE_AS_WRITTEN, Literal("2025"), graph)
    typed = Quad(day, DIP.DATE_AS_WRITTEN, Literal("2025", datatype=NamedNode("urn:year")), graph)
    commit(store, [Quad(day, RDF.TYPE, DIP.TIME_SPAN, graph), plain, typed])
    kept_up(store)
    commit(store, [], [typed])
    kept_up(store)
    assert rows(store.directory, "time_spans", "date_as_written") == [("2025",)]
