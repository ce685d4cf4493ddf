"""Limits of a test run: a dead worker, a test that hangs, or a run without end is a failure that says where.

- ``faulthandler_timeout`` prints the stacks of a process whose test takes too long and ends the process, also
  where compiled code hangs.
- ``--max-worker-restart=0`` ends the run when a worker has died: with ``--dist loadfile``, pytest-xdist gives
  the worker that replaces it the files that are done, and waits for ever.
- ``SECONDS`` bounds the run as a whole.
- The processes that the tests of workers left are ended, so that none holds the output of the run open.
"""

import faulthandler
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from xdist.workermanage import WorkerController

SECONDS = 35 * 60
"""Longest run of all tests: CI ends its own later, and then nothing says what ran."""
_LAST_RESORT = SECONDS + 5 * 60
"""Seconds after which the process that controls the workers ends, if no worker has ended the run."""
_STARTED = time.monotonic()


def pytest_configure(config: pytest.Config) -> None:
    """Watch a run from the process that controls its workers; let workers print where a signal ends them."""
    if hasattr(config, "workerinput"):
        for number in (signal.SIGALRM, signal.SIGHUP, signal.SIGTERM):  # they end a process without a trace
            faulthandler.register(number, file=os.dup(2), chain=True)
    elif config.getoption("dist", "no") != "no":
        config.pluginmanager.register(_Watch(config))


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Let the test be the last one if the run takes too long."""
    if time.monotonic() - _STARTED > SECONDS:
        item.session.shouldfail = f"The run takes more than {SECONDS} seconds; its last test: {item.nodeid}"


class _Watch:
    """Prints each failure when it happens; ends the processes that tests left."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._run = ""
        faulthandler.dump_traceback_later(_LAST_RESORT, exit=True)

    def pytest_configure_node(self, node: WorkerController) -> None:
        """Note the name of the run, which each process of a test has in its environment."""
        self._run = node.workerinput["testrunuid"]

    def pytest_testnodedown(self, node: WorkerController, error: object) -> None:
        """Print the status of a worker that died: if memory ran out (SIGKILL), there is no other trace."""
        if error:
            process = node.gateway._io.popen
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            memory = "".join(Path("/proc/meminfo").read_text(encoding="ascii").splitlines(keepends=True)[:3])
            self._print(f"worker {node.gateway.id} ended with status {process.returncode}\n{memory}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Print a failure at once: the report at the end is lost if the run is cut off."""
        if report.failed:
            self._print(f"{report.nodeid} ({report.when})\n{report.longreprtext}")

    def pytest_unconfigure(self) -> None:
        """Stop the clock, and end the processes that the tests left."""
        faulthandler.cancel_dump_traceback_later()
        for pid, command in end_processes(self._run):
            self._print(f"ended process {pid}, which a test left: {command}")

    def _print(self, text: str) -> None:
        terminal: pytest.TerminalReporter | None = self._config.pluginmanager.get_plugin("terminalreporter")
        if terminal:
            terminal.write_line(f"\n{text}")


def end_processes(run: str) -> list[tuple[int, str]]:
    """End the processes that the tests of a run started; return the number and the command of each."""
    ended = []
    mark = f"PYTEST_XDIST_TESTRUNUID={run}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is not ours
            process = os.pidfd_open(int(folder.name))
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    signal.pidfd_send_signal(process, signal.SIGKILL)
                    ended.append((int(folder.name), command[:200]))
            finally:
                os.close(process)
    return ended
