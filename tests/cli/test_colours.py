"""Errors and warnings in colour: on a terminal alone, and only the word that they begin with."""

import io

import pytest

from kg.cli.colours import coloured

RED, YELLOW, PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m"


class Terminal(io.StringIO):
    """A stream that a person reads."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("kg: There is no graph.", f"{RED}kg:{PLAIN} There is no graph."),
        ("error: dipid:a: error: twice", f"{RED}error:{PLAIN} dipid:a: error: twice"),
        ("a.ttl:12: warning: so", f"a.ttl:12: {YELLOW}warning:{PLAIN} so"),
        ("Warning: it has none.", f"{YELLOW}Warning:{PLAIN} it has none."),
        ("aviso: así\n1 aviso", f"{YELLOW}aviso:{PLAIN} así\n1 aviso"),
        ("Added in version 4.", "Added in version 4."),
        ("the error: none", "the error: none"),
        ("kg ask: x", "kg ask: x"),
    ],
)
def test_the_first_word_is_coloured_on_a_terminal(text: str, shown: str) -> None:
    assert coloured(text, Terminal()) == shown


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_wants_no_colours_gets_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert coloured("error: x", Terminal()) == "error: x"


def test_a_pipe_gets_none() -> None:
    assert coloured("error: x", io.StringIO()) == "error: x"
