"""Answers as tables: labels, narrow terminals, control characters."""

import pytest

from tests.support.command import PEOPLE, Kg


def test_a_table_shows_labels_beside_compact_iris(kg: Kg) -> None:
    run = kg("query", "-e", PEOPLE, "--format", "table")
    assert run.out.split() == ["person", "Claudia", "Sheinbaum", "dipid:claudia-sheinbaum"]


WIDE = "SELECT ({}) {{}}".format(") (".join(f"'{letter * 30} end' AS ?{letter}" for letter in "abcdef"))


def test_a_row_that_would_be_crammed_is_a_list_and_loses_nothing(
    kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    run = kg("query", "-e", WIDE, "--format", "table")
    assert [line.split() for line in run.out.splitlines()] == [[x, x * 30, "end"] for x in "abcdef"]
    monkeypatch.setenv("COLUMNS", "220")
    assert kg("query", "-e", WIDE, "--format", "table").out.split()[:7] == [*"abcdef", "a" * 30]


def test_a_list_leaves_out_what_is_empty_and_keeps_rows_apart(
    kg: Kg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    text = f"SELECT ?a ?b ?c {{ VALUES (?a ?b ?c) {{ ('{'x' * 20}' UNDEF '{'y' * 40}') (1 2 3) }} }}"
    run = kg("query", "-e", text, "--format", "table")
    folded = ["a", "x" * 20, "c", "y" * 27, "y" * 13]
    assert run.out.split() == [*folded, "a", "1", "b", "2", "c", "3"]
    assert "\n\n" in run.out


def test_a_table_keeps_control_characters_from_the_terminal(kg: Kg) -> None:
    run = kg("query", "-e", 'SELECT ("a\\u001B[31mred\\u202Eback" AS ?text) {}', "--format", "table")
    assert run.out.split() == ["text", "a\ufffd[31mred\ufffdback"]
