"""What JSON-LD passes over is told; what it keeps, or leaves out on purpose, is not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode

from kg.facts import json_ld_losses
from kg.facts.json_ld_losses import Loss, LossKind
from kg.facts.parsing import read
from kg.formats import RDF_FORMATS
from tests.support.growth import is_linear


def losses(document: Any, base: str | None = None) -> list[tuple[str, str]]:
    found = read(json.dumps(document).encode(), RDF_FORMATS["jsonld"], base=base).losses
    return [(loss.kind.value, loss.name) for loss in found]


def triples(document: Any) -> Dataset:
    dataset = Dataset(read(json.dumps(document).encode(), RDF_FORMATS["jsonld"]).quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"@id": "urn:a", "b": 1}, [("key", "b")]),
        ({"@id": "urn:a", "urn:p": {"b": {"c": 1}}}, [("key", "b")]),
        ([{"@id": "urn:a", "b": 1}, {"@graph": [{"b": 2}, {"c": 3}]}], [("key", "b"), ("key", "c")]),
        ({"@id": "urn:a", "p q": 1, "p q:r": 2}, [("key", "p q"), ("key", "p q:r")]),
        ({"@id": "urn:a", "_:p": 1}, [("key", "_:p")]),
        ({"@context": {"a": "b"}, "@id": "urn:a", "a": 1}, [("key", "a")]),
        ({"@id": "urn:a", "urn:p": {"@value": "x", "@language": "es_CO"}}, [("language", "es_CO")]),
        ({"@context": {"@language": "en_US"}, "@id": "urn:a", "urn:p": "x"}, [("language", "en_US")]),
        (
            {
                "@context": {"l": {"@id": "urn:l", "@container": "@language"}},
                "@id": "urn:a",
                "l": {"en": "a", "b_c": "d"},
            },
            [("language", "b_c")],
        ),
        ({"@id": "a", "urn:p": 1}, [("iri", "a")]),
        ({"@id": "a b", "urn:p": 1}, [("name", "a b")]),
        (
            {"@id": "http://e/a|b", "urn:p": {"@id": "http://e/%zz"}},
            [("name", "http://e/a|b"), ("name", "http://e/%zz")],
        ),
        ({"@id": "urn:a", "urn:p": {"@id": "1:b"}}, [("name", "1:b")]),
        (
            [{"@id": "urn:a", "urn:p": 1}, "x", {"@value": "y"}, [3]],
            [("value", "x"), ("value", "y"), ("value", "3")],
        ),
        ({"@graph": [{"@id": "urn:a", "urn:p": 1}, "x", None]}, [("value", "x")]),
        ("text", [("value", "text")]),
        (None, [("value", "null")]),
        ({"@id": "urn:a", "urn:p": {"@id": "b"}}, [("iri", "b")]),
        ({"@id": "urn:a", "@type": "T"}, [("iri", "T")]),
        (
            {"@context": {"p": {"@id": "urn:p", "@type": "@id"}}, "@id": "urn:a", "p": ["b", "urn:c"]},
            [("iri", "b")],
        ),
        (
            {"@context": {"T": {"@id": "urn:T", "@context": {"x": "urn:x"}}}, "@type": "T", "x": {"x": 1}},
            [("key", "x")],
        ),
        ({"@id": "urn:a", "@reverse": {"b": {"@id": "urn:c"}}}, [("key", "b")]),
        ({"@id": "urn:a", "urn:p": {"@list": [{"b": 1}]}}, [("key", "b")]),
    ],
)
def test_what_makes_no_triple_is_named(document: Any, expected: list[tuple[str, str]]) -> None:
    assert losses(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        {"@context": {"@vocab": "urn:v:"}, "@type": "T", "a": {"b": 1}},
        {"@context": {"a": None}, "@id": "urn:a", "a": {"b": 1}},
        {"@context": {"a": {"@id": None}}, "@id": "urn:a", "a": "x", "urn:p": None},
        {
            "@context": {"ex": "urn:ex:", "n": "ex:n", "id": "@id", "type": "@type"},
            "id": "ex:a",
            "type": "ex:T",
            "n": 1,
        },
        {"@context": [{"ex": "urn:ex:"}, {"n": {"@id": "ex:n"}}], "@id": "urn:a", "n": {"n": 1}},
        {
            "@context": {"l": {"@id": "urn:l", "@container": "@language"}},
            "@id": "urn:a",
            "l": {"en": "a", "@none": "b"},
        },
        {
            "@context": {"m": {"@id": "urn:m", "@container": "@index"}},
            "@id": "urn:a",
            "m": {"one": {"urn:p": 1}},
        },
        {
            "@context": {"p": {"@id": "urn:p", "@context": {"x": "urn:x"}}},
            "@id": "urn:a",
            "p": {"x": {"x": 1}},
        },
        {"@context": {"j": {"@id": "urn:j", "@type": "@json"}}, "@id": "urn:a", "j": {"any": ["thing"]}},
        {"@context": {"@base": "http://example.org/"}, "@id": "a", "urn:p": {"@id": "b"}},
        {"@context": {"@base": "http://example.org/", "@vocab": ""}, "@id": "a", "b": 1},
        {"@context": {"r": {"@reverse": "urn:r"}}, "@id": "urn:a", "r": {"@id": "urn:b"}},
        {"@id": "_:b", "@type": ["urn:T"], "urn:p": [{"@list": [1, "x"]}, {"@set": ["y"]}]},
        {
            "@context": {"labels": "@nest", "n": {"@id": "urn:n", "@nest": "labels"}},
            "@id": "urn:a",
            "labels": {"n": 1},
        },
    ],
)
def test_what_is_kept_or_left_out_on_purpose_is_not_named(document: Any) -> None:
    assert losses(document) == []


def test_a_key_that_stands_twice_is_looked_at_twice() -> None:
    (loss,) = json_ld_losses.of('{"@id": "urn:a", "urn:p": {"a": 1, "@id": "urn:b"}, "urn:p": 2}')
    assert (loss.kind, loss.name) == (LossKind.KEY, "a")


def test_a_base_from_outside_makes_relative_names_whole() -> None:
    assert losses({"@id": "a", "urn:p": {"@id": "b"}, "c": 1}, "http://example.org/") == [("key", "c")]


keys = st.sampled_from(["a", "b", "ex:c", "urn:d", "t"])
values = st.recursive(
    st.one_of(st.text(max_size=3), st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(keys, values, min_size=1, max_size=4))
def test_a_key_is_named_exactly_if_its_removal_changes_no_triple(node: dict[str, Any]) -> None:
    context = {"ex": "urn:ex:", "t": "ex:t", "b": "urn:b"}
    document = {"@context": context, "@id": "urn:a", **node}
    named = {loss.name for loss in json_ld_losses.of(json.dumps(document)) if loss.kind is LossKind.KEY}
    assert named <= {"a"}

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(each) for key, each in value.items() if key not in named}
        return [without(each) for each in value] if isinstance(value, list) else value

    assert triples(without(document)) == triples(document)
    assert json_ld_losses.of(json.dumps(without(document))) == ()


def test_a_warning_names_the_first_and_counts_the_others() -> None:
    many = [Loss(LossKind.KEY, f"key{number}") for number in range(25)]
    (warning,) = json_ld_losses.warnings(many, NamedNode("urn:g"))
    assert '"key0", "key1"' in warning.sentence()
    assert '"key9" and 15 more; give each an IRI in @context.' in warning.sentence()
    assert "y 15 más" in warning.sentence("es")
    assert warning.severity == "warning"


@pytest.mark.parametrize(
    "unit",
    ['{"a":1},', '{"@context":{"x":"urn:x"},"y":1},', '{"@type":"T","x":1},', '{"t1":1},'],
)
def test_losses_are_found_in_linear_time(unit: str) -> None:
    terms = {f"t{number}": f"t{number + 1}:x" for number in range(40)}
    head = json.dumps({"T": {"@id": "urn:T", "@context": {"x": "urn:x"}}, **terms, "t40": "urn:x"})

    def make(size: int) -> str:
        return f'{{"@context":{head},"@graph":[{unit * (size // len(unit))}{{}}]}}'

    assert is_linear(json_ld_losses.of, make)


@pytest.mark.parametrize(
    "name", ["a b", "http://e/a^b", "http://e/%zz", "1:b", "?q", "#f", "//x", "é", "a/b:c"]
)
def test_with_a_base_a_name_is_told_where_the_engine_leaves_it_out(name: str) -> None:
    document = {"@id": name, "urn:p": 1}
    read_quads = read(json.dumps(document).encode(), RDF_FORMATS["jsonld"], base="http://b/").quads
    assert losses(document, base="http://b/") == ([] if read_quads else [("name", name)])
