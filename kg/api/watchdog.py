"""Watchdog: a process that kills the server if it does not stop in time after a signal.

The interpreter writes each signal to a pipe at once, even if the event loop hangs or a library holds the
interpreter (a thread could not run then). Acknowledged writes are on disk: nothing is lost.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PROGRAM = """
import os, select, signal, sys, time
server, seconds = int(sys.argv[1]), float(sys.argv[2])
while os.getppid() == server:
    if not select.select([0], [], [], 5.0)[0]:
        continue
    told = os.read(0, 64)
    if not told:
        break
    if signal.SIGTERM in told or signal.SIGINT in told:
        end = time.monotonic() + seconds
        while os.getppid() == server and time.monotonic() < end:
            time.sleep(0.05)
        if os.getppid() == server:
            print(
                f"The server did not stop within {seconds:g} seconds of the signal and was ended;"
                " what it has acknowledged is on disk.",
                file=sys.stderr,
                flush=True,
            )
            os.kill(server, signal.SIGKILL)
"""


@contextmanager
def watched(seconds: float) -> Iterator[Callable[[], None]]:
    """Have this process killed ``seconds`` after SIGTERM or SIGINT, unless it has ended by then.

    Call the yielded function on the main thread once the event loop runs, because the loop replaces the
    signal pipe (``signal.set_wakeup_fd``).
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    command = [sys.executable, "-I", "-S", "-c", _PROGRAM, str(os.getpid()), str(seconds)]
    process = subprocess.Popen(command, stdin=reading, stdout=subprocess.DEVNULL, start_new_session=True)
    os.close(reading)

    def begin() -> None:
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    try:
        yield begin
    finally:
        signal.set_wakeup_fd(-1)
        os.close(writing)
        process.kill()
        process.wait()
