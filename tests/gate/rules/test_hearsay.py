"""Ties and tenures rest on a source itself, or on words of those for whom it is to say so."""

import pyoxigraph
import pytest

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import hearsay
from kg.iris import TERMS_GRAPH, compact
from tests.support.facts import quads

WORLD = """
    dipid:norland a dip:State . dipid:ana a dip:Person . dipid:bo a dip:Person .
    dipid:ministry a dip:Organization ; dip:speaksFor dipid:norland .
    dipid:known dip:reports dipid:ministry ; dip:basedOn dipk:own-voice .
    dipid:office dip:officeOf dipid:norland .
    dipid:by-ana dip:madeBy dipid:ana . dipid:by-norland dip:madeBy dipid:norland .
    dipid:by-ministry dip:madeBy dipid:ministry . dipid:by-bo dip:madeBy dipid:bo .
"""
TENURE = """
    dipid:tenure a dip:OfficeHolding ; dip:heldBy dipid:ana ; dip:holdsOffice dipid:office ;
        dip:attestedAt dipid:day .
"""


def found(new: str, before: str = WORLD) -> list[str]:
    """The rules that new facts break; the whole store, looked at, refuses the same."""
    store = pyoxigraph.Store()
    store.extend((*ontology.load().graphs[TERMS_GRAPH], *quads(before)))
    violations = list(hearsay.violations(Overlay(store, Delta(added=quads(new, "urn:new")))))
    store.extend(quads(new, "urn:new"))
    refused = sorted(each.rule for each in violations if each.severity == "error")
    assert sorted(each.rule for each in hearsay.whole(Overlay(store))) == refused
    return sorted(compact(each.rule).removeprefix("dipsh:") for each in violations)


def report(of: str, basis: str, hedge: str = "plain", through: str = "") -> str:
    relayed = f"; dip:relayedThrough dipid:{through}" if through else ""
    return f"""
        dipid:r-{of} dip:reports dipid:{of} ; dip:basedOn dipk:{basis} ; dip:hedgedAs dipk:{hedge} {relayed} .
    """


@pytest.mark.parametrize("tie", ["speaksFor", "governs", "partOf"])
@pytest.mark.parametrize("through", ["", "by-ana", "by-bo"])
def test_nobody_is_tied_to_another_by_its_own_word_or_that_of_a_third(tie: str, through: str) -> None:
    new = f"dipid:ana dip:{tie} dipid:norland ." + report("ana", "attributed", "claimed", through)
    assert found(new) == ["tie-by-hearsay"]


@pytest.mark.parametrize("through", ["by-norland", "by-ministry"])
def test_the_one_that_is_spoken_for_may_say_so(through: str) -> None:
    assert (
        found("dipid:ana dip:speaksFor dipid:norland ." + report("ana", "attributed", through=through)) == []
    )


def test_two_cannot_vouch_for_each_other() -> None:
    new = "dipid:ana dip:speaksFor dipid:norland . dipid:bo dip:speaksFor dipid:norland ."
    reports = report("ana", "attributed", through="by-bo") + report("bo", "attributed", through="by-ana")
    assert found(new + reports) == ["tie-by-hearsay", "tie-by-hearsay"]


def test_a_source_that_says_it_itself_is_enough() -> None:
    assert found("dipid:ana dip:speaksFor dipid:norland ." + report("ana", "own-voice")) == []
    assert found("dipid:ministry dip:speaksFor dipid:norland ." + report("ministry", "attributed")) == []


@pytest.mark.parametrize("hedge", ["claimed", "described-as"])
def test_a_tenure_is_no_claim(hedge: str) -> None:
    assert found(TENURE + report("tenure", "attributed", hedge, "by-norland")) == ["tenure-by-claim"]


def test_an_attributed_tenure_is_warned_of_unless_the_body_of_the_office_says_so() -> None:
    assert found(TENURE + report("tenure", "attributed")) == ["tenure-by-hearsay"]
    assert found(TENURE + report("tenure", "attributed", through="by-ministry")) == []
    assert found(TENURE + report("tenure", "own-voice")) == []


def test_what_a_later_submission_adds_to_a_tenure_rests_on_its_own_report() -> None:
    before = WORLD + TENURE + report("tenure", "own-voice").replace("r-tenure", "first")
    assert found(
        "dipid:tenure dip:endsAt dipid:day ." + report("tenure", "attributed", "claimed"), before
    ) == ["tenure-by-claim"]
    assert (
        found("dipid:tenure dip:heldBy dipid:ana ." + report("tenure", "attributed", "claimed"), before) == []
    )
