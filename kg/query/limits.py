"""Limits of a query: how long each part of its work may take, and how much memory. Change them here.

The settings give the numbers; each use of a limit reads it from this module. The reader process enforces
``evaluation`` itself, with a timer of the kernel (``readers.reader.FrameWriter``) that ends the process; the
pool enforces the other limits.
"""

from dataclasses import dataclass

from kg.query.job import Job, QueryJob
from kg.settings import Settings

SERVICE_SHARE = 0.75
"""The share of a query's time that the endpoints of its SERVICE clauses may use."""
SECONDS_TO_PAUSE = 10.0
"""Seconds for which a client that reads below the minimum rate may keep an answer waiting."""
CROWDED_RATE = 1 << 20
"""Bytes a second below which the slowest client loses its reader if callers wait at the reader limit."""


@dataclass(frozen=True)
class QueryLimits:
    """Limits in seconds and bytes.

    >>> QueryLimits(query_seconds=10, answer_seconds=300).evaluation(QueryJob("ASK {}"))
    10
    """

    query_seconds: float
    answer_seconds: float
    query_memory: int = 1 << 30
    """Bytes of memory that a query may use above those of an idle reader."""
    least_rate: int = 1 << 14
    """Minimum bytes a second that a client must read of an answer that waits for it; 0 sets no limit."""

    @classmethod
    def of(cls, settings: Settings) -> "QueryLimits":
        """Return the limits that the settings give."""
        return cls(
            settings.query_seconds, settings.answer_seconds, settings.query_memory, settings.least_rate
        )

    def evaluation(self, job: Job) -> float:
        """Return the seconds for the work on a job, without the time in which its client reads."""
        is_long = not isinstance(job, QueryJob) and job.is_long
        limit = self.answer_seconds if is_long else self.query_seconds
        return limit if job.seconds is None else min(limit, job.seconds)

    def in_reader(self, job: Job) -> float:
        """Return the seconds left to the reader after the endpoints of SERVICE have answered."""
        return self.evaluation(job) - (job.seconds_spent if isinstance(job, QueryJob) else 0)

    def services(self, job: QueryJob) -> float:
        """Return the seconds for the endpoints of a query's SERVICE clauses."""
        return self.evaluation(job) * SERVICE_SHARE

    @property
    def loading(self) -> float:
        """Seconds for each document that an update loads."""
        return self.query_seconds

    @property
    def waiting(self) -> float:
        """Seconds that a caller waits for a reader."""
        return self.query_seconds

    @property
    def sending(self) -> float:
        """Seconds for the sending of one answer."""
        return self.answer_seconds
