"""The routes of terms, kinds and things: RDF, plain JSON, tables or pages, by content negotiation."""

import json
import re
from contextlib import suppress
from dataclasses import replace
from functools import partial

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pyoxigraph import NamedNode

from kg import iris
from kg.api import answer_headers, answering, names, sparql_protocol
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.declarations import (
    AS_OF,
    FORMAT_NAMES,
    Declaration,
    DeclaredParameter,
    Routes,
    format_of,
)
from kg.api.openapi_schemas import GRAPHS, IRI, NUMBER, PAGE, STRING, Content, Schema, record, ref, several
from kg.api.parameters import Parameters, once
from kg.api.resources import AppResources, Resources
from kg.errors import BadInput, Damaged, NotFound, QueryKilled, Unavailable
from kg.exports import export, frames
from kg.formats import GRAPH_FORMATS, HTML, JSON_DOCUMENT, RDF_FORMATS, RESULT_FORMATS, Format, RDFFormat
from kg.gate.dates.calendar import Day
from kg.pages import listing, thing_json, thing_table, views
from kg.pages.about import askables
from kg.pages.listing import ListRequest
from kg.pages.profiles import thing_page
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.rendering import marked
from kg.pages.terminology import uses
from kg.pages.terminology.index import LONGEST_WORDS, IndexRequest
from kg.provenance import GRAPH as PROVENANCE
from kg.query.job import ReadJob
from kg.query.search import listed
from kg.query.search.listed import ListedPage
from kg.query.search.search import read_class
from kg.store import ontology_versions

CSV = RESULT_FORMATS["csv"]
_TURTLE = RDF_FORMATS["turtle"]
THING_FORMATS: tuple[Format, ...] = (
    *(_TURTLE, JSON_DOCUMENT, CSV),
    *(each for each in GRAPH_FORMATS if each is not _TURTLE),
    HTML,
)
_DOCUMENT_FORMATS = (*GRAPH_FORMATS, HTML)
_LIST_FORMATS = (JSON_DOCUMENT, CSV, HTML)
_SUFFIXES = {
    suffix: each for each in THING_FORMATS if each is not HTML for suffix in each.suffixes if suffix != ".xml"
}
"""Formats by the suffix of an address."""
PAGE_ORDER = "mentions"
"""The default order of a list on a page, if the index can provide it."""
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
_INDEXED = (iris.TERMS_GRAPH, iris.KINDS_GRAPH)
"""Graphs whose page is an index of the terms."""
_MOST = 1000
"""Maximum number of things in one answer."""
_SECONDS_KEPT = 86400
"""Seconds for which a client may cache the context of a version without revalidation."""

_SCHEMAS: dict[str, Schema] = {
    "Thing": {
        "type": "object",
        "description": "The facts about a thing: JSON-LD with short names. Each thing has `id` and, if "
        "known, `type` and `label` (by language); things without a label are described in full.",
        "properties": {
            "@context": IRI,
            "id": IRI,
            "mentionedBy": {"type": "object", "description": "Things that refer to this one, by property."},
            "meta": record(
                {"version": NUMBER, "permalink": IRI, "graphs": several(IRI), "isCut": {"type": "boolean"}}
            ),
        },
        "required": ["@context", "id", "meta"],
    },
    "NamedThing": record({"id": IRI, "label": STRING}, open_=True),
    "Facet": record(
        {
            "id": IRI,
            "label": STRING,
            "count": NUMBER,
            "things": STRING,
            "isMore": {"type": "boolean", "description": "Whether the count is a lower bound."},
        }
    ),
    "Things": record(
        {
            "things": several(ref("NamedThing")),
            "next": {"type": ["string", "null"]},
            "facets": record({"class": several(ref("Facet")), "kind": several(ref("Facet"))}),
        },
        description=(
            "A page of things, the address of the next page, and on the first page the number of things "
            "of each class and kind."
        ),
    ),
}
router = Routes(
    "terms and things",
    "The ontology, the lists of kinds, and the facts about each thing; as RDF, JSON, a table or a page.",
    _SCHEMAS,
)

