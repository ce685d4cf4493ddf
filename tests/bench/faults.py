"""Kills a real ``kg serve`` under load and looks at what is left: nothing lost, nothing half.

Run it by hand: ``make bench-faults``, or ``python -m tests.bench.faults [--rounds 100] [--seed 1]``; a few
rounds are in the suite (tests/store/test_kills.py). In each round several clients write at once, each into
graphs of its own: facts, submissions of several graphs, updates, whole graphs, corrections, retractions,
large imports, and graphs so large that the store is compacted. Then the server is killed, in some rounds
while it makes its data directory, and started again. Every acknowledged write must be there whole, every
other one whole or not at all; log, versions and provenance must agree, the store must equal the replay of
its log, and a query be answered. What was not acknowledged is sent once more: the same content makes no
second commit.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Event, Thread

import httpx
from pyoxigraph import NamedNode, Quad

from kg import provenance
from kg.store.log import CommitLog
from kg.store.read_only import open_read_only
from kg.terms import DIP
from tests.support.contents import quads_in

TOKEN = "bench"
VALUE = NamedNode("urn:value")
COMPACTED = 1_200
Graphs = Mapping[str, frozenset[str]]
"""The values that each graph holds; those of one writing are told from all others by its mark."""


@dataclass(frozen=True)
class Write:
    """A request, and what the graphs that it is about hold afterwards."""

    method: str
    path: str
    media_type: str
    body: str
    after: Graphs
    is_repeatable: bool = True


def values(mark: str, size: int) -> frozenset[str]:
    return frozenset(f"{mark}-{number}" for number in range(size))


def turtle(held: frozenset[str]) -> str:
    return "<urn:s> <urn:value> " + ", ".join(f'"{value}"' for value in sorted(held)) + " ."


def trig(graphs: Graphs) -> str:
    return "\n".join(f"<{name}> {{ {turtle(held)} }}" for name, held in graphs.items())


@dataclass
class Client:
    """One client: what its graphs hold as far as it was told, and what it asked for last."""

    name: str
    choice: random.Random
    kinds: tuple[str, ...]
    held: dict[str, frozenset[str]] = field(default_factory=dict)
    asked: Write | None = None
    acknowledged: int = 0
    imported: int = 30_000
    made: int = 0
    fault: str | None = None

    def work(self, url: str, is_over: Event) -> None:
        """Write until the server is gone."""
        with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
            while not is_over.is_set():
                self.made += 1
                kind = self.choice.choice(self.kinds)
                self.asked = getattr(self, f"_{kind}")(f"{self.name}-{self.made}")
                try:
                    answer = send(client, self.asked)
                except httpx.TransportError:
                    return
                if answer.status_code >= 300:
                    self.fault = f"{self.asked.method} {self.asked.path}: {answer.status_code} {answer.text}"
                    return
                self.acknowledged += 1
                self.take()

    def take(self) -> None:
        """Count what was asked for as done."""
        assert self.asked is not None
        merged = {**self.held, **self.asked.after}
        self.held = {name: held for name, held in merged.items() if held}
        self.asked = None

    def settle(self, found: Graphs) -> bool:
        """Compare with what is there; say if what was asked for last had been done after all."""
        if self.asked is not None and {**self.held, **self.asked.after} != self.held:
            after = {name: held for name, held in {**self.held, **self.asked.after}.items() if held}
            if found == after:
                self.take()
                return True
        for name in sorted({*found, *self.held}):
            there, told = found.get(name, frozenset()), self.held.get(name, frozenset())
            assert there == told, f"{name} holds {len(there)} values, not {len(told)}; asked: {self.asked}"
        return False

    def _facts(self, mark: str) -> Write:
        return self._submission({f"urn:{mark}": values(mark, 5)})

    def _several(self, mark: str) -> Write:
        return self._submission({f"urn:{mark}-{part}": values(f"{mark}-{part}", 3) for part in range(4)})

    def _import(self, mark: str) -> Write:
        return self._submission({f"urn:{mark}": values(mark, self.imported)})

    def _submission(self, graphs: dict[str, frozenset[str]], query: str = "") -> Write:
        return Write("POST", f"facts{query}", "application/trig", trig(graphs), graphs)

    def _supersede(self, mark: str) -> Write:
        if (old := self._submitted()) is None:
            return self._facts(mark)
        new = self._submission({f"urn:{mark}": values(mark, 5)}, f"?supersedes={old}")
        return Write(new.method, new.path, new.media_type, new.body, {**new.after, old: frozenset()})

    def _retract(self, mark: str) -> Write:
        if (old := self._submitted()) is None:
            return self._facts(mark)
        body = f'{{"graphs": ["{old}"], "reason": "A round of the bench."}}'
        return Write("POST", "retractions", "application/json", body, {old: frozenset()}, is_repeatable=False)

    def _submitted(self) -> str | None:
        names = sorted(name for name in self.held if not name.endswith("-edited"))
        return self.choice.choice(names) if names else None

    def _update(self, mark: str) -> Write:
        graph = f"urn:{self.name}-updated-edited"
        after = values(mark, 8)
        inserted = " ".join(f'<urn:s> <urn:value> "{value}" .' for value in sorted(after))
        text = f"DELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} ; "
        text += f"INSERT DATA {{ GRAPH <{graph}> {{ {inserted} }} }}"
        return Write("POST", "update", "application/sparql-update", text, {graph: after})

    def _put(self, mark: str) -> Write:
        return self._replacing("put", values(mark, 10))

    def _compact(self, mark: str) -> Write:
        return self._replacing("large", values(mark, COMPACTED))

    def _replacing(self, name: str, after: frozenset[str]) -> Write:
        graph = f"urn:{self.name}-{name}-edited"
        return Write("PUT", f"graphs?graph={graph}", "text/turtle", turtle(after), {graph: after})


def send(client: httpx.Client, write: Write) -> httpx.Response:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": write.media_type}
    return client.request(write.method, write.path, content=write.body.encode(), headers=headers)


class Server:
    """A real server, in a process group of its own, on a free port."""

    def __init__(self, data: Path) -> None:
        environment = {**os.environ, "KG_TOKEN": TOKEN, "KG_LOG": "off", "KG_READERS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kg", "serve", "--port", "0", "--data", str(data)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @cached_property
    def url(self) -> str:
        """Where it serves, as soon as it does."""
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            if line.startswith("Serving"):
                return line.split()[-1]
        raise RuntimeError("".join(said))

    def kill(self) -> None:
        """End it, and the processes that it started, without warning."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stderr is not None
        self._process.stderr.close()


