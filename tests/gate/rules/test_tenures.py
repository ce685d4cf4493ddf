"""Rules between submissions that only warn: a second holder of an office, a likeness to a claim."""

from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.changes import Delta
from kg.facts import submissions
from kg.formats import RDF_FORMATS
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import claims, tenures
from kg.iris import DATA, PREFIXES, TERMS
from kg.terms import DIP

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
HELD = """
    dipid:tenure dip:heldBy dipid:ana ; dip:holdsOffice dipid:office ; dip:startsAt dipid:t2020 ;
        dip:endsAt dipid:t2024 .
"""
CLAIM = """
    dipid:claim a dip:Claim ; dip:claimedBy dipid:ana ; dip:allegedActor dipid:norland ;
        dip:allegedKind dipk:intervention ; dip:allegedTarget dipid:sudonia .
    dipid:ana rdfs:label "Ana"@en .
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
    store.extend([*spans(), *claims.keyed(quads(before))])
    overlay = Overlay(store, Delta(added=quads(new, "urn:new")))
    return [*tenures.violations(overlay), *claims.violations(overlay)]


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


def test_a_happening_that_says_as_fact_what_a_claim_alleges_is_warned_of() -> None:
    (warning,) = warned(
        CLAIM,
        "dipid:event dip:performedBy dipid:norland ; dip:hasKind dipk:intervention ;"
        " dip:directedAt dipid:sudonia .",
    )
    assert (warning.rule, warning.severity) == (claims.RULE, "warning")
    assert "what dipid:claim, a claim of Ana, alleges" in warning.sentence()
    assert warning.sentence("es").startswith("dipid:event: esto da por hecho")


@pytest.mark.parametrize(
    "told",
    [
        "dip:performedBy dipid:norland ; dip:hasKind dipk:intervention",
        "dip:performedBy dipid:sudonia ; dip:hasKind dipk:intervention ; dip:directedAt dipid:norland",
        "dip:performedBy dipid:norland ; dip:hasKind dipk:visit ; dip:directedAt dipid:sudonia",
        "dip:hasKind dipk:intervention ; dip:directedAt dipid:sudonia",
    ],
)
def test_a_happening_of_another_performer_kind_or_target_is_not_warned_of(told: str) -> None:
    assert warned(CLAIM, f"dipid:event {told} .") == []


def test_the_key_of_a_claim_is_written_where_it_is_added() -> None:
    read = submissions.parse((HEADER + CLAIM).encode(), RDF_FORMATS["turtle"])
    again = submissions.parse((HEADER + CLAIM).encode(), RDF_FORMATS["turtle"])
    (key,) = (quad.object for quad in read.quads if quad.predicate == DIP.CLAIM_KEY)
    actor, kind, target = (
        NamedNode(iri) for iri in (f"{DATA}norland", f"{PREFIXES['dipk']}intervention", f"{DATA}sudonia")
    )
    assert key == Literal(claims.key([actor], kind, [target]))
    assert read.graphs == again.graphs


@pytest.mark.parametrize(
    "told",
    [
        "a dip:Claim ; dip:allegedActor dipid:norland",
        "a dip:Claim ; dip:allegedKind dipk:visit",
        "dip:allegedActor dipid:norland ; dip:allegedKind dipk:visit",
        'a dip:Claim ; dip:allegedActor dipid:a ; dip:allegedKind dipk:visit ; dip:claimKey "mine"',
    ],
)
def test_no_key_is_written_where_too_little_is_said_or_one_is_there(told: str) -> None:
    text = f"dipid:claim {told} ."
    assert len(claims.keyed(quads(text))) == len(quads(text))


def test_the_order_in_which_actors_are_told_makes_no_other_key() -> None:
    one, other = NamedNode(f"{TERMS}a"), NamedNode(f"{TERMS}b")
    assert claims.key([one, other], one, []) == claims.key([other, one], one, [])
    assert claims.key([one], other, []) != claims.key([], other, [one])