_FAULTS = (400, 404, 406, 410, 415)
_HEADERS = ("ETag", "X-Graph-Version")
DOCUMENT = Declaration(
    {200: {**GRAPHS, **PAGE}, 304: {}},
    _FAULTS,
    parameters=(AS_OF, format_of(_DOCUMENT_FORMATS)),
    headers=_HEADERS,
)
_PART = {
    **STRING,
    "description": "A term (with a suffix, as `Claim.ttl`), or a module or version of the ontology.",
    "minLength": 1,
    "examples": ["Claim"],
}
FILTER = DeclaredParameter(
    "filter", "On the page: only terms whose name or definition has these words.", STRING, "claim"
)
INDEX = replace(DOCUMENT, parameters=(FILTER, *DOCUMENT.parameters))
_THING_CONTENT: Content = {**GRAPHS, **PAGE, "application/json": ref("Thing"), CSV.media_type: STRING}
_NAME = {
    **STRING,
    "description": "The name; a suffix may select the format (`hat.json`).",
    "minLength": 1,
    "examples": ["hat"],
}
ON = DeclaredParameter(
    "on",
    "On the page of an actor: the day for which offices are shown.",
    STRING,
    "2025-01-26",
    may_be_empty=True,
)
START = DeclaredParameter("start", "On a page with a long section: the number of entries to skip.", NUMBER)
THING = Declaration(
    {200: _THING_CONTENT, 304: {}},
    _FAULTS,
    parameters=(AS_OF, ON, START, format_of(THING_FORMATS)),
    in_path={"name": _NAME},
    headers=_HEADERS,
)
PART = replace(
    DOCUMENT,
    answers=THING.answers,
    parameters=(AS_OF, replace(FILTER, example=None), format_of(THING_FORMATS)),  # a term has no filter
    in_path={"part": _PART},
)
KIND = replace(THING, in_path={"name": {**_NAME, "examples": ["gift"]}})
_HASH = {**_NAME, "examples": []}
BY_HASH = replace(THING, in_path={"name": _HASH})
LIST = Declaration(
    {200: {"application/json": ref("Things"), CSV.media_type: STRING, **PAGE}, 304: {}},
    _FAULTS,
    parameters=(
        DeclaredParameter("class", "Only things of this class or its subclasses.", STRING, "Gesture"),
        DeclaredParameter(
            "kind", "Only things of this kind (`dip:hasKind`), by IRI or name.", STRING, "gift"
        ),
        DeclaredParameter(
            "property",
            "Only things whose value of this property is `value`.",
            STRING,
            "dip:madeBy",
        ),
        DeclaredParameter("value", "The value of that property.", STRING, "dipid:gustavo-petro"),
        DeclaredParameter("sort", "The order; by address by default.", {**STRING, "enum": [*listed.ORDERS]}),
        DeclaredParameter(
            "start", "The number of things to skip, in an order other than by address.", NUMBER
        ),
        DeclaredParameter("after", "Only things whose IRI sorts after this one.", STRING),
        DeclaredParameter(
            "limit", f"Maximum number, up to {_MOST}.", {**NUMBER, "minimum": 1, "maximum": 999999999}
        ),
        AS_OF,
        format_of(_LIST_FORMATS),
    ),
    headers=_HEADERS,
)
PROVENANCE_DOCUMENT = replace(DOCUMENT, answers={**DOCUMENT.answers, 303: {}})
CONTEXT = Declaration(
    {200: {RDF_FORMATS["jsonld"].media_type: {"type": "object"}}, 304: {}},
    (400, 404),
    in_path={"version": {**STRING, "description": "A version of the ontology, as `0.4.0`.", "minLength": 1}},
    headers=_HEADERS,
)
FRAME = replace(
    CONTEXT, faults=(400, 404, 410), parameters=(AS_OF,), in_path={"name": {"enum": [*frames.FRAMED]}}
)


@router.declared("GET", "/terms", INDEX)
async def terms(request: Request, resources: AppResources) -> Response:
    """Return the ontology's terms; the page is an index that links each term to its own page."""
    return await _document(request, resources, iris.TERMS_GRAPH, "Terms")


@router.declared("GET", "/terms/{part}", PART)
async def term(part: str, request: Request, resources: AppResources) -> Response:
    """Give one term, or all terms of a version of the ontology; a module is returned together with all terms.

    Versions in the history of this store are returned unchanged.
    """
    if part in resources.release.modules or _VERSION.fullmatch(part):
        return await _document(request, resources, iris.TERMS_GRAPH, "Terms", part)
    return await _thing(request, resources, iris.TERMS, part)


