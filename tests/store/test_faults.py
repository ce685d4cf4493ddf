"""Full disks and failing engines: a commit is refused with nothing kept of it, or stands; reading goes on."""

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import httpx
import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.api.middleware.access_log import AccessLog, Line, writer
from kg.changes import ChangeSet, Delta, Provenance
from kg.errors import NoRoom, Unavailable
from kg.store import disk_space
from kg.store.backup import backup
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.store.store import Store, open_snapshot
from kg.store.transaction import change
from tests.support.full_disk import files_limited, limit_files
from tests.support.live_server import kill, live
from tests.support.stores import open_store

ME = Provenance("Ana")
GRAPH = NamedNode("urn:g")


def fact(number: int, size: int = 1) -> Quad:
    return Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal(f"{number:0{size}}"), GRAPH)


def held(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, GRAPH))


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with open_store(data, ontology.load(data / "none")) as store:
        store.commit(Delta((fact(1),)), ME)
        yield store


def states(store: Store) -> tuple[int, int, set[Quad], list[str]]:
    """Give what must be as before after a refusal: version, log, facts, what else is in the log's folder."""
    others = [path.name for path in store.log.folder.iterdir() if path.suffix != ".commit"]
    return store.version, store.log.last, held(store), others


def reopened(store: Store) -> tuple[int, set[Quad]]:
    """Open what is on disk in another place: what it holds then."""
    copy = store.directory.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    backup(store.directory, copy)
    with open_store(copy, ontology.load(copy / "none")) as opened:
        return opened.version, held(opened)


def test_a_commit_that_the_log_has_no_room_for_is_refused_and_leaves_nothing(store: Store) -> None:
    before = states(store)
    with files_limited(100_000), pytest.raises(NoRoom, match="free some space"):
        store.commit(Delta((fact(2, size=200_000),)), ME)
    assert states(store) == before
    assert store._engine.fault is None
    store.commit(Delta((fact(3),)), ME)
    assert (store.version, held(store)) == (before[0] + 1, {fact(1), fact(3)})
    assert reopened(store) == (store.version, held(store))


def test_a_commit_that_the_engine_has_no_room_for_leaves_the_log_again(store: Store) -> None:
    before = states(store)
    many = tuple(map(fact, range(10, 3010)))  # what the engine writes of each is several times its record
    with files_limited(300_000):
        with pytest.raises(NoRoom):
            store.commit(Delta(many), ME)
        assert states(store) == before
    assert reopened(store) == (before[0], before[2])
    commit = store.commit(Delta((fact(4),), (fact(1),)), ME)
    assert commit.version == before[0] + 1
    assert reopened(store) == (commit.version, {fact(4)})


def test_while_an_engine_cannot_be_opened_anew_writes_are_refused_and_reading_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    still_read = store.quads_for_pattern(None, None, None)  # so the engine cannot be let go
    fail_once(monkeypatch, "IO error: Input/output error")
    with pytest.raises(Unavailable, match="the disk could not be written"):
        store.commit(Delta((fact(2),)), ME)
    with pytest.raises(Unavailable, match="refuses writes"):
        store.commit(Delta((fact(2),)), ME)
    with pytest.raises(Unavailable, match="refuses writes"):
        store.mend()
    assert held(store) == {fact(1)}
    with pytest.raises(Unavailable, match="refuses writes"):
        store.snapshot(store.directory / "snapshots" / "v")  # what is in memory would not be in it
    del still_read
    assert store.snapshot(store.directory / "snapshots" / "v") == store.version
    assert fact(1) in open_snapshot(store.directory / "snapshots" / "v", store.version)
    store.commit(Delta((fact(2),)), ME)
    assert store._engine.fault is None
    assert reopened(store) == (store.version, {fact(1), fact(2)})


