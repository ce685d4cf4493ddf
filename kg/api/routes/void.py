"""The route /.well-known/void: what the graph holds and where to get it, in VoID, DCAT and SHACL's terms."""

import json

from fastapi import Request, Response
from pyoxigraph import Literal, NamedNode

from kg import __version__, iris
from kg.api import codings, etags, service_description, sparql_protocol
from kg.api.answer_headers import tagged
from kg.api.declarations import Declaration, Routes, format_of
from kg.api.openapi_schemas import GRAPHS
from kg.api.resources import AppResources, Resources, VoidCount
from kg.api.service_description import SCHEMA
from kg.changes import Commit, Object
from kg.exports import edition
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.edition import AUTHOR, LICENCE, TITLE, Edition
from kg.formats import GRAPH_FORMATS
from kg.pages.descriptions import Description
from kg.query import screening
from kg.query.job import QueryJob
from kg.query.questions import Question
from kg.terms import RDF

router = Routes("query")

DESCRIPTION = Declaration(
    {200: GRAPHS, 304: {}}, (400, 406, 415, 503), parameters=(format_of(GRAPH_FORMATS),), headers=("ETag",)
)

VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
SHACL = iris.PREFIXES["sh"]
TERMS = iris.PREFIXES["dcterms"]
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
LANGUAGE = "http://publications.europa.eu/resource/authority/language/ENG"
_TITLE, _DESCRIPTION = Literal(TITLE, language="en"), Literal(edition.DESCRIPTION, language="en")
_SOURCE_TERMS = """SELECT ?source ?title ?terms WHERE {
    ?source a dip:Source ; dcterms:title ?title ; dcterms:license|dcterms:rights ?terms }"""
_COUNTS = {
    "triples": "SELECT (COUNT(*) AS ?number) WHERE { ?s ?p ?o }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?number) WHERE { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?number) WHERE { ?s ?p ?o }",
    "class": "SELECT ?of (COUNT(DISTINCT ?s) AS ?number) WHERE { ?s a ?of } GROUP BY ?of",
    "property": "SELECT ?of (COUNT(*) AS ?number) WHERE { ?s ?of ?o } GROUP BY ?of",
}
_FORMS = {"ASK": "ask", "CONSTRUCT": "construct", "DESCRIBE": "describe", "SELECT": "select"}


@router.declared("GET", "/.well-known/void", DESCRIPTION)
async def describe_dataset(request: Request, resources: AppResources) -> Response:
    """Describe the dataset: number of triples and things, formats, endpoint and questions."""
    parameters = DESCRIPTION.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, GRAPH_FORMATS)
    root = resources.root(request)
    tag = etags.tag(resources.contents.version, root, choice.media_type, codings.chosen(request.headers))
    if etags.is_known(request, tag):
        return etags.unchanged(tag)
    description = await service_description.of_server(request, resources)
    newest = resources.log.commit(resources.contents.version)
    _describe_dataset(description, root, newest)
    await _describe_source_terms(description, root, resources)
    _describe_distributions(description, root)
    _describe_counts(description, NamedNode(f"{root}sparql#dataset"), await _counts(resources))
    for question in resources.questions.values():
        describe_question(description, root, question)
    return Response(
        description.serialized(choice.format), headers=tagged(tag), media_type=choice.content_type
    )


def describe_question(description: Description, root: str, question: Question) -> None:
    """Describe a saved question as an executable query, in the vocabulary of SIB's sparql-examples."""
    node = NamedNode(f"{root}questions/{question.name}")
    form = _form(question.text)
    _add(
        description,
        node,
        (RDF.TYPE, _node(SHACL, "SPARQLExecutable")),
        (RDF.TYPE, _node(SHACL, f"SPARQL{form.title()}Executable")),
        (_node(iris.PREFIXES["rdfs"], "comment"), Literal(question.question, language="en")),
        (_node(SHACL, _FORMS[form]), Literal(question.text)),
        (_node(SCHEMA, "target"), NamedNode(f"{root}sparql")),
        *((_node(SCHEMA, "keywords"), Literal(tag)) for tag in question.tags),
    )


