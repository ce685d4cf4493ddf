"""Data frames of pandas and polars: their types, at the edges of what these can hold."""

import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pandas
import polars
import pytest

from kg.client.frames import pandas_frame, polars_frame
from kg.client.values import Value
from kg.errors import Unavailable

BOGOTA = timezone(timedelta(hours=-5))
COLUMNS: dict[str, list[Value]] = {
    "whole": [1, None, -(2**63)],
    "exact": [Decimal("1.50"), None, Decimal("-2")],
    "real": [0.5, None, float("inf")],
    "truth": [True, None, False],
    "day": [date(1, 1, 1), None, date(9999, 12, 31)],
    "time": [datetime(2026, 2, 3, 4, 5, 6, 7), None, datetime(1, 1, 1)],
    "moment": [datetime(2026, 2, 3, 23, 0, tzinfo=BOGOTA), None, datetime(2026, 2, 3, tzinfo=UTC)],
    "kind": ["threat", "threat", None],
    "words": ["año", None, "🎩"],
    "nothing": [None, None, None],
}


def test_pandas_gets_its_own_types() -> None:
    frame = pandas_frame(COLUMNS)
    assert list(frame.columns) == list(COLUMNS)
    text = str(pandas.Series(["a", None]).dtype)  # "object" before pandas 3, "str" since
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "whole": "Int64",
        "exact": "object",
        "real": "float64",
        "truth": "boolean",
        "day": "datetime64[s]",
        "time": "datetime64[us]",
        "moment": "datetime64[us, UTC]",
        "kind": "category",
        "words": text,
        "nothing": "object",
    }
    assert frame["exact"].dropna().sum() == Decimal("-0.50")
    assert frame["moment"][0] == pandas.Timestamp("2026-02-04T04:00Z")
    assert frame["whole"].isna().tolist() == [False, True, False]
    assert frame["day"].dt.year.tolist()[0] == 1
    assert frame["words"][2] == "🎩"


def test_polars_gets_its_own_types() -> None:
    frame = polars_frame(COLUMNS)
    assert dict(frame.schema) == {
        "whole": polars.Int64(),
        "exact": polars.Decimal(38, 2),
        "real": polars.Float64(),
        "truth": polars.Boolean(),
        "day": polars.Date(),
        "time": polars.Datetime("us"),
        "moment": polars.Datetime("us", "UTC"),
        "kind": polars.Categorical(),
        "words": polars.String(),
        "nothing": polars.Null(),
    }
    assert frame["exact"].to_list() == COLUMNS["exact"]
    assert frame["day"].to_list() == COLUMNS["day"]
    assert frame["moment"].to_list() == COLUMNS["moment"]
    assert frame["kind"].to_list() == COLUMNS["kind"]


@pytest.mark.parametrize(
    "numbers", [[2**63, 1], [Decimal("1e40"), Decimal("0.5")], [Decimal("1." + "1" * 38)]], ids=str
)
def test_numbers_too_large_for_a_type_are_kept_exactly(numbers: list[Value]) -> None:
    assert pandas_frame({"n": numbers})["n"].tolist() == numbers
    assert polars_frame({"n": numbers})["n"].to_list() == list(map(str, numbers))


def test_text_is_a_category_if_each_value_stands_twice_on_average() -> None:
    for values, is_category in ((["a", "a", "b", "b"], True), (["a", "a", "b"], False), (["a"], False)):
        assert (str(pandas_frame({"t": values})["t"].dtype) == "category") is is_category
        assert (polars_frame({"t": values}).schema["t"] == polars.Categorical()) is is_category


def test_an_empty_answer_keeps_its_columns() -> None:
    assert list(pandas_frame({"a": [], "b": []}).columns) == ["a", "b"]
    assert polars_frame({"a": [], "b": []}).shape == (0, 2)
    assert pandas_frame({}).empty
    assert polars_frame({}).is_empty()


def test_a_time_at_the_end_of_the_calendar_does_not_overflow() -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=BOGOTA)
    assert len(pandas_frame({"t": [last]})) == len(polars_frame({"t": [last]})) == 1


@pytest.mark.parametrize(("name", "frame"), [("pandas", pandas_frame), ("polars", polars_frame)])
def test_a_library_that_is_missing_is_named_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, frame: object
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    assert callable(frame)
    with pytest.raises(Unavailable, match=f"pip install {name}"):
        frame({})
