"""RDF terms as native Python values."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import inf, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.client.values import Value, column, value
from kg.iris import PREFIXES
from kg.terms import XSD


def typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(PREFIXES["xsd"] + datatype))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (typed("-07", "integer"), -7),
        (typed("7", "unsignedByte"), 7),
        (typed("1.50", "decimal"), Decimal("1.50")),
        (typed(".5", "decimal"), Decimal("0.5")),
        (typed("1e3", "double"), 1000.0),
        (typed("-INF", "float"), -inf),
        (typed("1", "boolean"), True),
        (typed("2026-02-03", "date"), date(2026, 2, 3)),
        (typed("0001-01-01", "date"), date(1, 1, 1)),
        (typed("2026-02-03T04:05:06", "dateTime"), datetime(2026, 2, 3, 4, 5, 6)),
        (typed("2026-02-03T04:05:06.5Z", "dateTime"), datetime(2026, 2, 3, 4, 5, 6, 500000, UTC)),
        (
            typed("2026-02-03T04:05:06-05:00", "dateTime"),
            datetime(2026, 2, 3, 4, 5, 6, tzinfo=timezone(timedelta(hours=-5))),
        ),
        (Literal("año", language="es"), "año"),
        (NamedNode("urn:a"), "urn:a"),
        (None, None),
    ],
    ids=str,
)
def test_a_term_is_the_value_that_it_means(term: NamedNode | Literal | None, expected: Value) -> None:
    found = value(term)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("1_000", "integer"),
        ("٣", "integer"),
        ("9" * 5000, "integer"),
        ("NaN", "decimal"),
        ("1e3", "decimal"),
        ("infinity", "double"),
        ("yes", "boolean"),
        ("2026-02-30", "date"),
        ("20260203", "date"),
        ("2026-W05-2", "date"),
        ("2026-02-03Z", "date"),
        ("-0044-03-15", "date"),
        ("12026-02-03", "date"),
        ("0000-01-01", "date"),
        ("2026-02-03T24:00:00", "dateTime"),
        ("2026-02-03T04:05:06.1234567Z", "dateTime"),
        ("2026-02-03 04:05:06", "dateTime"),
        ("2026", "gYear"),
        ("2026-02", "gYearMonth"),
        ("P1D", "duration"),
    ],
)
def test_what_has_no_value_in_python_stays_text(text: str, datatype: str) -> None:
    assert value(typed(text, datatype)) == text


def test_a_number_that_is_none_is_a_float_all_the_same() -> None:
    found = value(typed("NaN", "double"))
    assert isinstance(found, float)
    assert isnan(found)


def test_a_triple_and_a_blank_node_are_text() -> None:
    triple = Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("b"))
    assert [value(triple), value(BlankNode("x"))] == ['<urn:a> <urn:p> "b"', "x"]


def test_numbers_of_several_types_are_widened() -> None:
    whole, part, real = typed("1", "integer"), typed("0.5", "decimal"), typed("2.5", "double")
    assert column([whole, None, part]) == [Decimal(1), None, Decimal("0.5")]
    assert column([whole, part, real]) == [1.0, 0.5, 2.5]
    assert [type(each) for each in column([whole, part])] == [Decimal, Decimal]
    assert column([typed("9" * 400, "integer"), real]) == ["9" * 400, "2.5"]


def test_a_column_of_mixed_types_is_text_as_it_was_written() -> None:
    day, month, truth = typed("2026-02-03", "date"), typed("2026-02", "gYearMonth"), typed("true", "boolean")
    assert column([day, None, month]) == ["2026-02-03", None, "2026-02"]
    assert column([truth, typed("1", "integer")]) == ["true", "1"]
    here, utc = typed("2026-02-03T04:05:06", "dateTime"), typed("2026-02-03T04:05:06Z", "dateTime")
    assert column([here, utc]) == ["2026-02-03T04:05:06", "2026-02-03T04:05:06Z"]
    assert column([]) == []
    assert column([None]) == [None]


@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.dates() | st.datetimes())
def test_a_value_that_is_written_as_a_literal_is_read_again(given: int | Decimal | date) -> None:
    datatype = {int: XSD.INTEGER, Decimal: XSD.DECIMAL, date: XSD.DATE, datetime: XSD.DATE_TIME}[type(given)]
    shown = format(given, "f") if isinstance(given, Decimal) else str(given)
    written = given.isoformat() if isinstance(given, date) else shown
    assert value(Literal(written, datatype=datatype)) == given
