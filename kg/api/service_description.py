"""The SPARQL service description of the endpoint: languages, formats, dataset, limits."""

import json
from collections.abc import Iterable
from hashlib import sha256

from fastapi import Request
from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.api import answering
from kg.api.resources import Resources
from kg.changes import Object
from kg.formats import GRAPH_FORMATS, RDF_FORMATS, RESULT_FORMATS, RDFFormat, ResultFormat
from kg.pages import views
from kg.pages.descriptions import Description
from kg.query.job import ReadJob
from kg.settings import SETTINGS, Settings
from kg.terms import DIP, RDF, RDFS

SD = "http://www.w3.org/ns/sparql-service-description#"
SPARQL = "http://www.w3.org/ns/sparql#"
SCHEMA = "https://schema.org/"
_SECONDS, _BYTES = "SEC", "AD"
"""Units by their UN/CEFACT codes, as schema.org asks."""
_QUERY_LIMITS = {
    "query_seconds": _SECONDS,
    "answer_seconds": _SECONDS,
    "query_memory": _BYTES,
    "max_query_bytes": _BYTES,
    "max_body_bytes": _BYTES,
}
_UPDATE_LIMITS = {"judge_seconds": _SECONDS, "judge_memory": _BYTES, "max_update_bytes": _BYTES}


async def of_server(request: Request, resources: Resources) -> Description:
    """Describe the endpoint of the server that was called."""
    federates = bool(resources.readers.allow_list.entries)
    version, graphs = await graphs_listed(request, resources)
    return describe(resources.root(request), version, graphs, resources.settings, federates=federates)


async def graphs_listed(request: Request, resources: Resources) -> tuple[int, list[str]]:
    """Return a version and the graphs that are not empty in it; computed once for a version."""
    version = resources.contents.version
    if resources.listed is None or resources.listed[0] != version:
        listed = await answering.made(request, resources, ReadJob("application/json", views.graphs))
        resources.listed = (listed.version, json.loads(listed.body))
    return resources.listed


def describe(
    root: str, version: int, graphs: Iterable[str], settings: Settings, *, federates: bool = False
) -> Description:
    """Describe the endpoint at an address, with these graphs; ``federates`` if it may call others."""
    description = Description()
    query, update, dataset = f"{root}sparql", f"{root}update", NamedNode(f"{root}sparql#dataset")
    _describe_service(description, query, ("SPARQL11Query", "SPARQLQuery"), ("1.1", "1.2"), dataset)
    _describe_formats(description, query, "resultFormat", (*RESULT_FORMATS.values(), *RDF_FORMATS.values()))
    _describe_limits(description, query, settings, _QUERY_LIMITS)
    if federates:
        description.add(NamedNode(query), _sd("feature"), _sd("BasicFederatedQuery"))
    # Queries may use triples about triples and base directions, but these are not stored.
    _describe_service(description, update, ("SPARQL11Update", "SPARQLUpdate"), ("1.1",), dataset)
    _describe_formats(description, update, "inputFormat", GRAPH_FORMATS)
    _describe_limits(description, update, settings, _UPDATE_LIMITS)
    description.add(dataset, RDFS.SEE_ALSO, NamedNode(f"{root}.well-known/void"))
    _describe_dataset(description, query, dataset, version, graphs)
    return description


def _describe_service(
    description: Description,
    address: str,
    languages: Iterable[str],
    versions: Iterable[str],
    dataset: NamedNode,
) -> None:
    service = NamedNode(address)
    properties: list[tuple[NamedNode, Object]] = [
        (RDF.TYPE, _sd("Service")),
        (_sd("endpoint"), service),
        (_sd("feature"), _sd("UnionDefaultGraph")),
        (_sd("defaultDataset"), dataset),
        *((_sd("supportedLanguage"), _sd(language)) for language in languages),
        *((_sd("supportedVersion"), NamedNode(f"{SPARQL}version-{version}")) for version in versions),
    ]
    for predicate, value in properties:
        description.add(service, predicate, value)


def _describe_formats(
    description: Description, address: str, relation: str, formats: Iterable[RDFFormat | ResultFormat]
) -> None:
    for each in formats:
        description.add(NamedNode(address), _sd(relation), NamedNode(each.iri))


def _describe_limits(
    description: Description, address: str, settings: Settings, limits: dict[str, str]
) -> None:
    """Describe the limits of a service, each under the name of the setting that changes it."""
    meanings = {setting.name: setting.meaning for setting in SETTINGS}
    for field, unit in limits.items():
        name, node = f"KG_{field.upper()}", NamedNode(f"{address}#limit-{field.replace('_', '-')}")
        description.add(NamedNode(address), NamedNode(SCHEMA + "additionalProperty"), node)
        description.add(node, RDF.TYPE, NamedNode(SCHEMA + "PropertyValue"))
        description.add(node, NamedNode(SCHEMA + "propertyID"), Literal(name))
        description.add(node, NamedNode(SCHEMA + "name"), Literal(meanings[name], language="en"))
        description.add(node, NamedNode(SCHEMA + "value"), Literal(getattr(settings, field)))
        description.add(node, NamedNode(SCHEMA + "unitCode"), Literal(unit))


def _describe_dataset(
    description: Description, endpoint: str, dataset: NamedNode, version: int, graphs: Iterable[str]
) -> None:
    description.add(dataset, RDF.TYPE, _sd("Dataset"))
    description.add(dataset, DIP.VERSION, Literal(version))
    union = NamedNode(f"{endpoint}#default-graph")
    description.add(dataset, _sd("defaultGraph"), union)
    description.add(union, RDF.TYPE, _sd("Graph"))
    for name in graphs:
        graph = NamedNode(f"{endpoint}#graph-{iris.slug(name)}-{sha256(name.encode()).hexdigest()[:8]}")
        description.add(dataset, _sd("namedGraph"), graph)
        description.add(graph, RDF.TYPE, _sd("NamedGraph"))
        description.add(graph, _sd("name"), NamedNode(name))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)
