"""Kill -9 of a process that loads, at each step that matters: the load is there whole, or nothing of it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg import ontology
from kg.store import verification
from kg.store.store import Store
from tests.support.stores import open_store

PLACES = {
    "kg.facts.loads.load._Intake.finish": False,
    "kg.facts.loads.judging.LoadJudging.report": False,
    "kg.store.loading.complete": False,
    "kg.store.log.CommitLog.settle": False,
    "kg.store.engine.OxigraphOnDisk.replace": True,
    "kg.store.engine.beside_writer": True,
}
"""What the process is about to do when it is killed, and whether the load is there then."""
LINES = b"".join(b'<urn:s%d> <urn:p> "%d" .\n' % (number, number) for number in range(50))
PROGRAM = """
import os, signal, sys
from pathlib import Path
from pkgutil import resolve_name

place, data, path = sys.argv[1:]
from kg.changes import Provenance
from kg.facts.loads.files import LoadFile
from kg.facts.loads.load import load
from kg.store.store import Store

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

with Store.open(Path(data)) as store:
    holder, _, name = place.rpartition(".")
    setattr(resolve_name(holder), name, killed)
    load(store, [LoadFile.named(Path(path)).source("urn:graph")], Provenance("Ana"))
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the data directories that killed processes left, by the place at which they were killed."""
    folder = tmp_path_factory.mktemp("kills")
    path = folder / "facts.nt"
    path.write_bytes(LINES)
    processes, left = [], {}
    for number, place in enumerate(PLACES):
        left[place] = folder / f"data-{number}"
        open_store(left[place], ontology.load(folder / "none")).close()
        command = [sys.executable, "-c", PROGRAM, place, str(left[place]), str(path)]
        processes.append(subprocess.Popen(command, stderr=subprocess.PIPE))
    try:
        for process in processes:
            said = process.communicate(timeout=300)[1].decode()
            assert process.returncode == -signal.SIGKILL, said
    finally:
        for process in processes:
            process.kill()
    return left


@pytest.mark.parametrize("place", PLACES)
def test_after_a_kill_the_load_is_there_whole_or_not_at_all(killed: dict[str, Path], place: str) -> None:
    data, is_there = killed[place], PLACES[place]
    with Store.open(data) as store:
        held = sum(1 for _ in store.quads_for_pattern(None, None, None, NamedNode("urn:graph")))
        assert held == (50 if is_there else 0)
        assert bool(store.log.bulk(store.version)) == is_there
    assert not (data / "loads").exists()
    assert not (data / "store.replaced").exists()
    assert list(verification.verify(data, lambda _: None)) == []
