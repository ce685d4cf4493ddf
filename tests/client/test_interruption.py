"""An interrupted write is done or not done, and its end says which."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kg.client.interruption import terminable, uninterrupted
from kg.store.store import Store
from tests.support.command import FACT, written

ADD = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
from kg.{where} import {what} as patched
original = patched.{name}
def interrupted(*arguments, **options):
    if {is_ours}:
        os.kill(os.getpid(), signal.{number})
    return original(*arguments, **options)
patched.{name} = interrupted
sys.argv = ["kg", "add", {file!r}, "--data", {data!r}]
from kg.cli import main
main()
"""
JUDGED = {"where": "gate.gate", "what": "Gate", "name": "check", "is_ours": "True"}
COMMITTED = {
    "where": "store.log",
    "what": "CommitLog",
    "name": "append",
    "is_ours": "arguments[1].version == 4",
}


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("place", [JUDGED, COMMITTED], ids=["while it is judged", "within the commit"])
def test_an_interrupted_add_says_whether_the_facts_were_stored(
    tmp_path: Path, number: str, place: dict[str, str]
) -> None:
    data, file = tmp_path / "data", written(tmp_path / "facts.ttl", FACT)
    program = ADD.format(**place, number=number, file=str(file), data=str(data))
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    is_stored = place is COMMITTED
    assert run.returncode == (0 if is_stored else 130), run.stderr
    assert ("Added in version 4." if is_stored else "Interrupted: nothing was stored.") in run.stderr
    assert "Traceback" not in run.stderr
    with Store.open(data) as store:
        assert store.newest == (4 if is_stored else 3)


def test_sigterm_interrupts_what_is_terminable() -> None:
    with pytest.raises(KeyboardInterrupt), terminable():
        os.kill(os.getpid(), signal.SIGTERM)


def test_both_signals_are_ignored_for_a_while() -> None:
    before = signal.getsignal(signal.SIGINT)
    with uninterrupted():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
