"""A second holder of an office at a time at which sources show another in it gives a warning."""

from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import Quad

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import tenures
from tests.support.facts import quads

HELD = """
    dipid:tenure dip:heldBy dipid:ana ; dip:holdsOffice dipid:office ; dip:startsAt dipid:t2020 ;
        dip:endsAt dipid:t2024 .
"""


def spans() -> Iterator[Quad]:
    """Days t2020 to t2026, two years, a day in a time zone, and one that is bounded on one side."""
    for year in range(2020, 2027):
        yield from quads(f'dipid:t{year} dip:earliest "{year}-08-07" ; dip:latest "{year}-08-07" .')
    for year in (2022, 2024):
        yield from quads(f'dipid:about-{year} dip:earliest "{year}-01-01" ; dip:latest "{year}-12-31" .')
    yield from quads('dipid:zoned-2022 dip:earliest "2022-08-07Z" ; dip:latest "2022-08-07Z" .')
    yield from quads('dipid:some-day dip:earliest "2021-08-07" .')


def warned(before: str, new: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend([*spans(), *quads(before)])
    return list(tenures.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


def tenure(times: str, holder: str = "bo", office: str = "office") -> str:
    return f"dipid:new dip:heldBy dipid:{holder} ; dip:holdsOffice dipid:{office} ; {times} ."


@pytest.mark.parametrize(
    ("times", "days"),
    [
        ("dip:startsAt dipid:t2023 ; dip:endsAt dipid:t2026", "between 2023-08-07 and 2024-08-07"),
        ("dip:attestedAt dipid:t2022", "on 2022-08-07"),
        ("dip:attestedAt dipid:t2021 , dipid:t2026", "between 2021-08-07 and 2024-08-07"),
        ("dip:startsAt dipid:t2021", "on 2021-08-07"),
        ("dip:attestedAt dipid:t2020", "on 2020-08-07"),
        ("dip:attestedAt dipid:about-2022", "between 2022-01-01 and 2022-12-31"),
        ("dip:attestedAt dipid:t2024", "on 2024-08-07"),
        ("dip:startsAt dipid:zoned-2022", "on 2022-08-07"),
    ],
)
def test_a_second_holder_at_a_time_of_another_is_warned_of(times: str, days: str) -> None:
    (warning,) = warned(HELD, tenure(times))
    assert (warning.rule, warning.severity) == (tenures.RULE, "warning")
    assert f"{days} dipid:ana also holds this office, according to dipid:tenure" in warning.sentence()


@pytest.mark.parametrize("times", ["dip:attestedAt dipid:about-2022", "dip:startsAt dipid:about-2022"])
def test_two_holders_in_one_year_of_which_none_is_shown_to_leave_are_warned_of(times: str) -> None:
    before = (
        "dipid:tenure dip:heldBy dipid:ana ; dip:holdsOffice dipid:office ; dip:attestedAt dipid:about-2022 ."
    )
    (warning,) = warned(before, tenure(times))
    assert "between 2022-01-01 and 2022-12-31 dipid:ana also holds" in warning.sentence()


@pytest.mark.parametrize(
    "new",
    [
        tenure("dip:startsAt dipid:t2024 ; dip:endsAt dipid:t2026"),  # a handover
        tenure("dip:startsAt dipid:t2025"),
        tenure("dip:attestedAt dipid:about-2024"),  # after the end, perhaps
        tenure("dip:startsAt dipid:about-2024 ; dip:endsAt dipid:t2026"),
        tenure("dip:startsAt dipid:t2021", holder="ana"),
        tenure("dip:startsAt dipid:t2021", office="other"),
        tenure("dip:startsAt dipid:undescribed"),
        tenure("dip:attestedAt dipid:some-day"),
        tenure("dip:endsAt dipid:t2020"),  # and the other starts that day
    ],
)
def test_what_need_not_be_a_second_holder_is_not_warned_of(new: str) -> None:
    assert warned(HELD, new) == []


def test_an_unknown_end_is_no_end() -> None:
    open_ended = HELD.replace("; dip:endsAt dipid:t2024", "").replace(";\n        dip:endsAt dipid:t2024", "")
    assert warned(open_ended, tenure("dip:startsAt dipid:t2021 ; dip:endsAt dipid:t2023")) == []


def test_two_new_tenures_are_warned_of_once() -> None:
    assert len(warned("", HELD + tenure("dip:attestedAt dipid:t2022"))) == 1
