"""The routes below /reconcile: the Reconciliation Service API 0.2, for OpenRefine and its like."""

import asyncio
from contextlib import suppress
from html import escape

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from kg.api import reconciling, sparql_protocol
from kg.api.declarations import Declaration, DeclaredParameter, Routes
from kg.api.openapi_schemas import PAGE, STRING, Schema, json_content
from kg.api.parameters import (
    FORM_TYPE,
    Parameters,
    body,
    form,
    longest_form,
    once,
    refuse_unknown,
    url_parameters,
)
from kg.api.resources import AppResources, Resources
from kg.api.routes.search import CLASS_NAME, LANG
from kg.errors import JSON, BadInput, NotFound, Unavailable, UnsupportedFormat
from kg.formats import bare_media_type
from kg.query.job import read_language
from kg.query.reconciliation import identifiers, manifest, reading
from kg.query.reconciliation.manifest import term_as_json
from kg.query.search.looking_up import IndexEntry
from kg.query.search.search import LONGEST_TEXT, MOST_FOUND, Hit, SearchQuery
from kg.terms import OWL

_OBJECT: Schema = {"type": "object"}
_SCHEMAS: dict[str, Schema] = {
    "ReconciliationManifest": {**_OBJECT, "required": ["versions", "name", "identifierSpace", "schemaSpace"]},
    "ReconciliationAnswer": {
        **_OBJECT,
        "description": "The manifest, the candidates of each query, those of one, or extended data.",
    },
    "Suggestions": {**_OBJECT, "required": ["result"]},
    "Flyout": {**_OBJECT, "required": ["id", "html"]},
    "ProposedProperties": {**_OBJECT, "required": ["properties"]},
}
router = Routes("reconciliation", "The Reconciliation Service API 0.2, as OpenRefine uses it.", _SCHEMAS)

LARGEST_QUERY = 1 << 18
"""Maximum bytes of a query batch, or of a data extension query."""
SUGGESTED = 20
_KINDS = ("entity", "property", "type")
_CLASSES = {
    "property": (OWL.OBJECT_PROPERTY.value, OWL.DATATYPE_PROPERTY.value),
    "type": (OWL.CLASS.value,),
}
_PASSED_OVER = (
    *("spell", "exact", "scoring", "key", "prefixed", "stemmed", "format", "mql_output", "filter"),
    "type_strict",
)
"""Parameters that OpenRefine sends with suggest queries for historical reasons (Freebase); ignored."""
_FRAMED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
}
"""The header of pages that other sites may show in a frame: they run nothing and load nothing."""

QUERIES = DeclaredParameter(
    "queries",
    "A batch of queries as a JSON object; the client chooses the keys.",
    example='{"q0": {"query": "Petro"}}',
)
QUERY = DeclaredParameter("query", "One query: JSON, or a name.")
EXTEND = DeclaredParameter("extend", "A query for values of properties, as JSON.")
ID = DeclaredParameter(
    "id", "The identifier of a thing, a type or a property.", {**STRING, "minLength": 1}, "id/hat", True
)
_ANSWER = json_content("ReconciliationAnswer")
_FAULTS = (400, 404, 413, 503)

GET = Declaration({200: _ANSWER}, _FAULTS, parameters=(QUERIES, QUERY, EXTEND, LANG))
POST = Declaration({200: _ANSWER}, (*_FAULTS, 415), parameters=(LANG,), form=(QUERIES, QUERY, EXTEND))
SUGGEST = Declaration(
    {200: json_content("Suggestions")},
    (400, 404, 503),
    parameters=(
        DeclaredParameter("prefix", "The beginning of a name, or an identifier.", STRING, "pet", True),
        DeclaredParameter("cursor", "Number of results to skip.", {"type": "integer", "minimum": 0}),
        DeclaredParameter("type", "Only things of this type.", CLASS_NAME, "Person"),
        LANG,
    ),
    in_path={"what": {"enum": list(_KINDS)}},
)
FLYOUT = Declaration(
    {200: json_content("Flyout")},
    (400, 404, 503),
    parameters=(ID, LANG),
    in_path={"what": {"enum": list(_KINDS)}},
)
PREVIEW = Declaration({200: PAGE}, (400, 404, 503), parameters=(ID, LANG))
VIEW = Declaration({303: {}}, (400,), parameters=(ID,), headers=("Location",))
PROPOSE = Declaration(
    {200: json_content("ProposedProperties")},
    (400, 503),
    parameters=(
        DeclaredParameter("type", "The type whose properties to return.", CLASS_NAME, "Person", True),
        DeclaredParameter("limit", "How many.", {"type": "integer", "minimum": 1}),
        LANG,
    ),
)


