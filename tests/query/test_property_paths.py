"""Alternative paths, and paths of length zero, are answered as SPARQL says, and nothing else changes."""

from collections import Counter
from collections.abc import Iterable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store

from kg.query.property_paths import MOST_BRANCHES, with_unions, with_zero_lengths

DATA = """
    <urn:a> <urn:p> <urn:b> , <urn:c> ; <urn:q> <urn:b> , <urn:d> ; <urn:r> 1 .
    <urn:b> <urn:p> <urn:d> . <urn:c> <urn:p> <urn:d> ; <urn:q> <urn:d> . <urn:d> <urn:q> <urn:a> .
"""
NODES = ("urn:a", "urn:b", "urn:c", "urn:d")
STEPS = {
    "p": [("urn:a", "urn:b"), ("urn:a", "urn:c"), ("urn:b", "urn:d"), ("urn:c", "urn:d")],
    "q": [("urn:a", "urn:b"), ("urn:a", "urn:d"), ("urn:c", "urn:d"), ("urn:d", "urn:a")],
}
Pairs = Counter[tuple[str, str]]


@pytest.fixture(scope="module")
def store() -> Store:
    filled = Store()
    filled.load(DATA.encode(), format=RdfFormat.TURTLE)
    return filled


def rows(store: Store, query: str) -> list[str]:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted((found.serialize(format=QueryResultsFormat.TSV) or b"").decode().splitlines()[1:])


Path = tuple[str, Pairs]
"""A path as it is written, and its solutions with their number (SPARQL 1.1 Query, 18.4)."""


def joined(one: Path, other: Path) -> Path:
    pairs: Pairs = Counter()
    for (a, b), times in one[1].items():
        for (c, d), more in other[1].items():
            if b == c:
                pairs[a, d] += times * more
    return f"({one[0]}/{other[0]})", pairs


def inverse(path: Path) -> Path:
    return f"^({path[0]})", Counter({(b, a): times for (a, b), times in path[1].items()})


def both_ways(names: tuple[str, str]) -> Path:
    """A negated set of what is neither the one forward nor the other backward."""
    forward = joined_up(name for name in STEPS if name != names[0])
    backward = joined_up(name for name in STEPS if name != names[1])
    return f"!(<urn:r>|<urn:{names[0]}>|^<urn:r>|^<urn:{names[1]}>)", forward + inverse(("", backward))[1]


def joined_up(names: Iterable[str]) -> Pairs:
    return sum((Counter(STEPS[name]) for name in names), Counter())


PATHS: st.SearchStrategy[Path] = st.recursive(
    st.sampled_from(
        [(f"<urn:{name}>", Counter(pairs)) for name, pairs in STEPS.items()]
        + [both_ways(names) for names in product(STEPS, STEPS)]
    ),
    lambda inner: st.one_of(
        st.builds(lambda one, other: (f"({one[0]}|{other[0]})", one[1] + other[1]), inner, inner),
        st.builds(joined, inner, inner),
        st.builds(inverse, inner),
    ),
    max_leaves=5,
)


@given(PATHS)
def test_a_path_has_each_solution_as_often_as_its_parts(store: Store, path: Path) -> None:
    written, pairs = path
    found = rows(store, with_unions(f"SELECT ?s ?o {{ ?s {written} ?o . FILTER(isIRI(?o)) }}"))
    assert found == sorted(f"<{s}>\t<{o}>" for s, o in pairs.elements())


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("<urn:a> <urn:p>|<urn:q> ?o", 4),
        ("<urn:a> <urn:p>|<urn:q> ?o ; <urn:r> ?n", 4),
        ("<urn:a> <urn:r> ?n ; <urn:p> | <urn:q> ?o , <urn:b> .", 8),
        ("FILTER(?n < 1.5) <urn:a> <urn:p>|<urn:q> ?o . <urn:a> <urn:r> ?n BIND(1 AS ?x)", 4),
        ("<urn:a> <urn:r> ?n OPTIONAL { <urn:a> <urn:p>|<urn:q> ?o }", 4),
        ("VALUES ?s { <urn:a> <urn:c> } ?s (<urn:p>|<urn:q>) ?o # a | b", 6),
        ("?s a|<urn:p>|<urn:q> <urn:d>", 4),
        ("<urn:a> (<urn:p>|<urn:q>)+ ?o", 4),
        ("<urn:a> !(<urn:r>|<urn:x>)|<urn:r> ?o FILTER(isLITERAL(?o))", 1),
        ("<urn:a> <urn:p>|<urn:q> ?o . ?o <urn:p>/(<urn:q>|<urn:r>)|<urn:q> ?z", 5),
        ("FILTER EXISTS { <urn:a> <urn:p>|<urn:q> '|'@en , '|'^^<urn:t> } <urn:a> ?p ?o", 0),
    ],
)
def test_an_alternative_is_a_union_wherever_it_stands(store: Store, pattern: str, number: int) -> None:
    text = f"SELECT * {{\n{pattern}\n}}"
    changed = with_unions(text)
    assert len(rows(store, changed)) == number
    assert changed.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s <urn:p>|<urn:q> [] }",
        "SELECT * { _:a <urn:p>|<urn:q> ?o . _:a <urn:r> 1 }",
        "SELECT * { ?s <urn:p>|<urn:q> ( 1 2 ) }",
        "SELECT * { ?s ?p ?o FILTER(?o || ?s) } # |",
        "SELECT * { ?s ?p '|' , <urn:a|b> }",
        "SELECT * { ?s (<urn:p>|<urn:q>)* ?o ; !(<urn:p>|<urn:q>) ?z }",
        "SELECT * { ?s " + "/".join(["(<urn:p>|<urn:q>)"] * 6) + " ?o }",
        "SELECT * { ?s |",
        "SELECT * { ?s <urn:p>|(",
        "|",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert MOST_BRANCHES < 2**6
    assert with_unions(text) == text


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("<urn:none> <urn:p>* ?o", ["<urn:none>"]),
        ("<urn:none> <urn:p>? ?o", ["<urn:none>"]),
        ("<urn:none> <urn:p> ? ?o", ["<urn:none>"]),
        ("?o <urn:p>* <urn:none>", ["<urn:none>"]),
        ("?o ^(<urn:p>|<urn:q>)? <urn:none>", ["<urn:none>"]),
        ("e:none e:p* ?o . <urn:a> <urn:r> ?n", ["<urn:none>"]),
        ("<urn:p> <urn:p>* ?o", ["<urn:p>"]),
        ("<urn:none> <urn:p>* <urn:none> . BIND(1 AS ?o)", ["1"]),
        ("<urn:none> <urn:p>* <urn:other> . BIND(1 AS ?o)", []),
        ("<urn:none> <urn:p>+ ?o", []),
        ("<urn:none> <urn:p> ?o", []),
        ("<urn:d> <urn:p>* ?o", ["<urn:d>"]),
        ("<urn:b> <urn:p>* ?o", ["<urn:b>", "<urn:d>"]),
    ],
)
def test_a_path_of_length_zero_from_a_term_that_is_nowhere_is_that_term(
    store: Store, pattern: str, found: list[str]
) -> None:
    def is_held(term: NamedNode) -> bool:
        return any(
            True
            for ends in ((term, None), (None, term))
            for _ in store.quads_for_pattern(ends[0], None, ends[1])
        )

    assert rows(store, with_zero_lengths(f"PREFIX e: <urn:> SELECT ?o {{ {pattern} }}", is_held)) == found
