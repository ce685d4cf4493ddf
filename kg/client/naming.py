"""Names in place of IRIs: resolves graphs and other things by a search of the graph."""

from kg.client.access import Access
from kg.iris import read_iri


def graph_named(access: Access, text: str) -> str:
    """Return the IRI of a graph, given its IRI or title; raises BadInput."""
    return thing_named(access, text, "Submission")


def thing_named(access: Access, text: str, of_class: str | None = None) -> str:
    """Return the IRI of a thing, optionally of a class, given its IRI or name; raises BadInput."""
    from kg.query import naming
    from kg.query.search.resolving import query_for, resolution
    from kg.query.search.search import read_class

    if not naming.needs_search(text):
        return read_iri(text).value
    hits = access.search(query_for(text, [read_class(of_class)] if of_class else [])).hits
    return naming.iri_of(text, resolution(text, hits))
