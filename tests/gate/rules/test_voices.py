"""Nobody is given a status, a judgement or a claim by the words of somebody else."""

import pyoxigraph
import pytest

from kg import ontology
from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import voices
from kg.iris import TERMS_GRAPH, compact
from tests.support.facts import quads

WORLD = """
    dipid:page dip:publishedBy dipid:gazette . dipid:gazette a dip:Outlet .
    dipid:site dip:publishedBy dipid:ministry . dipid:ministry dip:speaksFor dipid:norland .
    dipid:government dip:governs dipid:norland .
    dipid:tenure dip:holdsOffice dipid:office . dipid:office dip:officeOf dipid:norland .
    dipid:cy dip:partOf dipid:gazette .
    dipid:threat dip:madeBy dipid:norland ; dip:holdsOut dipid:act .
    dipid:by-ministry dip:madeBy dipid:ministry . dipid:by-ana dip:madeBy dipid:ana .
    dipid:by-government dip:madeBy dipid:government .
    dipid:in-office dip:madeBy dipid:bo ; dip:madeInOffice dipid:tenure .
    dipid:refusal dip:refuses dipid:act ; dip:performedBy dipid:sudonia .
    dipid:claim dip:claimedBy dipid:ana ; dip:allegedActor dipid:norland .
"""


def found(new: str, before: str = WORLD) -> list[str]:
    """The rules that new facts break; the whole store, looked at, says the same."""
    store = pyoxigraph.Store()
    store.extend((*ontology.load().graphs[TERMS_GRAPH], *quads(before)))
    overlay = Overlay(store, Delta(added=quads(new, "urn:new")))
    rules = sorted(compact(each.rule).removeprefix("dipsh:") for each in voices.violations(overlay))
    store.extend(quads(new, "urn:new"))
    whole = sorted(compact(each.rule).removeprefix("dipsh:") for each in voices.whole(Overlay(store)))
    assert whole == rules
    return rules


def report(basis: str, source: str = "page", more: str = "") -> str:
    return f"""
        dipid:r dip:reports dipid:x ; dip:foundIn dipid:{source} ; dip:basedOn dipk:{basis} {more} .
    """


def status(holder: str, kind: str = "withdrawn", of: str = "act") -> str:
    return f"dipid:x dip:appliesTo dipid:{of} ; dip:hasStatus dipk:{kind} ; dip:heldBy dipid:{holder} ."


@pytest.mark.parametrize(
    ("holder", "source"),
    [("gazette", "page"), ("ministry", "site"), ("norland", "site"), ("cy", "page")],
)
@pytest.mark.parametrize("basis", ["own-voice", "recorded-as-data"])
def test_own_voice_is_that_of_the_publisher_and_of_those_it_speaks_for(
    holder: str, source: str, basis: str
) -> None:
    assert found(status(holder) + report(basis, source)) == []
    assert found(f"dipid:x dip:assessedBy dipid:{holder} ." + report(basis, source)) == []


@pytest.mark.parametrize("basis", ["own-voice", "recorded-as-data"])
def test_own_voice_is_nobody_elses(basis: str) -> None:
    assert found(status("norland") + report(basis)) == ["status-in-own-voice"]
    assert found("dipid:x dip:assessedBy dipid:ana , dipid:gazette ." + report(basis)) == [
        "judgement-in-own-voice"
    ]


def test_a_source_that_reports_what_the_holder_says_or_refuses_bears_its_status_out() -> None:
    assert found(status("norland", "threatened") + report("own-voice", more=", dipid:threat")) != []
    assert found(status("norland") + report("own-voice", more="; dip:reports dipid:threat")) == []
    assert found(status("sudonia", "refused") + report("own-voice", more="; dip:reports dipid:refusal")) == []
    assert found(status("norland", of="other-act") + report("own-voice", more="; dip:reports dipid:threat"))


@pytest.mark.parametrize(
    ("words", "actor"),
    [
        ("by-ana", "ana"),
        ("by-ministry", "ministry"),
        ("by-ministry", "norland"),
        ("by-government", "norland"),
        ("in-office", "norland"),
        ("in-office", "government"),
        ("in-office", "bo"),
    ],
)
def test_attributed_words_are_those_of_who_speaks_or_is_spoken_for(words: str, actor: str) -> None:
    through = report("attributed", more=f"; dip:relayedThrough dipid:{words}")
    assert found(status(actor) + through) == []
    assert found(f"dipid:x dip:assessedBy dipid:{actor} ." + through) == []
    assert found(status("sudonia") + through) == ["status-in-words-of-another"]
    assert found("dipid:x dip:assessedBy dipid:sudonia ." + through) == ["judgement-in-words-of-another"]


def test_what_is_attributed_without_a_statement_is_its_holders() -> None:
    assert found(status("sudonia") + report("attributed")) == []
    assert found("dipid:x dip:assessedBy dipid:sudonia ." + report("attributed")) == []


def test_a_statement_that_comes_to_have_another_speaker_is_found() -> None:
    before = WORLD.replace("dipid:by-ana dip:madeBy dipid:ana .", "")
    facts = status("ana") + report("attributed", more="; dip:relayedThrough dipid:by-ana")
    assert found("dipid:by-ana dip:madeBy dipid:bo .", before + facts) == ["status-in-words-of-another"]


def test_a_claim_is_conceded_in_the_words_of_whom_it_is_said_of() -> None:
    facts = status("norland", "conceded", "claim")
    assert found(facts + report("attributed", more="; dip:relayedThrough dipid:in-office")) == []
    assert found(facts + report("attributed")) == ["conceded-by-another"]
    assert found(
        status("ana", "conceded", "claim") + report("attributed", more="; dip:relayedThrough dipid:by-ana")
    ) == ["conceded-by-another"]
    assert found(status("gazette", "conceded", "claim") + report("own-voice")) == ["conceded-by-another"]


SOURCES_OWN = """
    dipid:own dip:assessedBy dipid:gazette .
    dipid:r1 dip:reports dipid:own ; dip:foundIn dipid:page ; dip:basedOn dipk:own-voice ;
        dip:quotes dipid:p .
    dipid:p dip:occursIn dipid:page ; dip:exactText "a shift" .
    dipid:same dip:occursIn dipid:page ; dip:exactText "a shift" .
"""


@pytest.mark.parametrize("passage", ["p", "same"])
def test_words_in_which_only_the_source_judges_are_not_put_into_anothers_mouth(passage: str) -> None:
    facts = "dipid:x dip:assessedBy dipid:ana ." + report("attributed", more=f"; dip:quotes dipid:{passage}")
    assert found(facts + SOURCES_OWN) == ["judgement-in-words-of-the-source"]
    said = "dipid:r2 dip:reports dipid:by-ana ; dip:quotes dipid:p ; dip:basedOn dipk:attributed ."
    assert found(facts + SOURCES_OWN + said) == []
    assert found(facts + SOURCES_OWN.replace("own-voice", "attributed")) == []


def test_an_outlet_claims_nothing_that_it_attributes() -> None:
    claim = "dipid:x dip:madeBy dipid:gazette ; dip:advances dipid:c . dipid:c dip:claimedBy dipid:gazette ."
    assert found(claim + report("attributed")) == ["claim-of-the-outlet"]
    assert found(claim + report("own-voice")) == []
    assert found(claim.replace("gazette", "ministry") + report("attributed", "site")) == []
