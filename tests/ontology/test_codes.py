"""The codes of code books: complete, under their roots, with both scales and both quad classes."""

import re
from collections import defaultdict
from functools import cache

from pyoxigraph import Literal, NamedNode

from kg import ontology
from kg.importers.events.codes import codes, row_codes
from kg.iris import KINDS, KINDS_GRAPH


@cache
def told() -> dict[tuple[str, str], set[str]]:
    """The values of the properties of kinds, by the local names of both."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in ontology.load().graphs[KINDS_GRAPH]:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        key = quad.subject.value.removeprefix(KINDS), re.split("[#/]", quad.predicate.value)[-1]
        found[key].add(quad.object.value.removeprefix(KINDS))
    return found


def values(name: str, property_: str) -> set[str]:
    return told().get((name, property_), set())


def test_rows_may_carry_the_codes_that_the_shape_of_event_codings_allows() -> None:
    shape = (ontology.ontology_folder() / "assessments.shapes.ttl").read_text(encoding="utf-8")
    listed = re.search(r"dipsh:EventCoding-cameo a .*?sh:in \((.*?)\)", shape, re.DOTALL)
    assert listed
    assert set(re.findall(r'"(\d+)"', listed[1])) <= set(row_codes())
    assert len(codes("cameo-codes")) - len(row_codes()) == 20


def test_a_code_of_four_digits_stands_below_one_of_three_and_that_below_its_root() -> None:
    for code, name in codes("cameo-codes").items():
        above = {f"cameo-{code[:2] if len(code) == 3 else code[:3]}"} if len(code) > 2 else set()
        assert values(name, "broader") == above


def test_goldstein_values_of_gdelt_and_icews_differ_for_four_codes() -> None:
    differing = {
        code: (*values(name, "intensityByIcews"), *values(name, "intensityByGdelt"))
        for code, name in row_codes().items()
        if values(name, "intensityByGdelt")
        and values(name, "intensityByGdelt") != values(name, "intensityByIcews")
    }
    assert differing == {
        "016": ("-5.0", "-2.0"),
        "022": ("3.4", "3.2"),
        "164": ("-6.5", "-7.0"),
        "165": ("-7.0", "-6.5"),
    }


def test_quad_classes_of_gdelt_and_plover_differ_for_investigation_and_protest() -> None:
    roots = [f"cameo-{number:02}" for number in range(1, 21)]
    differing = [
        root for root in roots if values(root, "quadClassByGdelt") != values(root, "quadClassByPlover")
    ]
    assert differing == ["cameo-09", "cameo-14"]


def test_words_are_the_roots_1_to_5_and_9_to_13() -> None:
    words = [n for n in range(1, 21) if values(f"cameo-{n:02}", "countsAs") == {"rhetoric"}]
    assert words == [1, 2, 3, 4, 5, 9, 10, 11, 12, 13]
    assert not [name for name in row_codes().values() if values(name, "countsAs")]


def test_statements_and_appeals_have_no_place_in_plover_and_all_others_have() -> None:
    unmapped = {code[:2] for code, name in row_codes().items() if not values(name, "broadMatch")}
    assert unmapped == {"01", "02"}
    known = {*codes("plover-codes").values(), *codes("plover-contexts").values()}
    for name in row_codes().values():
        assert values(name, "broadMatch") | values(name, "relatedMatch") <= known
