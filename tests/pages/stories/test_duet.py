"""The duet of two actors: which records belong to it, in which order, and what the page says of them."""

import re

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kg import iris
from kg.changes import Quads
from kg.errors import NotFound
from kg.pages.rendering import Style
from kg.pages.stories import duet
from kg.pages.stories.duet import DuetRequest
from kg.pages.stories.order import in_order
from kg.pages.stories.parties import party_of
from kg.pages.stories.reading import NodeReader
from kg.pages.stories.records import Act, Form, PartySide, acts_between
from kg.store.store import Contents
from tests.support.api_server import PREFIXES


def told(text: str) -> Store:
    store = Store()
    graph = f"{PREFIXES}\ndipid:g {{ {text} }}"
    store.extend(pyoxigraph.parse(graph.encode(), format=RdfFormat.TRIG))
    return store


def day(name: str, date: str) -> str:
    return f'dipid:{name} dip:earliest "{date}"^^xsd:date ; dip:latest "{date}"^^xsd:date .'


def dipid(name: str) -> NamedNode:
    return NamedNode(iris.DATA + name)


def between(store: Quads, first: str = "a", second: str = "b") -> dict[str, Act]:
    reader = NodeReader(store)
    acts = acts_between(reader, party_of(reader, dipid(first)), party_of(reader, dipid(second)))
    return {act.node.value.removeprefix(iris.DATA): act for act in acts}


def ordered(store: Quads) -> tuple[list[str], list[str]]:
    placed, others = in_order(between(store).values())
    return [act.node.value.removeprefix(iris.DATA) for act in placed], sorted(
        act.node.value.removeprefix(iris.DATA) for act in others
    )


def shown(contents: Contents, **asked: object) -> str:
    given = {"actor": iris.DATA + "colombia", "other": iris.DATA + "united-states", **asked}
    return b"".join(duet.page(Style("/"), DuetRequest(**given), contents)).decode()  # type: ignore[arg-type]


def items(page: str) -> list[str]:
    return re.findall(r'<li (?:id="r\d+" )?class="(?:first|second|both).*?</li>', page, re.DOTALL)


def test_words_about_the_other_and_deeds_toward_it_belong_to_a_duet() -> None:
    found = between(
        told(
            """dipid:said dip:madeBy dipid:a ; dip:concerns dipid:b .
            dipid:wrote dip:madeBy dipid:b ; dip:addressedTo dipid:a .
            dipid:gave dip:givenBy dipid:b ; dip:receivedBy dipid:a .
            dipid:refused dip:performedBy dipid:a ; dip:refuses [ dip:wouldBePerformedBy dipid:b ] .
            dipid:elsewhere dip:madeBy dipid:a ; dip:concerns dipid:c .""".replace(
                "[ dip:wouldBePerformedBy dipid:b ] .",
                "dipid:act . dipid:act dip:wouldBePerformedBy dipid:b .",
            )
        )
    )
    assert {name: (act.form, act.side) for name, act in found.items()} == {
        "said": (Form.WORD, PartySide.FIRST),
        "wrote": (Form.WORD, PartySide.SECOND),
        "gave": (Form.DEED, PartySide.SECOND),
        "refused": (Form.DEED, PartySide.FIRST),
    }


def test_a_meeting_that_both_attend_counts_once_for_both() -> None:
    found = between(told("dipid:met dip:involves dipid:a , dipid:b , dipid:c ."))
    assert [(act.side, set(act.actors)) for act in found.values()] == [
        (PartySide.BOTH, {dipid("a"), dipid("b")})
    ]


def test_what_answers_an_act_or_speaks_of_it_belongs_to_it() -> None:
    found = between(
        told(
            """dipid:gave dip:givenBy dipid:a ; dip:receivedBy dipid:b .
            dipid:altered dip:performedBy dipid:b ; dip:respondsTo dipid:gave .
            dipid:spoke dip:madeBy dipid:b ; dip:concerns dipid:gave ."""
        )
    )
    assert set(found) == {"gave", "altered", "spoke"}


OFFICE = """dipid:chair dip:officeOf dipid:a . dipid:held dip:holdsOffice dipid:chair ; dip:heldBy dipid:p ;
    dip:startsAt dipid:start ; dip:endsAt dipid:end ."""