def test_a_record_that_the_engine_lacks_and_the_log_does_not_let_go_of_counts_for_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = states(store)
    still_read = store.quads_for_pattern(None, None, None)  # so the engine cannot be opened anew

    def failing(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("kg.store.engine.change", failing)
        patched.setattr(store.log, "withdraw", failing)
        with pytest.raises(Unavailable, match="the disk could not be written"):
            store.commit(Delta((fact(2),)), ME)
    assert states(store) == (*before[:3], [f"{before[0] + 1:08}.pending"])
    del still_read
    assert reopened(store) == (before[0], before[2])
    assert store.commit(Delta((fact(3),)), ME).version == before[0] + 1
    assert reopened(store) == (before[0] + 1, {fact(1), fact(3)})


def fail_once(monkeypatch: pytest.MonkeyPatch, words: str, *, after: bool = False) -> None:
    """Have the engine fail at the next commit, before or after it has taken it in."""

    def failing(engine: pyoxigraph.Store, *parts: ChangeSet) -> None:
        monkeypatch.undo()
        if after:
            change(engine, *parts)
        raise OSError(words)

    monkeypatch.setattr("kg.store.engine.change", failing)


@pytest.mark.parametrize("after", [False, True], ids=["without it", "with it"])
def test_an_engine_that_failed_is_opened_anew_and_the_commit_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    fail_once(monkeypatch, "IO error: Input/output error", after=after)
    commit = store.commit(Delta((fact(2),)), ME)
    assert store.version == store.log.last == commit.version
    store.commit(Delta((fact(3),)), ME)
    assert reopened(store) == (commit.version + 1, {fact(1), fact(2), fact(3)})


def test_a_snapshot_without_room_is_no_loss(store: Store, data: Path) -> None:
    with files_limited(1000), pytest.raises(OSError, match="File too large") as fault:
        store.snapshot(data / "snapshots" / "v")
    assert disk_space.is_lacking(fault.value)
    assert held(store) == {fact(1)}
    store.commit(Delta((fact(2),)), ME)
    assert store.snapshot(data / "snapshots" / "v") == store.version
    assert reopened(store) == (store.version, {fact(1), fact(2)})


def test_closing_without_room_loses_nothing(data: Path) -> None:
    store = open_store(data, ontology.load(data / "none"))
    store.commit(Delta((fact(1),)), ME)
    with files_limited(1000):
        store.close()
    with open_store(data, ontology.load(data / "none")) as again:
        assert held(again) == {fact(1)}


def test_compacting_without_room_is_no_loss(store: Store) -> None:
    store.commit(Delta((fact(2),)), ME)
    with files_limited(10):
        store._engine.compact()
    store.commit(Delta((), (fact(1),)), ME)
    assert store._engine.fault is None
    assert reopened(store) == (store.version, {fact(2)})


def test_commits_leave_a_reserve_free(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage(NamedTuple):
        free: int

    before = states(store)
    monkeypatch.setattr("kg.store.disk_space.shutil.disk_usage", lambda _: Usage(disk_space.RESERVE - 1))
    with pytest.raises(NoRoom, match="63 MB are left"):
        store.commit(Delta((fact(2),)), ME)
    assert states(store) == before
    monkeypatch.setattr("kg.store.disk_space.shutil.disk_usage", lambda _: Usage(disk_space.RESERVE))
    store.commit(Delta((fact(2),)), ME)


def test_other_faults_of_the_disk_are_not_taken_for_a_lack_of_room() -> None:
    assert not disk_space.is_lacking(OSError(errno.EACCES, "No space left on device"))
    assert not disk_space.is_lacking(OSError("IO error: Input/output error"))
    assert disk_space.is_lacking(OSError(errno.EDQUOT, ""))


def test_a_record_that_was_withdrawn_is_gone(store: Store) -> None:
    last = store.log.last
    store.log.withdraw([last])
    assert CommitLog(store.log.folder).last == last - 1


def test_a_journal_without_room_is_no_fault_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def write(self, _: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    counted: list[str] = []
    journal = AccessLog(writer("json"), lambda line: counted.append(line.method))
    monkeypatch.setattr("kg.api.middleware.access_log.sys.stderr", Full())
    journal.write(Line("1", None, "GET", "/", 200, 0, 0.0, True))
    assert counted == ["GET"]


def many(name: str, number: int) -> bytes:
    """Write a submission of so many facts, of which the engine writes several times what its record takes."""
    return f"<urn:{name}> {{ <urn:{name}> <urn:p> {', '.join(map(str, range(number)))} }}".encode()


def test_the_command_line_says_in_a_sentence_that_there_is_no_room(tmp_path: Path) -> None:
    data, facts = tmp_path / "data", tmp_path / "facts.trig"
    command = [sys.executable, "-m", "kg", "add", str(facts), "--data", str(data)]
    open_store(data).close()
    facts.write_bytes(many("large", 20_000))
    limited = partial(limit_files, 1_000_000)
    ran = subprocess.run(command, capture_output=True, text=True, preexec_fn=limited)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("kg: The disk is full")
    assert ran.stderr.count("\n") == 1
    assert CommitLog(data / "log").last == 3


def test_a_server_without_room_refuses_writes_answers_reads_and_recovers(data: Path) -> None:
    """First the log has no room, then the engine, whose failure /ready tells until it is mended."""
    with (
        live(data, token="secret", readers=1, log="off") as (process, url),
        httpx.Client(base_url=url, timeout=120) as client,
    ):
        assert add(client, "first", 10).status_code == 201
        for allowed in (100_000, 500_000):
            with files_limited(allowed, process.pid):
                refusal = add(client, "large", 4000)
                assert (refusal.status_code, refusal.json()["title"]) == (507, "No room left")
                assert refusal.headers["content-type"] == "application/problem+json"
                assert names(client) == {"urn:first"}
                assert client.get("graphs").status_code == 200
                assert client.get("graphs", params={"graph": "urn:first"}).status_code == 200
                assert client.get("graphs", params={"graph": "urn:large"}).status_code == 404
                assert client.get("sparql", params={"query": "ASK {}", "as-of": "v4"}).status_code == 200
                assert CommitLog(data / "log").last == 4
        assert client.get("ready").json() == {"status": "ready", "version": 4}
        assert add(client, "large", 4000).status_code == 201
        with files_limited(5000, process.pid):  # enough for the log, not for opening the engine anew
            assert add(client, "never", 10).status_code == 507
            ready = client.get("ready")
            assert (ready.status_code, ready.json()["title"]) == (503, "Unavailable")
            assert "refuses writes" in ready.json()["detail"]
            assert add(client, "never", 10).status_code == 503
            assert names(client) == {"urn:first", "urn:large"}
        assert client.get("ready").status_code == 200
        assert add(client, "last", 10).status_code == 201
        kill(process)
    left = open_read_only(data).quads_for_pattern(None, NamedNode("urn:p"), None)
    assert {str(quad.subject) for quad in left} == {"<urn:first>", "<urn:large>", "<urn:last>"}


def add(client: httpx.Client, name: str, number: int) -> httpx.Response:
    headers = {"Authorization": "Bearer secret", "Content-Type": "application/trig"}
    return client.post("facts", content=many(name, number), headers=headers)


def names(client: httpx.Client) -> set[str]:
    query = "SELECT DISTINCT ?s { ?s <urn:p> ?o }"
    answer = client.get("sparql", params={"query": query}, headers={"Accept": "application/json"})
    return {row["s"]["value"] for row in json.loads(answer.content)["results"]["bindings"]}
