"""Template process: forks the fork servers of a test run, so that each has its modules and the gate at once.

A fork server of its own needs a second or two to import modules and to build the gate; a fork of the template
needs milliseconds. Servers that run in a process of their own start their fork servers as users' servers do.
"""

import asyncio
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress

from kg.api.resources import PRELOADED
from kg.facts.judges.release_gate import release_gate
from kg.query.readers import forkserver
from kg.query.readers.forkserver import MESSAGE, ForkServerOptions

PROGRAM = "from tests.support.fork_server_template import serve; serve()"
LONGEST = 1 << 16
SECONDS_TO_END = 60


class ForkedProcess:
    """A fork server that the template has forked; ``descriptor`` names its process and closes with it."""

    def __init__(self, descriptor: int, pid: int) -> None:
        self.pid = pid
        self._descriptor = descriptor

    def kill(self) -> None:
        """End it; raises ProcessLookupError if it has ended."""
        signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    async def wait(self) -> int:
        """Wait until it has ended; its exit status is not known."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._descriptor, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._descriptor)
        return 0

    def __del__(self) -> None:
        os.close(self._descriptor)


class Template:
    """The template process as the tests see it."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-c", PROGRAM, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL)

    async def begin_process(self, descriptor: int, options: ForkServerOptions) -> ForkedProcess:
        """Fork a fork server; see ``processes.begin_process``. The loop waits for it."""
        socket.send_fds(self._control, [options.to_json().encode()], [descriptor])
        message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
        if not message:
            raise ConnectionError(f"The template has ended with status {self._process.wait(SECONDS_TO_END)}.")
        return ForkedProcess(descriptors[0], json.loads(message))

    def close(self) -> None:
        """End the template; the fork servers end with the tests that hold their sockets."""
        self._control.close()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise


def serve() -> None:
    """Fork a fork server for each order, until the other end closes."""
    release_gate()
    for name in PRELOADED:
        found = pkgutil.resolve_name(name)
        if callable(found):
            found()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks for the status of a fork server
    with socket.socket(fileno=int(sys.argv[1])) as control:
        while True:
            options, descriptors, _, _ = socket.recv_fds(control, LONGEST, 1)
            if not options:
                return
            if (child := os.fork()) == 0:
                _become_fork_server(control, descriptors[0], options.decode())
            handle = os.pidfd_open(child)
            socket.send_fds(control, [json.dumps(child).encode()], [handle])
            for descriptor in (handle, descriptors[0]):
                os.close(descriptor)


def _become_fork_server(control: socket.socket, descriptor: int, options: str) -> None:
    try:
        control.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.argv[1:] = [str(descriptor), options]
        forkserver.main()
        os._exit(0)
    except BaseException:
        with suppress(BaseException):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)
