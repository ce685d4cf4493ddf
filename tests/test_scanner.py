"""The scanner takes linear time, and agrees with the engine on where texts, IRIs and comments end."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from kg import scanner
from kg.scanner import Token
from tests.support.growth import is_linear

UNITS = (
    *(
        "a.",
        "a-",
        "a:",
        '"',
        "'",
        '\\"',
        "\\",
        '"\\',
        "'''",
        '"""',
        '""',
        "'''x'",
        "<",
        "<<",
        "<<(",
        "<a",
        "<\\u0041",
    ),
    *(
        "#",
        "#\r",
        "#a\n",
        "@",
        "@a",
        "_:",
        "_:a.",
        "?",
        "?a",
        ">",
        ">>",
        ")>>",
        "{|",
        "|}",
        "||",
        "^^",
        "'^^",
        "1",
        "-1",
    ),
    *("(", "[", "é", " ", "\0", "a\\-", ":%", "<a>", "a'b'"),
)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("before", ["", '"', "'''", "<", "#", "a"])
def test_a_text_is_cut_in_linear_time(before: str, unit: str) -> None:
    def make(size: int) -> str:
        return before + unit * (size // len(unit)) + "\x01"

    assert is_linear(lambda text: list(scanner.tokens(text)), make)
    assert is_linear(scanner.without_content, make)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in scanner.tokens(text)]


def test_tokens_stand_where_they_say() -> None:
    text = "<urn:a> ex:b.c '(\\')'@en-US ; # (\r [ ?x-1 ] a-b.c << _:b >> 'open\n)"
    assert all(text[token.start : token.end] == token.text for token in scanner.tokens(text))
    assert kinds(text) == [
        ("iri", "<urn:a>"),
        ("name", "ex:b.c"),
        ("text", "'(\\')'"),
        ("language", "@en-US"),
        ("end", ";"),
        ("comment", "# ("),
        ("bracket", "["),
        ("variable", "?x"),
        ("operator", "-"),
        ("word", "1"),
        ("bracket", "]"),
        ("word", "a"),
        ("operator", "-"),
        ("word", "b"),
        ("word", "c"),
        ("bracket", "<<"),
        ("blank", "_:b"),
        ("bracket", ">>"),
        ("text", "'open"),
        ("bracket", ")"),
    ]


def test_brackets_are_counted_by_what_they_open() -> None:
    assert [token.step for token in scanner.tokens("<<( )>> {| |} {} 'x'")] == [2, -2, 1, -1, 1, -1, 0]
    assert Token("text", "(").step == 0
    assert scanner.depth("<<( << ( [ {| |} ] ) >> )>>") == 6
    assert scanner.depth(")))((") == 2


PIECES = (
    *(
        "'",
        '"',
        "'''",
        '"""',
        "\\",
        "\\'",
        '\\"',
        "\\u0027",
        "#",
        "\r",
        "\n",
        "\f",
        "\ufeff",
        " ",
        "<urn:a>",
        "<urn:'>",
    ),
    *(
        "<",
        ">",
        "ex:a",
        "ex:a\\'",
        "ex:a\\#",
        "@en",
        "^^",
        ".",
        ";",
        ",",
        "[",
        "]",
        "(",
        ")",
        "1",
        "_:a",
        "a",
        "%",
        "é",
    ),
)


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_the_engine_ends_texts_and_comments_where_the_scanner_does(pieces: list[str]) -> None:
    """Where the engine reads a triple term that is put into a text, the scanner sees no content."""
    start = "@prefix ex: <urn:x:> . <urn:s> <urn:p> "
    text = "".join(pieces)
    ends = [token.end for token in scanner.tokens(text) if token.kind in ("text", "comment", "iri")]
    if not _parses(f"{start}{text}\n."):
        return
    for position in range(len(text) + 1):
        marked = f"{start}{text[:position]} <<( <urn:s> <urn:p> 1 )>> , {text[position:]}\n."
        if _holds_triple(marked):
            inside = [
                token
                for token in scanner.tokens(text)
                if token.kind in ("text", "comment", "iri") and token.start < position < token.end
            ]
            assert not inside, (text, position, ends)


def _parses(text: str) -> bool:
    try:
        list(pyoxigraph.parse(text, format=RdfFormat.TURTLE))
    except SyntaxError:
        return False
    return True


def _holds_triple(text: str) -> bool:
    try:
        quads = list(pyoxigraph.parse(text, format=RdfFormat.TURTLE))
    except SyntaxError:
        return False
    return any(isinstance(quad.object, pyoxigraph.Triple) for quad in quads)
