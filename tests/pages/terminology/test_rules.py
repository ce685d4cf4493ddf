"""The page of all rules has each rule once, in words, under its class, at the address that reports name."""

import re

from kg import iris
from kg.pages.rendering import Style
from kg.pages.terminology import rules
from kg.pages.terminology.shapes import ShapesGraph
from kg.store.store import Store
from kg.terms import SH


def page(store: Store, language: str = "en") -> str:
    return b"".join(rules.page(Style("/", language), store)).decode()


def test_each_shape_and_rule_has_its_place_and_each_message_its_words(seed: Store) -> None:
    text = page(seed)
    shapes = ShapesGraph(seed)
    places = re.findall(r'id="([^"]+)"', text.partition("<h1>")[2])
    for rule in shapes.named:
        assert places.count(rule.value.removeprefix(iris.SHAPES)) == 1
    said = [rule for rule in shapes.named if shapes.values(rule, SH.MESSAGE)]
    assert len(said) > 300
    assert text.count("<li id=") == len(said)


def test_a_rule_stands_under_the_class_that_it_judges(seed: Store) -> None:
    under = page(seed).partition('<a href="/terms/Gift"')[2].partition("</section>")[0]
    assert 'id="Gift"' in under
    assert "dipsh:Gift-" in under
    assert "dipsh:Visit-" not in under


def test_rules_are_in_the_language_of_the_page(seed: Store) -> None:
    assert "Una visita necesita quién lo hizo" in page(seed, "es")
    assert "A visit needs who did it" not in page(seed, "es")
