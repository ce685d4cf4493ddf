"""A shape's reads are complete, or the shape is named as unbounded."""

from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.advanced import SH_expression
from rdflib.namespace import SH

from kg.gate.gate import Gate
from kg.gate.shacl.reads import KNOWN_PARAMETERS
from tests.gate.shacl.test_affected import turtle
from tests.support import gallery

CONFORMANCE = Path(__file__).parents[2] / "conformance"
REGISTERED = sorted({*ALL_CONSTRAINT_PARAMETERS, SH_expression, SH.js})
SHAPE = gallery.PREFIXES + ":S a sh:NodeShape ; sh:targetNode :n1"


def gate_of(parameter: str) -> Gate:
    """Build the gate of a shape that has some parameter, and nothing else."""
    shape = NamedNode(gallery.EX + "S")
    return Gate([*turtle(f"{SHAPE} ."), Quad(shape, NamedNode(parameter), Literal("x"))], ())


@pytest.mark.parametrize("parameter", REGISTERED)
def test_each_parameter_of_pyshacl_has_a_conformance_case_or_no_bound(parameter: rdflib.URIRef) -> None:
    if parameter in KNOWN_PARAMETERS:
        name = parameter.removeprefix(str(SH))
        cases = (case.read_text(encoding="utf-8") for case in CONFORMANCE.glob("*.trig"))
        assert any(f"sh:{name} " in text for text in cases)
    else:
        assert f"sh:{parameter.removeprefix(str(SH))}" in gate_of(parameter).unbounded[gallery.EX + "S"]


def test_every_known_parameter_is_one_of_pyshacl() -> None:
    assert KNOWN_PARAMETERS - set(REGISTERED) == {SH.flags}


@pytest.mark.parametrize("name", ["memberShape", "someValue", "singleLine"])
def test_a_parameter_of_shacl_that_nobody_knows_yet_has_no_bound(name: str) -> None:
    unbounded = gate_of(str(SH) + name).unbounded
    assert unbounded == {gallery.EX + "S": f"it uses sh:{name}, whose reads are unknown"}


def test_a_parameter_that_pyshacl_registers_under_another_namespace_has_no_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parameter = rdflib.URIRef("http://datashapes.org/dash#singleLine")
    assert gate_of(parameter).unbounded == {}
    monkeypatch.setitem(CONSTRAINT_PARAMETERS_MAP, parameter, CONSTRAINT_PARAMETERS_MAP[SH.pattern])
    assert list(gate_of(parameter).unbounded) == [gallery.EX + "S"]


def test_an_unknown_parameter_of_an_inner_shape_takes_the_bound_from_the_outer_one() -> None:
    text = f"{SHAPE} ; sh:property [ sh:path :p ; sh:node [ sh:memberShape :T ] ] ."
    assert "sh:memberShape" in Gate(turtle(text), ()).unbounded[gallery.EX + "S"]


def test_words_and_targets_of_a_shape_take_no_bound() -> None:
    words = 'sh:name "s" ; sh:description "s" ; sh:message "s" ; sh:severity sh:Warning ; sh:order 1'
    assert Gate(turtle(f"{SHAPE} ; sh:targetClass :A ; {words} ."), ()).unbounded == {}
