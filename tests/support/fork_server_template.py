"""Template process: forks the fork servers of a test run, so that each has its modules and the gate at once.

A fork server of its own needs a second or two to import modules and to build the gate; a fork of the template
needs milliseconds. Applications in the test process and the servers of ``live_server`` use it; other programs
start their fork servers as users' servers do.
"""

import asyncio
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kg.api.resources import PRELOADED
from kg.facts.judges.release_gate import release_gate
from kg.query.readers import forkserver, processes
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


class TemplateClient:
    """A connection to the template: asks for fork servers."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    async def begin_process(self, descriptor: int, options: ForkServerOptions) -> ForkedProcess:
        """Fork a fork server; see ``processes.begin_process``. The loop waits for it."""
        socket.send_fds(self._control, [options.to_json().encode()], [descriptor])
        message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
        if not message:
            raise ConnectionError("The template of fork servers has ended.")
        return ForkedProcess(descriptors[0], json.loads(message))

    def close(self) -> None:
        """End the connection; the fork servers end with the servers that hold their sockets."""
        self._control.close()


class Template:
    """The template process of this process and of the servers that it starts.

    It starts when it is first needed, and ends when this process ends.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="kg-"))
        self.address = str(self._folder / "template")
        """Path of the socket on which it listens."""
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, listener:
            listener.bind(self.address)
            listener.listen()
            inherited = [theirs.fileno(), listener.fileno()]
            command = [sys.executable, "-c", PROGRAM, *map(str, inherited)]
            self._process = subprocess.Popen(command, pass_fds=inherited, stdout=subprocess.DEVNULL)
        self.client = TemplateClient(self._control)

    def close(self) -> None:
        """End the template."""
        self.client.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise


class _Shared:
    """The template of a test process, or none."""

    template: Template | None = None
    is_used = False


@contextmanager
def used() -> Iterator[None]:
    """Fork the fork servers of this process, and of the live servers that it starts, from a template."""

    async def begin(descriptor: int, options: ForkServerOptions) -> ForkedProcess:
        return await _started().client.begin_process(descriptor, options)

    begin_process, processes.begin_process = processes.begin_process, begin
    _Shared.is_used = True
    try:
        yield
    finally:
        processes.begin_process, _Shared.is_used = begin_process, False
        template, _Shared.template = _Shared.template, None
        if template:
            template.close()


def address() -> str | None:
    """Return the path of the template's socket for a server to join; None where no template is used."""
    return _started().address if _Shared.is_used else None


def join(path: str) -> None:
    """Fork the fork servers of this process, a live server, from the template that listens on a path."""
    control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control.connect(path)
    processes.begin_process = TemplateClient(control).begin_process


def _started() -> Template:
    if _Shared.template is None:
        _Shared.template = Template()
    return _Shared.template


def serve() -> None:
    """Fork a fork server for each order, until the process that started this one ends."""
    release_gate()
    for name in PRELOADED:
        found = pkgutil.resolve_name(name)
        if callable(found):
            found()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks for the status of a fork server
    owner, listener = (socket.socket(fileno=int(number)) for number in sys.argv[1:])
    controls = {owner}
    while owner in controls:
        ready, _, _ = select.select([listener, *controls], [], [])
        for control in ready:
            if control is listener:
                controls.add(listener.accept()[0])
            elif not _obey(control, [listener, *controls]):
                controls.discard(control)
                control.close()


def _obey(control: socket.socket, sockets: list[socket.socket]) -> bool:
    """Fork a fork server as the other end asks; False if it has closed."""
    try:
        options, descriptors, _, _ = socket.recv_fds(control, LONGEST, 1)
        if not options:
            return False
        if (child := os.fork()) == 0:
            _become_fork_server(sockets, descriptors[0], options.decode())
        handle = os.pidfd_open(child)
        try:
            socket.send_fds(control, [json.dumps(child).encode()], [handle])
        finally:
            for descriptor in (handle, descriptors[0]):
                os.close(descriptor)
    except ConnectionError:
        return False
    return True


def _become_fork_server(sockets: list[socket.socket], descriptor: int, options: str) -> None:
    try:
        for each in sockets:
            each.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        sys.argv[1:] = [str(descriptor), options]
        forkserver.main()
        os._exit(0)
    except BaseException:
        with suppress(BaseException):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)
