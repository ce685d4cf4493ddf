"""Metrics: counts since the start of the server, written in the text format of Prometheus.

It is written here without a library: the format is one line for each number.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter

from kg import iris
from kg.api.machine_use import MachineUse
from kg.api.middleware.access_log import Line
from kg.errors import KGError, QueryKilled

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "QUERY"})
BOUNDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Upper bounds of the histogram's buckets, in seconds."""
MOST_RULES = 1000
"""Maximum number of rules that are counted separately."""
OTHER_RULE = "other"


@dataclass
class Histogram:
    """A histogram of durations."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count a duration."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass
class Metrics:
    """The counts of one server."""

    queries: Counter[str] = field(default_factory=Counter)
    """By outcome: answered, killed, refused, failed, left."""
    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By method and status."""
    kept: Counter[str] = field(default_factory=Counter)
    """Look-ups in the answer cache: hit or miss."""
    durations: Histogram = field(default_factory=Histogram)
    routes: defaultdict[str, Histogram] = field(default_factory=lambda: defaultdict(Histogram))
    """Durations to the end of answers, by route."""
    refusals: Counter[str] = field(default_factory=Counter)
    """Refused changes, by the rule that they violate."""
    open: int = 0
    """Queries that run or wait, and answers that are being sent."""

    def count(self, line: Line) -> None:
        """Count a request; unknown methods are counted together, as clients can invent them."""
        self.requests[line.method if line.method in _METHODS else "other", line.status] += 1
        self.routes[line.route].add(line.seconds)

    def refuse(self, violations: object) -> None:
        """Count a refused change once for each of our rules that it violates; other rules count together."""
        found = violations if isinstance(violations, list) else []
        for rule in {_rule(each) for each in found if isinstance(each, Mapping)}:
            is_known = rule in self.refusals or len(self.refusals) < MOST_RULES
            self.refusals[rule if is_known else OTHER_RULE] += 1

    def answering(self) -> "_Answering":
        """Count a query and the time until its answer begins; use it in a ``with``."""
        return _Answering(self)


