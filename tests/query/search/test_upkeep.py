"""Upkeep: an index amended by commits is the one built from the store, and a damaged one is built anew."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg import iris, provenance
from kg.errors import Unavailable
from kg.query.search import tables, upkeep
from kg.query.search.index import SearchIndex
from kg.store import backup, purge
from kg.store.store import Store
from kg.terms import DIP, RDF, RDFS, SKOS
from tests.support.facts import quads
from tests.support.indexes import ME, commit, content, kept_up, labels

TERMS = quads(
    "dip:Person rdfs:subClassOf dip:Actor . dip:State rdfs:subClassOf dip:Actor .", iris.TERMS_GRAPH
)
ANA = quads('dipid:ana a dip:Person ; rdfs:label "Ana Ruiz"@es .', "urn:ana")
MORE = quads('dipid:meeting rdfs:label "Meeting with Ana"@en ; dip:involves dipid:ana .', "urn:more")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as store:
        commit(store, TERMS + ANA)
        yield store


def found(store: Store, text: str, *classes: str) -> list[str]:
    with SearchIndex.open(store.directory) as index:
        return labels(index, text, *classes)


def rebuilt(store: Store) -> dict[str, object]:
    """What the index holds when it is built from the store."""
    upkeep.discard(store.directory)
    kept_up(store)
    return content(store.directory)


THINGS = [NamedNode(iris.DATA + name) for name in ("a", "b", "c")]
GRAPHS = [NamedNode("urn:g"), NamedNode("urn:h"), NamedNode(iris.SHAPES_GRAPH)]
STATES = st.sets(
    st.builds(
        Quad,
        st.sampled_from(THINGS),
        st.just(RDF.TYPE),
        st.sampled_from([DIP.PERSON, DIP.STATE, SKOS.CONCEPT]),
        st.sampled_from(GRAPHS),
    )
    | st.builds(
        Quad,
        st.sampled_from(THINGS),
        st.sampled_from([RDFS.LABEL, SKOS.ALT_LABEL, DIP.QUOTATION]),
        st.builds(
            Literal,
            st.sampled_from(["Ana", "Ána", "Ana Ruiz", "", "x y"]),
            language=st.sampled_from(["en", "es"]),
        ),
        st.sampled_from(GRAPHS),
    )
    | st.builds(
        Quad,
        st.sampled_from(THINGS),
        st.sampled_from([DIP.CONCERNS, DIP.PART_OF, DIP.FOUND_IN, DIP.OCCURS_IN]),
        st.sampled_from(THINGS),
        st.sampled_from(GRAPHS),
    )
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STATES, min_size=2, max_size=6))
def test_an_amended_index_is_the_one_that_is_built(tmp_path: Path, states: list[set[Quad]]) -> None:
    directory = tmp_path / "data"
    shutil.rmtree(directory, ignore_errors=True)
    with Store.open(directory) as store:
        commit(store, TERMS)
        kept_up(store)
        held: set[Quad] = set()
        for state in states:
            commit(store, state - held, held - state)
            held = state
            with_commits = kept_up(store)
        assert with_commits == store.version
        amended = content(directory)
        assert amended == rebuilt(store)


def test_a_commit_is_found_and_what_is_withdrawn_is_not(store: Store) -> None:
    assert kept_up(store) == 1
    assert found(store, "meeting") == []
    commit(store, MORE)
    assert kept_up(store) == 2
    assert found(store, "meeting") == ["Meeting with Ana"]
    commit(store, (), MORE)
    assert kept_up(store) == 3
    assert (found(store, "meeting"), found(store, "ana")) == ([], ["Ana Ruiz"])
    commit(store, (), ANA)
    kept_up(store)
    assert content(store.directory)["names"] == []


def test_an_index_is_amended_where_little_changed_and_built_where_classes_change(store: Store) -> None:
    kept_up(store)
    inode = tables.path_in(store.directory).stat().st_ino
    commit(store, MORE)
    kept_up(store)
    assert tables.path_in(store.directory).stat().st_ino == inode
    commit(store, quads("dip:Region rdfs:subClassOf dip:Actor .", iris.TERMS_GRAPH))
    assert kept_up(store) == 3
    assert tables.path_in(store.directory).stat().st_ino != inode


def test_a_hierarchy_that_others_bring_makes_no_work(store: Store) -> None:
    kept_up(store)
    inode = tables.path_in(store.directory).stat().st_ino
    commit(store, quads("<urn:A> rdfs:subClassOf dip:Actor . dipid:ana a <urn:A> .", "urn:theirs"))
    kept_up(store)
    assert tables.path_in(store.directory).stat().st_ino == inode


def test_a_large_change_is_built_and_not_amended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "LEAST_REBUILT", 10)
    kept_up(store)
    inode = tables.path_in(store.directory).stat().st_ino
    commit(store, quads(" ".join(f'dipid:n{number} rdfs:label "Nobody {number}" .' for number in range(20))))
    kept_up(store)
    assert tables.path_in(store.directory).stat().st_ino != inode
    assert len(found(store, "nobody")) == 20


def test_a_commit_in_many_steps_is_amended_as_in_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "STEP", 2)
    kept_up(store)
    commit(store, (*MORE, *quads('dipid:ana rdfs:label "Ana"@en .', "urn:other")), ANA)
    kept_up(store)
    assert content(store.directory) == rebuilt(store)


def test_provenance_and_shapes_are_not_searched(store: Store) -> None:
    commit(store, quads('dipsh:x rdfs:label "A shape"@en .', iris.SHAPES_GRAPH))
    kept_up(store)
    assert found(store, "shape") == []
    assert not any("agent" in name[0] for name in content(store.directory)["names"])  # type: ignore[attr-defined]
    assert provenance.GRAPH.value not in str(content(store.directory))


def damage_header(path: Path) -> None:
    path.write_bytes(b"no database at all" + path.read_bytes()[18:])


def damage_pages(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + os.urandom(len(content) - 4096))


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_another_format(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE told SET value = 0 WHERE key = 'format'")


@pytest.mark.parametrize("damage", [damage_header, damage_pages, cut_off, empty, of_another_format])
def test_a_damaged_index_is_found_and_built_anew(store: Store, damage: object) -> None:
    kept_up(store)
    assert upkeep.is_whole(store.directory)
    path = tables.path_in(store.directory)
    assert callable(damage)
    damage(path)
    assert not upkeep.is_whole(store.directory)
    commit(store, MORE)
    assert kept_up(store) == 2
    assert found(store, "meeting") == ["Meeting with Ana"]
    assert upkeep.is_whole(store.directory)


def test_an_index_of_a_commit_that_was_withdrawn_is_built_anew(store: Store) -> None:
    kept_up(store)
    with closing(tables.open_to_write(tables.path_in(store.directory))) as connection:
        tables.write_standing(connection, tables.IndexStanding(1, "2000-01-01T00:00:00+00:00"))
    inode = tables.path_in(store.directory).stat().st_ino
    kept_up(store)
    assert tables.path_in(store.directory).stat().st_ino != inode


def test_an_index_that_is_ahead_of_the_log_is_built_anew(store: Store) -> None:
    kept_up(store)
    with closing(tables.open_to_write(tables.path_in(store.directory))) as connection:
        tables.write_standing(connection, tables.IndexStanding(7, "2000-01-01T00:00:00+00:00"))
    assert kept_up(store) == 1


def test_a_builder_that_was_killed_leaves_nothing_in_the_way(store: Store) -> None:
    kept_up(store)
    partial = tables.path_in(store.directory).with_name(f"{tables.FILE_NAME}.partial")
    partial.write_bytes(b"half")
    upkeep.discard(store.directory)
    assert list((store.directory / tables.FOLDER).glob("*.partial")) == []
    partial.write_bytes(b"half")
    kept_up(store)
    assert not partial.exists()


def test_a_failed_amendment_leaves_the_index_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_up(store)
    before = content(store.directory)
    commit(store, MORE)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(tables, "write_standing", fails)
        with pytest.raises(OSError, match="disk full"):
            kept_up(store)
    assert content(store.directory) == before
    assert kept_up(store) == 2


def test_a_purge_leaves_nothing_in_the_index(store: Store) -> None:
    commit(store, MORE)
    kept_up(store)
    store.close()
    purge.purge(store.directory, "urn:more", ME)
    assert not (store.directory / tables.FOLDER).exists()
    with Store.open(store.directory) as again:
        assert kept_up(again) == 3
        assert (found(again, "meeting"), found(again, "ana")) == ([], ["Ana Ruiz"])


def test_an_index_that_a_purge_missed_is_built_anew(store: Store) -> None:
    commit(store, MORE)
    kept_up(store)
    store.close()
    kept = shutil.copytree(store.directory / tables.FOLDER, store.directory.parent / "kept")
    purge.purge(store.directory, "urn:more", ME)
    shutil.move(kept, store.directory / tables.FOLDER)
    with Store.open(store.directory) as again:
        kept_up(again)
        assert found(again, "meeting") == []


def test_a_backup_leaves_the_index_out_and_it_is_built_after_restoring(store: Store, tmp_path: Path) -> None:
    kept_up(store)
    backup.backup_of(store, tmp_path / "backup")
    assert not (tmp_path / "backup" / tables.FOLDER).exists()
    backup.restore(tmp_path / "backup", tmp_path / "restored")
    with Store.open(tmp_path / "restored") as restored:
        assert kept_up(restored) == 1
        assert found(restored, "ana") == ["Ana Ruiz"]


def test_a_graph_without_commits_cannot_be_searched_yet(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store, pytest.raises(Unavailable, match="no commit"):
        kept_up(store)


def test_an_index_that_cannot_be_written_is_read_as_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "bring_up_to_date", refuses)
        with pytest.raises(Unavailable, match="cannot be written"):
            upkeep.keep_up(store.directory, lambda: store)
    kept_up(store)
    with monkeypatch.context() as patch:
        patch.setattr(upkeep, "bring_up_to_date", refuses)
        upkeep.keep_up(store.directory, lambda: store)


def test_a_reader_sees_an_index_that_was_built_anew(store: Store) -> None:
    kept_up(store)
    with SearchIndex.open(store.directory) as index:
        assert index.version == 1
        commit(store, MORE)
        rebuilt(store)
        assert index.version == 2
        assert labels(index, "meeting") == ["Meeting with Ana"]
