"""A second holder of an office on a day when another certainly held it gives a warning."""

from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import tenures
from kg.iris import PREFIXES

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
HELD = """
    dipid:tenure dip:heldBy dipid:ana ; dip:holdsOffice dipid:office ; dip:startsAt dipid:t2020 ;
        dip:endsAt dipid:t2024 .
"""


def quads(text: str, graph: str = "urn:g") -> tuple[Quad, ...]:
    read = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return tuple(Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in read)


def spans() -> Iterator[Quad]:
    """Days t2020 to t2026, a year about-2024, and a day nobody knows."""
    for year in range(2020, 2027):
        yield from quads(f'dipid:t{year} dip:earliest "{year}-08-07" ; dip:latest "{year}-08-07" .')
    yield from quads('dipid:about-2024 dip:earliest "2024-01-01" ; dip:latest "2024-12-31" .')


def warned(before: str, new: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend([*spans(), *quads(before)])
    return list(tenures.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


def tenure(times: str, holder: str = "bo", office: str = "office") -> str:
    return f"dipid:new dip:heldBy dipid:{holder} ; dip:holdsOffice dipid:{office} ; {times} ."


@pytest.mark.parametrize(
    ("times", "day"),
    [
        ("dip:startsAt dipid:t2023 ; dip:endsAt dipid:t2026", "2023-08-07"),
        ("dip:attestedAt dipid:t2022", "2022-08-07"),
        ("dip:attestedAt dipid:t2021 , dipid:t2026", "2021-08-07"),
        ("dip:startsAt dipid:t2021", "2021-08-07"),
        ("dip:attestedAt dipid:t2020", "2020-08-07"),
    ],
)
def test_a_second_holder_on_a_day_both_certainly_held_the_office_is_warned_of(times: str, day: str) -> None:
    (warning,) = warned(HELD, tenure(times))
    assert (warning.rule, warning.severity) == (tenures.RULE, "warning")
    assert f"on {day} dipid:ana holds this office too, by dipid:tenure" in warning.sentence()


@pytest.mark.parametrize(
    "new",
    [
        tenure("dip:startsAt dipid:t2024 ; dip:endsAt dipid:t2026"),  # a handover
        tenure("dip:startsAt dipid:t2025"),
        tenure("dip:attestedAt dipid:about-2024"),  # no day of that year is certain
        tenure("dip:startsAt dipid:about-2024 ; dip:endsAt dipid:t2026"),
        tenure("dip:startsAt dipid:t2021", holder="ana"),
        tenure("dip:startsAt dipid:t2021", office="other"),
        tenure("dip:startsAt dipid:undescribed"),
    ],
)
def test_what_need_not_be_a_second_holder_is_not_warned_of(new: str) -> None:
    assert warned(HELD, new) == []


def test_an_unknown_end_is_no_end() -> None:
    open_ended = HELD.replace("; dip:endsAt dipid:t2024", "").replace(";\n        dip:endsAt dipid:t2024", "")
    assert warned(open_ended, tenure("dip:startsAt dipid:t2021 ; dip:endsAt dipid:t2023")) == []


def test_two_new_tenures_are_warned_of_once() -> None:
    assert len(warned("", HELD + tenure("dip:attestedAt dipid:t2022"))) == 1
