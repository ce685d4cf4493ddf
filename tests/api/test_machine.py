"""Writes, reads, kills and restarts in any order, over HTTP, against a plain model that keeps every version.

The application runs in process on the real store, gate and readers. A kill of the writer stops a commit where
a killed process would stop: before its record is in the log, between log and store, or before or after it is
flushed. For a longer run by hand, which takes an hour:
``KG_EXAMPLES=300 KG_STEPS=60 python -m pytest -n 0 tests/api/test_machine.py``.
"""

import errno
import gc
import json
import os
import signal
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from kg import iris, ontology
from kg.settings import Settings
from kg.store.engine import beside_writer
from kg.store.log import CommitLog
from tests.support.api_server import Client, bearer, client
from tests.support.stores import open_store

Facts = frozenset[tuple[str, int]]

SUBMISSIONS = [f"urn:submitted:{number}" for number in range(3)]
EDITED = [f"urn:edited:{number}" for number in range(2)]
ALL = "SELECT ?g ?s ?o { GRAPH ?g { ?s <urn:p> ?o } }"

facts = st.frozensets(
    st.tuples(st.sampled_from(["urn:a", "urn:b"]), st.integers(0, 3)), min_size=1, max_size=4
)
submissions = st.sampled_from(SUBMISSIONS)
edited = st.sampled_from(EDITED)
named = submissions | edited


class Killed(BaseException):
    """Where the process of the writer ends."""


def turtle(told: Facts) -> str:
    return " ".join(f"<{subject}> <urn:p> {value} ." for subject, value in sorted(told))