@router.declared("GET", "/reconcile", GET, name="reconcile")
async def reconcile(request: Request, resources: AppResources) -> Response:
    """Answer queries in the query string; without any, return the manifest of the service."""
    parameters = GET.read_parameters(request)
    if not parameters or {name for name, _ in parameters} == {LANG.name}:
        entries: dict[str, IndexEntry] = {}
        lang = _lang(request, parameters)
        with suppress(Unavailable):  # while the index is being built, types are named by identifier
            entries = await resources.search.look_up(manifest.DEFAULT_TYPES, lang)
        return JSONResponse(manifest.manifest(resources.root(request), entries))
    return await _answered(request, resources, parameters)


@router.declared("POST", "/reconcile", POST, name="reconcile_by_post")
async def reconcile_by_post(request: Request, resources: AppResources) -> Response:
    """Answer queries in a form: a batch (``queries``), one (``query``), or one that extends data."""
    if bare_media_type(request.headers.get("content-type")) != FORM_TYPE:
        raise UnsupportedFormat(f"Queries are sent as {FORM_TYPE}.", supported=[FORM_TYPE])
    fields = await form(await body(request, longest_form(LARGEST_QUERY)))
    parameters = [*fields, *url_parameters(request)]
    POST.refuse_unknown(parameters)
    return await _answered(request, resources, parameters)


@router.declared("GET", "/reconcile/suggest/{what}", SUGGEST)
async def suggest(what: str, request: Request, resources: AppResources) -> Response:
    """Suggest things, types or properties whose names begin with ``prefix``."""
    _require_kind(what)
    parameters = url_parameters(request)
    refuse_unknown(parameters, (*SUGGEST.names, *_PASSED_OVER))
    prefix = once(parameters, "prefix")
    if prefix is None:
        raise BadInput("The parameter 'prefix' is missing: the beginning of a name.")
    type_id = once(parameters, "type") if what == "entity" else None
    classes = (identifiers.read_term(type_id),) if type_id else _CLASSES.get(what, ())
    offset = _number(parameters, "cursor", 0)
    hits: tuple[Hit, ...] = ()
    if prefix.strip() and offset < MOST_FOUND:
        text = _identified(what, prefix.strip()[:LONGEST_TEXT])
        query = SearchQuery(text, classes, _lang(request, parameters), SUGGESTED, offset)
        hits = (await resources.search.ask(query)).hits
    return JSONResponse({"result": [_suggestion(what, hit) for hit in hits if hit.by != "quotation"]})


@router.declared("GET", "/reconcile/flyout/{what}", FLYOUT)
async def flyout(what: str, request: Request, resources: AppResources) -> Response:
    """Return a few lines of HTML about a suggested thing, type or property."""
    _require_kind(what)
    parameters = FLYOUT.read_parameters(request)
    entry = await _entry(request, resources, parameters, what)
    return JSONResponse({"id": once(parameters, "id"), "html": _lines(entry)})


@router.declared("GET", "/reconcile/preview", PREVIEW)
async def preview(request: Request, resources: AppResources) -> Response:
    """Return a small page about a thing, which other sites may show in a frame."""
    entry = await _entry(request, resources, PREVIEW.read_parameters(request), "entity")
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(entry.label)}</title><style>body{{font:14px/1.4 sans-serif;margin:8px}}</style>"
        f"<body>{_lines(entry)}</body></html>"
    )
    return HTMLResponse(page, headers=_FRAMED)


@router.declared("GET", "/reconcile/view", VIEW)
async def view(request: Request, resources: AppResources) -> Response:
    """Redirect to the page of a thing."""
    iri = identifiers.read_thing(_needed(VIEW.read_parameters(request), "id"))
    return RedirectResponse(resources.style().link(iri), 303)


