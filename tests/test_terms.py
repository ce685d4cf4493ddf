"""The terms that the program names exist: a typo fails here, wherever it stands."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import rdflib.namespace
from pyoxigraph import NamedNode

from kg import iris, ontology, terms

ROOT = Path(__file__).parents[1]
OURS = (terms.DIP, terms.DIPK)
OTHERS = (terms.RDF, terms.RDFS, terms.OWL, terms.SKOS, terms.DCTERMS, terms.PROV, terms.SH, terms.XSD)
COMPOSED = re.compile(r"\b(?:TERMS|KINDS|PREFIXES\[[^\]]+\]) \+ [\"']|\{(?:iris\.)?(?:TERMS|KINDS)\}\w")
"""A term put together from a namespace and a name."""
AT_HOME = {"terms.py", "iris.py"}
PREFIXED = re.compile(r"(?<![\w/:.])(dip|dipk|dipsh):([A-Za-z][\w-]*)")
PLACEHOLDERS = {"dip:b"}
"""Names that stand for any term."""


def constants(group: type) -> dict[str, NamedNode]:
    return {name: value for name, value in vars(group).items() if isinstance(value, NamedNode)}


def modules() -> list[Path]:
    return sorted(path for path in (ROOT / "kg").rglob("*.py") if "_data" not in path.parts)


@cache
def released() -> frozenset[str]:
    """The terms, kinds and shapes that the ontology describes."""
    shapes = ontology.load().graphs[iris.SHAPES_GRAPH]
    named = {quad.subject.value for quad in shapes if isinstance(quad.subject, NamedNode)}
    return ontology.load().known_terms | named


@pytest.mark.parametrize("group", OURS, ids=lambda group: group.__name__)
def test_a_term_of_ours_is_described_in_the_ontology(group: type) -> None:
    assert constants(group)
    assert {term.value for term in constants(group).values()} - released() == set()


@pytest.mark.parametrize("group", OTHERS, ids=lambda group: group.__name__)
def test_a_term_of_another_vocabulary_is_defined_there(group: type) -> None:
    vocabulary = getattr(rdflib.namespace, group.__name__)
    assert constants(group)
    assert {term.value for term in constants(group).values() if term.value not in vocabulary} == set()


@pytest.mark.parametrize("group", [*OURS, *OTHERS], ids=lambda group: group.__name__)
def test_a_constant_is_called_after_its_term(group: type) -> None:
    for name, term in constants(group).items():
        local = re.split(r"[/#]", term.value)[-1]
        assert name == re.sub(r"(?<=[a-z])(?=[A-Z])", "_", local).replace("-", "_").upper()


def test_no_module_puts_a_term_together() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in modules()
        if path.name not in AT_HOME
        for match in COMPOSED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def texts(path: Path) -> Iterator[str]:
    """Every string in a module, those of f-strings and the documentation too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_prefixed_name_in_a_text_is_one_of_the_ontology(path: Path) -> None:
    names = {match.group() for text in texts(path) for match in PREFIXED.finditer(text)} - PLACEHOLDERS
    assert {name for name in names if iris.expand(name) not in released()} == set()


def test_the_rules_that_the_gate_names_are_described_among_the_shapes() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "kg" / "gate").rglob("*.py"))
    named = {iris.SHAPES + name for name in re.findall(r"SHAPES \+ \"([\w-]+)\"", text)}
    assert len(named) > 10
    assert named - released() == set()
