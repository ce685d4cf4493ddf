"""The page "Bring your event data": its Turtle, its question and its names are right."""

import re
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat, parse

import kg
from kg import iris, ontology

PAGE = (Path(kg.__file__).parent / "docs" / "events.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    """Return one of the page's examples in a language."""
    return str(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)[number])


def test_the_example_is_turtle_and_the_question_is_sparql() -> None:
    prefixes = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in iris.PREFIXES.items())
    assert len(list(parse(prefixes + block("turtle"), RdfFormat.TURTLE))) == 11
    assert len(list(parse(prefixes + block("trig"), RdfFormat.TRIG))) == 19
    for number in range(PAGE.count("```sparql")):
        assert pyoxigraph.Store().query(block("sparql", number), prefixes=iris.PREFIXES)


def test_each_term_that_the_page_names_is_there() -> None:
    named = {iris.expand(name) for name in re.findall(r"\bdipk?:[A-Za-z]+(?:-[A-Za-z0-9]+)*", PAGE)}
    ours = {name for name in named if name.startswith((iris.TERMS, iris.KINDS))}
    assert len(ours) > 15
    assert ours - ontology.load().known_terms == set()