@router.declared("GET", "/shapes", DOCUMENT)
async def shapes(request: Request, resources: AppResources) -> Response:
    """Return the shapes that facts must conform to."""
    return await _document(request, resources, iris.SHAPES_GRAPH, "Shapes")


@router.declared("GET", "/alignments", DOCUMENT)
async def alignments(request: Request, resources: AppResources) -> Response:
    """Return the alignments to other vocabularies."""
    return await _document(request, resources, iris.ALIGNMENTS_GRAPH, marked("Links to other vocabularies"))


@router.declared("GET", "/kinds", INDEX)
async def kinds(request: Request, resources: AppResources) -> Response:
    """Return the lists of kinds; the page is an index that links each kind to its own page."""
    return await _document(request, resources, iris.KINDS_GRAPH, "Kinds")


@router.declared("GET", "/kinds/{name}", KIND)
async def kind(name: str, request: Request, resources: AppResources) -> Response:
    """Return one kind, or one list of kinds."""
    return await _thing(request, resources, iris.KINDS, name)


@router.declared("GET", "/id", LIST)
async def list_things(request: Request, resources: AppResources) -> Response:
    """List things by class and kind, in pages, with the number of things of each class and kind."""
    parameters = LIST.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, _LIST_FORMATS)
    of_class, kind = once(parameters, "class"), once(parameters, "kind")
    list_request = ListRequest(
        read_class(of_class) if of_class else None,
        await names.kind_named(request, resources, kind) if kind else None,
        _iri(once(parameters, "after")) or "",
        _limit(once(parameters, "limit")),
        sparql_protocol.moment(parameters),
        *_condition(parameters),
        _order(once(parameters, "sort")),
        _start(once(parameters, "start")),
    )
    if list_request.as_of and list_request.order != "address":
        raise BadInput(
            "A list of an earlier version is in the order of addresses; leave out 'sort' or 'as-of'."
        )
    style = resources.style(request.scope)
    found = await _known_page(resources, list_request, style.language)
    if (
        choice.format is HTML
        and found is not None
        and not once(parameters, "sort")
        and not list_request.after
    ):
        by_mentions = replace(list_request, order=PAGE_ORDER)
        if better := await _known_page(resources, by_mentions, style.language):
            list_request, found = by_mentions, better
    filled_request = replace(list_request, known=found)
    makes = {
        JSON_DOCUMENT: partial(listing.as_json, style, filled_request, f"{resources.root_path}id"),
        CSV: partial(listing.as_csv, style, filled_request),
        HTML: partial(listing.page, style, filled_request),
    }
    job = ReadJob(choice.media_type, makes[choice.format], list_request.as_of, is_long=True)
    return await answering.tagged(
        request, resources, job, list_request, style, headers=lambda _: VARY_BY_LANGUAGE
    )


async def _known_page(resources: Resources, list_request: ListRequest, language: str) -> ListedPage | None:
    """Return a page of the list from the index, if it can provide it; raises BadInput as the index does."""
    if list_request.as_of or (list_request.predicate and not listed.is_indexed(list_request.predicate)):
        if list_request.order != "address":
            raise BadInput("A list by this property is in the order of addresses; leave out 'sort'.")
        return None
    if resources.search.is_behind and list_request.order == "address" and not resources.search.has_index:
        return None
    query = listed.ListQuery(
        list_request.of_class,
        listing.OTHERS,
        list_request.predicate,
        list_request.value,
        list_request.kind,
        list_request.after,
        list_request.start,
        list_request.limit + 1,
        list_request.order,
        language,
    )
    with suppress(Unavailable, QueryKilled, Damaged):
        return await resources.search.read(partial(listed.find, query))
    return None


@router.declared("GET", "/id/{name}", THING)
async def thing(name: str, request: Request, resources: AppResources) -> Response:
    """Return the facts about a thing, as RDF, plain JSON, a table or a page.

    A suffix of the name selects the format: ``.ttl``, ``.nt``, ``.jsonld``, ``.rdf``, ``.json`` or ``.csv``.
    If the facts were retracted, return 410 with the reason and the last version that has them.
    """
    return await _thing(request, resources, iris.DATA, name)


