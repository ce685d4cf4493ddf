"""Checks at a start: the log is complete and unchanged, and the store agrees with it.

Each check raises Damaged with one sentence. Checks whose cost grows with the log skip what has not changed
since the last clean stop; ``verification`` checks everything.
"""

import logging
from pathlib import Path

from pyoxigraph import Literal

from kg import provenance
from kg.errors import Damaged
from kg.store import clean_stop, table_check
from kg.store.clean_stop import CleanStop
from kg.store.durability import MOST_PENDING
from kg.store.engine_protocols import Engine
from kg.store.log import CommitLog
from kg.store.recovery import has_version
from kg.terms import DIP

READ_ONLY = "restore a backup, or serve the existing data with kg serve --read-only"

_log = logging.getLogger(__name__)


def check_files(directory: Path, log: CommitLog) -> None:
    """Check the log and the table files before the store is opened to write; raises Damaged."""
    log.require_no_gap()
    stop = clean_stop.read(directory)
    _require_end(log, stop)
    _check_records(log, stop)
    if stop and (changed := stop.changed_tables(directory)):
        _log.warning("The table files were changed since the last stop (%s); checking them.", changed[0])
        table_check.check_copy(directory / "store")


def check_present(directory: Path, log: CommitLog, opened: Engine) -> None:
    """Check that the log reaches the last clean stop and the store's newest version; raises Damaged."""
    _require_end(log, clean_stop.read(directory))
    check_held(opened, log)


def check_held(opened: Engine, log: CommitLog) -> None:
    """Raise Damaged if the log lacks commits of a store beyond those that may have been pending."""
    last = log.last
    if not has_version(opened, last + 1):
        return
    newest = newest_version(opened)
    if (last == 0 and newest > 1) or newest > last + MOST_PENDING:
        what = f"ends at commit {last}" if last else "is missing or empty"
        raise Damaged(f"The log in {log.folder} {what}, and the store holds {newest} commits: {READ_ONLY}.")


def newest_version(opened: Engine) -> int:
    """Return the number of the newest commit in a store; 0 if it holds none."""
    quads = opened.quads_for_pattern(None, DIP.VERSION, None, provenance.GRAPH)
    return max((int(quad.object.value) for quad in quads if isinstance(quad.object, Literal)), default=0)


def _require_end(log: CommitLog, stop: CleanStop | None) -> None:
    if stop and (last := log.last) < stop.version:
        what = f"ends at commit {last}" if last else "is missing or empty"
        raise Damaged(
            f"The log in {log.folder} {what}, and held {stop.version} at the last stop: {READ_ONLY}."
        )


def _check_records(log: CommitLog, stop: CleanStop | None) -> None:
    """Check the records since the last clean stop, or all if earlier ones have changed since."""
    checked_version = stop.version if stop and stop.has_records_of(log) else 0
    for version in range(checked_version + 1, log.last + 1):
        if fault := log.fault_of(version):
            raise Damaged(f"The record {log.path_of(version)} {fault}: {READ_ONLY}.")
