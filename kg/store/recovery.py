"""Recovery after a writer ended: finds the version in a store, and settles or removes pending records.

Pending records were never acknowledged. A complete one that the store holds is kept, because that is
cheapest; any other is removed. After a power cut, the store may be ahead of the log, because their flushes
are independent, or hold a withdrawn commit in place of another; then it is rebuilt from the log.
"""

from time import monotonic, sleep

from pyoxigraph import Literal, Quad, RdfFormat, parse

from kg import provenance
from kg.changes import Commit, Delta
from kg.errors import Unavailable
from kg.store import bulk_file, bulk_writing
from kg.store.engine_protocols import Engine, WritableEngine
from kg.store.log import ADDED, REMOVED, CommitLog
from kg.store.transaction import LARGEST_STEP
from kg.terms import DIP

BULK_STEP = 1 << 24
"""Bytes of lines that the engine takes at once; more costs memory, less costs time."""
SECONDS_TO_SETTLE = 10.0
"""Seconds that a reader beside a writer waits for it to flush commits that the store already holds."""


def keep_pending(engine: WritableEngine, log: CommitLog) -> None:
    """Settle the pending records that the store holds, in order, and remove the others.

    If the first record that it does not hold is large, the store may hold a part of it, which is undone.
    """
    log.sync()
    for version in log.pending:
        if version == log.last + 1 and log.is_whole(version) and _holds(engine, log.commit(version)):
            log.settle([version])
    undo_unfinished(engine, log, log.last)
    if log.pending:
        log.discard_pending()


def undo_unfinished(engine: WritableEngine, log: CommitLog, version: int) -> None:
    """Undo the partial commit that a store may hold after ``version``, and remove its pending record."""
    following = version + 1
    if following in log.pending and is_unfinished(log, following):
        engine.unapply(log.read(following)[1])
        engine.flush()
        log.withdraw([following])


def is_unfinished(log: CommitLog, version: int) -> bool:
    """Return whether a pending record is complete and so large that a store may hold a part of it.

    A store holds nothing of a load before its record is settled.
    """
    return log.size(version) >= LARGEST_STEP and log.is_whole(version) and not log.bulk(version)


def is_large_commit_under_way(log: CommitLog, since: int | None = None) -> bool:
    """Return whether a large commit is being written, or was written after the version ``since``."""
    last = log.last
    settled = range(last if since is None else since, last)
    pending = [version for version in log.pending if version == last + 1]
    return any(log.size(version) >= LARGEST_STEP for version in (*(each + 1 for each in settled), *pending))


def version_in(engine: Engine, upto: int) -> int:
    """Return the newest version up to ``upto`` that a store holds.

    Searches backwards, because at most a few are missing.
    """
    return next((version for version in range(upto, 0, -1) if has_version(engine, version)), 0)


def catch_up(engine: WritableEngine, log: CommitLog, upto: int) -> None:
    """Apply the commits up to a version that a store does not hold."""
    for version in range(version_in(engine, upto) + 1, upto + 1):
        replay(engine, log, version)


def replay(engine: WritableEngine, log: CommitLog, version: int) -> None:
    """Apply a commit, its bulk files first: its provenance, which marks the store as complete, comes last."""
    bulk = log.bulk(version)
    if REMOVED in bulk:
        for lines in bulk_file.read(log.bulk_path(version, REMOVED)):
            engine.apply(Delta(removed=tuple(parse(b"".join(lines), RdfFormat.N_QUADS))))
    if ADDED in bulk:
        bulk_writing.load(engine, bulk_file.read(log.bulk_path(version, ADDED), BULK_STEP))
    engine.apply(log.read_record(version)[1])


def is_of(log: CommitLog, engine: Engine) -> bool:
    """Return whether a store holds a version of the log, and nothing beyond the log."""
    version = version_in(engine, log.last)
    is_ahead = has_version(engine, log.last + 1)
    return not is_ahead and (version == 0 or _holds(engine, log.commit(version)))


def settled_version(engine: Engine, log: CommitLog) -> int:
    """Return the version that a store holds, once it is durable; raises Unavailable on timeout."""
    version = version_in(engine, log.last)
    while has_version(engine, version + 1):
        version += 1
    end = monotonic() + SECONDS_TO_SETTLE
    while log.last < version and monotonic() < end:
        sleep(0.002)
    if log.last < version or (version and not _holds(engine, log.commit(version))):
        raise Unavailable(
            "The store holds commits that are not durable yet and may be rolled back; try again."
        )
    return version


def has_version(engine: Engine, version: int) -> bool:
    """Return whether a store holds a commit with this number."""
    quad = Quad(provenance.commit_node(version), DIP.VERSION, Literal(version), provenance.GRAPH)
    return quad in engine


def _holds(engine: Engine, commit: Commit) -> bool:
    """Return whether a store holds this very commit, not a withdrawn one with its number; compares times."""
    return provenance.ended(commit) in engine
