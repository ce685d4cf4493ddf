"""The description of the dataset: VoID, DCAT, the service, the saved questions."""

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg import iris
from kg.questions import parse as parse_question
from tests.api_server import Client, bearer, serving
from tests.test_api_pages import BROWSER, QUESTION

VOID = "/.well-known/void"
HEADER = "PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#> "


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("dataset")
    question = parse_question(QUESTION, folder / "what-an-actor-said.rq")
    with serving(folder) as asking:
        asking.app.state.resources.questions = {question.name: question}
        yield asking


def told(kg: Client, path: str = VOID) -> Store:
    response = kg.get(path, headers={"Accept": "text/turtle"})
    assert response.status_code == 200, response.text
    store = Store()
    store.extend(parse(response.content, format=RdfFormat.TURTLE))
    return store


def ask(store: Store, pattern: str) -> bool:
    return bool(store.query(f"{HEADER} ASK {{ {pattern} }}", prefixes=iris.PREFIXES))


def number(kg: Client, query: str) -> int:
    return int(kg.get("/sparql", params={"query": query, "format": "csv"}).text.split()[1])


def test_the_counts_are_those_of_the_store(kg: Client) -> None:
    store = told(kg)
    triples = number(kg, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert ask(store, f"?d a void:Dataset, dcat:Dataset ; void:triples {triples} ; void:sparqlEndpoint ?e")
    assert ask(store, "?d void:classPartition [ void:class dip:Person ; void:entities 1 ]")
    assert ask(store, "?d void:propertyPartition [ void:property dip:madeBy ; void:triples 1 ]")
    classes = number(kg, "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }")
    assert ask(store, f"?d void:classes {classes}")


def test_a_commit_changes_the_counts_and_the_tag(kg: Client) -> None:
    before = kg.get(VOID)
    assert kg.get(VOID, headers={"If-None-Match": before.headers["etag"]}).status_code == 304
    headers = {"Content-Type": "text/turtle", **bearer("curator")}
    added = kg.post("/facts", content="<urn:counted> a <urn:Counted> .", headers=headers)
    assert added.status_code == 201, added.text
    assert kg.get(VOID, headers={"If-None-Match": before.headers["etag"]}).status_code == 200
    assert ask(told(kg), "?d void:classPartition [ void:class <urn:Counted> ; void:entities 1 ]")


def test_distributions_and_services_lead_to_what_is_there(kg: Client) -> None:
    store = told(kg)
    for quad in store.quads_for_pattern(None, NamedNode("http://www.w3.org/ns/dcat#downloadURL"), None):
        assert kg.get(quad.object.value).status_code == 200  # type: ignore[union-attr]  # an IRI
    assert ask(store, "<http://testserver/sparql> a dcat:DataService ; dcat:servesDataset ?d")
    assert ask(store, "?service <http://www.w3.org/ns/sparql-service-description#endpoint> ?endpoint")


@pytest.mark.parametrize("path", [VOID, "/questions?format=turtle"])
def test_saved_questions_are_queries_that_can_be_run(kg: Client, path: str) -> None:
    store = told(kg, path)
    node = NamedNode("http://testserver/questions/what-an-actor-said")
    assert ask(store, f"{node} a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ; rdfs:comment ?comment")
    (quad,) = store.quads_for_pattern(node, NamedNode(iris.PREFIXES["sh"] + "select"), None)
    assert isinstance(quad.object, Literal)
    assert kg.get("/sparql", params={"query": quad.object.value}).status_code == 200


def test_the_description_is_found_from_the_root_page_and_the_endpoint(kg: Client) -> None:
    assert f'href="{VOID}"' in kg.get("/", headers=BROWSER).text
    assert ask(told(kg, "/sparql"), f"?d rdfs:seeAlso <http://testserver{VOID}>")
    assert kg.get(VOID, headers={"Accept": "image/png"}).status_code == 406
    assert kg.get(VOID + "?depth=1").status_code == 400
