"""Names where an IRI is asked for: read, refused with candidates, refused with the nearest."""

from pathlib import Path

import pytest

from kg import iris
from kg.errors import BadInput, NotInGraph
from kg.query.naming import MOST_TOLD, bound, is_written_out, names_in, query_near, thing, with_nearest
from kg.query.questions import bindings, parse
from kg.query.search.resolving import Resolution
from kg.query.search.search import Hit

QUESTION = parse(
    """\
#+ question: What?
#+ params:
#+   who: {type: iri, class: dip:Actor, example: dipid:ana}
#+   when: {type: date, example: 2025-01-01, default: 2025-01-01}
#+ returns: rows
SELECT ?who ?when { ?who ?when ?what }
""",
    Path("what.rq"),
)
SUBJECT = "The parameter 'who'"


def hit(name: str, description: str = "") -> Hit:
    label = name.title()
    return Hit(
        f"{iris.DATA}{name}",
        label,
        "en",
        f"{iris.TERMS}Person",
        "Person",
        description,
        None,
        0,
        "exact",
        "label",
        100,
    )


@pytest.mark.parametrize("text", ["dipid:a", "<urn:a>", "https://a.example/b", "urn:a:b", " dip:Event "])
def test_an_iri_stands_for_itself(text: str) -> None:
    assert is_written_out(text)
    assert names_in(QUESTION, {"who": text}) == []


@pytest.mark.parametrize("text", ["Ana", "ana", "Ana: a life", "dip: the sauce", "a:b"])
def test_all_else_may_be_a_name(text: str) -> None:
    assert not is_written_out(text)
    assert names_in(QUESTION, {"who": text}) == [("who", text.strip(), (f"{iris.TERMS}Actor",))]


def test_an_empty_name_is_refused_with_what_to_give() -> None:
    with pytest.raises(BadInput, match="'who' is empty; give the name or IRI of an actor"):
        names_in(QUESTION, {"who": " "})


def test_a_name_of_one_thing_is_read_as_that_and_the_reading_is_told() -> None:
    found = bound(
        QUESTION, {"who": "Mrs Ana"}, {"who": Resolution("Mrs Ana", f"{iris.DATA}ana", (hit("ana"),))}
    )
    assert getattr(found[0].term, "value", None) == f"{iris.DATA}ana"
    assert found[0].understood == "who: 'Mrs Ana' is read as dipid:ana (Ana)."


def test_a_name_of_several_things_is_refused_with_what_tells_them_apart() -> None:
    candidates = (hit("ana", "minister"), hit("ana-2", "painter"))
    with pytest.raises(BadInput) as refusal:
        thing(SUBJECT, Resolution("Ana", None, candidates))
    assert refusal.value.detail == (
        "The parameter 'who' is ambiguous: 'Ana': dipid:ana (Ana (Person): minister);"
        " dipid:ana-2 (Ana-2 (Person): painter). Write the IRI of one."
    )
    members = refusal.value.extra["candidates"]
    assert isinstance(members, list)
    assert members[1]["description"] == "painter"


def test_a_long_list_is_cut_in_the_sentence_and_whole_in_the_members() -> None:
    candidates = tuple(hit(f"ana-{number}") for number in range(MOST_TOLD + 2))
    with pytest.raises(BadInput, match=r"; and 2 more\. Write the IRI of one") as refusal:
        thing(SUBJECT, Resolution("Ana", None, candidates))
    assert len(refusal.value.extra["candidates"]) == MOST_TOLD + 2  # type: ignore[arg-type]  # a list


def test_a_name_that_nothing_bears_is_refused_unless_it_may_be_part_of_an_iri() -> None:
    with pytest.raises(NotInGraph, match=r"names nothing in the graph: 'Anna B'; the nearest: dipid:ana"):
        thing(SUBJECT, Resolution("Anna B", nearest=(hit("ana"),)))
    assert thing(SUBJECT, Resolution("anna", nearest=(hit("ana"),))) is None
    with pytest.raises(NotInGraph, match=r"names nothing of the class Actor in the graph: 'Anna B'\."):
        thing(SUBJECT, Resolution("Anna B"), "dip:Actor")


def test_the_nearest_to_an_iri_are_searched_by_its_last_part_among_things_of_the_class() -> None:
    found = bindings(QUESTION, {"who": "dipid:gustavo-petrov"})
    fault = NotInGraph("none", iri=f"{iris.DATA}gustavo-petrov")
    query = query_near(found, fault, "es")
    assert (query.text, query.classes, query.lang) == ("gustavo petrov", (f"{iris.TERMS}Actor",), "es")
    told = with_nearest(found, {"who": "dipid:gustavo-petrov"}, fault, [hit("gustavo-petro")])
    assert "'dipid:gustavo-petrov'; the nearest: dipid:gustavo-petro" in told.detail
    assert query_near(found, NotInGraph("none", iri="urn:???"), "en").text == "?"