class _Answering:
    """Measures one query from its start to the start of its answer.

    A class, because a generator-based context manager takes twice the time.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._began = perf_counter()

    def __enter__(self) -> None:
        self._metrics.open += 1

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if fault is None:
            outcome = "answered"
        elif isinstance(fault, KGError):
            is_failed = fault.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            outcome = "killed" if isinstance(fault, QueryKilled) else "failed" if is_failed else "refused"
        else:
            outcome = "left"
        self._metrics.open -= 1
        self._metrics.queries[outcome] += 1
        self._metrics.durations.add(perf_counter() - self._began)


@dataclass(frozen=True)
class WriteCounts:
    """Changes by outcome, changes judged again, waiting changes, and judge processes."""

    outcomes: Mapping[str, int]
    repeated: int
    waiting: int
    judges: int


def text(
    metrics: Metrics,
    served: Mapping[str, int],
    *,
    version: int,
    readers: int,
    kept_bytes: int,
    writes: WriteCounts | None,
    machine: MachineUse,
) -> str:
    """Return the metrics as text; ``served`` counts answers by where their reader had the graph."""
    lines = [
        *_family(
            "kg_route_seconds", "histogram", "Seconds until an answer was sent, by route.", _by_route(metrics)
        ),
        *_family("kg_refusals_total", "counter", "Rejected changes, by rule.", _refusals(metrics)),
        *_single("kg_commits_total", "counter", "Commits in the history.", version),
        *_machine(machine),
        *_family("kg_requests_total", "counter", "Requests answered.", _requests(metrics)),
        *_family(
            "kg_queries_total",
            "counter",
            "Queries passed to reader processes, by outcome.",
            _queries(metrics),
        ),
        *_family(
            "kg_query_seconds",
            "histogram",
            "Seconds until the first byte of an answer.",
            _durations(metrics.durations),
        ),
        *_family(
            "kg_answers_total",
            "counter",
            "Answers of reader processes, by location of the graph (memory or disk).",
            _served(served),
        ),
        *_single(
            "kg_query_kills_total",
            "counter",
            "Queries ended at a time or memory limit.",
            metrics.queries["killed"],
        ),
        *_single("kg_cache_hits_total", "counter", "Answers served from the cache.", metrics.kept["hit"]),
        *_single("kg_cache_misses_total", "counter", "Lookups that missed the cache.", metrics.kept["miss"]),
        *_single("kg_cache_bytes", "gauge", "Bytes in the answer cache.", kept_bytes),
        *_single("kg_graph_version", "gauge", "Version of the graph that is served.", version),
        *_single("kg_readers", "gauge", "Reader processes.", readers),
        *(_writes(writes) if writes else ()),
        *_single("kg_open_answers", "gauge", "Answers in progress or waiting.", metrics.open),
        *_single(
            "kg_queue", "gauge", "Queries waiting for a reader process.", max(0, metrics.open - readers)
        ),
    ]
    return "\n".join(lines) + "\n"


def _family(name: str, kind: str, meaning: str, samples: Iterable[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
    for rest, value in samples:
        yield f"{name}{rest} {value:g}" if isinstance(value, float) else f"{name}{rest} {value}"


def _single(name: str, kind: str, meaning: str, value: float) -> Iterator[str]:
    return _family(name, kind, meaning, [("", value)])


def _writes(counts: WriteCounts) -> Iterator[str]:
    outcomes = ((f'{{outcome="{outcome}"}}', number) for outcome, number in counts.outcomes.items())
    yield from _family("kg_changes_total", "counter", "Changes judged, by outcome.", outcomes)
    yield from _single(
        "kg_changes_rejudged_total", "counter", "Changes judged again after a commit.", counts.repeated
    )
    yield from _single("kg_changes_waiting", "gauge", "Changes judged or waiting.", counts.waiting)
    yield from _single("kg_judges", "gauge", "Judge processes.", counts.judges)


def _requests(metrics: Metrics) -> Iterator[tuple[str, int]]:
    for (method, status), number in sorted(metrics.requests.items()):
        yield f'{{method="{method}",status="{status}"}}', number


def _queries(metrics: Metrics) -> Iterator[tuple[str, int]]:
    for outcome in ("answered", "refused", "killed", "failed", "left"):
        yield f'{{outcome="{outcome}"}}', metrics.queries[outcome]


def _served(served: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for place, number in served.items():
        yield f'{{graph="{place}"}}', number


def _by_route(metrics: Metrics) -> Iterator[tuple[str, float]]:
    for route, histogram in sorted(metrics.routes.items()):
        yield from _durations(histogram, f'route="{route}"')


def _refusals(metrics: Metrics) -> Iterator[tuple[str, int]]:
    for rule, number in sorted(metrics.refusals.items()):
        yield f'{{rule="{rule}"}}', number


def _machine(use: MachineUse) -> Iterator[str]:
    memory = (("server", use.server), ("others", use.others))
    yield from _family(
        "kg_memory_bytes",
        "gauge",
        "Resident memory of the server and of each of its processes, shared pages included, in bytes.",
        ((f'{{process="{name}"}}', number) for name, number in memory),
    )
    yield from _single(
        "kg_disk_free_bytes", "gauge", "Bytes free on the disk of the data directory.", use.disk_free
    )
    yield from _single("kg_store_bytes", "gauge", "Bytes of the store's tables.", use.store)
    yield from _single("kg_log_bytes", "gauge", "Bytes of the log of commits.", use.log)


def _rule(violation: Mapping[str, object]) -> str:
    """Return the label of a violation's rule: the short name of a rule of ours."""
    name = iris.compact(str(violation.get("rule")))
    return name if name.startswith("dipsh:") else OTHER_RULE


def _durations(histogram: Histogram, label: str = "") -> Iterator[tuple[str, float]]:
    below = 0
    for bound, number in zip((*map(str, BOUNDS), "+Inf"), histogram.counts, strict=True):
        below += number
        yield f'_bucket{{{label}{"," if label else ""}le="{bound}"}}', below
    of_label = f"{{{label}}}" if label else ""
    yield f"_sum{of_label}", histogram.total
    yield f"_count{of_label}", below
