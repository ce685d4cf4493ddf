"""Asking the projection: only one of this release answers, and one that was made anew is opened anew."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kg.query.columnar import asking, manifest, upkeep
from kg.query.job import TableQuery
from kg.store.store import Store
from tests.support.facts import quads
from tests.support.indexes import commit
from tests.support.projections import kept_up

FACTS = quads('dipid:ana a dip:Person ; rdfs:label "Ana"@en .', "urn:people")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as store:
        commit(store, FACTS)
        kept_up(store)
        yield store


def asked(store: Store) -> asking.TableAnswer | None:
    question = TableQuery("SELECT label FROM actors", str(store.directory))
    return asking.answered(question, store.version, {})


def test_only_a_projection_of_the_version_and_of_this_release_answers(store: Store) -> None:
    assert asked(store) is not None
    folder, held = manifest.folder_in(store.directory), upkeep.standing(store.directory)
    assert held is not None
    manifest.write(folder, replace(held, made_by="another release"))
    assert asked(store) is None
    manifest.write(folder, held)
    commit(store, quads("dipid:bo a dip:Person .", "urn:more"))
    assert asked(store) is None


def test_a_projection_of_one_version_that_was_made_anew_is_opened_anew(store: Store) -> None:
    assert asked(store) is not None
    for path in manifest.folder_in(store.directory).glob("*.parquet"):
        path.unlink()
    kept_up(store)
    answers = [asked(store), asked(store)]
    assert answers[1] is not None
