"""The routes /sitemap.xml and /robots.txt, for search engines."""

from functools import partial

from fastapi import Request, Response

from kg.api import answering
from kg.api.declarations import Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import STRING, Schema
from kg.api.parameters import once
from kg.api.resources import AppResources
from kg.errors import BadInput
from kg.pages import sitemap
from kg.query.job import ReadJob

router = Routes("pages")

_NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": sitemap.MOST_FILES}
SITEMAP = Declaration(
    {200: {"application/xml": STRING}, 304: {}},
    (400,),
    parameters=(
        DeclaredParameter("part", "The number of the file, as in the index.", _NUMBER),
        DeclaredParameter("of", "The number of files, as in the index.", _NUMBER),
    ),
    headers=("ETag",),
)
ROBOTS = Declaration({200: {"text/plain": STRING}}, (400,))
_PAGES = ("", "questions", "terms", "kinds", "shapes", "alignments", "id", "commits", "docs")
_NOT_CRAWLED = (
    "sparql",
    "update",
    "graphs",
    "export",
    "changes",
    "validate",
    "facts",
    "retractions",
    "metrics",
)
"""Routes that crawlers should not fetch: they compute an answer for each address, or serve programs."""


@router.declared("GET", "/sitemap.xml", SITEMAP)
async def map_of_site(request: Request, resources: AppResources) -> Response:
    """List the addresses of all pages and things; if there are too many for one file, list the files."""
    parameters = SITEMAP.read_parameters(request)
    part, files = (_number(once(parameters, name), name) for name in ("part", "of"))
    root = resources.root(request)
    if part and files and part <= files:
        make = partial(sitemap.write_part, root, part - 1, files)
    elif part or files:
        raise BadInput("Ask for a part of the sitemap as part=1&of=2, as the index lists it.")
    else:
        others = (*_PAGES, *(f"questions/{name}" for name in resources.questions))
        make = partial(sitemap.write, root, others)
    job = ReadJob("application/xml", make, is_long=True)
    return await answering.tagged(request, resources, job, root, part, files)


@router.declared("GET", "/robots.txt", ROBOTS)
async def robots(request: Request, resources: AppResources) -> Response:
    """Say which addresses a crawler may fetch, and where the sitemap is."""
    ROBOTS.read_parameters(request)
    lines = ["User-agent: *", *(f"Disallow: {resources.root_path}{path}" for path in _NOT_CRAWLED)]
    return Response(
        "\n".join([*lines, f"Sitemap: {resources.root(request)}sitemap.xml", ""]), media_type="text/plain"
    )


def _number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= sitemap.MOST_FILES):
        raise BadInput(
            f"The parameter '{name}' must be a number from 1 to {sitemap.MOST_FILES}, not {text[:64]!r}."
        )
    return int(text)
