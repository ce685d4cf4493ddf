"""Answers as tables: counted up to a bound, in pages bounded in rows and in bytes."""

import pytest

from kg import scratch
from kg.pages import tables
from kg.pages.rendering import Style
from kg.pages.tables import Shown, Window
from kg.query.job import QueryJob
from kg.store.engine import Oxigraph
from kg.store.store import Contents

DIGITS = "VALUES ?a { 0 1 2 3 4 5 6 7 8 9 }"
HUNDRED = f"SELECT (?a * 10 + ?b AS ?n) {{ {DIGITS} {DIGITS.replace('?a', '?b')} }} ORDER BY ?n"


def shown(query: str, window: Window) -> Shown:
    contents = Contents(Oxigraph(scratch.filled()), 1)
    return tables.shown(contents, QueryJob(query), Style("/").cells(contents), window=window)


def test_a_page_holds_its_rows_and_counts_all() -> None:
    answer = shown(HUNDRED, Window(3, 30))
    assert [row[0].text for row in answer.rows] == [str(number) for number in range(60, 90)]
    assert (answer.count, answer.pages, answer.has_more) == (100, 4, False)


def test_rows_are_counted_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_COUNTED", 40)
    answer = shown(HUNDRED, Window(1, 10))
    assert (answer.count, answer.has_more, len(answer.rows)) == (40, True, 10)


def test_a_page_of_long_rows_holds_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 12)
    answer = shown(HUNDRED, Window(1, 50))
    assert (len(answer.rows), answer.is_cut, answer.count) == (11, True, 100)


def test_a_row_longer_than_a_page_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 1000)
    answer = shown("SELECT ?t { VALUES ?t { '" + "x" * 5000 + "' } }", Window())
    assert answer.rows == ()
    assert answer.is_cut


def test_an_answer_without_rows_has_its_columns() -> None:
    answer = shown("SELECT ?s ?o { ?s <urn:p> ?o }", Window())
    assert [column.variable for column in answer.columns] == ["s", "o"]
    assert (answer.rows, answer.count, answer.pages) == ((), 0, 1)


def test_a_select_of_no_variables_is_no_table() -> None:
    assert shown("ASK { BIND (1 AS ?a) }", Window()).text == "true"
