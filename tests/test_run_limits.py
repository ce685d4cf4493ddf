"""Limits of a test run, each tried on a run of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SETTINGS = """
[pytest]
addopts = -p xdist -p no:cacheprovider -n 2 --dist loadfile --max-worker-restart=0
faulthandler_timeout = 2
faulthandler_exit_on_timeout = true
"""
DEAD = """
import os, signal, subprocess, sys
def test_dies():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    open("child", "w").write(str(child.pid))
    os.kill(os.getpid(), signal.{number})
"""
HUNG = """
import threading
def test_hangs():
    threading.Event().wait()
"""
LONG = """
from tests.support import run_limits
run_limits.SECONDS = 0
def test_ends_late():
    pass
"""


def run(folder: Path, fault: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run tests in several files, one of them at fault."""
    (folder / "pytest.ini").write_text(SETTINGS)
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.support.run_limits"]\n')
    for number in range(4):
        (folder / f"test_{number}.py").write_text("def test_one(): pass\ndef test_two(): pass\n")
    (folder / "test_fault.py").write_text(fault)
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=200,
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGALRM], ids=lambda number: number.name)
def test_a_run_ends_with_a_worker_that_dies_and_ends_its_processes(
    tmp_path: Path, number: signal.Signals
) -> None:
    ended = run(tmp_path, DEAD.format(number=number.name))
    assert ended.returncode == 1
    assert "crashed while running 'test_fault.py::test_dies'" in ended.stdout
    assert f"ended with status {-number}" in ended.stdout
    assert ("in test_dies" in ended.stderr) == (number == signal.SIGALRM)
    assert f"ended process {(tmp_path / 'child').read_text()}, which a test left" in ended.stdout


def test_a_run_ends_with_a_test_that_hangs_and_prints_where(tmp_path: Path) -> None:
    ended = run(tmp_path, HUNG)
    assert ended.returncode == 1
    assert "crashed while running 'test_fault.py::test_hangs'" in ended.stdout
    assert "in test_hangs" in ended.stderr


def test_a_run_that_takes_too_long_ends_after_a_test_and_names_it(tmp_path: Path) -> None:
    ended = run(tmp_path, LONG)
    assert ended.returncode == 2
    assert "more than 0 seconds; its last test: test_" in ended.stdout