@router.declared("GET", "/release/{name}", BY_HASH)
async def release(name: str, request: Request, resources: AppResources) -> Response:
    """Return the commits of a release of terms, kinds and shapes, by its hash."""
    return await _thing(request, resources, f"{iris.BASE}release/", name)


@router.declared("GET", "/seed/{name}", BY_HASH)
async def seed(name: str, request: Request, resources: AppResources) -> Response:
    """Return the commit of a part of the seed dataset, by its hash."""
    return await _thing(request, resources, f"{iris.BASE}seed/", name)


@router.declared("GET", "/provenance", PROVENANCE_DOCUMENT)
async def provenance(request: Request, resources: AppResources) -> Response:
    """Return the provenance graph, which describes the commits; a browser is redirected to the history."""
    parameters = PROVENANCE_DOCUMENT.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, _DOCUMENT_FORMATS)
    if choice.format is HTML:
        return RedirectResponse(f"{resources.root_path}commits", 303)
    make = partial(export.one, choice.format.name, PROVENANCE)
    job = ReadJob(choice.media_type, make, sparql_protocol.moment(parameters), is_long=True)
    return await answering.tagged(request, resources, job, "provenance")


@router.declared("GET", "/context", replace(CONTEXT, in_path={}))
@router.declared("GET", "/context/{version}", CONTEXT, name="context_of_version")
async def context(request: Request, resources: AppResources, version: str | None = None) -> Response:
    """Return the JSON-LD context of things as plain JSON: the newest, or that of a version of the terms."""
    CONTEXT.read_parameters(request)
    as_of = await _holding(request, resources, version) if version else None
    job = ReadJob(RDF_FORMATS["jsonld"].media_type, partial(thing_json.write_context, version), as_of)
    caching_headers = {"Cache-Control": f"public, max-age={_SECONDS_KEPT}"} if version else {}
    return await answering.tagged(
        request, resources, job, "context", version, headers=lambda _: caching_headers
    )


@router.declared("GET", "/frames/{name}", FRAME)
async def frame(name: str, request: Request, resources: AppResources) -> Response:
    """Return a JSON-LD frame that turns a compacted export into a tree for each record of a class."""
    parameters = FRAME.read_parameters(request)
    make, as_of = partial(frames.write, name), sparql_protocol.moment(parameters)
    job = ReadJob(RDF_FORMATS["jsonld"].media_type, make, as_of)
    return await answering.tagged(request, resources, job, "frame", name)


async def _document(
    request: Request, resources: Resources, graph: str, title: str, part: str | None = None
) -> Response:
    is_index = graph in _INDEXED
    parameters = (INDEX if is_index else DOCUMENT).read_parameters(request)
    words = _words(once(parameters, "filter"))
    choice = sparql_protocol.chosen(request, parameters, _DOCUMENT_FORMATS)
    as_of = sparql_protocol.moment(parameters)
    if as_of is None and part:
        as_of = await _holding(request, resources, part)
    if isinstance(choice.format, RDFFormat):
        job = ReadJob(choice.media_type, partial(views.document_as, choice.format.name, graph, part), as_of)
        return await answering.tagged(request, resources, job, graph, part)
    style = resources.style(request.scope)
    if is_index:
        index_request = IndexRequest(graph, title, words, as_of)
        job = ReadJob(HTML.media_type, partial(views.index, style, index_request, part), as_of)
        return await answering.tagged(
            request, resources, job, index_request, part, style, headers=lambda _: VARY_BY_LANGUAGE
        )
    job = ReadJob(HTML.media_type, partial(views.document, style, graph, title), as_of)
    return await answering.tagged(request, resources, job, graph, style, headers=lambda _: VARY_BY_LANGUAGE)


async def _holding(request: Request, resources: Resources, version: str) -> str | None:
    """Return the last version of the graph that holds a version of the terms; None for the current terms."""
    newest = resources.contents.version
    if resources.ontology_versions is None or resources.ontology_versions[0] != newest:
        make = partial(ontology_versions.write_last_commits, resources.log)
        found = await answering.made(request, resources, ReadJob("application/json", make))
        resources.ontology_versions = (found.version, json.loads(found.body))
    last = resources.ontology_versions[1].get(f"{iris.TERMS_GRAPH}/{version}")
    return None if last in (None, resources.ontology_versions[0]) else f"v{last}"


