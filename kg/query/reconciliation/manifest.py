"""Manifest of the reconciliation service, and its descriptions of types and properties."""

from collections.abc import Mapping

from pyoxigraph import NamedNode

from kg import __version__, iris
from kg.errors import JSON
from kg.query.job import QueryJob
from kg.query.reconciliation import identifiers
from kg.query.reconciliation.reading import BATCH_SIZE
from kg.query.reconciliation.values import RESULTS
from kg.query.search.looking_up import IndexEntry
from kg.terms import DIP

NAME = "Regional diplomacy"
WIDTH, HEIGHT = 400, 220
"""Pixels of a preview."""
DEFAULT_TYPES = tuple(
    each.value
    for each in (DIP.PERSON, DIP.STATE, DIP.ORGANIZATION, DIP.OFFICE, DIP.ACTOR, DIP.HAPPENING, DIP.SOURCE)
)


def manifest(root: str, entries: Mapping[str, IndexEntry]) -> dict[str, JSON]:
    """Return the manifest of the service below a root address; ``entries`` are of the default types."""
    at = f"{root}reconcile"
    suggest: dict[str, JSON] = {
        what: {
            "service_url": at,
            "service_path": f"/suggest/{what}",
            "flyout_service_url": at,
            "flyout_service_path": f"/flyout/{what}?id=${{id}}",
        }
        for what in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "name": NAME,
        "identifierSpace": iris.BASE,
        "schemaSpace": iris.TERMS,
        "documentation": root,
        "logo": f"{root}static/icon.svg",
        "serviceVersion": f"kg {__version__}",
        "view": {"url": f"{at}/view?id={{{{id}}}}"},
        "defaultTypes": [term_as_json(each, entries) for each in DEFAULT_TYPES],
        "batchSize": BATCH_SIZE,
        "preview": {"url": f"{at}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": at, "service_path": "/properties"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "Maximum number of values; 0 returns all.",
                },
                {
                    "name": "lang",
                    "label": "Language",
                    "type": "text",
                    "default": "",
                    "help_text": "Language to return for texts available in several languages: en or es.",
                },
            ],
        },
    }


def term_as_json(iri: str, entries: Mapping[str, IndexEntry]) -> dict[str, JSON]:
    """Return a type, or a property, as the API writes it."""
    identifier, entry = identifiers.of_term(iri), entries.get(iri)
    if entry is None:
        return {"id": identifier, "name": identifier}
    return {"id": identifier, "name": entry.label, "description": entry.description}


def proposal_job(class_iri: str) -> QueryJob:
    """Return the query for the properties that the shapes define for things of a class."""
    text = (
        "SELECT DISTINCT ?thing WHERE { "
        f"{NamedNode(class_iri)} rdfs:subClassOf* ?class . ?shape sh:targetClass ?class ;"
        " sh:property/sh:path ?thing FILTER (isIRI(?thing)) } ORDER BY ?thing"
    )
    return QueryJob(text, RESULTS)
