"""A load is one commit, all or nothing; the log holds it in a bulk file, which every use of the log knows."""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.changes import Delta, Provenance, Quads
from kg.errors import BadInput, Conflict, Invalid, Unreadable
from kg.facts import kept_texts
from kg.facts.loads import chunks
from kg.facts.loads.load import load
from kg.facts.loads.source import Loaded, LoadSource
from kg.facts.purging import purge_graph
from kg.iris import DATA
from kg.store import backup, bulk_file, verification
from kg.store.engine_protocols import Dataset
from kg.store.log import ADDED
from kg.store.snapshots import Snapshots
from kg.store.source_texts import SourceTexts
from kg.store.store import Store
from kg.terms import DIP, RDF

ME = Provenance("Ana")
GRAPH = NamedNode("urn:graph")
OTHER = NamedNode("urn:other")
P = NamedNode("urn:p")


class Killed(BaseException):
    """The process ends here."""


def source(text: str, graph: str = GRAPH.value, name: str = "facts.nq") -> LoadSource:
    data = text.encode()
    lines = data.splitlines(keepends=True)
    return LoadSource(name, sha256(data).hexdigest(), graph, lambda: iter(lines))


def lines(count: int, start: int = 0) -> str:
    return "".join(f'<urn:s{number}> <urn:p> "{number}" .\n' for number in range(start, start + count))


def loaded(store: Store, text: str, graph: str = GRAPH.value) -> Loaded:
    return load(store, [source(text, graph)], ME)


def held(contents: Quads, graph: NamedNode = GRAPH) -> set[Quad]:
    return set(contents.quads_for_pattern(None, None, None, graph))


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.open(data) as store:
        store.commit(Delta((Quad(NamedNode("urn:old"), P, Literal("x"), OTHER),)), ME)
        yield store


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks.cut, "__defaults__", (64,))


def test_a_load_is_one_commit_whose_quads_stand_in_a_bulk_file(store: Store, data: Path) -> None:
    outcome = loaded(store, lines(9) + lines(3))
    assert outcome.commit is not None
    assert (store.version, outcome.quads, outcome.commit.added) == (2, 9, 9)
    assert len(held(store)) == 9
    assert store.log.bulk(2)[ADDED].quads == 9
    assert set(store.log.read(2)[1].added) > held(store)
    assert list(verification.verify(data, lambda _: None)) == []


def test_the_merge_of_all_graphs_holds_what_a_load_brought(store: Store) -> None:
    loaded(store, lines(3))
    answer = store.query("ASK { <urn:s2> ?p '2' }", prefixes={}, dataset=Dataset(), bindings={})
    assert bool(answer)


def test_what_has_the_same_key_is_left_out_the_second_time(store: Store) -> None:
    loaded(store, lines(3))
    again = load(store, [source(lines(3)), source(lines(3, 10), "urn:new", "new.nq")], ME)
    assert (again.known, again.graphs, store.version) == (("facts.nq",), ("urn:new",), 3)
    assert load(store, [source(lines(3))], ME).commit is None


def test_a_line_that_does_not_parse_is_named_and_nothing_stays(store: Store, data: Path) -> None:
    with pytest.raises(Unreadable, match=r"facts\.nq: line 6, column"):
        loaded(store, lines(5) + '<urn:a> <urn b> "c" .\n' + lines(9, 20))
    assert (store.version, held(store), list((data / "loads").iterdir())) == (1, set(), [])


def test_what_the_gate_refuses_is_refused_and_nothing_stays(store: Store) -> None:
    with pytest.raises(Invalid, match="not a term of this ontology"):
        loaded(store, lines(3) + "<urn:a> <https://w3id.org/regional-diplomacy/terms#nonsense> <urn:b> .\n")
    assert (store.version, held(store)) == (1, set())


@pytest.mark.parametrize("graph", [OTHER.value, "https://w3id.org/regional-diplomacy/provenance"])
def test_a_graph_that_is_there_is_not_written(store: Store, graph: str) -> None:
    with pytest.raises(Conflict, match=r"cannot be edited|only releases"):
        loaded(store, lines(3), graph)


def test_a_source_without_a_triple_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match=r"facts\.nq contains no triple"):
        loaded(store, "# nothing\n")


def test_what_is_told_at_the_end_of_a_source_is_part_of_it(store: Store) -> None:
    count = Quad(NamedNode("urn:run"), P, Literal("3"), DefaultGraph())
    given = source(lines(3))
    load(store, [LoadSource(given.name, given.key, given.graph, given.blocks, lambda: [count])], ME)
    assert len(held(store)) == 4


def test_literals_are_kept_by_value_and_blank_nodes_belong_to_their_source(store: Store) -> None:
    text = '_:b <urn:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n_:b <urn:q> _:c .\n'
    load(store, [source(text), source(f"{text}{lines(1)}", "urn:second")], ME)
    first, second = (held(store, NamedNode(graph)) for graph in (GRAPH.value, "urn:second"))
    assert {str(quad.object)[:3] for quad in first if quad.predicate == P} == {'"1"'}
    assert {quad.subject for quad in first}.isdisjoint(quad.subject for quad in second)
    assert first | second < set(store.log.read(2)[1].added)


