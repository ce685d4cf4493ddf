"""The shapes graph in memory."""

from pyoxigraph import NamedNode

from kg import iris
from kg.pages.terminology.shapes import ShapesGraph, judging
from kg.store.store import Store
from kg.terms import DIP


def shape(name: str) -> NamedNode:
    return NamedNode(iris.SHAPES + name)


def test_a_rule_belongs_to_the_classes_that_its_shape_targets(seed: Store) -> None:
    shapes = ShapesGraph(seed)
    found = {rule.node: of for of, rule in judging(shapes, [DIP.CLAIM])}
    assert found[shape("Claim-claimedBy")] == DIP.CLAIM
    assert shape("Statement-madeBy") not in found


def test_values_are_classes_lists_and_datatypes_also_in_a_choice(seed: Store) -> None:
    shapes = ShapesGraph(seed)
    assert shapes.value_classes(shape("Statement-madeBy")) == (DIP.ACTOR,)
    assert NamedNode(iris.KINDS + "statement-kinds") in shapes.lists(shape("Statement-hasKind"))
    assert {NamedNode(iris.KINDS + each) for each in ("event-kinds", "gesture-kinds")} <= set(
        shapes.lists(shape("Claim-allegedKind"))
    )
    (text,) = shapes.datatypes(shape("Statement-words"))
    assert text.value.endswith("#string")


def test_a_path_of_several_steps_names_each_property(seed: Store) -> None:
    shapes = ShapesGraph(seed)
    path = next(rule.path for rule in shapes.rules if rule.node == shape("Statement-words"))
    assert shapes.steps(path) == {DIP.QUOTATION, DIP.PARAPHRASE}


def test_a_query_mentions_whole_names_only(seed: Store) -> None:
    shapes = ShapesGraph(seed)
    rule = shape("Statement-denies-its-own")
    assert shapes.mentions(rule, DIP.DENIES)
    assert not shapes.mentions(rule, NamedNode(iris.TERMS + "den"))
