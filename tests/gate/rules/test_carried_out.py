"""What carried an act out was done by the actor that would do it, or for that actor."""

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import carried_out
from kg.iris import PREFIXES

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
FACTS = """
    dipid:x dip:appliesTo dipid:act ; dip:hasStatus dipk:carried-out ; dip:settledBy dipid:done .
    dipid:act dip:wouldBePerformedBy dipid:norland .
    dipid:government dip:governs dipid:norland . dipid:ministry dip:speaksFor dipid:norland .
    dipid:navy dip:partOf dipid:norland .
    dipid:tenure dip:holdsOffice dipid:office . dipid:office dip:officeOf dipid:norland .
"""


def warned(done: str, facts: str = FACTS) -> bool:
    read = parse(f"{HEADER}{facts} dipid:done {done} .".encode(), format=RdfFormat.TURTLE)
    added = tuple(Quad(quad.subject, quad.predicate, quad.object, NamedNode("urn:g")) for quad in read)
    found = carried_out.violations(Overlay(pyoxigraph.Store(), Delta(added=added)))
    return [each.severity for each in found] == ["warning"]


@pytest.mark.parametrize(
    "done",
    [
        "dip:performedBy dipid:norland",
        "dip:performedBy dipid:government",
        "dip:performedBy dipid:ministry",
        "dip:performedBy dipid:navy",
        "dip:involves dipid:sudonia , dipid:norland",
        "dip:performedBy dipid:ana ; dip:madeInOffice dipid:tenure",
    ],
)
def test_who_would_do_it_or_acts_for_them_carries_it_out(done: str) -> None:
    assert not warned(done)


def test_another_actor_is_warned_of() -> None:
    assert warned("dip:performedBy dipid:sudonia")
    assert not warned("dip:performedBy dipid:sudonia", FACTS.replace("carried-out", "averted"))
