"""The examples validate, one after another in the order they are read, and show what they say they show."""

import hashlib
import re
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from kg import iris, ontology
from kg.changes import Delta
from kg.gate.gate import Gate

ORDER = ("actors", "sources", "events", "statements", "gestures", "assessments", "codings", "provenance")
EXAMPLES = ontology.ontology_folder() / "examples"
ARTICLE = NamedNode(iris.DATA + "example-article")


def term(name: str) -> NamedNode:
    return NamedNode(iris.TERMS + name)


def quads(name: str) -> tuple[Quad, ...]:
    return tuple(parse(path=EXAMPLES / f"{name}.trig", format=RdfFormat.TRIG))


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


@cache
def everything() -> Store:
    store = Store()
    for name in ORDER:
        store.extend(quads(name))
    return store


def test_there_is_one_example_for_each_module_and_one_of_what_commits_write() -> None:
    modules = {file.stem for file in EXAMPLES.parent.glob("*.shapes.ttl")}
    modules = {Path(module).stem for module in modules} - {"diplomacy"} | {"provenance"}
    assert {file.stem for file in EXAMPLES.glob("*")} == modules == set(ORDER)


@pytest.mark.parametrize("read", list(accumulate(ORDER, "{0} {1}".format)))
def test_an_example_is_accepted_without_a_remark_beside_those_before_it(read: str) -> None:
    *before, name = read.split()
    store = Store()
    store.extend(ontology.load().quads)
    for earlier in before:
        store.extend(quads(earlier))
    report = gate().check(Delta(added=quads(name)), store)
    assert [violation.sentence() for violation in report.violations] == []


@pytest.mark.parametrize("name", ORDER)
def test_an_example_describes_nothing_but_what_its_names_mark_as_an_example(name: str) -> None:
    described = {str(quad.subject) for quad in quads(name)} | {str(quad.graph_name) for quad in quads(name)}
    described -= {f"<{iris.PROVENANCE_GRAPH}>"}
    assert {iri for iri in described if not iri.startswith(f"<{iris.DATA}example-")} == set()


@pytest.mark.parametrize("name", ORDER)
def test_an_example_teaches_by_comments_between_its_records(name: str) -> None:
    lines = (EXAMPLES / f"{name}.trig").read_text().splitlines()
    assert sum(line.startswith("    # ") for line in lines) >= 4


def test_the_text_in_the_comments_is_the_one_that_passages_are_counted_in() -> None:
    lines = (EXAMPLES / "sources.trig").read_text().splitlines()
    text = "\n".join(line.removeprefix("#| ") for line in lines if line.startswith("#| "))
    assert value(ARTICLE, "textHash") == hashlib.sha256(text.encode()).hexdigest()
    assert value(ARTICLE, "textLength") == str(len(text))
    passages = [quad.subject for quad in everything().quads_for_pattern(None, term("occursIn"), ARTICLE)]
    assert len(passages) > 10
    for passage in passages:
        start, end = int(value(passage, "startOffset")), int(value(passage, "endOffset"))
        exact, prefix, suffix = (value(passage, name) for name in ("exactText", "prefix", "suffix"))
        assert text[start:end] == exact
        assert text[:start].endswith(prefix)
        assert text[end:].startswith(suffix)


def test_the_example_of_a_claim_has_no_event_that_repeats_it() -> None:
    words = [quad.object for quad in everything().quads_for_pattern(None, term("contestedWord"), None)]
    texts = [quad for quad in everything() if quad.predicate.value == iris.PREFIXES["rdfs"] + "label"]
    assert words
    for word in words:
        assert isinstance(word, Literal)
        for quad in texts:
            unquoted = re.sub(r"'[^']*'", "", getattr(quad.object, "value", ""))
            assert word.value not in unquoted.lower()


def value(subject: object, name: str) -> str:
    """The value of a property, or nothing."""
    assert isinstance(subject, NamedNode)
    found = [quad.object for quad in everything().quads_for_pattern(subject, term(name), None)]
    return found[0].value if found and isinstance(found[0], Literal) else ""
