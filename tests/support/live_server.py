"""A real server in a process of its own, on a free port."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

import httpx

from tests.support import fork_server_template
from tests.support.stores import fill

ROOT = Path(__file__).parent.parent.parent

PROGRAM = """
import json, resource, sys
from pathlib import Path
from kg import api
from kg.settings import Settings
if len(sys.argv) > 3:
    from tests.support import fork_server_template
    fork_server_template.join(sys.argv[3])
given = json.loads(sys.argv[2])
read_only = given.pop("read_only", False)
if limit := given.pop("descriptors", None):
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
api.serve(Settings(data=Path(sys.argv[1]), port=0, **given), read_only=read_only)
"""


def begin(data: Path, **settings: object) -> tuple[subprocess.Popen[str], str]:
    """Start a server; return its process and its address once it serves.

    Its fork servers come from the template of the tests, if they use one and ``forks_itself`` is not set.
    """
    fill(data)
    template = None if settings.pop("forks_itself", False) else fork_server_template.address()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data), json.dumps(settings), *([template] if template else [])],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("Serving"):
            Thread(target=_drain, args=(process.stderr,), daemon=True).start()  # a full pipe would hold it up
            return process, line.rsplit(" ", 1)[-1].strip()
    raise RuntimeError("".join(said))


def wait_for_search(url: str) -> None:
    """Wait until a server has its search index; each request waits for it some seconds."""
    while httpx.get(f"{url}search?q=x", timeout=120).status_code == 503:
        pass


def _drain(pipe: IO[str]) -> None:
    with pipe:
        pipe.read()


def kill(process: "subprocess.Popen[str]") -> None:
    """End a server without warning."""
    process.kill()
    process.wait()


@contextmanager
def live(data: Path, **settings: object) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Serve a data directory; give the process and the address. ``descriptors`` is a limit of them."""
    process, url = begin(data, **settings)
    try:
        yield process, url
    finally:
        kill(process)
