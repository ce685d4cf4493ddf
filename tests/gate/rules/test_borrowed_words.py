"""What is added to another submission's record is in words that were not quoted for it before."""

import pyoxigraph
import pytest

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import borrowed_words
from tests.support.facts import quads

WORLD = """
    dipid:visit a dip:Visit ; dip:performedBy dipid:ana .
    dipid:first dip:reports dipid:visit ; dip:quotes dipid:p .
    dipid:elsewhere dip:reports dipid:other ; dip:quotes dipid:q .
    dipid:p dip:occursIn dipid:page ; dip:exactText "Ana came" .
    dipid:q dip:occursIn dipid:page ; dip:exactText "Bo came too" .
"""


def warned(*new: str) -> bool:
    store = pyoxigraph.Store()
    store.extend(quads(WORLD))
    found = borrowed_words.violations(Overlay(store, Delta(added=quads(" ".join(new), "urn:new"))))
    severities = [each.severity for each in found]
    assert severities in ([], ["warning"])
    return bool(severities)


def report(passages: str = "dipid:p", more: str = "") -> str:
    return f"dipid:r dip:reports dipid:visit ; dip:quotes {passages} {more} ."


LINKS = (
    *("performedBy", "givenBy", "receivedBy", "madeBy", "involves", "denies", "announces"),
    "outcome",
)


@pytest.mark.parametrize("link", LINKS)
def test_an_addition_in_words_that_were_quoted_before_is_warned_of(link: str) -> None:
    assert warned(f"dipid:visit dip:{link} dipid:bo .", report())


def test_the_same_words_by_another_name_are_the_same() -> None:
    again = 'dipid:again dip:occursIn dipid:{} ; dip:exactText "Ana came" .'
    assert warned("dipid:visit dip:performedBy dipid:bo .", report("dipid:again"), again.format("page"))
    assert not warned("dipid:visit dip:performedBy dipid:bo .", report("dipid:again"), again.format("post"))


@pytest.mark.parametrize(
    "parts",
    [
        ("dipid:visit dip:performedBy dipid:bo .", report("dipid:q")),
        ("dipid:visit dip:performedBy dipid:bo .", report("dipid:p , dipid:q")),
        ("dipid:visit dip:performedBy dipid:bo .", report(more='; dip:inferenceNote "Bo is her party"')),
        ("dipid:visit dip:performedBy dipid:bo .", "dipid:r dip:reports dipid:visit ."),
        ("dipid:visit dip:performedBy dipid:ana .", report()),
        ("dipid:visit dip:hasTopic dipid:topic .", report()),
    ],
    ids=["other words", "other words too", "a note", "no words", "restated", "not who or what"],
)
def test_other_words_a_note_and_what_is_restated_pass(parts: tuple[str, ...]) -> None:
    assert not warned(*parts)


def test_a_record_of_the_same_submission_may_be_told_in_the_same_words() -> None:
    new = "dipid:arrival a dip:Visit ; dip:performedBy dipid:ana ."
    assert not warned(new, "dipid:r dip:reports dipid:arrival ; dip:quotes dipid:p .")