class Machine(RuleBasedStateMachine):
    """What is done to the graph, and beside it what it must hold; ``versions`` says what it held in each."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.data = Path(self.folder.name) / "data"
        self.is_running = False
        self.graphs: dict[str, Facts] = {}
        self.versions: dict[int, dict[str, Facts]] = {}

    @initialize(budget=st.sampled_from([0, 1 << 30]))
    def start(self, budget: int) -> None:
        self.settings = Settings(data=self.data, readers=1, memory_budget=budget, log="off")
        self.begin()
        self.versions[self.store.version] = {}

    def begin(self) -> None:
        opening = partial(open_store, self.data, ontology.load(self.data / "none"))
        self.store = beside_writer(opening)  # a thread of the one before may still be laying a snapshot
        self.asking: Client = client(self.settings, self.store)
        self.asking.__enter__()
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False
        self.asking.__exit__(None, None, None)
        self.store._lock.close()  # as a kill would: nothing is flushed
        self.store._engine.close()
        gc.collect()  # what still holds the engine would hold its lock

    def teardown(self) -> None:
        if self.is_running:
            self.stop()
        self.folder.cleanup()

    # What a client does

    def send(self, method: str, path: str, expected: int, **given: Any) -> httpx.Response:
        headers = {**bearer("curator"), **given.pop("headers", {})}
        answer = self.asking.request(method, path, headers=headers, **given)
        assert answer.status_code == expected, (method, path, answer.status_code, answer.text)
        return answer

    def post(self, name: str, told: Facts, expected: int, **parameters: str) -> None:
        content, headers = f"<{name}> {{ {turtle(told)} }}", {"Content-Type": "application/trig"}
        self.send("POST", "/facts", expected, content=content, headers=headers, params=parameters)

    def write(self, method: str, name: str, expected: int, told: Facts = frozenset()) -> None:
        headers = {"Content-Type": "text/turtle"} if told else {}
        self.send(method, "/graphs", expected, params={"graph": name}, content=turtle(told), headers=headers)

    def became(self, **changed: Facts | None) -> None:
        """Note a new version: graphs that hold something else now, or are gone."""
        merged = {**self.graphs, **changed}
        self.graphs = {name: told for name, told in merged.items() if told}
        self.versions[max(self.versions) + 1] = self.graphs

    @rule(name=submissions, told=facts)
    def add(self, name: str, told: Facts) -> None:
        if name not in self.graphs:
            self.post(name, told, 201)
            self.became(**{name: told})
        else:
            self.post(name, told, 200 if self.graphs[name] == told else 409)

    @rule(name=submissions)
    def add_what_does_not_conform(self, name: str) -> None:
        content = f"<{name}> {{ <{iris.DATA}x> <{iris.TERMS}preformedBy> <{iris.DATA}y> }}"
        headers = {"Content-Type": "application/trig"}
        self.send("POST", "/facts", 409 if name in self.graphs else 422, content=content, headers=headers)

    @rule(name=submissions)
    def retract(self, name: str) -> None:
        wanted = {"graphs": [name], "reason": "It was wrong."}
        self.send("POST", "/retractions", 201 if name in self.graphs else 404, json=wanted)
        if name in self.graphs:
            self.became(**{name: None})

    @rule(old=submissions, new=submissions, told=facts)
    def supersede(self, old: str, new: str, told: Facts) -> None:
        if old == new or new in self.graphs:
            return
        self.post(new, told, 201 if old in self.graphs else 404, supersedes=old)
        if old in self.graphs:
            self.became(**{old: None, new: told})

    @rule(name=named, coming=facts, going=facts)
    def update(self, name: str, coming: Facts, going: Facts) -> None:
        text = f"DELETE DATA {{ GRAPH <{name}> {{ {turtle(going)} }} }} ;"
        text += f"INSERT DATA {{ GRAPH <{name}> {{ {turtle(coming)} }} }}"
        self.edit(text, name, (self.graphs.get(name, frozenset()) - going) | coming)

    @rule(name=edited, value=st.integers(0, 3))
    def update_what_matches(self, name: str, value: int) -> None:
        """Raise each of some values by ten, wherever it stands, and drop what stands there."""
        text = f"WITH <{name}> DELETE {{ ?s <urn:p> ?o }} INSERT {{ ?s <urn:p> ?more }}"
        text += f" WHERE {{ ?s <urn:p> ?o FILTER(?o = {value}) BIND(?o + 10 AS ?more) }}"
        before = self.graphs.get(name, frozenset())
        self.edit(text, name, frozenset((s, o + 10 if o == value else o) for s, o in before))

    def edit(self, text: str, name: str, after: Facts) -> None:
        is_closed = name in SUBMISSIONS and any(name in graphs for graphs in self.versions.values())
        is_same = after == self.graphs.get(name, frozenset())
        expected = 409 if is_closed else 204 if is_same else 200
        if name in SUBMISSIONS and not is_closed:
            return  # else it would be an edited graph from now on
        headers = {"Content-Type": "application/sparql-update"}
        self.send("POST", "/update", expected, content=text, headers=headers)
        if expected == 200:
            self.became(**{name: after})

    @rule(method=st.sampled_from(["PUT", "POST"]), name=edited, told=facts)
    def write_a_graph(self, method: str, name: str, told: Facts) -> None:
        before = self.graphs.get(name)
        after = told if method == "PUT" else told | (before or frozenset())
        self.write(method, name, 201 if before is None else 204 if before == after else 200, told)
        if before != after:
            self.became(**{name: after})

    @rule(name=edited)
    def delete_a_graph(self, name: str) -> None:
        self.write("DELETE", name, 200 if name in self.graphs else 404)
        if name in self.graphs:
            self.became(**{name: None})

    # What fails

    @rule()
    def kill_readers(self) -> None:
        for reader in list(self.asking.app.resources.readers.readers.alive):
            with suppress(ProcessLookupError):
                os.kill(reader.pid, signal.SIGKILL)

    @rule(told=facts, stage=st.sampled_from(["log", "engine", "flush", "publishing"]))
    def kill_the_writer(self, told: Facts, stage: str) -> None:
        """What the engine had is there after a restart, though nobody was told so; what it had not is not."""
        name = EDITED[0]
        if self.graphs.get(name) == told:
            return
        if stage == "log":
            self.store.log.append = killed  # type: ignore[method-assign,assignment]
        elif stage == "engine":
            self.store._engine.apply = killed  # type: ignore[method-assign]
        elif stage == "flush":
            self.store.log.settle = killed  # type: ignore[method-assign,assignment]
        else:
            self.store.pending._publish = killed
        with pytest.raises(Killed):
            self.write("PUT", name, 0, told)
        self.stop()
        self.begin()
        if stage in ("flush", "publishing"):
            self.became(**{name: told})

    @rule()
    def restart(self) -> None:
        self.stop()
        self.begin()

    @rule(told=facts, stage=st.sampled_from(["append", "engine", "settle"]))
    def fail_to_write(self, told: Facts, stage: str) -> None:
        """A log without room refuses; an engine that fails is opened anew and has the commit all the same."""
        name = EDITED[1]
        before = self.graphs.get(name)
        if before == told:
            return
        if stage == "engine":
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr("kg.store.engine.change", Failing(patched))
                self.write("PUT", name, 201 if before is None else 200, told)
            self.became(**{name: told})
        else:
            setattr(self.store.log, stage, out_of_room)
            self.write("PUT", name, 507, told)
            delattr(self.store.log, stage)

    # What must hold

    @invariant()
    @precondition(lambda self: self.versions)
    def everything_agrees(self) -> None:
        newest = max(self.versions)
        assert self.store.version == CommitLog(self.data / "log").last == newest
        assert self.asked() == self.graphs
        commits = json.loads(self.read("/commits", {"limit": "1000"}).content)["commits"]
        assert [commit["version"] for commit in commits] == list(range(newest, 0, -1))

    @rule(choice=st.randoms(use_true_random=False))
    def ask_of_an_earlier_version(self, choice: Any) -> None:
        version = choice.choice(sorted(self.versions))
        assert self.asked(f"v{version}") == self.versions[version]

    def read(self, path: str, parameters: dict[str, str]) -> httpx.Response:
        for _ in range(3):  # a reader that was just killed may not be known to be
            answer = self.asking.get(path, params=parameters, headers={"Accept": "application/json"})
            if answer.status_code == 200:
                break
            assert answer.status_code == 503
        return answer

    def asked(self, as_of: str | None = None) -> dict[str, Facts]:
        parameters = {"query": ALL, **({"as-of": as_of} if as_of else {})}
        answer = self.read("/sparql", parameters)
        found: dict[str, set[tuple[str, int]]] = {}
        for row in json.loads(answer.content)["results"]["bindings"]:
            told = (row["s"]["value"], int(row["o"]["value"]))
            found.setdefault(row["g"]["value"], set()).add(told)
        return {name: frozenset(told) for name, told in found.items()}


def killed(*_: object) -> None:
    raise Killed


def out_of_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Failing:
    """An engine that fails once."""

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self._patched = patched

    def __call__(self, *_: object) -> None:
        self._patched.undo()
        raise OSError("IO error: Input/output error")


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=int(os.environ.get("KG_EXAMPLES", "4")),
    stateful_step_count=int(os.environ.get("KG_STEPS", "25")),
    phases=(Phase.generate,),  # making a failure smaller would take minutes
    suppress_health_check=list(HealthCheck),
)
