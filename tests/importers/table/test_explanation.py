"""What kg template --explain says of kinds and classes, in both languages."""

import pytest
from pyoxigraph import Literal, NamedNode

from kg import ontology
from kg.importers import table
from kg.importers.table.records import RECORDS
from kg.importers.table.release_words import local_name
from kg.importers.table.sheet import lists
from kg.iris import KINDS_GRAPH, TERMS_GRAPH
from kg.terms import SKOS

WORDS = sorted({word for record in RECORDS.values() for words in lists(record).values() for word in words})


def texts(predicate: NamedNode, language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    graphs = ontology.load().graphs
    for quad in (*graphs[TERMS_GRAPH], *graphs[KINDS_GRAPH]):
        text = quad.object
        if quad.predicate == predicate and isinstance(text, Literal) and text.language == language:
            found.setdefault(local_name(str(quad.subject)[1:-1]), set()).add(text.value)
    return found


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_kind_and_class_has_its_definition_and_an_example(language: str) -> None:
    definitions, examples = texts(SKOS.DEFINITION, language), texts(SKOS.EXAMPLE, language)
    lines = table.explanation(language=language).splitlines()
    explained = {line.split(":")[0].strip(): line for line in lines if line.startswith("    ")}
    assert len(WORDS) > 200
    for word in WORDS:
        for told in (definitions, examples):
            assert any(text in explained[word] for text in told[word]), word
