"""Regular expressions match as XPath says, and what is no expression of XPath stays as it is."""

import pytest
from pyoxigraph import Literal, QuerySolutions, Store

from kg.query.mending import mended
from kg.query.regular_expressions import as_engine_reads


def matches(text: str, pattern: str, flags: str = "") -> bool | None:
    query = f"SELECT (REGEX({Literal(text)}, {Literal(pattern)}, {Literal(flags)}) AS ?a) {{}}"
    rows = Store().query(mended(query))
    assert isinstance(rows, QuerySolutions)
    (row,) = rows
    return None if row["a"] is None else row["a"].value == "true"


@pytest.mark.parametrize(
    ("pattern", "matched", "not_matched"),
    [
        ("^[a-z-[aeiou]]$", "bz", "ae-"),
        ("^[a-z-[b-y-[e]]]$", "aez", "bf"),
        ("^[^a-z-[1]]$", "2A", "ab1"),
        (r"^[\i-[:]][\c-[:]]*$", ("x1", "é·", "_"), ("x:1", "1x")),
        (r"^\s$", " \t\r\n", "\u00a0\u2003"),
        (r"^\w$", "aé5٣+", "_- .\u200d"),
        (r"^[\w-[\d]]$", "x", "5"),
        (r"^[^\W\d]$", "x", "5_"),
        (r"^\I$", "1-", "a"),
        ("[a&&b]", "a&b", "c"),
        ("^[~~]$", "~", "a"),
        ("^[+--]$", "+,-", "./"),
        ("^[--/]$", "-./", ",a"),
        ("^[a-]$", "a-", "b"),
        ("^[a^]$", "a^", "b"),
        (r"^[\[\]\\]$", "[]\\", "a"),
        ("^[::]$", ":", "a"),
        (r"^[\p{Lu}-[A]]$", "BÉ", "Aa"),
        ("^.$", "a\u0085😀", "\r\n"),
        (r"^\.$", ".", "a"),
    ],
)
def test_a_pattern_matches_what_xpath_says(pattern: str, matched: str, not_matched: str) -> None:
    assert [text for text in matched if not matches(text, pattern)] == []
    assert [text for text in not_matched if matches(text, pattern) is not False] == []


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("\r", "^.$", "s", True),
        ("B", "^[a-z-[aeiou]]$", "i", True),
        ("a b", "^ a [ ] b $", "x", True),
        ("a b", r"^a \s b $", "x", True),
        ("a#b", "^a#b$", "x", True),
        ("#", "^ [ # ] $", "x", True),
        ("axb", "a.b", "q", False),
        ("[a-[a]]", "[a-[a]]", "q", True),
    ],
)
def test_flags_keep_their_meaning(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert matches(text, pattern, flags) is expected


@pytest.mark.parametrize(
    "pattern", ["[", "[]", "[]a]", "[a-[b]", "[a-[b]c]", "[[:alpha:]]", "[a-\\d]", "[\\p]", "\\"]
)
def test_what_is_no_pattern_of_xpath_stays_as_it_is(pattern: str) -> None:
    assert as_engine_reads(pattern) == pattern


def test_classes_taken_out_of_one_another_without_end_stay_as_they_are() -> None:
    pattern = "[a-z-" * 5000 + "[b]" + "]" * 5000
    assert as_engine_reads(pattern) == pattern


@pytest.mark.parametrize(
    "call",
    ['REGEX("a b", ?p)', 'REGEX("a", "\\\\w", ?f)', 'REGEX("a", "a")', 'REGEX("a", "\\\\w"@en)', 'REGEX("a"'],
)
def test_what_is_not_known_before_stays_as_it_is(call: str) -> None:
    assert mended(f"SELECT * {{ FILTER {call} }}") == f"SELECT * {{ FILTER {call} }}"


def test_lines_stay_where_they_are() -> None:
    query = 'ASK {\n FILTER(REPLACE("a", """\n\\\\w\\u0020""", "$0x") = "b")\n}'
    assert mended(query).count("\n") == query.count("\n")
    assert '"[^\\\\p{P}\\\\p{Z}\\\\p{C}] ' in mended(query).replace("\\n", "")
