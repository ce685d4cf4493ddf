"""SERVICE clauses of the server's queries: calls their endpoints before a reader process is taken."""

import asyncio

from kg.errors import Unavailable
from kg.query import federation
from kg.query.job import QueryJob
from kg.query.limits import QueryLimits
from kg.query.outbound import AllowList

MOST_CALLING = 8
"""Maximum queries that may wait for other endpoints at once."""


class ServiceCalls:
    """Calls the endpoints of SERVICE clauses, for a limited number of queries at once."""

    def __init__(self, allow_list: AllowList, limits: QueryLimits) -> None:
        self.allow_list = allow_list
        self._limits = limits
        self._count = 0

    async def answered(self, job: QueryJob) -> QueryJob:
        """Return the job with the answers of its endpoints.

        Raises what ``federation.checked`` and ``federation.asked`` raise, and Unavailable if too many queries
        wait for endpoints.
        """
        if job.services or not federation.is_meant(job.text):
            return job
        calls = await asyncio.to_thread(federation.checked, job)
        if not calls:
            return job
        if self._count >= MOST_CALLING:
            raise Unavailable("Many queries wait for other endpoints; try again in a few seconds.")
        self._count += 1
        try:
            return await federation.asked(job, calls, self.allow_list, self._limits.services(job))
        finally:
            self._count -= 1
