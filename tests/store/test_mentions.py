"""The commits that name a thing are found in the log, in pages, and never by a text that holds its IRI."""

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Delta, Provenance
from kg.errors import Withdrawn
from kg.store import mentions
from kg.store.store import Store
from tests.support.api_server import write_ontology
from tests.support.stores import open_store

A, B, P = NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:p")


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("mentions")
    with open_store(folder / "data", write_ontology(folder / "ontology")) as store:
        yield store


def commit(store: Store, *quads: Quad, removed: tuple[Quad, ...] = ()) -> int:
    return store.commit(Delta(quads, removed), Provenance("Ana")).version


def versions(found: mentions.Naming) -> list[int]:
    return [commit.version for commit in found.commits]


def test_commits_that_add_or_remove_a_quad_with_the_thing_are_found_newest_first(store: Store) -> None:
    quad = Quad(B, P, A)
    first = commit(store, quad)
    commit(store, Quad(B, P, Literal("<urn:a> and <urn:a")), Quad(NamedNode("urn:aa"), P, Literal("a")))
    commit(store, Quad(B, P, Literal('"} <urn:a> <urn:a> .')))
    last = commit(store, removed=(quad,))
    found = mentions.commits_naming(store.log, A, store.version, 10)
    assert (versions(found), found.before) == ([last, first], None)


def test_a_search_goes_on_where_it_ended(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [commit(store, Quad(A, P, Literal(number))) for number in range(5)]
    found = mentions.commits_naming(store.log, A, store.version, 2)
    assert versions(found) == made[:2:-1]
    assert found.before is not None
    rest = mentions.commits_naming(store.log, A, found.before - 1, 10)
    assert versions(found) + versions(rest) == made[::-1]
    for name, bound in (("MOST_RECORDS", 2), ("MOST_BYTES", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(mentions, name, bound)
            begun, seen = store.version + 1, []
            while begun is not None and begun > 1:
                found = mentions.commits_naming(store.log, A, begun - 1, 10)
                seen += versions(found)
                assert found.before is None or found.before < begun
                begun = found.before or 1
        assert seen == made[::-1]


def test_an_iri_across_two_reads_of_a_record_is_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    version = commit(store, *(Quad(NamedNode(f"urn:{number}"), P, Literal("ñ" * 50)) for number in range(40)))
    for chunk in (7, 64, 1000):
        monkeypatch.setattr(mentions, "_CHUNK", chunk)
        for number in range(40):
            found = mentions.commits_naming(store.log, NamedNode(f"urn:{number}"), store.version, 1)
            assert versions(found) == [version]


def test_what_an_update_removed_is_not_called_withdrawn(store: Store) -> None:
    quad = Quad(A, P, Literal("a"))
    commit(store, quad)
    commit(store, removed=(quad,))
    mentions.require_not_withdrawn(store, store.log, A)


def test_what_was_withdrawn_is_told_with_its_reason(store: Store) -> None:
    quad = Quad(A, P, Literal("a"), B)
    store.commit(Delta((quad,)), Provenance("Ana"), content_hash="5" * 64)  # as a submission
    store.commit(Delta(removed=(quad,)), Provenance("Ana", reason="Wrong."))
    with pytest.raises(
        Withdrawn, match=r"withdrawn on .* by Ana, in version \d+: Wrong\. Read the earlier state"
    ):
        mentions.require_not_withdrawn(store, store.log, A)
    mentions.require_not_withdrawn(store, store.log, NamedNode("urn:never"))
