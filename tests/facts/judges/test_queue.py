"""Changes that are judged side by side become what they would become one after the other."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from errno import EIO
from functools import partial
from itertools import count
from pathlib import Path
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.changes import Delta, Provenance
from kg.errors import Conflict, JudgementEnded, Unavailable
from kg.facts.judges.judge import Advance, Job, Judge
from kg.facts.judges.pool import Decision, JudgePool, LentJudge
from kg.facts.judges.queue import Settled, WriteQueue
from kg.query.readers.processes import Packed, ReaderProcess
from kg.settings import Settings
from kg.store.store import Store
from tests.support import judge_jobs
from tests.support.judge_jobs import COUNTER, GRAPH, PREDICATE, fact
from tests.support.readers import until
from tests.support.stores import open_store

ME = Provenance("Ana")


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with open_store(data) as store:
        yield store


@asynccontextmanager
async def judging(store: Store, **limits: float) -> AsyncIterator[WriteQueue]:
    given = Settings(data=store.directory, **limits)  # type: ignore[arg-type]  # by name
    async with JudgePool(store, given, store.directory / "judges") as judges:
        yield WriteQueue(store, judges)


async def settled(queue: WriteQueue, *jobs: Job) -> list[Settled | BaseException]:
    changes = [asyncio.ensure_future(queue.change(job, ME)) for job in jobs]
    return await asyncio.gather(*changes, return_exceptions=True)


def run(store: Store, *jobs: Job, **limits: float) -> list[Settled | BaseException]:
    async def changed() -> list[Settled | BaseException]:
        async with judging(store, **limits) as queue:
            return await settled(queue, *jobs)

    return asyncio.run(changed())


def held(store: Store) -> set[int]:
    quads = store.quads_for_pattern(NamedNode("urn:s"), PREDICATE, None, GRAPH)
    return {int(quad.object.value) for quad in quads if isinstance(quad.object, Literal)}


def counters_in(store: Store) -> dict[str, int]:
    return {
        str(quad.subject.value): int(quad.object.value)
        for quad in store.quads_for_pattern(None, COUNTER, None)
        if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
    }


def versions(found: list[Settled | BaseException]) -> list[int]:
    return [each.commit.version for each in found if isinstance(each, Settled) and each.commit]


def test_changes_are_committed_in_the_order_in_which_they_came(store: Store) -> None:
    slow_first = [partial(judge_jobs.take_time, 0.3, 0), *(partial(judge_jobs.add, n) for n in range(1, 6))]
    before = store.version
    assert versions(run(store, *slow_first, judges=3)) == [before + number for number in range(1, 7)]
    assert held(store) == {0, 1, 2, 3, 4, 5}
    assert store.version == before + 6


def test_an_idle_judge_catches_up_with_what_was_committed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []
    send = ReaderProcess.send

    def noted(process: ReaderProcess, task: Packed) -> None:
        sent.append(task if isinstance(task, Advance) else type(task))
        send(process, task)

    monkeypatch.setattr(ReaderProcess, "send", noted)
    before = store.version

    async def two_changes() -> list[Settled]:
        async with judging(store, judges=1) as queue:
            return [await queue.change(partial(judge_jobs.increase, "urn:c"), ME) for _ in range(2)]

    found = asyncio.run(two_changes())
    assert versions([*found]) == [before + 1, before + 2]
    assert sent == [Judge, Advance(before + 1), Judge, Advance(before + 2)]
    assert counters_in(store) == {"urn:c": 2}


def test_a_change_of_nothing_makes_no_commit(store: Store) -> None:
    (found,) = run(store, judge_jobs.nothing)
    assert isinstance(found, Settled)
    assert found.commit is None
    assert found.decision.report == {"conforms": True, "graphs": [], "known": True, "violations": []}


def test_what_is_there_already_is_not_committed_again(store: Store) -> None:
    store.commit(Delta((fact(1),)), ME)
    (found,) = run(store, partial(judge_jobs.add, 1))
    assert isinstance(found, Settled)
    assert found.commit is None


def test_of_two_changes_that_clash_the_second_is_refused(store: Store) -> None:
    found = run(store, *(partial(judge_jobs.claim, "urn:x", name) for name in "ab"), judges=2)
    assert [type(each) for each in found] == [Settled, Conflict]


counters = st.lists(st.sampled_from(["urn:a", "urn:b", "urn:c"]), min_size=1, max_size=10)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(counters, min_size=2, max_size=6))
def test_no_count_is_lost_however_many_count_at_once(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[str]]
) -> None:
    async def counted(store: Store) -> None:
        async with judging(store, judges=3) as queue:
            for subjects in rounds:
                found = await settled(queue, *(partial(judge_jobs.increase, each) for each in subjects))
                assert all(isinstance(each, Settled) for each in found)

    with open_store(tmp_path_factory.mktemp("data")) as store:
        asyncio.run(counted(store))
        counts = counters_in(store)
    wanted = [subject for subjects in rounds for subject in subjects]
    assert counts == {subject: wanted.count(subject) for subject in set(wanted)}


def test_a_judge_that_crashes_takes_only_its_own_change_with_it(store: Store) -> None:
    jobs: list[Job] = [judge_jobs.crash, partial(judge_jobs.add, 1)] * 2
    jobs[3] = partial(judge_jobs.add, 2)
    found = run(store, *jobs, judges=2)
    assert [type(each) for each in found] == [JudgementEnded, Settled, JudgementEnded, Settled]
    assert held(store) == {1, 2}


def test_a_change_is_ended_at_its_limit_of_time_and_the_next_goes_on(store: Store) -> None:
    jobs = [partial(judge_jobs.take_time, 60, 1), partial(judge_jobs.add, 2)]
    ended, added = run(store, *jobs, judge_seconds=2, judges=1)
    assert isinstance(ended, JudgementEnded)
    assert "2 seconds" in ended.detail
    assert isinstance(added, Settled)
    assert held(store) == {2}


def test_a_change_is_ended_at_its_limit_of_memory(store: Store) -> None:
    (ended,) = run(store, judge_jobs.take_memory, judge_memory=1 << 28)
    assert isinstance(ended, JudgementEnded)
    assert "256 MB" in ended.detail


def test_a_client_that_leaves_before_its_turn_has_changed_nothing(store: Store) -> None:
    async def left() -> list[Settled | BaseException]:
        async with judging(store, judges=2) as queue:
            first = asyncio.ensure_future(queue.change(partial(judge_jobs.take_time, 0.5, 1), ME))
            leaving = asyncio.ensure_future(queue.change(partial(judge_jobs.add, 2), ME))
            await asyncio.sleep(0.1)
            leaving.cancel()
            found = await asyncio.gather(leaving, return_exceptions=True)
            return [*found, await first, await queue.change(partial(judge_jobs.add, 3), ME)]

    before = store.version
    gone, *others = asyncio.run(left())
    assert isinstance(gone, asyncio.CancelledError)
    assert versions(others) == [before + 1, before + 2]
    assert held(store) == {1, 3}


def test_files_of_deltas_and_copies_are_removed(store: Store) -> None:
    async def changed() -> list[str]:
        async with judging(store, judges=1) as queue:
            await settled(queue, *(partial(judge_jobs.add, number) for number in range(3)))
            return sorted(path.name for path in (store.directory / "judges").iterdir())

    assert asyncio.run(changed()) == ["judge-1"]
    assert not (store.directory / "judges").exists()


def test_a_judge_far_behind_is_replaced_by_one_with_a_fresh_copy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.facts.judges.pool.MOST_APPLIED", 2)

    async def changed() -> list[str]:
        async with judging(store, judges=1) as queue:
            for number in range(6):
                await queue.change(partial(judge_jobs.add, number), ME)
            return sorted(path.name for path in (store.directory / "judges").iterdir())

    assert asyncio.run(changed()) != ["judge-1"]
    assert held(store) == set(range(6))


def test_a_judgement_of_any_length_arrives(store: Store) -> None:
    (outcome,) = run(store, partial(judge_jobs.tell_much, 1_000_000))
    assert isinstance(outcome, Settled)
    assert outcome.decision.details == {"told": "x" * 1_000_000}


def test_a_change_whose_judge_saw_what_is_withdrawn_keeps_its_place(store: Store) -> None:
    async def changed() -> list[Settled | BaseException]:
        async with judging(store, judges=2) as queue, asyncio.timeout(120):
            await queue.warm()
            jobs = [partial(judge_jobs.take_time, 0.4, 1), *(partial(judge_jobs.add, n) for n in (2, 3, 4))]
            changing = asyncio.ensure_future(settled(queue, *jobs))
            await asyncio.sleep(0.2)
            store.withdrawals += 1  # all judges are outdated: those of the others, which wait, too
            return await changing

    before = store.version
    assert versions(asyncio.run(changed())) == [before + number for number in range(1, 5)]


def test_nothing_is_committed_that_was_judged_by_what_is_withdrawn_in_its_turn(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed = WriteQueue._confirmed
    decisions: list[Decision] = []

    async def withdrawn(queue: WriteQueue, judge: LentJudge, decision: Decision) -> Decision:
        decisions.append(decision)
        store.withdrawals += len(decisions) == 1
        return await confirmed(queue, judge, decision)

    monkeypatch.setattr(WriteQueue, "_confirmed", withdrawn)
    (found,) = run(store, partial(judge_jobs.add, 1))
    assert isinstance(found, Settled)
    assert found.decision is decisions[1]


def test_counts_are_those_of_the_accepted_changes_though_flushes_fail(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, calls = store.log.settle, count(1)

    def settle_or_fail(versions: Sequence[int]) -> None:
        if next(calls) % 3 == 0:
            raise OSError(EIO, "the disk fails")
        settle(versions)

    async def counted() -> list[Settled | BaseException]:
        async with judging(store, judges=3) as queue, asyncio.timeout(120):
            subjects = ["urn:a", "urn:b", "urn:a"] * 10
            return await settled(queue, *(partial(judge_jobs.increase, each) for each in subjects))

    monkeypatch.setattr(store.log, "settle", settle_or_fail)
    found = asyncio.run(counted())
    assert {type(each) for each in found} == {Settled, Unavailable}
    assert sum(counters_in(store).values()) == len(versions(found))


def test_a_client_that_leaves_while_a_judge_is_started_leaves_no_judge_behind(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_newest = store.copy_newest

    def copy_slowly(path: Path) -> int:
        sleep(0.2)
        return copy_newest(path)

    async def changed() -> None:
        async with judging(store, judges=1) as queue:
            for number in range(3):
                await settled(queue, judge_jobs.crash)
                leaving = asyncio.ensure_future(queue.change(partial(judge_jobs.add, number), ME))
                await asyncio.sleep(0.1)
                leaving.cancel()
            await queue.change(partial(judge_jobs.add, 7), ME)
            await until(lambda: len(list((store.directory / "judges").iterdir())) == 1)

    run(store, judge_jobs.nothing)
    monkeypatch.setattr(store, "copy_newest", copy_slowly)
    asyncio.run(changed())
    assert 7 in held(store)


def test_a_client_that_leaves_in_its_turn_is_held_until_its_change_is_made(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it sent is removed when it has gone, and may have to be judged again."""
    confirm = WriteQueue._confirmed
    turns: list[Decision] = []

    async def confirmed(queue: WriteQueue, judge: LentJudge, decision: Decision) -> Decision:
        turns.append(decision)
        return await confirm(queue, judge, decision)

    monkeypatch.setattr(WriteQueue, "_confirmed", confirmed)

    async def left() -> dict[str, int]:
        async with judging(store, judges=2) as queue:
            await queue.warm()
            job = partial(judge_jobs.increase_slowly, 0.5, "urn:a")
            first, second = (asyncio.ensure_future(queue.change(job, ME)) for _ in range(2))
            await first
            await until(lambda: len(turns) == 2)
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
            return counters_in(store)

    assert asyncio.run(left()) == {"urn:a": 2}
