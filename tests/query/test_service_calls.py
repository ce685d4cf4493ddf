"""Queries with SERVICE: only so many wait for endpoints at once, each with its part of a query's time."""

import asyncio

import pytest

from kg.errors import Unavailable
from kg.query import federation
from kg.query.job import QueryJob
from kg.query.limits import QueryLimits
from kg.query.outbound import AllowList
from kg.query.service_calls import ServiceCalls

FEDERATED = QueryJob("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")


def test_a_query_waits_for_its_endpoints_and_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.query.service_calls.MOST_CALLING", 1)
    given: list[float] = []

    async def main() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def asked(job: QueryJob, _: object, __: object, seconds: float) -> QueryJob:
            given.append(seconds)
            begun.set()
            await go_on.wait()
            return job._replace(services=(b"{}",))

        monkeypatch.setattr(federation, "asked", asked)
        calls = ServiceCalls(AllowList(), QueryLimits(query_seconds=8, answer_seconds=100))
        first = asyncio.create_task(calls.answered(FEDERATED))
        await begun.wait()
        with pytest.raises(Unavailable, match="other endpoints"):
            await calls.answered(FEDERATED)
        first.cancel()
        await asyncio.wait([first])
        go_on.set()
        answered = await calls.answered(FEDERATED)
        assert answered.services == (b"{}",)
        assert await calls.answered(answered) is answered

    asyncio.run(main())
    assert given == [6, 6]


def test_a_query_without_service_is_returned_as_it_is() -> None:
    async def main() -> None:
        calls = ServiceCalls(AllowList(), QueryLimits(query_seconds=8, answer_seconds=100))
        for job in (QueryJob("ASK {}"), QueryJob("SELECT ?service { ?service ?p ?o }")):
            assert await calls.answered(job) is job

    asyncio.run(main())