@router.declared("GET", "/reconcile/properties", PROPOSE)
async def propose(request: Request, resources: AppResources) -> Response:
    """Propose the properties that things of a type have by the shapes."""
    parameters = PROPOSE.read_parameters(request)
    type_id = _needed(parameters, "type")
    limit = _number(parameters, "limit", 0)
    found = await reconciling.proposed(request, resources, identifiers.read_term(type_id))
    entries = await resources.search.look_up(found, _lang(request, parameters))
    properties: list[JSON] = [term_as_json(each, entries) for each in found]
    limited: dict[str, JSON] = {"limit": limit} if limit else {}
    return JSONResponse({"properties": properties[: limit or None], "type": type_id, **limited})


async def _answered(request: Request, resources: Resources, parameters: Parameters) -> Response:
    """Answer the one query, batch or extension that the parameters hold."""
    fields = [(name, text) for name, text in parameters if name != LANG.name]
    if len(fields) != 1:
        raise BadInput("Send one of 'queries', 'query' and 'extend'.")
    ((name, text),) = fields
    if len(text) > LARGEST_QUERY:
        raise BadInput(f"The parameter '{name}' is longer than {LARGEST_QUERY} bytes; send fewer queries.")
    lang = _lang(request, parameters)
    if name == EXTEND.name:
        extension = await asyncio.to_thread(reading.read_extension, text)
        return JSONResponse(await reconciling.extended(request, resources, extension, lang))
    if name == QUERY.name:
        query = await asyncio.to_thread(reading.read_query, text)
        answers = await reconciling.reconciled(request, resources, {"": query}, lang)
        return JSONResponse(answers[""])
    queries = await asyncio.to_thread(reading.read_batch, text)
    return JSONResponse(await reconciling.reconciled(request, resources, queries, lang))


def _require_kind(what: str) -> None:
    if what not in _KINDS:
        raise NotFound(f"There is no {what[:64]!r} here; the kinds are {', '.join(_KINDS)}.")


def _needed(parameters: Parameters, name: str) -> str:
    text = once(parameters, name)
    if not text:
        raise BadInput(f"The parameter '{name}' is missing.")
    return text


def _number(parameters: Parameters, name: str, default: int) -> int:
    text = once(parameters, name)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(f"The parameter '{name}' must be a number, not {text!r}.")
    return int(text) if text else default


def _lang(request: Request, parameters: Parameters) -> str:
    language = once(parameters, LANG.name)
    return sparql_protocol.language(request) if language is None else read_language(language)


def _identified(what: str, text: str) -> str:
    """Return the IRI for an identifier of this service; return any other text as it is."""
    is_identifier = what == "entity" and identifiers.is_of_thing(text)
    return identifiers.read_thing(text)[:LONGEST_TEXT] if is_identifier else text


def _suggestion(what: str, hit: Hit) -> dict[str, JSON]:
    if what == "entity":
        types: list[JSON] = []
        if hit.type:
            types.append({"id": identifiers.of_term(hit.type), "name": hit.type_label})
        return {
            "id": identifiers.of_thing(hit.iri),
            "name": hit.label,
            "description": hit.description,
            "notable": types,
        }
    return {"id": identifiers.of_term(hit.iri), "name": hit.label, "description": hit.description}


async def _entry(request: Request, resources: Resources, parameters: Parameters, what: str) -> IndexEntry:
    """Return the index entry of an identifier; raises NotFound."""
    text = _needed(parameters, "id")
    iri = identifiers.read_thing(text) if what == "entity" else identifiers.read_term(text)
    entries = await resources.search.look_up([iri], _lang(request, parameters))
    if iri not in entries:
        raise NotFound(f"The graph holds nothing about {text[:200]!r}.")
    return entries[iri]


def _lines(entry: IndexEntry) -> str:
    """Return a few lines of HTML on a thing."""
    return (
        f"<p><b>{escape(entry.label)}</b> <small>{escape(entry.type_label)}</small></p>"
        f"<p>{escape(entry.description)}</p><p><small>{escape(entry.iri)}</small></p>"
    )
