"""What stands behind the things in an answer."""

import pytest

import kg
from kg import iris
from kg.client import citations
from kg.client.graph import Graph


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.open(tmp_path_factory.mktemp("citations") / "data", create=True)


@pytest.mark.parametrize(
    ("name", "note", "is_claim"),
    [
        ("claim-petro-kidnapping", "A claim of Gustavo Petro", True),
        ("statement-petro-kidnapping", "A statement of Gustavo Petro", False),
        ("threatened-tariffs", "An act announced, demanded or refused", False),
        ("gift-of-the-hat", "Reported as having happened", False),
    ],
)
def test_each_layer_is_told_apart(graph: Graph, name: str, note: str, is_claim: bool) -> None:
    (standing,) = citations.of_things(graph.access, [iris.DATA + name])
    assert standing.note.startswith(note)
    assert standing.is_claim is is_claim
    assert standing.passages
    assert all(passage.source_iri and passage.graph for passage in standing.passages)


def test_an_account_and_a_judgement_are_nobody_elses(graph: Graph) -> None:
    for query, note in (("dip:Account", "One account"), ("dip:Stance", "A judgement of")):
        result = graph.query(f"SELECT ?thing {{ ?thing a {query} }} LIMIT 2")
        standings = citations.of_result(graph.access, result)
        assert len(standings) == 2
        assert all(standing.note.startswith(note) for standing in standings)


def test_actors_sources_and_foreign_things_have_no_standing(graph: Graph) -> None:
    things = [
        *(iris.DATA + name for name in ("gustavo-petro", "presence-news-article", "nothing-at-all")),
        *(iris.TERMS + "Claim", "urn:a"),
    ]
    assert citations.of_things(graph.access, things) == []
    assert citations.of_things(graph.access, []) == []


def test_things_are_told_once_in_the_order_of_the_answer_and_not_without_end(graph: Graph) -> None:
    result = graph.query("SELECT ?a ?b { ?a a dip:Statement BIND(?a AS ?b) } ORDER BY DESC(?a)")
    standings = citations.of_result(graph.access, result)
    asked = [str(row["a"]) for row in result.rows()]
    assert len(asked) > citations.MOST_CITED
    assert [standing.iri for standing in standings] == asked[: citations.MOST_CITED]
    assert all(len(standing.passages) <= citations.MOST_PASSAGES for standing in standings)


DENIAL = """
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
PREFIX dipid: <https://w3id.org/regional-diplomacy/id/>
PREFIX dipk: <https://w3id.org/regional-diplomacy/kinds/>
dipid:no-hat a dip:Statement ; dip:madeBy dipid:mexico ; dip:hasKind dipk:denial ;
    dip:paraphrase "there was no hat"@en ; dip:denies dipid:gift-of-the-hat .
dipid:report-of-no-hat a dip:Report ; dip:reports dipid:no-hat ; dip:foundIn dipid:page-ijr ;
    dip:hedgedAs dipk:plain ; dip:basedOn dipk:attributed .
"""


def test_a_happening_that_somebody_denies_is_told_as_denied(graph: Graph) -> None:
    graph.add(data=DENIAL, rdf_format="turtle", by="Ana")
    (standing,) = citations.of_things(graph.access, [iris.DATA + "gift-of-the-hat"])
    assert standing.note.startswith("Reported as having happened and denied by Mexico; ")
