"""Two invented articles go in whole, as one table each; the people and events in them do not exist."""

import csv
import io
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import Unreadable
from kg.facts import submissions
from kg.facts.computed import completed
from kg.facts.parsing import MAX_BYTES
from kg.gate.reports import Report
from kg.importers import table
from kg.importers.catalogue import TABLE
from kg.importers.table.written import written as written_back
from kg.store.transaction import normalised
from kg.terms import DIP
from tests.support.answers import seed_store
from tests.support.curated import gate, written

ARTICLES = Path(__file__).parents[2] / "data" / "articles"
NAMES = ("medal", "summit")


def text(name: str) -> str:
    return (ARTICLES / f"{name}.txt").read_text(encoding="utf-8")


def rows(name: str) -> bytes:
    return (ARTICLES / f"{name}.csv").read_bytes()


@cache
def verdict(name: str) -> Report:
    return submissions.check(seed_store(), gate(), submissions.parse(rows(name), TABLE))


def passages(name: str) -> list[str]:
    quads = table.read(rows(name), MAX_BYTES).quads
    return [
        quad.object.value
        for quad in quads
        if quad.predicate == DIP.EXACT_TEXT and isinstance(quad.object, Literal)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_an_article_is_accepted_as_one_table(name: str) -> None:
    assert verdict(name).errors == ()
    assert {violation.rule.split("#")[1] for violation in verdict(name).warnings} <= {"resembles-claim"}


@pytest.mark.parametrize("name", NAMES)
def test_every_passage_stands_in_the_article_and_every_sentence_has_one(name: str) -> None:
    quoted = passages(name)
    assert [each for each in quoted if each not in text(name)] == []
    body = text(name).split("\n", 3)[3]
    sentences = re.split(r"(?<=[.?!][”])\s+(?=[A-Z“])|(?<=[.?!])\s+(?=[A-Z“])", body.strip())
    assert [each for each in sentences if not any(passage in each for passage in quoted)] == []


def table_rows(name: str) -> list[dict[str, str]]:
    grid = csv.DictReader(io.StringIO(rows(name).decode()))
    return [{column: cell for column, cell in row.items() if cell} for row in grid]


CELLS = [
    (name, place, column)
    for name in NAMES
    for place, row in enumerate(table_rows(name))
    for column in row
    if column in ("record", "kind", "speaker", "holder", "hedge", "of", "reports", "source")
]


@pytest.mark.parametrize(("name", "place", "column"), CELLS[:: len(CELLS) // 12])
def test_a_fault_of_one_row_is_told_of_no_other(name: str, place: int, column: str) -> None:
    grid = table_rows(name)
    grid[place][column] = "???"
    with pytest.raises(Unreadable) as refused:
        submissions.check(seed_store(), gate(), submissions.parse(written(*grid), TABLE))
    told = [line for line in refused.value.detail.splitlines() if line.startswith("In line ")]
    assert told
    assert [line for line in told if not line.startswith(f"In line {place + 2},")] == []


SAME_IN_TURTLE = (DIP.AMOUNT, DIP.DURATION, DIP.LATEST, DIP.MEANING, DIP.HAS_VERDICT)
"""Properties with values that both ways of writing an article must give, however they model the rest."""


@pytest.mark.parametrize("name", NAMES)
def test_a_table_says_the_same_as_turtle_where_the_two_can_be_compared(name: str) -> None:
    turtle = parse((ARTICLES / f"{name}.ttl").read_bytes(), format=RdfFormat.TURTLE)
    of_turtle = completed(normalised(turtle))
    of_table = table.read(rows(name), MAX_BYTES).quads
    for predicate in SAME_IN_TURTLE:
        assert values(of_table, predicate) == values(of_turtle, predicate)
    assert roles(of_table) == roles(of_turtle)


def values(quads: Iterable[Quad], predicate: NamedNode) -> set[str]:
    return {getattr(quad.object, "value", "") for quad in quads if quad.predicate == predicate}


def roles(quads: Iterable[Quad]) -> list[str]:
    """The kinds of the parts that actors took."""
    quads = list(quads)
    parts = {quad.subject for quad in quads if quad.object == DIP.PARTICIPATION}
    return sorted(
        str(quad.object) for quad in quads if quad.predicate == DIP.HAS_KIND and quad.subject in parts
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_article_comes_back_as_a_table(name: str) -> None:
    facts = table.read(rows(name), MAX_BYTES)
    back = written_back(facts.quads)
    assert (back.unsaid, back.more) == ((), 0)
    assert set(table.read(back.text.encode(), MAX_BYTES).quads) == set(facts.quads)


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_of_a_sheet_for_each_record_says_the_same(name: str) -> None:
    book = Workbook()
    book.remove(book.active)
    for row in csv.DictReader(io.StringIO(rows(name).decode(), newline="")):
        filled = {column: cell for column, cell in row.items() if cell and column != "record"}
        if row["record"] not in book.sheetnames:
            book.create_sheet(row["record"]).append([column for column in row if column != "record"])
        book[row["record"]].append([filled.get(column) for column in row if column != "record"])
    sent = io.BytesIO()
    book.save(sent)
    assert set(table.read_workbook(sent.getvalue(), MAX_BYTES).quads) == set(
        table.read(rows(name), MAX_BYTES).quads
    )
