"""Judge process: judges one change at a time, within its limits of time and memory; it may die of one.

Tasks come in over a socket and frames go out, as with a reader. ``Judge`` asks for a judgement on a version,
``Confirm`` whether the last judgement also holds on a later one. Where it does not, the change is judged
again, and the answer is the new judgement. ``Advance`` has no answer: the judge catches up with the commits
while it has nothing else to do.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import IO, NamedTuple, TypeAlias

from kg.changes import Delta
from kg.errors import JSON, KGError
from kg.facts.judgement import Judgement
from kg.facts.judges.private_copy import PrivateCopy
from kg.facts.judges.release_gate import release_gate
from kg.gate import reports
from kg.gate.gate import Gate
from kg.query.readers.reader import FrameWriter, limit_memory
from kg.store import delta_files
from kg.store.effects import EffectiveDelta
from kg.store.log import CommitLog
from kg.store.store import Contents

MEDIA_TYPE = "application/json"

Job: TypeAlias = Callable[[PrivateCopy, Gate], Judgement]
"""A change to judge: a function of a module with arguments given beforehand (``functools.partial``)."""


class Judge(NamedTuple):
    """Judge a change on a version; ``snapshot`` holds version ``base`` for a judge that has no copy yet.

    The delta of what may be committed is written to files in ``folder``, unless it is short.
    """

    job: Job
    version: int
    seconds: float
    snapshot: Path
    base: int
    folder: Path

    def packed(self) -> bytes:
        """Write the task for its way to the process."""
        return pickle.dumps(self)


class Confirm(NamedTuple):
    """Say whether the last judgement holds on a version, or judge again."""

    version: int
    seconds: float

    def packed(self) -> bytes:
        """Write the task for its way to the process."""
        return pickle.dumps(self)


class Advance(NamedTuple):
    """Bring the private copy up to a version, so that the next change need not wait for that."""

    version: int

    def packed(self) -> bytes:
        """Write the task for its way to the process."""
        return pickle.dumps(self)


def judge_tasks(link: socket, _: Contents | None, log: Path, memory: int) -> None:
    """Work on tasks until the other end closes."""
    desk = _Desk(CommitLog(log))
    limit_memory(memory)
    with link.makefile("rb") as source:
        while (task := _next_task(source)) is not None:
            if isinstance(task, Advance):
                desk.advance(task.version)
                continue
            try:
                desk.work(task, FrameWriter(link, task.seconds))
            except ConnectionError:  # the server waits no longer
                return


def _next_task(source: IO[bytes]) -> Judge | Confirm | Advance | None:
    try:
        task = pickle.load(source)  # written by the process that had this one forked
    except (EOFError, ConnectionError):
        return None
    assert isinstance(task, Judge | Confirm | Advance)
    return task


@dataclass
class _Desk:
    """What one judge works with: its copy of the store, and the change that it judged last."""

    log: CommitLog
    copy: PrivateCopy | None = None
    last: Judge | None = None

    def advance(self, version: int) -> None:
        """Catch up with the commits, if there is a copy yet."""
        if self.copy is not None:
            with suppress(KGError):  # a commit was withdrawn: this judge gets no other change
                self.copy.advance(version)

    def work(self, task: Judge | Confirm, output: FrameWriter) -> None:
        """Answer a task by a judgement, by a fault of the change, or by the version that it stands on."""
        output.begin(MEDIA_TYPE)
        try:
            answer = self._judged(task) if isinstance(task, Judge) else self._confirmed(task)
        except KGError as fault:
            output.fail(json.dumps(_fault(fault)).encode())
        else:
            output.write(json.dumps(answer).encode())
            output.end()

    def _judged(self, task: Judge) -> dict[str, JSON]:
        copy = self.copy = self.copy or PrivateCopy(task.snapshot, task.base, self.log)
        copy.advance(task.version)
        self.last = task
        return self._judge(copy, task)

    def _confirmed(self, task: Confirm) -> dict[str, JSON]:
        copy, last = self.copy, self.last
        assert copy is not None, "only what was judged is confirmed"
        assert last is not None, "only what was judged is confirmed"
        if self._stands(copy, copy.advance(task.version)):
            return {"stands": True}
        return self._judge(copy, last)

    def _stands(self, copy: PrivateCopy, since: Iterable[Delta]) -> bool:
        return not any(copy.reads.matches((*delta.added, *delta.removed)) for delta in since)

    def _judge(self, copy: PrivateCopy, task: Judge) -> dict[str, JSON]:
        copy.reads.clear()
        judgement = task.job(copy, release_gate())
        change = EffectiveDelta.of(copy, judgement.delta)
        is_change = change.added or change.removed
        return {
            "report": reports.as_json(judgement.report),
            "graphs": list(judgement.report.graphs),
            "hash": judgement.content_hash,
            "warnings": reports.warning_sentences(judgement.report),
            "details": judgement.details,
            "delta": delta_files.write(change, task.folder) if is_change else None,
        }


def _fault(fault: KGError) -> dict[str, JSON]:
    return {"kind": type(fault).__name__, "detail": fault.detail, "extra": fault.extra}
