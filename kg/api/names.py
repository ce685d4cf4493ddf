"""Names in requests: resolved by the search index or, while there is none, in the graph itself."""

from collections.abc import Collection
from contextlib import suppress

from fastapi import Request

from kg.api import answering
from kg.api.resources import Resources
from kg.errors import KGError, NotFound, Unavailable
from kg.iris import KINDS, read_iri, slug
from kg.query import naming
from kg.query.search import exact_names
from kg.query.search.resolving import Resolution, query_for
from kg.query.search.search import LONGEST_TEXT
from kg.terms import SKOS


async def resolved(
    request: Request, resources: Resources, name: str, classes: Collection[str] = (), language: str = "en"
) -> Resolution:
    """Return what a name may stand for among things of some classes (IRIs), or all.

    While there is no index, the graph itself is searched for exactly this name; if it is not found, the call
    waits for the index. Raises Unavailable and BadInput as a search does.
    """
    if resources.search.has_index:
        with suppress(Unavailable):
            return await resources.search.resolve(name, classes, language)
    resources.search.start()
    found = await answering.made(request, resources, exact_names.job(name, classes, language))
    resolution = exact_names.resolution(name, found.body)
    return resolution if resolution.candidates else await resources.search.resolve(name, classes, language)


async def graph_named(request: Request, resources: Resources, text: str) -> str:
    """Return the IRI of a graph that is given by its IRI or its title; raises BadInput."""
    return await thing_named(request, resources, text, naming.SUBMISSION)


async def thing_named(request: Request, resources: Resources, text: str, of_class: str | None = None) -> str:
    """Return the IRI of a thing, or of one of a class, that is given by IRI or name; raises BadInput."""
    if not naming.needs_search(text):
        return read_iri(text).value
    return naming.iri_of(
        text, await resolved(request, resources, text.strip(), (of_class,) if of_class else ())
    )


async def kind_named(request: Request, resources: Resources, text: str) -> str:
    """Return the IRI of a kind that is given by its IRI, its last part, or its label; raises BadInput."""
    if slug(text) == text:
        return KINDS + text
    return await thing_named(request, resources, text, SKOS.CONCEPT.value)


async def with_nearest(resources: Resources, fault: NotFound, name: str, language: str) -> NotFound:
    """Return an error that also lists the things whose names are nearest to the last part of an IRI."""
    spelt = slug(name).replace("-", " ")[:LONGEST_TEXT]
    if not spelt or not resources.search.has_index:
        return fault
    with suppress(KGError):
        hits = (await resources.search.ask(query_for(spelt, lang=language))).hits
        return naming.with_hits(fault, hits)
    return fault