async def _thing(request: Request, resources: Resources, namespace: str, name: str) -> Response:
    try:
        return await _known_thing(request, resources, namespace, name)
    except NotFound as fault:
        raise await names.with_nearest(resources, fault, name, sparql_protocol.language(request)) from None


async def _known_thing(request: Request, resources: Resources, namespace: str, name: str) -> Response:
    parameters = THING.read_parameters(request)
    name, suffixed = _without_suffix(name, parameters)
    iri = _node(namespace + name).value
    if suffixed:
        parameters = [*parameters, (FORMAT_NAMES[0], suffixed.name)]
    choice = sparql_protocol.chosen(request, parameters, THING_FORMATS)
    as_of, style = sparql_protocol.moment(parameters), resources.style(request.scope)
    thing_request = ThingRequest(
        iri,
        _day(once(parameters, "on")),
        _start(once(parameters, "start")),
        askables(resources.questions.values()),
        uses.uses(resources.questions.values(), iri) if namespace in (iris.TERMS, iris.KINDS) else (),
    )
    disposition = answer_headers.file_named(iris.slug(name) or "thing", choice.media_type)
    if isinstance(choice.format, RDFFormat):
        job = ReadJob(
            choice.media_type, partial(views.thing_as, choice.format.name, iri, resources.log), as_of
        )
        return await answering.tagged(request, resources, job, iri, headers=lambda _: disposition)
    if choice.format is JSON_DOCUMENT:
        root = resources.root(request)
        job = ReadJob(choice.media_type, partial(thing_json.write, iri, root, resources.log), as_of)
        return await answering.tagged(request, resources, job, iri, root, headers=lambda _: disposition)
    if choice.format is CSV:
        job = ReadJob(
            choice.media_type, partial(thing_table.write, iri, style.language, resources.log), as_of
        )
    else:
        job = ReadJob(HTML.media_type, partial(thing_page.write, style, thing_request, resources.log), as_of)
    more = {**VARY_BY_LANGUAGE, **disposition}
    return await answering.tagged(request, resources, job, thing_request, style, headers=lambda _: more)


def _without_suffix(name: str, parameters: Parameters) -> tuple[str, Format | None]:
    """Split a format suffix from a name; if a parameter names the format, the name stays whole."""
    if any(value for key, value in parameters if key in FORMAT_NAMES):
        return name, None
    for suffix, suffix_format in _SUFFIXES.items():
        if name.endswith(suffix) and name != suffix:
            return name.removesuffix(suffix), suffix_format
    return name, None


def _node(iri: str) -> NamedNode:
    """Return an address as a node; raises NotFound if it cannot be an IRI."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise NotFound(
            "There is no such thing: the address contains a character that is not allowed in an IRI."
        ) from None


def _iri(text: str | None) -> str | None:
    return None if text is None else iris.read_iri(text).value


def _limit(text: str | None) -> int:
    if text is None:
        return listing.PAGE
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise BadInput(f"The parameter 'limit' must be a number from 1, not {text[:64]!r}.")
    return min(int(text), _MOST)


def _condition(parameters: Parameters) -> tuple[str | None, str | None]:
    """Read a property and its value; raises BadInput for one without the other."""
    name, value = once(parameters, "property"), once(parameters, "value")
    if bool(name) != bool(value):
        raise BadInput("The parameters 'property' and 'value' go together; give both or neither.")
    if not name or not value:
        return None, None
    property_name = name if ":" in name else f"dip:{name}"
    return iris.read_iri(property_name).value, iris.read_iri(
        value if ":" in value else f"dipid:{value}"
    ).value


def _order(text: str | None) -> str:
    if text and text not in listed.ORDERS:
        raise BadInput(f"The parameter 'sort' must be one of {', '.join(listed.ORDERS)}, not {text[:64]!r}.")
    return text or "address"


def _words(text: str | None) -> str:
    if text and len(text) > LONGEST_WORDS:
        raise BadInput(f"The parameter 'filter' has at most {LONGEST_WORDS} characters.")
    return text or ""


def _day(text: str | None) -> str | None:
    if not text:
        return None
    if Day.read(text) is None:
        raise BadInput(f"The parameter 'on' must be a day such as 2025-01-26, not {text[:64]!r}.")
    return text


def _start(text: str | None) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(f"The parameter 'start' must be a number from 0, not {text[:64]!r}.")
    return int(text)
