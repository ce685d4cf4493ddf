"""Commits of several writers at once: what they wait for, who sees them when, what a failed flush undoes."""

import asyncio
import errno
import gc
import json
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pyoxigraph
import pytest
from pyoxigraph import Quad

from kg import ontology
from kg.api.answer_cache import AnswerCache
from kg.api.metrics import Metrics
from kg.api.resources import Resources, opened
from kg.changes import ChangeSet, Commit, Delta, Provenance
from kg.errors import NoRoom, NotFound, Unavailable
from kg.facts.bodies import Body
from kg.facts.judges.jobs import Offer
from kg.facts.judges.queue import Settled
from kg.formats import RDF_FORMATS
from kg.settings import Settings
from kg.store import history, log, recovery
from kg.store.backup import backup
from kg.store.durability import Pending
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.store.store import Store
from kg.store.tokens import Tokens
from kg.store.transaction import change
from tests.support import judge_jobs
from tests.support.contents import quads_in
from tests.support.judge_jobs import GRAPH, fact
from tests.support.stores import open_store

ME = Provenance("Ana")


def held(store: Store) -> set[Quad]:
    return set(store.quads_for_pattern(None, None, None, GRAPH))


@pytest.fixture(autouse=True)
def nothing_left_of_other_tests() -> None:
    """Drop half-read answers of earlier tests on the thread that asked for them, as the engine demands."""
    gc.collect()


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with open_store(data, ontology.load(data / "none")) as store:
        yield store


@pytest.fixture
def writers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


class Flushes:
    """The flushes of a log, by the versions each had; the first waits until it is let go on, or fails."""

    def __init__(self, commits: CommitLog, monkeypatch: pytest.MonkeyPatch) -> None:
        self.versions: list[list[int]] = []
        self.fault: OSError | None = None
        self.named_before_fault = 0
        self._may_go_on = Event()
        self._settle = commits.settle
        monkeypatch.setattr(commits, "settle", self)

    def __call__(self, versions: Sequence[int]) -> None:
        self.versions.append(list(versions))
        assert self._may_go_on.wait(120)
        if self.fault is None:
            self._settle(versions)
        else:
            fault, self.fault = self.fault, None
            self._settle(versions[: self.named_before_fault])
            raise fault

    def go_on(self, fault: OSError | None = None, *, named: int = 0) -> None:
        """Let them go on; one fails where a fault is given, after so many records have got their names."""
        self.fault, self.named_before_fault = fault, named
        self._may_go_on.set()


@pytest.fixture
def flushes(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flushes]:
    flushes = Flushes(store.log, monkeypatch)
    yield flushes
    flushes.go_on()


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def until(is_so: Callable[[], bool]) -> None:
    end = monotonic() + 120
    while not is_so():
        assert monotonic() < end
        sleep(0.001)


def commits(store: Store, writers: ThreadPoolExecutor, count: int) -> list[Future[Commit]]:
    """Have so many writers commit at once; all are pending when this returns."""
    before = store.newest
    waiting = [writers.submit(store.commit, Delta((fact(number),)), ME) for number in range(count)]
    until(lambda: store.newest == before + count)
    return waiting


def test_all_that_wait_while_the_disk_flushes_share_the_next_flush(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes
) -> None:
    before = store.version
    waiting = commits(store, writers, 8)
    assert not any(commit.done() for commit in waiting)
    assert (store.version, store.log.last) == (before, before)
    flushes.go_on()
    assert {commit.result().version for commit in waiting} == set(range(before + 1, before + 9))
    assert [version for versions in flushes.versions for version in versions] == list(
        range(before + 1, before + 9)
    )
    assert len(flushes.versions) == 2
    assert (store.version, store.log.last, store.log.pending) == (before + 8, before + 8, [])


