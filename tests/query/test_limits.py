"""Each limit of a query follows from the settings, in one place."""

from collections.abc import Iterator

import pytest

from kg.query.job import Job, QueryJob, ReadJob
from kg.query.limits import QueryLimits
from kg.settings import Settings
from kg.store.store import Contents

LIMITS = QueryLimits.of(Settings(query_seconds=8, answer_seconds=100, query_memory=1 << 20, least_rate=7))


def nothing(_: Contents) -> Iterator[bytes]:
    return iter(())


@pytest.mark.parametrize(
    ("job", "seconds", "left"),
    [
        (QueryJob("ASK {}"), 8, 8),
        (QueryJob("ASK {}", seconds_spent=3), 8, 5),
        (QueryJob("ASK {}", seconds=2, seconds_spent=1.5), 2, 0.5),
        (QueryJob("ASK {}", seconds=20), 8, 8),
        (ReadJob("text/plain", nothing, seconds=3), 3, 3),
        (ReadJob("text/plain", nothing), 8, 8),
        (ReadJob("text/plain", nothing, is_long=True), 100, 100),
    ],
    ids=[
        *("query", "query with SERVICE", "query with a time", "query with a longer time"),
        *("page with a time", "page", "export"),
    ],
)
def test_a_job_may_take_so_many_seconds(job: Job, seconds: float, left: float) -> None:
    assert (LIMITS.evaluation(job), LIMITS.in_reader(job)) == (seconds, left)


def test_the_other_limits_are_parts_of_those_that_are_set() -> None:
    assert (LIMITS.services(QueryJob("ASK {}")), LIMITS.loading) == (6, 8)
    assert LIMITS.services(QueryJob("ASK {}", seconds=2)) == 1.5
    assert (LIMITS.waiting, LIMITS.sending) == (8, 100)
    assert (LIMITS.query_memory, LIMITS.least_rate) == (1 << 20, 7)