@pytest.mark.parametrize(
    ("when", "counts"), [("2020-06-01", True), ("2019-12-31", False), ("2022-01-02", False)]
)
def test_a_person_counts_for_the_state_while_in_office(when: str, counts: bool) -> None:
    story = f"""{OFFICE} {day("start", "2020-01-01")} {day("end", "2022-01-01")} {day("then", when)}
        dipid:said dip:madeBy dipid:p ; dip:concerns dipid:b ; dip:occursAt dipid:then ."""
    assert bool(between(told(story))) == counts


def test_an_office_whose_end_is_not_known_has_not_ended() -> None:
    story = f"""{OFFICE} {day("start", "2020-01-01")} {day("then", "2030-01-01")}
        dipid:said dip:madeBy dipid:p ; dip:concerns dipid:b ; dip:occursAt dipid:then ."""
    assert set(between(told(story))) == {"said"}


def test_governments_and_those_who_speak_for_them_count_for_the_state() -> None:
    story = """dipid:cabinet dip:governs dipid:a . dipid:spokesman dip:speaksFor dipid:cabinet .
        dipid:one dip:madeBy dipid:cabinet ; dip:concerns dipid:b .
        dipid:two dip:madeBy dipid:spokesman ; dip:concerns dipid:b ."""
    assert set(between(told(story))) == {"one", "two"}


def test_records_without_a_date_stand_by_the_order_that_is_known() -> None:
    words = "dip:madeBy dipid:a ; dip:concerns dipid:b"
    story = f"""{day("may", "2020-05-01")} {day("june", "2020-06-01")}
        dipid:first {words} ; dip:occursAt dipid:may .
        dipid:second {words} ; dip:follows dipid:first .
        dipid:fourth {words} ; dip:occursAt dipid:june ; dip:follows dipid:third .
        dipid:third {words} . dipid:nowhere {words} ."""
    assert ordered(told(story)) == (["first", "second", "third", "fourth"], ["nowhere"])


def test_a_circle_of_what_follows_what_has_no_place() -> None:
    words = "dip:madeBy dipid:a ; dip:concerns dipid:b"
    story = f"dipid:one {words} ; dip:follows dipid:two . dipid:two {words} ; dip:follows dipid:one ."
    assert ordered(told(story)) == ([], ["one", "two"])


def test_the_page_tells_a_claim_from_a_deed_and_names_who_says_so(seed: Contents) -> None:
    page = shown(seed)
    (alteration,) = (item for item in items(page) if "alteration-of-the-hat" in item)
    assert 'class="badge happening"' in alteration
    assert "Reportedly" in alteration
    assert "Presence News" in alteration
    assert "No date; after:" in alteration
    kidnapping = next(item for item in items(page) if "statement-petro-kidnapping" in item)
    assert 'class="badge claim"' in kidnapping
    assert "no denial in the record" in kidnapping
    assert 'class="badge happening"' not in kidnapping


def test_silence_is_counted_between_days_that_are_known(seed: Contents) -> None:
    # From 31 January to 1 September 2025, and from 30 September to 1 February 2026.
    assert re.findall(r"(\d+) days of silence", shown(seed)) == ["212", "123"]


def test_only_the_reports_of_a_chosen_outlet_are_shown(seed: Contents) -> None:
    page = shown(seed, outlets=(iris.DATA + "presence-news",))
    shown_outlets = {
        name for item in items(page) for name in re.findall(r"according to\s+<a[^>]*>([^<]+)", item)
    }
    assert shown_outlets == {"Presence News"}
    assert len(items(page)) < len(items(shown(seed)))


def test_an_event_divides_what_is_known_to_come_before_and_after(seed: Contents) -> None:
    page = shown(seed, event=iris.DATA + "white-house-meeting")
    text = " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert re.search(r"Before \d+ statements, 3 deeds; after 1 statement, 0 deeds;", text)


def test_an_actor_that_the_graph_does_not_hold_is_refused(seed: Contents) -> None:
    with pytest.raises(NotFound, match="states nothing about dipid:atlantis"):
        shown(seed, other=iris.DATA + "atlantis")
