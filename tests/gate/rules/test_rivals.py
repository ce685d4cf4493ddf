"""Two submissions that differ on what has one value at most are told as rivals, one that does so as wrong."""

from collections.abc import Iterator

import pytest

from kg import iris, ontology
from kg.changes import Provenance
from kg.facts import submissions
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.store.store import Store
from tests.support.stores import open_store

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
REPORT = """
    dipid:own-report a dip:Report ; dip:reports dipid:white-house-meeting ; dip:foundIn dipid:page-ijr ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
"""
RIVALS = "values of two submissions are rivals: record yours as a claim in an account of its holder"


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.of(ontology.load())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as store:
        yield store


def sentences(store: Store, gate: Gate, text: str, language: str = "en") -> list[str]:
    given = submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"])
    return [each.sentence(language) for each in submissions.check(store, gate, given).errors]


def test_a_second_date_of_a_meeting_is_a_rival_of_the_first(store: Store, gate: Gate) -> None:
    text = f"dipid:white-house-meeting dip:occursAt dipid:time-2025-09 . {REPORT}"
    (sentence,) = sentences(store, gate, text)
    assert "give dip:occursAt at most once" in sentence
    assert f"dipid:graph-meeting gives dipid:time-february-meeting, and {RIVALS}" in sentence
    assert sentence.endswith("or supersede dipid:graph-meeting.")
    (spanish,) = sentences(store, gate, text, "es")
    assert "dipid:graph-meeting da dipid:time-february-meeting" in spanish


def test_a_second_value_of_a_functional_property_is_a_rival_of_the_first(store: Store, gate: Gate) -> None:
    told = sentences(store, gate, "dipid:tenure-petro dip:holdsOffice dipid:president-of-mexico .")
    assert any("dip:holdsOffice has one value at most; dipid:graph-actors gives" in each for each in told)
    assert not any("keep the right one" in each for each in told)


def test_two_values_of_one_submission_are_no_rivals(store: Store, gate: Gate) -> None:
    span = """
        dipid:some-day a dip:TimeSpan ; dip:dateAsWritten "some day"@en ; dip:hasPrecision dipk:bounded ;
            dip:dateBasis dipk:inferred ; dip:inferenceNote "A guess."@en ;
            dip:earliest "2024-01-01"^^xsd:date , "2024-01-02"^^xsd:date .
    """
    told = sentences(store, gate, span)
    assert any("keep the right one" in each for each in told)
    assert not any(RIVALS in each for each in told)


def test_two_new_graphs_that_differ_are_rivals_too(store: Store, gate: Gate) -> None:
    page = "dipid:some-page a dip:Source ; dcterms:title 'A page'@en ; dip:hasKind dipk:web-page ;"
    one, other = (f"{page} dip:publishedBy dipid:reuters ; dip:textLength {length} ." for length in (9, 8))
    told = sentences(store, gate, f"dipid:graph-one {{ {one} }} dipid:graph-other {{ {other} }}")
    assert any(RIVALS in each for each in told)


def test_a_superseding_submission_leaves_no_rival(store: Store, gate: Gate) -> None:
    span = """
        dipid:another-day a dip:TimeSpan ; dip:dateAsWritten "a day"@en ; dip:hasPrecision dipk:bounded ;
            dip:dateBasis dipk:inferred ; dip:inferenceNote "A guess."@en ;
            dip:earliest "2024-01-0{}"^^xsd:date .
    """
    first = submissions.parse(
        (HEADER + f"dipid:graph-first {{ {span.format(1)} }}").encode(), RDF_FORMATS["trig"]
    )
    submissions.add(store, gate, first, Provenance("Ana"))
    itself = "dipid:graph-second a dip:Submission ; dip:supersedes dipid:graph-first ."
    assert sentences(store, gate, f"dipid:graph-second {{ {itself} {span.format(2)} }}") == []
    assert any(RIVALS in each for each in sentences(store, gate, span.format(2)))
