"""Queries that are mended before the engine reads them give the answers of the standard."""

import pyoxigraph
import pytest

from kg.query.mending import mended


def answer(expression: str) -> str:
    rows = pyoxigraph.Store().query(mended(f"SELECT ({expression} AS ?a) {{}}"))
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    (row,) = rows
    return "" if row["a"] is None else row["a"].value


@pytest.mark.parametrize(
    ("expression", "right"),
    [
        ('REPLACE("2025-01", "(\\\\d+)-(\\\\d+)", "$2_$1")', "01_2025"),
        ('REPLACE("abc", "(b)", "$1x")', "abxc"),
        ('REPLACE("abc", "b", "$0x")', "abxc"),
        ('REPLACE("abc", "(b)", "$12")', "ab2c"),
        ('REPLACE("abc", "b", "\\\\$1")', "a$1c"),
        ('REPLACE("abc", "b", "\\\\\\\\")', "a\\c"),
        ('REPLACE("abc", "[(]b|(c)", "<$1z>", "i")', "ab<cz>"),
        ('REPLACE(REPLACE("abc", "(a)", "$1_"), "(b)", \'($1z)\')', "a_(bz)c"),
        ('REPLACE("abc", "(?:a)(b)", """$1x""")', "bxc"),
        ('replace("a,b", ",", "(,$0)")', "a(,,)b"),
        ("TRUE", "true"),
        ("!True", "false"),
        ("IF(FALSE, 1, 2)", "2"),
        ('"TRUE"', "TRUE"),
        ('"$1x"', "$1x"),
    ],
)
def test_an_expression_has_the_value_of_the_standard(expression: str, right: str) -> None:
    assert answer(expression) == right


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?TRUE <urn:TRUE> ex:TRUE ; ?p 'TRUE'@TRUE } # TRUE",
        'SELECT (REPLACE("a", ?b, ?c) AS ?d) { ?s ?p "$1x" }',
        'SELECT (REPLACE("a", "b"',
        "REPLACE",
    ],
)
def test_what_needs_no_mending_stays_as_it_is(text: str) -> None:
    assert mended(text) == text
