"""A claim has a key, and a happening that resembles a claim gives a warning."""

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode

from kg.changes import Delta
from kg.facts import submissions
from kg.formats import RDF_FORMATS
from kg.gate.overlay import Overlay
from kg.gate.reports import Violation
from kg.gate.rules import claims
from kg.iris import DATA, PREFIXES, TERMS
from kg.terms import DIP
from tests.support.facts import HEADER, quads

CLAIM = """
    dipid:claim a dip:Claim ; dip:claimedBy dipid:ana ; dip:allegedActor dipid:norland ;
        dip:allegedKind dipk:intervention ; dip:allegedTarget dipid:sudonia .
    dipid:ana rdfs:label "Ana"@en .
"""


def warned(before: str, new: str) -> list[Violation]:
    store = pyoxigraph.Store()
    store.extend(claims.keyed(quads(before)))
    return list(claims.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))


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
