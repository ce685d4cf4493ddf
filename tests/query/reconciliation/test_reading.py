"""What clients of the reconciliation API send is read strictly, and within bounds."""

import json

import pytest

from kg import iris
from kg.errors import BadInput, TooLarge
from kg.query.reconciliation import identifiers
from kg.query.reconciliation.reading import (
    BATCH_SIZE,
    MOST_CANDIDATES,
    MOST_IDS,
    Condition,
    Entity,
    ReconciliationQuery,
    read_batch,
    read_extension,
    read_query,
)
from kg.terms import DIP, RDFS


def test_a_batch_is_read_with_types_properties_and_limits() -> None:
    told = {
        "query": "Petro",
        "type": "Person",
        "type_strict": "should",
        "limit": 3,
        "properties": [
            {"pid": "partOf", "v": "Colombia"},
            {"pid": "dip:toward", "v": [{"id": "id/mexico", "name": "Mexico"}, 7, 1.5, True]},
        ],
    }
    assert read_batch(json.dumps({"q0": told, "q1": {"query": "Trump"}})) == {
        "q0": ReconciliationQuery(
            "Petro",
            (DIP.PERSON.value,),
            "should",
            (
                Condition(DIP.PART_OF.value, ("Colombia",)),
                Condition(DIP.TOWARD.value, (Entity(f"{iris.DATA}mexico"), "7", "1.5", "true")),
            ),
            3,
        ),
        "q1": ReconciliationQuery("Trump"),
    }


def test_a_single_query_is_json_or_a_bare_name() -> None:
    assert read_query("Petro") == read_query('{"query": "Petro"}') == ReconciliationQuery("Petro")


def test_a_query_of_properties_alone_is_read_and_one_of_nothing_refused() -> None:
    assert read_query('{"properties": [{"pid": "partOf", "v": "x"}]}').text == ""
    with pytest.raises(BadInput, match="neither"):
        read_query("{}")
    with pytest.raises(BadInput, match="neither"):
        read_query('{"properties": []}')


def test_a_limit_is_kept_within_bounds() -> None:
    assert read_query('{"query": "a", "limit": 1000}').limit == MOST_CANDIDATES
    assert read_query('{"query": "a", "limit": 0.5}').limit == 1


WRONG = [
    *(
        "",
        "[]",
        "1",
        '{"a": 1}',
        '{"a": []}',
        '{"a": {"query": 1}}',
        '{"a": {"query": "x", "colour": 1}}',
        "{",
    ),
    *(
        '{"a": {"query": "x", "limit": 0}}',
        '{"a": {"query": "x", "limit": -1}}',
        '{"a": {"query": "x", "limit": "3"}}',
    ),
    *('{"a": {"query": "x", "limit": true}}', '{"a": {"query": "x", "limit": NaN}}'),
    *('{"a": {"query": "x", "limit": 1e400}}', '{"a": {"query": "x", "type": 1}}'),
    *('{"a": {"query": "x", "type": "no such type"}}', '{"a": {"query": "x", "type_strict": "maybe"}}'),
    *('{"a": {"query": "x", "properties": {}}}', '{"a": {"query": "x", "properties": [{"pid": "a"}]}}'),
    *('{"a": {"query": "x", "properties": [{"pid": 1, "v": 1}]}}',),
    *('{"a": {"query": "x", "properties": [{"pid": "a b", "v": 1}]}}',),
    *('{"a": {"query": "x", "properties": [{"pid": "a", "v": {"name": "x"}}]}}',),
    *('{"a": {"query": "x", "properties": [{"pid": "a", "v": [[1]]}]}}', '{"a": {"query": "\\ud800"}}'),
    *('{"a":' * 100_000, "[" * 100_000),
]


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_a_batch_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_batch(text)


def test_too_many_queries_and_too_much_data_are_too_large() -> None:
    with pytest.raises(TooLarge, match=str(BATCH_SIZE)):
        read_batch(json.dumps({f"q{number}": {"query": "a"} for number in range(BATCH_SIZE + 1)}))
    with pytest.raises(TooLarge):
        read_extension(json.dumps({"ids": ["id/a"] * (MOST_IDS + 1), "properties": []}))
    many = [{"pid": "partOf", "v": "x"}] * 11
    with pytest.raises(TooLarge):
        read_query(json.dumps({"properties": many}))


@pytest.mark.parametrize(
    "told",
    [
        {"ids": ["id/a"]},
        {"ids": "id/a", "properties": []},
        {"ids": [1], "properties": []},
        {"ids": ["no iri"], "properties": []},
        {"ids": [], "properties": [{"id": "partOf", "settings": {"limit": "x"}}]},
        {"ids": [], "properties": [{"settings": {}}]},
    ],
)
def test_a_query_for_data_that_is_none_is_refused(told: object) -> None:
    with pytest.raises(BadInput):
        read_extension(json.dumps(told))


@pytest.mark.parametrize(
    "iri", [f"{iris.DATA}hat", f"{iris.KINDS}gift", DIP.PERSON.value, "http://example.org/a#b"]
)
def test_the_identifier_of_a_thing_leads_back_to_it_and_stands_in_its_space(iri: str) -> None:
    identifier = identifiers.of_thing(iri)
    assert identifiers.read_thing(identifier) == iri
    if iri.startswith(iris.BASE):
        assert iris.BASE + identifier == iri


@pytest.mark.parametrize("iri", [DIP.PERSON.value, RDFS.LABEL.value, "http://example.org/a#b"])
def test_the_identifier_of_a_term_leads_back_to_it(iri: str) -> None:
    assert identifiers.read_term(identifiers.of_term(iri)) == iri


@pytest.mark.parametrize("text", ["", " ", "a b", "id/a b", "<", "x" * 5000, "id/\x00"])
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        identifiers.read_thing(text)
