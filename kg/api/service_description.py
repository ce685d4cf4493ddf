"""The SPARQL 1.1 service description of the endpoint."""

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat

from kg import iris
from kg.api.descriptions import Description
from kg.negotiation import RDF_FORMATS, RESULT_FORMATS
from kg.provenance import TYPE
from kg.store import Contents

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
VOID_TRIPLES = NamedNode("http://rdfs.org/ns/void#triples")


def describe(endpoint: str, contents: Contents, *, federates: bool = False) -> Description:
    """Describe the endpoint at an address; ``federates`` where it may ask others."""
    told = Description()
    service, dataset = NamedNode(endpoint), NamedNode(f"{endpoint}#dataset")
    told.add(service, TYPE, _sd("Service"))
    told.add(service, _sd("endpoint"), service)
    told.add(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    told.add(service, _sd("feature"), _sd("UnionDefaultGraph"))
    if federates:
        told.add(service, _sd("feature"), _sd("BasicFederatedQuery"))
    engines: tuple[RdfFormat | QueryResultsFormat, ...] = (
        *(known.engine for known in RESULT_FORMATS.values()),
        *(known.engine for known in RDF_FORMATS.values()),
    )
    for engine in engines:
        told.add(service, _sd("resultFormat"), NamedNode(engine.iri))
    told.add(service, _sd("defaultDataset"), dataset)
    root = endpoint.removesuffix("sparql")
    told.add(dataset, NamedNode(iris.PREFIXES["rdfs"] + "seeAlso"), NamedNode(f"{root}.well-known/void"))
    update = NamedNode(f"{root}update")
    told.add(update, TYPE, _sd("Service"))
    told.add(update, _sd("endpoint"), update)
    told.add(update, _sd("supportedLanguage"), _sd("SPARQL11Update"))
    told.add(update, _sd("defaultDataset"), dataset)
    told.add(dataset, TYPE, _sd("Dataset"))
    told.add(dataset, NamedNode(iris.TERMS + "version"), Literal(contents.version))
    for name in contents.graphs():
        graph = NamedNode(f"{endpoint}#graph-{iris.slug(name)}")
        told.add(dataset, _sd("namedGraph"), graph)
        told.add(graph, TYPE, _sd("NamedGraph"))
        told.add(graph, _sd("name"), NamedNode(name))
    return told


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