def _describe_dataset(description: Description, root: str, newest: Commit) -> None:
    dataset, service = NamedNode(f"{root}sparql#dataset"), NamedNode(f"{root}sparql")
    _add(
        description,
        dataset,
        (RDF.TYPE, _node(VOID, "Dataset")),
        (RDF.TYPE, _node(DCAT, "Dataset")),
        (_node(TERMS, "title"), _TITLE),
        (_node(TERMS, "description"), _DESCRIPTION),
        (_node(TERMS, "language"), NamedNode(LANGUAGE)),
        (
            _node(TERMS, "modified"),
            Literal(newest.time.isoformat(), datatype=_node(iris.PREFIXES["xsd"], "dateTime")),
        ),
        (_node(DCAT, "version"), Literal(f"v{newest.version}")),
        (_node(DCAT, "landingPage"), NamedNode(root)),
        (_node(TERMS, "license"), NamedNode(LICENCE)),
        (_node(TERMS, "publisher"), Literal(AUTHOR)),
        (
            _node(TERMS, "bibliographicCitation"),
            Literal(Edition(newest.version, newest.time.isoformat()).citation),
        ),
        (_node(VOID, "sparqlEndpoint"), service),
        (_node(VOID, "uriSpace"), Literal(iris.DATA)),
        (_node(VOID, "rootResource"), NamedNode(root)),
        (_node(VOID, "exampleResource"), NamedNode(f"{iris.DATA}commit-1")),
        *((_node(VOID, "vocabulary"), NamedNode(iris.PREFIXES[each])) for each in ("dip", "prov", "skos")),
        *((_node(VOID, "feature"), NamedNode(each.rdf.iri)) for each in EXPORT_FORMATS.values() if each.rdf),
    )
    _add(
        description,
        service,
        (RDF.TYPE, _node(DCAT, "DataService")),
        (_node(TERMS, "title"), Literal("SPARQL endpoint", language="en")),
        (_node(DCAT, "endpointURL"), service),
        (_node(DCAT, "endpointDescription"), service),
        (_node(DCAT, "endpointDescription"), NamedNode(f"{root}openapi.json")),
        (_node(DCAT, "servesDataset"), dataset),
        (_node(DCAT, "version"), Literal(__version__)),
    )


def _describe_distributions(description: Description, root: str) -> None:
    dataset = NamedNode(f"{root}sparql#dataset")
    for name, export_format in EXPORT_FORMATS.items():
        node, download = NamedNode(f"{dataset.value}-{name}"), NamedNode(f"{root}export?format={name}")
        _add(description, dataset, (_node(DCAT, "distribution"), node), (_node(VOID, "dataDump"), download))
        _add(
            description,
            node,
            (RDF.TYPE, _node(DCAT, "Distribution")),
            (_node(TERMS, "title"), Literal(f"All facts as {name}", language="en")),
            (_node(TERMS, "description"), Literal(export_format.about, language="en")),
            (_node(TERMS, "license"), NamedNode(LICENCE)),
            (_node(DCAT, "accessURL"), download),
            (_node(DCAT, "downloadURL"), download),
            (_node(DCAT, "mediaType"), NamedNode(MEDIA_TYPES + export_format.media_type)),
        )


async def _describe_source_terms(description: Description, root: str, resources: Resources) -> None:
    """Describe each imported source that has terms of use recorded, with these terms."""
    dataset = NamedNode(f"{root}sparql#dataset")
    answer = await resources.readers.answer(QueryJob(_SOURCE_TERMS, "application/sparql-results+json"))
    for row in json.loads(await answer.read())["results"]["bindings"]:
        source = NamedNode(row["source"]["value"])
        _add(description, dataset, (_node(TERMS, "source"), source))
        _add(
            description,
            source,
            (_node(TERMS, "title"), Literal(row["title"]["value"])),
            (_node(TERMS, "rights"), Literal(row["terms"]["value"])),
        )


def _describe_counts(description: Description, dataset: NamedNode, counts: list[VoidCount]) -> None:
    numbers = {"class": "entities", "property": "triples"}
    for place, count in enumerate(counts):
        if count.of is None:
            description.add(dataset, _node(VOID, count.what), Literal(count.number))
        else:
            part = NamedNode(f"{dataset.value}-part-{place}")
            description.add(dataset, _node(VOID, f"{count.what}Partition"), part)
            description.add(part, _node(VOID, count.what), NamedNode(count.of))
            description.add(part, _node(VOID, numbers[count.what]), Literal(count.number))
    for what, name in (("class", "classes"), ("property", "properties")):
        description.add(dataset, _node(VOID, name), Literal(sum(count.what == what for count in counts)))


async def _counts(resources: Resources) -> list[VoidCount]:
    """Return the size of the graph in terms of VoID; it is counted once for a version."""
    version = resources.contents.version
    if resources.measured is None or resources.measured[0] != version:
        found = [count for what in _COUNTS for count in await _counted(resources, what)]
        resources.measured = (version, found)
    return resources.measured[1]


async def _counted(resources: Resources, what: str) -> list[VoidCount]:
    answer = await resources.readers.answer(QueryJob(_COUNTS[what], "application/sparql-results+json"))
    rows = json.loads(await answer.read())["results"]["bindings"]
    numbers = ((row["of"]["value"] if "of" in row else None, row["number"]["value"]) for row in rows)
    return sorted(VoidCount(what, of, int(number)) for of, number in numbers)


def _form(text: str) -> str:
    return next(token.text.upper() for token in screening.tokens(text) if token.text.upper() in _FORMS)


def _add(description: Description, node: NamedNode, *pairs: tuple[NamedNode, Object]) -> None:
    for predicate, value in pairs:
        description.add(node, predicate, value)


def _node(namespace: str, name: str) -> NamedNode:
    return NamedNode(namespace + name)