class Replay:
    """The log, replayed as far as it was looked at: what the store must hold."""

    def __init__(self, log: CommitLog) -> None:
        self._log = log
        self._version = 0
        self._held: set[Quad] = set()

    def advance(self, version: int) -> set[Quad]:
        """Replay up to a version; each record must fit on the one before it."""
        for number in range(self._version + 1, version + 1):
            commit, delta = self._log.read(number)
            assert commit.version == number
            assert self._held.issuperset(delta.removed), f"record {number} removes what is not there"
            assert self._held.isdisjoint(delta.added), f"record {number} adds what is there"
            self._held.difference_update(delta.removed)
            self._held.update(delta.added)
        self._version = version
        return self._held


class Trial:
    """A data directory, the clients that write to it, and the server that is killed; use it in a ``with``."""

    def __init__(self, data: Path, seed: int, clients: int = 4, imported: int = 30_000) -> None:
        self.data = data
        self.choice = random.Random(seed)
        self._replay = Replay(CommitLog(data / "log"))
        self._server: Server | None = None
        kinds = ("facts", "several", "supersede", "retract", "update", "put")
        self.clients = [
            Client(f"c{number}", random.Random(f"{seed} {number}"), kinds) for number in range(clients)
        ]
        importing = random.Random(f"{seed} importer")
        self.clients.append(Client("importer", importing, ("import", "retract"), imported=imported))
        self.clients.append(Client("compacter", random.Random(f"{seed} compacter"), ("compact",)))

    def __enter__(self) -> "Trial":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.kill()

    def kill_at_start(self, seconds: float) -> None:
        """Kill a server so soon after its start that it may still be at work on its data directory."""
        server = Server(self.data)
        time.sleep(seconds)
        server.kill()
        if (self.data / "log").exists():
            self._agrees()

    def round(self, seconds: float, *, importing: bool = False) -> dict[str, int]:
        """Let clients write, kill the server some time after it has acknowledged something, and look."""
        clients = self.clients if importing else [each for each in self.clients if each.name != "importer"]
        before = self._acknowledged
        server, is_over = self._serving(), Event()
        threads = [Thread(target=client.work, args=(server.url, is_over)) for client in clients]
        for thread in threads:
            thread.start()
        while self._acknowledged == before and any(thread.is_alive() for thread in threads):
            time.sleep(0.005)
        time.sleep(seconds)
        server.kill()
        is_over.set()
        for thread in threads:
            thread.join()
        self._server = None
        return {"acknowledged": self._acknowledged - before, **self._look()}

    def _serving(self) -> "Server":
        if self._server is None:
            self._server = Server(self.data)
        return self._server

    @property
    def _acknowledged(self) -> int:
        return sum(client.acknowledged for client in self.clients)

    def _look(self) -> dict[str, int]:
        for client in self.clients:
            assert client.fault is None, client.fault
        pending = [(client, client.asked) for client in self.clients if client.asked is not None]
        found = self._agrees()
        done = {client.name: client.settle(_own(client, found)) for client in self.clients}
        with httpx.Client(base_url=self._serving().url, timeout=120, trust_env=False) as asking:
            answer = asking.get("sparql", params={"query": "ASK { GRAPH ?g { ?s ?p ?o } }"})
            assert (answer.status_code, "true" in answer.text) == (200, True)
            for owner, write in pending:
                self._send_again(asking, owner, write, was_done=done[owner.name])
        found = self._agrees()
        for owner in self.clients:
            assert not owner.settle(_own(owner, found))
        return {
            "pending": len(pending),
            "done though not acknowledged": sum(done.values()),
            "commits in all": CommitLog(self.data / "log").last,
        }

    def _send_again(self, asking: httpx.Client, owner: Client, write: Write, *, was_done: bool) -> None:
        """What was lost is sent once more; where it had been done, nothing comes of that."""
        if was_done and not write.is_repeatable:
            return
        before = CommitLog(self.data / "log").last
        answer = send(asking, write)
        made = CommitLog(self.data / "log").last - before
        is_facts = write.path.startswith("facts")
        if was_done and is_facts:
            assert (answer.status_code, made) == (200, 0), answer.text
        else:
            assert answer.status_code < 300, answer.text
        if not was_done:
            assert made == 1
            owner.asked = write
            owner.take()

    def _agrees(self) -> dict[str, frozenset[str]]:
        """Open what is left: versions, log, provenance and store agree. Gives the values in each graph."""
        contents = open_read_only(self.data)
        log = CommitLog(self.data / "log")
        assert contents.version == log.last == len(list(log.folder.glob("*.commit")))
        held = quads_in(contents)
        assert held == self._replay.advance(log.last), "the store is not the replay of its log"
        told = {quad.subject for quad in held if quad.predicate == DIP.VERSION}
        assert told == {provenance.commit_node(number + 1) for number in range(log.last)}
        return _values(held)