@pytest.mark.parametrize("begins", [True, False])
def test_killed_before_or_after_its_record_is_settled_it_is_there_whole_or_not_at_all(
    store: Store, data: Path, monkeypatch: pytest.MonkeyPatch, begins: bool
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    place = "kg.store.log.CommitLog.settle" if begins else "kg.store.engine.OxigraphOnDisk.replace"
    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(place, killed)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        loaded(store, lines(9))
    store._engine.close()
    store._lock.close()
    with Store.open(data) as again:
        assert (again.version, len(held(again))) == ((1, 0) if begins else (2, 9))
        assert not (data / "loads").exists()
    assert list(verification.verify(data, lambda _: None)) == []


def test_a_store_is_made_anew_from_a_log_with_loads(store: Store, data: Path) -> None:
    loaded(store, lines(9) + '_:b <urn:p> "x" .\n')
    before = held(store)
    store.close()
    shutil.rmtree(data / "store")
    (data / "stopped.json").unlink()
    with Store.open(data) as again:
        assert (held(again), again.version) == (before, 2)


def test_what_others_commit_during_a_load_comes_before_it(store: Store) -> None:
    def committing() -> Iterator[bytes]:
        yield lines(5).encode()
        store.commit(Delta((Quad(NamedNode("urn:new"), P, Literal("y"), OTHER),)), ME)
        yield lines(5, 5).encode()

    load(store, [LoadSource("a.nq", "ab" * 32, GRAPH.value, committing)], ME)
    assert (store.version, len(held(store)), len(held(store, OTHER))) == (3, 10, 2)


def test_versions_before_a_load_are_answered_and_a_backup_holds_it(
    store: Store, data: Path, tmp_path: Path
) -> None:
    loaded(store, lines(9))
    with Snapshots(data).opened(store, 1) as earlier:
        assert held(earlier) == set()
    backup.backup_of(store, tmp_path / "backup")
    backup.restore(tmp_path / "backup", tmp_path / "restored")
    with Store.open(tmp_path / "restored") as restored:
        assert len(held(restored)) == 9


def test_a_load_supersedes_nothing(store: Store) -> None:
    with pytest.raises(BadInput, match="a load cannot supersede"):
        loaded(store, f"<{GRAPH.value}> <{DIP.SUPERSEDES.value}> <{OTHER.value}> .\n")
    assert len(held(store, OTHER)) == 1


def test_a_loaded_graph_is_purged_from_store_log_and_copies(store: Store, data: Path) -> None:
    secret = b"lives at 12 Secret Street"
    text = f'<urn:s> <urn:p> "{secret.decode()}" .\n'
    loaded(store, f"{text}{lines(3)}<urn:s> <urn:p> <urn:o> <{OTHER.value}2> .\n")
    with Snapshots(data).opened(store, 1):
        store.close()
    purge_graph(data, GRAPH.value, Provenance("Officer", reason="Erasure."))
    with Store.open(data) as again:
        assert (held(again), len(held(again, NamedNode(f"{OTHER.value}2")))) == (set(), 1)
        assert again.log.bulk(2)[ADDED].quads == 1
    assert not any(secret in content for content in contents_of(data))
    assert list(verification.verify(data, lambda _: None)) == []


def contents_of(data: Path) -> Iterator[bytes]:
    """Yield what the files of a directory hold, those of zstd as they were before."""
    for path in data.rglob("*"):
        if path.is_file():
            yield b"".join(b"".join(some) for some in bulk_file.read(path)) if path.suffix == ".zst" else b""
            yield path.read_bytes()


def test_passages_are_compared_with_the_kept_text_of_their_source(store: Store, data: Path) -> None:
    text = "Norland closed the border."
    kept = SourceTexts(data).add(text.encode(), "Ana")
    passage = (
        f"<{DATA}words> {RDF.TYPE} {DIP.PASSAGE} .\n<{DATA}words> {DIP.OCCURS_IN} <{DATA}article> .\n"
        f'<{DATA}words> {DIP.EXACT_TEXT} "Norland opened the border." .\n'
        f'<{DATA}article> {DIP.TEXT_HASH} "{kept.hash}" .\n'
    )
    with pytest.raises(Invalid) as refused:
        loaded(store, passage)
    rules = {each["rule"] for each in refused.value.extra["violations"]}  # type: ignore[index, union-attr, call-overload]
    assert kept_texts.RULE in rules


def test_a_bulk_file_that_was_changed_is_a_fault_of_its_record(store: Store) -> None:
    loaded(store, lines(9))
    path = store.log.bulk_path(2, ADDED)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert "has changed quads" in next(verification.log_faults(store.log, lambda _: None))
    path.unlink()
    assert "is missing" in next(verification.log_faults(store.log, lambda _: None))
