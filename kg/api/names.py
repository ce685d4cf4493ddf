"""Names in requests: resolved by the search index, or in the graph itself while there is none."""

from collections.abc import Collection
from contextlib import suppress

from fastapi import Request

from kg.api import answering
from kg.api.resources import Resources
from kg.errors import Unavailable
from kg.query.search import exact_names
from kg.query.search.resolving import Resolution


async def resolved(
    request: Request, here: Resources, name: str, classes: Collection[str] = (), language: str = "en"
) -> Resolution:
    """Return what a name may stand for among things of some classes (IRIs), or all.

    While there is no index, the graph itself tells who bears exactly this name; other names wait for the
    index. Raises Unavailable and BadInput as a search does.
    """
    if here.search.has_index:
        with suppress(Unavailable):
            return await here.search.resolve(name, classes, language)
    here.search.start()
    found = await answering.made(request, here, exact_names.job(name, classes, language))
    resolution = exact_names.resolution(name, found.body)
    return resolution if resolution.candidates else await here.search.resolve(name, classes, language)
