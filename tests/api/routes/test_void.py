"""The description of the dataset: VoID, DCAT, the service, the saved questions."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from kg import iris
from kg.api import answering, service_description
from kg.query.questions import parse as parse_question
from kg.settings import Settings
from tests.api.routes.test_pages import BROWSER, QUESTION
from tests.support.api_server import Client, bearer, serving

VOID = "/.well-known/void"
HEADER = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX sparql: <http://www.w3.org/ns/sparql#>
PREFIX format: <http://www.w3.org/ns/formats/> PREFIX schema: <https://schema.org/>
PREFIX query: <http://testserver/sparql> PREFIX update: <http://testserver/update> """


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("dataset")
    question = parse_question(QUESTION, folder / "what-an-actor-said.rq")
    with serving(folder) as asking:
        asking.app.resources.questions = {question.name: question}
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


def test_the_list_of_graphs_tells_of_which_version_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def made(*_: object) -> answering.Made:
        return answering.Made(8, b'["urn:g"]')  # a commit came after the request

    monkeypatch.setattr(answering, "made", made)
    here = SimpleNamespace(contents=SimpleNamespace(version=7), listed=None)
    listed = service_description.graphs_listed(None, here)  # type: ignore[arg-type]  # all that it looks at
    assert asyncio.run(listed) == (8, ["urn:g"])


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


@pytest.mark.parametrize(
    "pattern",
    [
        "query: a sd:Service ; sd:endpoint query: ; sd:supportedLanguage sd:SPARQL11Query",
        "query: sd:supportedVersion sparql:version-1.1, sparql:version-1.2",
        "query: sd:feature sd:UnionDefaultGraph ; sd:defaultDataset [ sd:defaultGraph ?union ]",
        "query: sd:defaultDataset/sd:namedGraph [ a sd:NamedGraph ; sd:name dip: ]",
        "query: sd:resultFormat format:SPARQL_Results_JSON, format:SPARQL_Results_CSV, format:Turtle",
        "update: a sd:Service ; sd:endpoint update: ; sd:supportedLanguage sd:SPARQL11Update",
        "update: sd:inputFormat format:Turtle, format:N-Triples, format:RDF_XML",
    ],
)
def test_the_service_describes_itself_in_the_terms_of_the_standard(kg: Client, pattern: str) -> None:
    assert ask(told(kg, "/sparql"), pattern.replace("sd:name dip:", f"sd:name <{iris.TERMS_GRAPH}>"))


@pytest.mark.parametrize(
    ("service", "name", "value"),
    [
        *(("query:", "KG_QUERY_SECONDS", "10.0e0"), ("query:", "KG_QUERY_MEMORY", "1073741824")),
        *(("query:", "KG_MAX_QUERY_BYTES", "1048576"), ("query:", "KG_MAX_BODY_BYTES", "100000")),
        ("update:", "KG_MAX_UPDATE_BYTES", "4194304"),
    ],
)
def test_the_service_description_shows_the_limits(kg: Client, service: str, name: str, value: str) -> None:
    limit = f'schema:propertyID "{name}" ; schema:value ?value ; schema:name ?meaning ; schema:unitCode ?unit'
    pattern = f"{service} schema:additionalProperty [ {limit} ] FILTER(?value = {value})"
    assert ask(told(kg, "/sparql"), pattern)


def test_every_named_graph_has_a_node_of_its_own(kg: Client) -> None:
    headers = {"Content-Type": "text/turtle", **bearer("curator")}
    for graph in ("urn:one", "urn:One", "urn:o-n-e"):
        kg.request("PUT", "/graphs", params={"graph": graph}, content="<urn:a> <urn:b> 1 .", headers=headers)
    assert not ask(told(kg, "/sparql"), "?node sd:name ?one, ?other FILTER(?one != ?other)")


def test_dataset_distributions_and_services_carry_what_dcat_asks_of_them(kg: Client) -> None:
    store = told(kg)
    assert ask(
        store,
        "?d a dcat:Dataset ; dcterms:title ?title ; dcterms:description ?text ; dcterms:modified ?then ;"
        " dcterms:license ?licence ; dcat:landingPage ?page ; dcat:version ?version",
    )
    needed = (
        ("dcat:Distribution", "dcat:accessURL", "dcat:downloadURL", "dcat:mediaType", "dcterms:license"),
        ("dcat:DataService", "dcat:endpointURL", "dcat:servesDataset", "dcterms:title"),
    )
    for kind, *properties in needed:
        assert ask(store, f"?thing a {kind}")
        for name in properties:
            assert not ask(store, f"?thing a {kind} MINUS {{ ?thing {name} ?value }}"), name


TERMS = {
    "http://rdfs.org/ns/void#": (
        "Dataset triples distinctSubjects distinctObjects classes properties class classPartition entities"
        " property propertyPartition sparqlEndpoint uriSpace rootResource exampleResource vocabulary feature"
        " dataDump"
    ),
    "http://www.w3.org/ns/dcat#": (
        "Dataset DataService Distribution endpointURL endpointDescription servesDataset distribution"
        " accessURL downloadURL mediaType version landingPage"
    ),
    "http://www.w3.org/ns/sparql-service-description#": (
        "Service Dataset Graph NamedGraph endpoint feature supportedLanguage supportedVersion resultFormat"
        " inputFormat defaultDataset defaultGraph namedGraph name UnionDefaultGraph SPARQL11Query SPARQLQuery"
        " SPARQL11Update SPARQLUpdate"
    ),
}
"""What these vocabularies define, as far as we use it: a name beside them is a slip of the pen."""


def test_only_terms_that_their_vocabularies_define_are_used(kg: Client) -> None:
    used = {
        term.value
        for quad in told(kg)
        for term in (quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(tuple(TERMS))
    }
    known = {namespace + name for namespace, names in TERMS.items() for name in names.split()}
    assert used == known


def test_all_descriptions_agree_on_the_public_address(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", readers=1, base="https://example.org/kg")
    with serving(tmp_path, settings) as kg:
        for path in ("/sparql", "/graphs", VOID, "/questions?format=turtle"):
            response = kg.get(path, headers={"Accept": "text/turtle"})
            assert "https://example.org/kg/sparql" in response.text, path
            assert "testserver" not in response.text, path


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
