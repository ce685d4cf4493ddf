"""What the page of every thing offers: questions that take it, a citation, data that stay data."""

import json

from pyoxigraph import NamedNode

from kg import iris
from kg.pages.about import about, askables
from kg.pages.cells import Cell
from kg.pages.layers import Crumb, ModelPlace
from kg.pages.rendering import Style
from kg.query import questions
from kg.terms import DIP

STYLE = Style("/kg/", "es", "https://example.org/kg/")
ASKS = askables(questions.load().values())
PLACE = ModelPlace("claim", (Crumb("Afirmación", "/kg/id?class=Claim", "es"),))
NODE = NamedNode(iris.DATA + "claim-x")


def test_the_questions_are_those_that_take_a_thing_of_its_class() -> None:
    found = about(STYLE, ASKS, NODE, Cell("x"), PLACE, (DIP.PERSON, DIP.ACTOR), 7).questions
    addresses = {address for _, address in found}
    assert "/kg/questions/offices-of-a-person?person=claim-x" in addresses
    assert "/kg/questions/what-one-actor-said-about-another?speaker=claim-x" in addresses
    assert "/kg/questions/what-a-record-rests-on?record=claim-x" in addresses, "any thing may be asked about"
    assert not any("history-of-an-object" in address for address in addresses)
    assert all(sentence.startswith("¿") for sentence, _ in found)


def test_a_citation_names_version_and_address() -> None:
    citation = about(STYLE, ASKS, NODE, Cell("A {brace} \\ more"), PLACE, (), 7).citation
    assert citation.permalink == "https://example.org/kg/id/claim-x?as-of=v7"
    assert citation.sentence == "“A {brace} \\ more”, Diplomacia regional, versión 7"
    assert "title = {{A (brace) / more}}" in citation.bibtex
    assert citation.bibtex.count("{") == citation.bibtex.count("}")


def test_a_name_cannot_end_the_embedded_data() -> None:
    data = str(about(STYLE, ASKS, NODE, Cell("</script><b>&"), PLACE, (), 7).data)
    assert "<" not in data
    assert json.loads(data)["name"] == "</script><b>&"
    assert json.loads(data)["@type"] == "Claim"
