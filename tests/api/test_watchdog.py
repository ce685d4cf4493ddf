"""A signal to stop ends the process within its time, whatever keeps it busy."""

import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.support import fork_server_template
from tests.support.api_server import bearer
from tests.support.processes import killed_at_end

BUSY = {
    "an event loop that sleeps": "time.sleep(60)",
    "a library that holds the interpreter": "re.match('(a*)*b', 'a' * 40)",
    "a loop in Python": "[None for _ in iter(int, 1)]",
}
WATCHED = """
import asyncio, re, sys, time
import uvloop
from kg.api.watchdog import watched

async def main(begin):
    begin()
    print("ready", flush=True)
    {work}

with watched(1.0) as begin, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    import signal
    signal.signal(signal.SIGTERM, lambda *_: None)
    runner.run(main(begin))
"""
SERVED = """
import sys, time
from pathlib import Path
from kg import api
from kg.api import server
from kg.settings import Settings

{change}
if sys.argv[2:]:
    from tests.support import fork_server_template
    fork_server_template.join(sys.argv[2])
api.serve(Settings(data=Path(sys.argv[1]), port=0, readers=1, token="curator", log="off"))
"""
SLEEPING = """
server.SECONDS_TO_STOP, server.SECONDS_TO_FINISH = 3, 1
from kg.api.fast.plain_query import Plain
Plain.read = lambda *_: print("stuck", flush=True) or time.sleep(60)
"""
STUCK_THREAD = """
server.SECONDS_TO_STOP, server.SECONDS_TO_FINISH = 3, 1
import asyncio
from kg.api.fast.plain_query import Plain
async def answer(*_):
    print("stuck", flush=True)
    await asyncio.to_thread(time.sleep, 60)
Plain.answer = answer
"""
ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: kg\r\nAccept: text/csv\r\n\r\n"


def started(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, float, str]:
    """Terminate a process; give its exit code, the seconds until then, and what it said."""
    began = monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        _, said = process.communicate(timeout=120)
    finally:
        process.kill()
    return process.returncode, monotonic() - began, said


@pytest.mark.parametrize("work", BUSY.values(), ids=BUSY.keys())
def test_a_process_that_does_not_stop_is_ended(work: str) -> None:
    with killed_at_end(started(WATCHED.format(work=work))) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        sleep(0.2)
        code, seconds, said = ended(process)
    assert code == -signal.SIGKILL
    assert seconds > 0.8
    assert "did not stop within 1 seconds" in said


def test_a_process_that_stops_is_left_alone_and_so_is_the_watchdog() -> None:
    with killed_at_end(started(WATCHED.format(work="await asyncio.sleep(0.3)"))) as process:
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said) == (0, "")


def serving(change: str, data: Path, *template: str) -> tuple[subprocess.Popen[str], str, int]:
    process = started(SERVED.format(change=change), str(data), *template)
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("Serving"):
            host, _, port = line.rsplit(" ", 1)[-1].strip().removeprefix("http://").rstrip("/").partition(":")
            return process, host, int(port)
    raise RuntimeError("".join(said))


@pytest.mark.parametrize("change", [SLEEPING, STUCK_THREAD], ids=["event loop", "thread"])
def test_a_server_that_is_stuck_ends_and_has_what_it_acknowledged(tmp_path: Path, change: str) -> None:
    data, template = tmp_path / "data", fork_server_template.address()
    assert template
    process, host, port = serving(change, data, template)
    with killed_at_end(process):
        link = HTTPConnection(host, port, timeout=120)
        headers = {**bearer("curator"), "Content-Type": "text/turtle"}
        link.request("PUT", "/graphs?graph=urn:kept", "<urn:a> <urn:b> <urn:c> .", headers)
        assert link.getresponse().status == 201
        link.close()
        with socket.create_connection((host, port)) as stuck:
            stuck.sendall(ASK)
            assert process.stdout is not None
            assert process.stdout.readline() == "stuck\n"
            code, _, _ = ended(process)
    assert code == -signal.SIGKILL
    process, host, port = serving("server.SECONDS_TO_STOP = 100", data, template)
    with killed_at_end(process):
        link = HTTPConnection(host, port, timeout=120)
        link.request("GET", "/graphs?graph=urn:kept", headers={"Accept": "application/n-triples"})
        assert link.getresponse().read() == b"<urn:a> <urn:b> <urn:c> .\n"
        link.close()
        code, _, said = ended(process)
    assert code == 0
    assert "did not stop" not in said


def test_no_process_outlives_a_server_that_was_killed(tmp_path: Path) -> None:
    process, _, _ = serving("", tmp_path / "data")
    with killed_at_end(process):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("there is no /proc here")
        numbers = children.read_text("ascii").split()
        assert len(numbers) >= 2
        process.kill()
        process.communicate()
    end = monotonic() + 120
    while alive := [number for number in numbers if _is_alive(int(number))]:
        assert monotonic() < end, alive
        sleep(0.05)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat").read_text("ascii")
    return stat.rpartition(")")[2].split()[0] != "Z"
