"""A piece of a claim's passage grounds nothing, and passages of one text agree where they overlap."""

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.changes import Delta
from kg.gate.overlay import Overlay
from kg.gate.rules import passages
from kg.iris import DATA, PREFIXES

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
TEXT = """
    dipid:text dip:textHash "aa" . dipid:page dip:title "no text" .
    dipid:passage dip:occursIn dipid:text ;
        dip:exactText "what he calls piracy at sea" ; dip:startOffset 100 .
"""
CLAIM = """
    dipid:saying dip:quotes dipid:passage ; dip:basedOn dipk:attributed ; dip:reports dipid:statement .
    dipid:statement dip:advances dipid:claim . dipid:claim dip:allegedActor dipid:norland .
"""
PIECE = 'dipid:piece dip:occursIn dipid:text ; dip:exactText "piracy" ; dip:startOffset 114 .'
EVENT = """
    dipid:report dip:quotes dipid:piece ; dip:basedOn dipk:own-voice ; dip:reports dipid:event .
    dipid:event dip:performedBy dipid:norland .
"""
PERFORMER = "dipid:event dip:performedBy dipid:norland ."


def quads(text: str) -> list[Quad]:
    graph = NamedNode(DATA + "graph")
    told = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return [Quad(each.subject, each.predicate, each.object, graph) for each in told]


def found(text: str, *before: str) -> list[str]:
    """The rules that facts break, told last of all; the whole store, looked at, says the same."""
    store = Store()
    store.extend(quads("\n".join(before)))
    new = [each.rule for each in passages.violations(Overlay(store, Delta(added=tuple(quads(text)))))]
    store.extend(quads(text))
    assert [each.rule for each in passages.whole(Overlay(store))] == new
    return new


@pytest.mark.parametrize("last", [TEXT, CLAIM, PIECE, EVENT])
def test_a_happening_does_not_rest_on_a_piece_of_a_claim_whichever_comes_last(last: str) -> None:
    others = [part for part in (TEXT, CLAIM, PIECE, EVENT) if part != last]
    assert found(last, *others) == [passages.PIECE_OF_A_CLAIM]


@pytest.mark.parametrize("last", [TEXT, CLAIM, PIECE, EVENT])
@pytest.mark.parametrize("kind", ["upheld", "rejected", "conceded"])
def test_nor_does_a_status_that_settles_a_claim(last: str, kind: str) -> None:
    status = f"dip:appliesTo dipid:another-claim ; dip:hasStatus dipk:{kind}"
    parts = [part.replace("dip:performedBy dipid:norland", status) for part in (TEXT, CLAIM, PIECE, EVENT)]
    new = last.replace("dip:performedBy dipid:norland", status)
    assert found(new, *(part for part in parts if part != new)) == [passages.PIECE_OF_A_CLAIM]


def test_nor_does_one_whose_performer_comes_last() -> None:
    assert found(PERFORMER, TEXT, CLAIM, PIECE, EVENT.replace(PERFORMER, "")) == [passages.PIECE_OF_A_CLAIM]


@pytest.mark.parametrize(
    ("part", "other"),
    [
        (EVENT, EVENT.replace("own-voice", "attributed")),
        (EVENT, EVENT.replace("performedBy", "concerns")),
        (CLAIM, CLAIM.replace("attributed", "own-voice")),
        (CLAIM, CLAIM.replace("allegedActor", "concerns")),
        (PIECE, PIECE.replace("114", "914")),
        (TEXT, TEXT.replace("textHash", "url")),
    ],
)
def test_what_is_no_claim_no_happening_no_piece_or_no_text_passes(part: str, other: str) -> None:
    parts = [other if each == part else each for each in (TEXT, CLAIM, PIECE, EVENT)]
    assert found(parts[-1], *parts[:-1]) == []


def test_passages_that_overlap_have_the_same_words() -> None:
    assert found(PIECE.replace("piracy", "trade!"), TEXT) == [passages.CONTRADICTED]
    assert found(PIECE.replace("piracy", "piracy at sea, and more"), TEXT) == []
    assert found(PIECE.replace("114", "115"), TEXT) == [passages.CONTRADICTED]


def test_what_was_wrong_before_does_not_hinder_a_new_passage() -> None:
    store = Store()
    store.extend(quads(TEXT + PIECE.replace("piracy", "trade!")))
    far = PIECE.replace("114", "9").replace("dipid:piece", "dipid:other")
    assert list(passages.violations(Overlay(store, Delta(added=tuple(quads(far)))))) == []


@pytest.mark.parametrize("start", ["9" * 5000, "-5", "1e3"])
def test_an_offset_that_is_none_is_left_to_the_shapes(start: str) -> None:
    assert found(PIECE.replace("114", f'"{start}"'), TEXT) == []


OUTLETS_OWN = """
    dipid:report dip:quotes dipid:piece ; dip:basedOn dipk:own-voice ; dip:reports dipid:own ;
        dip:foundIn dipid:text .
    dipid:text dip:publishedBy dipid:outlet .
    dipid:own dip:madeBy dipid:outlet ; dip:advances dipid:own-claim .
"""


@pytest.mark.parametrize("last", [TEXT, CLAIM, PIECE, OUTLETS_OWN])
def test_an_outlet_claims_nothing_in_a_piece_of_what_it_attributes(last: str) -> None:
    others = [part for part in (TEXT, CLAIM, PIECE, OUTLETS_OWN) if part != last]
    assert found(last, *others) == [passages.PIECE_OF_A_CLAIM]


def test_another_speaker_may_claim_it() -> None:
    assert found(OUTLETS_OWN.replace("madeBy dipid:outlet", "madeBy dipid:ana"), TEXT, CLAIM, PIECE) == []
