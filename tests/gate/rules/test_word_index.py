"""The index of contested words follows a store that tells of its commits, and is read anew of any other."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.changes import Delta, GraphName, Object, Provenance, Quads, Subject
from kg.facts.judges.private_copy import PrivateCopy
from kg.gate.overlay import Overlay
from kg.gate.rules.word_index import HOLDING, WordIndex, indexes
from kg.iris import DATA
from kg.terms import DIP
from tests.support.stores import open_store

GRAPH = NamedNode(DATA + "graph-test")


def contested(word: str, predicate: NamedNode = DIP.CONTESTED_WORD) -> Quad:
    return Quad(NamedNode(DATA + "claim"), predicate, Literal(word), GRAPH)


class FollowedStore:
    """A store that hands on what is added to it, and notes what is asked of it."""

    def __init__(self) -> None:
        self.followers: list[Callable[[Sequence[Quad]], None]] = []
        self.asked: list[NamedNode | None] = []
        self._store = Store()

    def quads_for_pattern(
        self,
        subject: Subject | None,
        predicate: NamedNode | None,
        object: Object | None,  # noqa: A002  # pyoxigraph's own name
        graph_name: GraphName | None = None,
        /,
    ) -> Iterator[Quad]:
        self.asked.append(predicate)
        return self._store.quads_for_pattern(subject, predicate, object, graph_name)

    def commit(self, *quads: Quad) -> None:
        self._store.extend(quads)
        for follower in self.followers:
            follower(quads)


def known(view: Quads, spelling: str) -> bool:
    return any(index.spelt(spelling) for index in indexes(view))


def test_an_index_follows_the_commits_of_a_store_that_tells_of_them() -> None:
    store = FollowedStore()
    store.commit(contested("piracy"))
    assert known(store, "piracy")
    assert not known(store, "sack")
    store.commit(contested("sack", DIP.EQUIVALENT_WORD), Quad(GRAPH, DIP.CONTENT, Literal("loot"), GRAPH))
    assert known(store, "sack")
    assert not known(store, "loot")
    assert len(store.followers) == 1


def test_a_store_knows_that_its_contested_words_were_read_each_time() -> None:
    store = FollowedStore()
    for _ in range(2):
        store.asked.clear()
        list(indexes(store))
        assert set(store.asked) == set(HOLDING)


def test_words_of_a_change_are_known_in_it_alone() -> None:
    store = FollowedStore()
    overlay = Overlay(Overlay(store, Delta(added=(contested("sack"),))), Delta(added=(contested("raid"),)))
    assert known(overlay, "sack")
    assert known(overlay, "raid")
    assert not known(store, "sack")


def test_stems_that_were_looked_up_before_take_in_later_words() -> None:
    index = WordIndex(["annexation"])
    assert [word for word, _ in index.akin("annexations", "en")] == ["annexation"]
    index.add(["annexationist"])
    index.add(["annexations"])
    assert [word for word, _ in index.akin("annexations", "en")] == ["annexation", "annexations"]


def test_words_of_one_stem_and_other_numbers_of_words_are_apart() -> None:
    index = WordIndex(["war crimes", "war"])
    assert dict(index.akin("war crime", "en")) == {"war crimes": True}
    assert dict(index.akin("war criminal", "en")) == {}


def test_the_private_copy_of_a_judge_is_followed(tmp_path: Path) -> None:
    with open_store(tmp_path / "data") as store:
        copy = PrivateCopy(tmp_path / "copy", store.copy_newest(tmp_path / "copy"), store.log)
        assert known(copy, "kidnapping")
        assert not known(copy, "plunder")
        store.commit(Delta(added=(contested("plunder"),)), Provenance("tests", "a test"))
        copy.reads.clear()
        copy.advance(store.newest)
        assert known(copy, "plunder")
        assert copy.reads.matches([contested("loot")]), "a judgement does not hold once a word is contested"
