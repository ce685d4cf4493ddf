"""Processes that do not outlive the block that uses them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import AnyStr


@contextmanager
def killed_at_end(process: "subprocess.Popen[AnyStr]") -> Iterator["subprocess.Popen[AnyStr]"]:
    """Kill a process at the end of a block and close its pipes.

    ``with subprocess.Popen(...)`` alone waits for the process: for ever, if the block fails before it ends.
    """
    with process:
        try:
            yield process
        finally:
            process.kill()