def _values(held: set[Quad]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for quad in held:
        if quad.predicate == VALUE:
            found.setdefault(str(quad.graph_name.value), set()).add(quad.object.value)  # type: ignore[union-attr]
    return {name: frozenset(values) for name, values in found.items()}


def _own(client: Client, found: Graphs) -> dict[str, frozenset[str]]:
    return {name: held for name, held in found.items() if name.startswith(f"urn:{client.name}-")}


def trials(rounds: int, seed: int, folder: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield what each round did: every tenth begins a data directory, and is killed while that is made."""
    choice = random.Random(seed)
    for begun in range(0, rounds, 10):
        with Trial(folder / f"data-{begun}", seed + begun) as trial:
            for seconds in (choice.uniform(0.2, 1.2), choice.uniform(0.5, 2.5)):
                trial.kill_at_start(seconds)
            for number in range(begun, min(begun + 10, rounds)):
                done = trial.round(choice.uniform(0.0, 3.0), importing=number % 3 == 2)
                yield f"round {number + 1}", done


def main() -> None:
    """Print what each round did; a round that finds something lost or half ends the bench."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, done in trials(given.rounds, given.seed, Path(folder)):
            print(f"{name}: {', '.join(f'{number} {what}' for what, number in done.items())}", flush=True)
    print(f"{given.rounds} rounds: nothing lost, nothing half there.")


if __name__ == "__main__":
    main()
