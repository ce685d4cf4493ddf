"""Messages about work that takes long: on a terminal, and nowhere else."""

import io
import sys
import threading
from collections.abc import Iterator

import pytest

from kg.client import graph as graphs
from kg.client import progress
from kg.client.graph import Graph


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Slow:
    """An access whose export takes as long as the timers of its messages."""

    address = None

    def export(self, *_: object, **__: object) -> Iterator[bytes]:
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
        yield b"a" * 1_500_000
        yield b"b" * 1_500_000


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Graph:
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr(graphs, "reach_any", lambda *_, **__: Slow())
    return Graph("slow")


def test_a_long_export_says_on_a_terminal_how_far_it_is(slow: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert len(slow.export()) == 3_000_000
    said = terminal.getvalue().splitlines()
    assert said[0] == "Exporting ..."
    assert said[-1] == "Exporting, 3 MB so far ..."


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_elsewhere_nothing_is_written(
    slow: Graph, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    slow.export()
    assert stream is None or stream.getvalue() == ""