def test_what_is_acknowledged_has_been_flushed_and_what_is_published_too(
    store: Store, writers: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is flushed, then named, then the folder is flushed, then the version is published."""
    done: list[str] = []
    sync, publish = log._sync, store.pending._publish

    def slow(path: Path) -> None:
        assert store.version == store.log.last or path == store.log.folder
        sleep(0.002)
        sync(path)
        done.append(path.name)

    def published(version: int) -> None:
        assert done[-1] == "log"
        assert done.count(f"{version:08}.pending") == 1
        publish(version)

    monkeypatch.setattr(log, "_sync", slow)
    monkeypatch.setattr(store.pending, "_publish", published)
    is_over = Event()

    def watch() -> int:
        seen = 0
        while not is_over.is_set():
            version = store.version
            assert seen <= version <= CommitLog(store.log.folder).last
            seen = version
        return seen

    def write(number: int) -> int:
        version = store.commit(Delta((fact(number),)), ME).version
        assert store.version >= version
        return version

    watching = writers.submit(watch)
    try:
        versions = list(writers.map(write, range(40)))
    finally:
        is_over.set()
    assert watching.result() <= store.version == 42
    assert sorted(versions) == list(range(3, 43))
    assert done.count("log") < 40
    assert len(done) - done.count("log") == 40


def test_the_next_writer_is_at_work_while_the_disk_flushes(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes
) -> None:
    before = store.version
    first = writers.submit(store.commit, Delta((fact(1),)), ME)
    until(lambda: bool(flushes.versions))

    found: list[tuple[set[Quad], int]] = []

    def second() -> None:
        with store.writing:
            found.append((held(store), store.newest))

    checking = writers.submit(second)
    until(lambda: bool(found))
    assert found == [({fact(1)}, before + 1)]
    assert not first.done()
    assert not checking.done()
    flushes.go_on()
    checking.result()
    assert first.result().version == before + 1


def test_a_snapshot_waits_for_what_is_pending_and_has_it(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes, data: Path
) -> None:
    (pending,) = commits(store, writers, 1)
    laying = writers.submit(store.snapshot, data / "snapshots" / "v")
    sleep(0.02)
    assert not laying.done()
    assert not (data / "snapshots" / "v").exists()
    flushes.go_on()
    assert laying.result() == pending.result().version == store.version


def test_a_snapshot_of_a_writer_whose_flush_fails_is_that_of_the_version_before(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes, data: Path
) -> None:
    before = store.version
    (pending,) = commits(store, writers, 1)
    laying = writers.submit(store.snapshot, data / "snapshots" / "v")
    flushes.go_on(full())
    assert laying.result() == before == store.version
    with pytest.raises(NoRoom):
        pending.result()
    assert fact(0) not in open_read_only(data)


def test_whoever_reads_the_directory_waits_for_what_is_pending(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending = commits(store, writers, 2)
    with monkeypatch.context() as patched:
        patched.setattr(recovery, "SECONDS_TO_SETTLE", 0.02)
        with pytest.raises(Unavailable, match="not durable"):
            open_read_only(data)
    reading = writers.submit(open_read_only, data)
    copying = writers.submit(backup, data, data.with_name("copy"))
    flushes.go_on()
    for commit in pending:
        commit.result()
    assert reading.result().version == store.version
    assert {fact(0), fact(1)} <= quads_in(reading.result())
    assert copying.result() == store.version
    with open_store(data.with_name("copy"), ontology.load(data / "none")) as copied:
        assert (copied.version, held(copied)) == (store.version, held(store))


def test_the_history_of_a_graph_leaves_out_what_is_pending(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes
) -> None:
    (pending,) = commits(store, writers, 1)
    with pytest.raises(NotFound):
        history.commits_of(store, store.log, GRAPH.value)
    flushes.go_on()
    commit = pending.result()
    assert history.commits_of(store, store.log, GRAPH.value) == [commit]


@pytest.mark.parametrize(
    ("fault", "refusal"), [(full(), NoRoom), (OSError(errno.EIO, "Input/output error"), Unavailable)]
)
@pytest.mark.parametrize("named", [0, 1])
def test_a_flush_that_fails_refuses_all_that_are_pending_and_keeps_nothing_of_them(
    store: Store,
    writers: ThreadPoolExecutor,
    flushes: Flushes,
    fault: OSError,
    refusal: type[Exception],
    named: int,
) -> None:
    before, whole = store.version, quads_in(store)
    waiting = commits(store, writers, 5)
    flushes.go_on(fault, named=named)
    for commit in waiting:
        with pytest.raises(refusal):
            commit.result()
    assert (store.version, store.newest, store.log.last) == (before, before, before)
    assert sorted(path.suffix for path in store.log.folder.iterdir()) == [".commit"] * before
    assert quads_in(store) == whole
    assert store.commit(Delta((fact(7),)), ME).version == before + 1
    assert held(store) == {fact(7)}


def test_what_was_judged_by_what_is_withdrawn_is_refused_too(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes
) -> None:
    """One writer found the facts of another there already, one commits more: neither may be acknowledged."""
    before = store.version
    first = writers.submit(store.commit, Delta((fact(1),)), ME)
    until(lambda: bool(flushes.versions))

    def finding() -> bool:
        with store.writing:
            return fact(1) in store

    def adding() -> Commit:
        with store.writing:
            assert fact(1) in store
            flushes.go_on(full())
            until(lambda: store.pending.fault is not None)
            return store.commit(Delta((fact(2),)), ME)

    found = writers.submit(finding)
    added = writers.submit(adding)
    for refused in (first, found, added):
        with pytest.raises(NoRoom):
            refused.result()
    assert (store.version, held(store)) == (before, set())


def test_a_flush_that_fails_while_the_engine_is_opened_anew_refuses_what_was_judged_by_it(
    store: Store, writers: ThreadPoolExecutor, flushes: Flushes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, open_anew = store.version, store._open_anew
    first = writers.submit(store.commit, Delta((fact(1),)), ME)
    until(lambda: bool(flushes.versions))

    def opening(upto: int) -> None:
        open_anew(upto)
        flushes.go_on(full())
        until(lambda: store.pending.fault is not None)

    def adding() -> Commit:
        with store.writing:
            assert fact(1) in store
            store._engine.fault = "IO error"
            return store.commit(Delta((fact(2),)), ME)

    monkeypatch.setattr(store, "_open_anew", opening)
    added = writers.submit(adding)
    for refused in (first, added):
        with pytest.raises(NoRoom):
            refused.result()
    assert (store.version, held(store)) == (before, set())


def test_several_commits_within_one_block_are_withdrawn_together(store: Store, flushes: Flushes) -> None:
    before, whole = store.version, quads_in(store)
    flushes.go_on(full())

    def write() -> None:
        with store.writing:
            store.commit(Delta((fact(1), fact(2))), ME)
            store.commit(Delta((fact(3),), (fact(1),)), ME)
            assert held(store) == {fact(2), fact(3)}
            assert (store.version, store.newest) == (before, before + 2)
            assert store.log.commit(before + 2).removed == 1

    with pytest.raises(NoRoom):
        write()
    assert (store.newest, quads_in(store)) == (before, whole)
    assert flushes.versions == [[before + 1, before + 2]]


def test_an_engine_that_fails_to_withdraw_is_opened_anew(
    store: Store, flushes: Flushes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.version

    def failing(engine: pyoxigraph.Store, *parts: ChangeSet) -> None:
        if fact(1) in parts[0].removed:
            monkeypatch.setattr("kg.store.engine.change", change)
            raise OSError("IO error: Input/output error")
        change(engine, *parts)

    monkeypatch.setattr("kg.store.engine.change", failing)
    flushes.go_on(full())
    with pytest.raises(NoRoom):
        store.commit(Delta((fact(1),)), ME)
    assert (store.version, store.newest, held(store), store._engine.fault) == (before, before, set(), None)
    assert store.commit(Delta((fact(2),)), ME).version == before + 1


def test_what_cannot_be_withdrawn_yet_is_not_published_and_withdrawn_later(
    store: Store, flushes: Flushes, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, withdraw = store.version, store.log.withdraw

    def failing(_: Sequence[int]) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(store.log, "withdraw", failing)
    flushes.go_on(full())
    for number in (1, 2):
        with pytest.raises(Unavailable, match="may appear after a restart"):
            store.commit(Delta((fact(number),)), ME)
    with pytest.raises(Unavailable):
        store.mend()
    assert store.version == before
    monkeypatch.setattr(store.log, "withdraw", withdraw)
    store.mend()
    assert (store.newest, held(store), store.log.pending) == (before, set(), [])
    assert store.commit(Delta((fact(3),)), ME).version == before + 1


def test_no_more_than_so_many_are_pending(
    store: Store, flushes: Flushes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.durability.MOST_PENDING", 2)
    flushes.go_on()
    with store.writing:
        for number in range(5):
            store.commit(Delta((fact(number),)), ME)
    assert flushes.versions == [[3, 4], [5, 6], [7]]


def test_closing_makes_durable_what_nobody_waits_for(data: Path) -> None:
    with open_store(data, ontology.load(data / "none")) as store:
        before = store.version
        with store.writing.leaving(lambda _: None):
            store.commit(Delta((fact(1),)), ME)
        assert (store.version, store.log.last) == (before, before)
    assert CommitLog(data / "log").last == before + 1


def test_a_store_that_was_closed_is_not_opened_again_by_who_still_waits(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(data, ontology.load(data / "none"))
    seen: list[Pending] = []

    def failing(_: Sequence[int]) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(store.log, "settle", failing)
    monkeypatch.setattr(store.log, "withdraw", failing)
    with store.writing.leaving(seen.append):
        store.commit(Delta((fact(1),)), ME)
    store.close()
    store.close()
    with pytest.raises(Unavailable):
        store.writing.wait(seen[0])
    with open_store(data, ontology.load(data / "none")) as again:
        assert (again.version, again.log.pending) == (2, [])


def test_writers_flushes_that_fail_and_snapshots_never_wait_for_one_another_for_ever(
    store: Store, writers: ThreadPoolExecutor, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was acknowledged is there, what was refused is not, and the store is the replay of its log."""
    choice, settle = random.Random(4), store.log.settle

    def failing(versions: Sequence[int]) -> None:
        sleep(0.001)
        fails = choice.random() < 0.3
        settle(versions[: choice.randrange(len(versions))] if fails else versions)
        if fails:
            raise full()

    def write(number: int) -> bool:
        try:
            with store.writing:
                store.commit(Delta((fact(number),)), ME)
                if number % 3 == 0:
                    store.commit(Delta((fact(1000 + number),), (fact(number),)), ME)
        except NoRoom:
            return False
        return True

    monkeypatch.setattr(store.log, "settle", failing)
    laying = [writers.submit(store.snapshot, data / "snapshots" / str(number)) for number in range(8)]
    writing = [writers.submit(write, number) for number in range(60)]
    accepted = {number for number, done in enumerate(writing) if done.result(60)}
    assert [snapshot.result(60) for snapshot in laying]
    assert 0 < len(accepted) < 60
    first_of_two = set(map(fact, range(0, 60, 3)))  # may have been flushed before the second was refused
    found = {fact(number if number % 3 else 1000 + number) for number in accepted}
    assert found <= held(store) <= found | first_of_two
    assert store.version == store.newest == store.log.last
    replayed: set[Quad] = set()
    for version in range(1, store.version + 1):
        delta = store.log.read(version)[1]
        replayed = replayed.difference(delta.removed).union(delta.added)
    assert quads_in(store) == replayed


@asynccontextmanager
async def serving(store: Store, data: Path) -> AsyncIterator[Resources]:
    async with opened(
        Settings(data=data, readers=1, log="off"), store, Tokens(), Metrics(), AnswerCache(0)
    ) as here:
        yield here


async def pending(here: Resources, store: Store, count: int) -> list[asyncio.Task[Settled]]:
    """Have a server write so many facts at once, until its engine holds them all."""
    until = store.newest + count
    jobs = [partial(judge_jobs.add, number) for number in range(count)]
    writing = [asyncio.create_task(here.writes.change(job, ME)) for job in jobs]
    while store.newest < until:
        await asyncio.sleep(0.001)
    return writing


def test_a_server_judges_the_next_while_the_disk_flushes_and_goes_on_though_nobody_waits(
    store: Store, flushes: Flushes, data: Path
) -> None:
    before = store.version

    async def written() -> list[int]:
        async with serving(store, data) as here:
            writing = await pending(here, store, 6)
            writing.pop().cancel()
            assert store.version == before
            flushes.go_on()
            found = await asyncio.gather(*writing)
            return [settled.commit.version for settled in found if settled.commit]

    assert asyncio.run(written()) == list(range(before + 1, before + 6))
    assert flushes.versions == [[before + 1], list(range(before + 2, before + 7))]
    assert len(held(store)) == 6


def test_a_server_refuses_all_that_wait_where_the_flush_fails(
    store: Store, flushes: Flushes, data: Path
) -> None:
    before = store.version

    async def refused() -> list[object]:
        async with serving(store, data) as here:
            writing = await pending(here, store, 4)
            flushes.go_on(full())
            return list(await asyncio.gather(*writing, return_exceptions=True))

    assert [type(refusal) for refusal in asyncio.run(refused())] == [NoRoom] * 4
    assert (store.version, store.newest, held(store)) == (before, before, set())


@pytest.mark.parametrize("fault", [None, full()], ids=["a flush", "a flush that fails"])
def test_a_server_says_what_would_be_accepted_by_what_is_durable(
    store: Store, flushes: Flushes, data: Path, fault: OSError | None
) -> None:
    offer = Offer(Body("", f"{fact(0)} .".encode()), RDF_FORMATS["nquads"])

    async def judged() -> bool:
        async with serving(store, data) as here:
            (writing,) = await pending(here, store, 1)
            judging = asyncio.create_task(here.validators.answer(offer, "json", "application/json", "en"))
            await asyncio.sleep(0.05)
            assert not judging.done()
            flushes.go_on(fault)
            report = json.loads(await (await judging).read())
            await asyncio.gather(writing, return_exceptions=True)
            return bool(report["known"])

    assert asyncio.run(judged()) == (fault is None)


def test_what_a_server_writes_is_flushed_though_its_client_has_gone_before(
    store: Store, flushes: Flushes, data: Path
) -> None:
    before = store.version

    async def abandoned() -> None:
        async with serving(store, data) as here:
            (writing,) = await pending(here, store, 1)
            writing.cancel()
            await asyncio.sleep(0)
            flushes.go_on()
            with pytest.raises(asyncio.CancelledError):
                await writing
            await asyncio.to_thread(until, lambda: store.version == before + 1)

    asyncio.run(abandoned())
    assert held(store) == {fact(0)}
