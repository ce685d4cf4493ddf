"""Judge process: judges one change at a time; a crash or a limit of time or memory ends it, not the server.

Tasks arrive over a socket and frames go back, as with a reader. ``Judge`` requests a judgement on a version,
``Confirm`` whether the last judgement also holds on a later one; if it does not, the change is judged again,
and the answer is the new judgement. ``Advance`` has no answer: the judge applies new commits while it is
idle.
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
"""A change to judge: a function of a module with its first arguments bound (``functools.partial``)."""


class Judge(NamedTuple):
    """Judge a change on a version; ``snapshot`` holds version ``base`` for a judge that has no copy yet.

    The delta to commit is written to files in ``folder``, unless it is short.
    """

    job: Job
    version: int
    seconds: float
    snapshot: Path
    base: int
    folder: Path

    def packed(self) -> bytes:
        """Serialize the task for the process."""
        return pickle.dumps(self)


class Confirm(NamedTuple):
    """Confirm that the last judgement holds on a version, or judge again."""

    version: int
    seconds: float

    def packed(self) -> bytes:
        """Serialize the task for the process."""
        return pickle.dumps(self)


class Advance(NamedTuple):
    """Update the private copy to a version, so that the next change need not wait for it."""

    version: int

    def packed(self) -> bytes:
        """Serialize the task for the process."""
        return pickle.dumps(self)


def judge_tasks(link: socket, _: Contents | None, log: Path, memory: int) -> None:
    """Run tasks until the other end closes the socket."""
    desk = _Desk(CommitLog(log))
    limit_memory(memory)
    with link.makefile("rb") as source:
        while (task := _next_task(source)) is not None:
            if isinstance(task, Advance):
                desk.advance(task.version)
                continue
            try:
                desk.work(task, FrameWriter(link, task.seconds))
            except ConnectionError:  # the server has stopped waiting
                return


def _next_task(source: IO[bytes]) -> Judge | Confirm | Advance | None:
    try:
        task = pickle.load(source)  # written by the parent process
    except (EOFError, ConnectionError):
        return None
    assert isinstance(task, Judge | Confirm | Advance)
    return task


@dataclass
class _Desk:
    """State of one judge: its copy of the store, and the last change that it judged."""

    log: CommitLog
    copy: PrivateCopy | None = None
    last: Judge | None = None

    def advance(self, version: int) -> None:
        """Apply commits up to a version, if there is a copy."""
        if self.copy is not None:
            with suppress(KGError):  # a commit was rolled back: the pool replaces this judge
                self.copy.advance(version)

    def work(self, task: Judge | Confirm, output: FrameWriter) -> None:
        """Answer a task with a judgement, a fault of the change, or a confirmation."""
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
        assert copy is not None, "only a judged change can be confirmed"
        assert last is not None, "only a judged change can be confirmed"
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
