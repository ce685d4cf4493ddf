"""Loads over HTTP: each is a job that goes on if its client disconnects; jobs run one after another.

A job of several files collects them, one request each, and begins with the last.
A process prepares the load beside the store, and the server commits it. A file records the state of each job,
so the state survives a restart. A job that had not ended then is interrupted, and leaves nothing behind.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from kg.changes import Provenance
from kg.errors import JSON, Conflict, KGError, NotFound, Unavailable
from kg.facts.loads import load, preparation
from kg.facts.loads.files import LoadFile
from kg.facts.loads.preparation import OrderedFile, PreparationOrder
from kg.facts.loads.source import Loaded
from kg.store import disk_space, loading
from kg.store.store import Store

FOLDER = "jobs"
KEPT = 100
"""Number of ended jobs whose state is kept."""
SECONDS_TO_COLLECT = 600.0
"""Seconds that a job waits for its next file."""
_COLLECTING = "collecting"
_AT_WORK = ("waiting", "loading")


@dataclass(frozen=True)
class GivenFile:
    """A file of a job, and the graph for its triples in no graph."""

    file: LoadFile
    graph: str | None

    @property
    def ordered(self) -> OrderedFile:
        """The file as the process of the load takes it."""
        return OrderedFile(str(self.file.path), self.file.format.name, self.file.name, self.graph)


@dataclass(frozen=True)
class _Collecting:
    """A job that waits for its next file until the timer ends it."""

    files: list[GivenFile]
    by: Provenance
    timer: asyncio.TimerHandle


class LoadJobs:
    """The jobs of one server; use it in an ``async with``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.directory / FOLDER
        self._turn = asyncio.Lock()
        self._states: dict[str, dict[str, JSON]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._collecting: dict[str, _Collecting] = {}

    async def __aenter__(self) -> "LoadJobs":
        await asyncio.to_thread(self._recover)
        return self

    async def __aexit__(self, *_: object) -> None:
        for name in list(self._collecting):
            self._drop(name)
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    @property
    def folder(self) -> Path:
        """The folder for uploaded files; it is created if it does not exist."""
        self._folder.mkdir(exist_ok=True)
        return self._folder

    def start(self, upload: GivenFile, by: Provenance, *, has_more: bool = False) -> str:
        """Begin a job and return its name; the job removes its files at its end.

        If ``has_more`` is true, it collects further files first.
        """
        name = token_hex(8)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self._note(name, file=upload.file.name, by=by.agent, started=started, triples=0, share=0.0)
        self._take(name, [upload], by, has_more=has_more)
        return name

    def add(self, name: str, upload: GivenFile, *, has_more: bool) -> None:
        """Add a file to a job that collects; if there are no more, the job begins.

        If the job takes no file, removes the file and raises NotFound or Conflict.
        """
        try:
            self.require_collecting(name)
        except KGError:
            upload.file.path.unlink(missing_ok=True)
            raise
        collecting = self._collecting.pop(name)
        collecting.timer.cancel()
        self._take(name, [*collecting.files, upload], collecting.by, has_more=has_more)

    def require_collecting(self, name: str) -> None:
        """Raise NotFound if there is no such job, and Conflict if it takes no more files."""
        if (state := self.state(name)["state"]) != _COLLECTING:
            raise Conflict(f"The job {name} is {state}: it takes no more files.")

    def _take(self, name: str, files: list[GivenFile], by: Provenance, *, has_more: bool) -> None:
        self._note(name, state=_COLLECTING if has_more else "waiting", files=len(files))
        if has_more:
            timer = asyncio.get_running_loop().call_later(SECONDS_TO_COLLECT, self._drop, name)
            self._collecting[name] = _Collecting(files, by, timer)
            return
        task = self._tasks[name] = asyncio.create_task(self._work(name, files, by))
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    def _drop(self, name: str) -> None:
        """Cancel a job that collects."""
        collecting = self._collecting.pop(name)
        collecting.timer.cancel()
        for upload in collecting.files:
            upload.file.path.unlink(missing_ok=True)
        self._note(name, state="cancelled")

    def state(self, name: str) -> Mapping[str, JSON]:
        """Return the state of a job; raises NotFound."""
        if name not in self._states:
            raise NotFound(f"There is no job {name[:64]}.")
        return self._states[name]

    async def cancel(self, name: str) -> Mapping[str, JSON]:
        """Cancel a job and return its state; raises Conflict if it has ended or is committing."""
        if self.state(name)["state"] == _COLLECTING:
            self._drop(name)
            return self.state(name)
        if self.state(name)["state"] not in _AT_WORK:
            raise Conflict(f"The job {name} is {self.state(name)['state']}: it cannot be cancelled.")
        task = self._tasks[name]
        task.cancel()
        await asyncio.wait([task])
        return self.state(name)

    async def _work(self, name: str, files: Sequence[GivenFile], by: Provenance) -> None:
        try:
            async with self._turn:
                loaded = await self._loaded(name, files, by)
            self._note(name, state="done", result=loaded.as_json())
        except asyncio.CancelledError:
            self._note(name, state="cancelled")
            raise
        except KGError as fault:
            members: dict[str, JSON] = {"status": fault.status, "title": fault.title, "detail": fault.detail}
            self._note(name, state="failed", problem={**members, **fault.extra})
        except Exception as fault:
            self._note(name, state="failed", problem=_problem(fault))
        finally:
            for upload in files:
                await asyncio.to_thread(upload.file.path.unlink, missing_ok=True)

    def _known(self, files: Sequence[GivenFile]) -> list[GivenFile]:
        """Return the files that were loaded before."""
        return [each for each in files if load.is_known(self._store, each.file.source(each.graph).key)]

    async def _loaded(self, name: str, files: Sequence[GivenFile], by: Provenance) -> Loaded:
        loaded_files = await asyncio.to_thread(self._known, files)
        known_names = tuple(each.file.name for each in loaded_files)
        new = [each.ordered for each in files if each not in loaded_files]
        if not new:
            return Loaded(None, known=known_names)
        folder = loading.new_folder(self._store.directory)  # in a thread, a cancelled job would leave it
        try:
            base = await asyncio.to_thread(self._store.snapshot, loading.store_in(folder))
            await self._prepare(name, PreparationOrder(str(folder), base, new))
            prepared = preparation.read_result(folder)
            if prepared is None:
                raise Unavailable("The process of the load ended unexpectedly; send it again.")
            if isinstance(prepared, KGError):
                raise prepared
            change, report = prepared
            self._note(name, state="committing", triples=change.added)
            committing = asyncio.to_thread(self._store.commit_loaded, change, by, load.confirm)
            commit = await asyncio.shield(asyncio.ensure_future(committing))
            return Loaded(commit, report, known_names, commit.graphs, change.added)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _prepare(self, name: str, order: PreparationOrder) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "kg.facts.loads.preparation"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(order.to_json().encode())
            process.stdin.close()
            async for line in process.stdout:
                progress = json.loads(line)
                self._note(name, state="loading", triples=progress["triples"], share=progress["share"])
            await process.wait()
        finally:
            if process.returncode is None:
                os.killpg(process.pid, 9)  # also end the processes that it started
                await process.wait()

    def _note(self, name: str, **members: JSON) -> None:
        """Change the record of a job, and its file if the state changes."""
        state = self._states.get(name, {})
        self._states[name] = {**state, "job": name, **members}
        if members.get("state") != state.get("state"):
            partial = self.folder / f".{name}.partial"
            partial.write_text(json.dumps(self._states[name]), encoding="utf-8")
            partial.rename(self._folder / f"{name}.json")

    def _recover(self) -> None:
        """Read the jobs of earlier servers; mark those that had not ended as interrupted."""
        paths = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in paths[:-KEPT]:
            path.unlink()
        for path in paths[-KEPT:]:
            state = json.loads(path.read_text(encoding="utf-8"))
            self._states[path.stem] = state
            if state["state"] in (_COLLECTING, *_AT_WORK, "committing"):
                self._note(path.stem, state="interrupted")
        for old_file in (*self._folder.glob("*.body"), *self._folder.glob(".*.partial")):
            old_file.unlink()


def _problem(fault: Exception) -> dict[str, JSON]:
    error = disk_space.error_of(fault) or KGError(
        "The load failed with an internal error; see the server's log."
    )
    return {"status": error.status, "title": error.title, "detail": error.detail}
