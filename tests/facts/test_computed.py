"""What follows from a submission is added to it; what is given is left for the gate to judge."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from kg.facts import submissions
from kg.facts.computed import completed
from kg.formats import RDF_FORMATS
from kg.iris import KINDS, PREFIXES
from kg.terms import DIP, RDF, XSD
from tests.support.answers import seed_store
from tests.support.curated import gate

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
SPAN = """dipid:then a dip:TimeSpan ; dip:dateAsWritten "5 March 2031" ; dip:dateBasis dipk:stated ;
    dip:date "2031-03-05"^^xsd:date ; dip:hasPrecision dipk:day"""
PASSAGE = (
    'dipid:words a dip:Passage ; dip:occursIn dipid:page-qqami ; dip:exactText "añ😀" ; dip:startOffset 7'
)
HASH = sha256("añ😀".encode()).hexdigest()
NODE = NamedNode("urn:node")


def parsed(text: str) -> submissions.Submission:
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["turtle"])


def refused(text: str) -> set[str]:
    report = submissions.check(seed_store(), gate(), parsed(text))
    return {each.rule.rpartition("#")[2].rpartition("/")[2] for each in report.errors}


def added(*said: tuple[NamedNode, NamedNode | Literal], node: NamedNode | BlankNode = NODE) -> dict[str, str]:
    quads = [Quad(node, predicate, value, DefaultGraph()) for predicate, value in said]
    new = completed(quads)[len(quads) :]
    assert {quad.subject for quad in new} <= {node}
    return {quad.predicate.value.rpartition("#")[2]: str(quad.object) for quad in new}


@pytest.mark.parametrize(
    ("brief", "given_whole"),
    [
        (SPAN, '; dip:earliest "2031-03-05"^^xsd:date ; dip:latest "2031-03-05"^^xsd:date'),
        (PASSAGE, f'; dip:exactHash "{HASH}" ; dip:endOffset 10'),
    ],
)
def test_what_is_left_out_makes_the_same_submission_as_what_is_given(brief: str, given_whole: str) -> None:
    left_out, given = parsed(f"{brief} ."), parsed(f"{brief} {given_whole} .")
    assert (left_out.content_hash, left_out.quads) == (given.content_hash, given.quads)
    assert refused(f"{brief} .") == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f'{SPAN} ; dip:earliest "2031-03-04"^^xsd:date .', "TimeSpan-bounds"),
        (f'{PASSAGE} ; dip:exactHash "{HASH[::-1]}" .', "Passage-hash"),
        (f"{PASSAGE} ; dip:endOffset 11 .", "Passage-length"),
    ],
)
def test_what_is_given_and_wrong_is_refused(text: str, rule: str) -> None:
    assert rule in refused(text)


def test_days_of_months_and_years_are_first_and_last() -> None:
    for lexical, datatype, precision, days in (
        ("2024-02", XSD.G_YEAR_MONTH, "month", ("2024-02-01", "2024-02-29")),
        ("-0043", XSD.G_YEAR, "year", ("-0043-01-01", "-0043-12-31")),
    ):
        found = added(
            (RDF.TYPE, DIP.TIME_SPAN),
            (DIP.DATE, Literal(lexical, datatype=datatype)),
            (DIP.HAS_PRECISION, NamedNode(KINDS + precision)),
        )
        assert [found[name] for name in ("earliest", "latest")] == [
            str(Literal(day, datatype=XSD.DATE)) for day in days
        ]


def test_a_thing_without_a_name_is_completed_too() -> None:
    said = (RDF.TYPE, DIP.PASSAGE), (DIP.EXACT_TEXT, Literal("a"))
    assert added(*said, node=BlankNode("b")) == {"exactHash": f'"{sha256(b"a").hexdigest()}"'}


@pytest.mark.parametrize(
    "said",
    [
        [(DIP.EXACT_TEXT, Literal("a"))],
        [(RDF.TYPE, DIP.PASSAGE), (DIP.EXACT_TEXT, Literal("a")), (DIP.EXACT_TEXT, Literal("b"))],
        [(RDF.TYPE, DIP.PASSAGE), (DIP.EXACT_TEXT, NODE)],
        [(RDF.TYPE, DIP.PASSAGE), (DIP.START_OFFSET, Literal(1))],
        [(RDF.TYPE, DIP.TIME_SPAN), (DIP.DATE, Literal("2025", datatype=XSD.G_YEAR))],
        [
            (RDF.TYPE, DIP.TIME_SPAN),
            (DIP.DATE, Literal("2025-13", datatype=XSD.G_YEAR_MONTH)),
            (DIP.HAS_PRECISION, NamedNode(KINDS + "month")),
        ],
        [
            (RDF.TYPE, DIP.TIME_SPAN),
            (DIP.DATE, Literal("2025", datatype=XSD.G_YEAR)),
            (DIP.HAS_PRECISION, NamedNode(KINDS + "day")),
        ],
    ],
)
def test_nothing_is_added_where_it_does_not_follow(said: list[tuple[NamedNode, NamedNode | Literal]]) -> None:
    assert added(*said) == {}


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(-1, 10**13))
def test_the_end_is_counted_in_characters(text: str, start: int) -> None:
    found = added(
        (RDF.TYPE, DIP.PASSAGE), (DIP.EXACT_TEXT, Literal(text)), (DIP.START_OFFSET, Literal(start))
    )
    expected = {"endOffset": str(Literal(start + len(text)))} if 0 <= start < 10**12 else {}
    assert found == {"exactHash": f'"{sha256(text.encode()).hexdigest()}"', **expected}
