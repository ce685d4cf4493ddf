"""Own server: started by this process for a data directory that no server has open, and ended with it.

Queries then run under the server's limits of time and memory, not in this process.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_urlsafe
from threading import Thread
from typing import IO

from kg.errors import Unavailable
from kg.store.server_file import Server, find_server

_PROGRAM = """
import os, signal, threading
from kg.cli import main

def end_with_the_parent():
    os.read(0, 1)  # the parent writes nothing: the call returns when the parent's end of the pipe closes
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=end_with_the_parent, daemon=True).start()
main()
"""
_SECONDS_TO_END = 15
"""Maximum seconds for the server to end before it is killed."""


@contextmanager
def server_of(directory: Path, *, read_only: bool) -> Iterator[Server]:
    """Yield the server of a data directory; if none runs, start one that lives as long as the block.

    Raises Unavailable with the server's output if it does not start.
    """
    if server := find_server(directory):
        yield server
        return
    key = token_urlsafe()
    command = [sys.executable, "-c", _PROGRAM, "serve", "--data", str(directory), "--port", "0"]
    environment = {**os.environ, "KG_TOKEN": key, "KG_HOST": "127.0.0.1", "KG_READERS": "1", "KG_LOG": "off"}
    process = subprocess.Popen(
        [*command, *(["--read-only"] if read_only else [])],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Server(_address(process), None if read_only else key)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _address(process: "subprocess.Popen[str]") -> str:
    """Wait for the starting server to print its address, and return it."""
    assert process.stderr is not None
    output = []
    for line in process.stderr:
        output.append(line)
        if line.startswith("Serving"):
            Thread(
                target=_passed_on, args=(process.stderr,), daemon=True
            ).start()  # a full pipe would block the server
            return line.rsplit(" ", 1)[-1].strip()
    process.stderr.close()
    raise Unavailable(f"The server of the data directory did not start: {' '.join(''.join(output).split())}")


def _passed_on(pipe: IO[str]) -> None:
    """Copy the server's further output to standard error."""
    with pipe:
        for line in pipe:
            print(line, end="", file=sys.stderr, flush=True)
