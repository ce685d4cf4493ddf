"""The route /search: things by label, alternative name or quoted words."""

from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import answer_headers, etags, sparql_protocol
from kg.api.declarations import Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import (
    IRI,
    NUMBER,
    PAGE,
    STRING,
    STRING_OR_NULL,
    TRUTH,
    VERSION,
    Schema,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import Parameters, once
from kg.api.resources import AppResources, Resources
from kg.api.routes.pages import static_page
from kg.errors import BadInput, KGError, NotFound
from kg.formats import HTML, Format
from kg.pages import found
from kg.query.search.search import HITS, LONGEST_TEXT, MOST_HITS, SearchAnswer, SearchQuery, read_class

_NAME = record({"text": STRING, "lang": STRING, "kind": STRING})
_SCHEMAS: dict[str, Schema] = {
    "Hit": record(
        {
            "iri": IRI,
            "label": {
                **STRING,
                "description": "Its preferred name; for a claim, headed as a claim with the claimant.",
            },
            "lang": STRING,
            "type": STRING,
            "type_label": STRING,
            "description": {
                **STRING,
                "description": "One line that distinguishes it from things of the same name.",
            },
            "matched": {
                "anyOf": [_NAME, {"type": "null"}],
                "description": "The name that matched, if another.",
            },
            "mentions": NUMBER,
            "fit": {"enum": ["exact", "words", "prefix", "within", "similar"]},
            "by": {"enum": ["label", "alternative", "quotation", "paraphrase", "iri"]},
            "score": {"type": "number", "minimum": 0, "maximum": 100},
        },
        description="A thing that matched, and the name that matched.",
    ),
    "SearchAnswer": record(
        {
            "query": STRING,
            "version": VERSION,
            "results": several(ref("Hit")),
            "has_more": TRUTH,
            "next": STRING_OR_NULL,
        },
        description="Things, best match first; the version that was searched; the address of the next page.",
    ),
}
router = Routes("search", "Things by their names, and by words quoted.", _SCHEMAS)

JSON_FORMAT = Format("json", ("application/json",), (".json",))
_FORMATS = (JSON_FORMAT, HTML)
_COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_HITS}

CLASS_NAME: Schema = {**STRING, "pattern": "^((dip|owl|skos):)?[A-Za-z][A-Za-z0-9]*$"}
"""A class as people write it; its IRI does as well."""
_TAG: Schema = {**STRING, "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$"}
LANG = DeclaredParameter(
    "lang", "The language of names and descriptions, instead of `Accept-Language`.", _TAG, "es"
)

SEARCH = Declaration(
    {200: {**json_content("SearchAnswer"), **PAGE}, 304: {}},
    (400, 404, 406, 415, 503),
    parameters=(
        DeclaredParameter(
            "q",
            "A name, the beginning of one, words quoted, or an IRI.",
            {**STRING, "minLength": 1, "maxLength": LONGEST_TEXT},
            example="petro",
            is_required=True,
        ),
        DeclaredParameter(
            "class", "Only things of this class or its subclasses; may be repeated.", CLASS_NAME, "Person"
        ),
        LANG,
        DeclaredParameter("limit", f"Maximum number, up to {MOST_HITS}; {HITS} by default.", _COUNT),
        DeclaredParameter("offset", "Number of results to skip.", NUMBER),
        format_of(_FORMATS),
    ),
    headers=("ETag", "KG-Warning", "X-Graph-Version"),
)


@router.declared("GET", "/search", SEARCH)
async def search(request: Request, resources: AppResources) -> Response:
    """Find things by label, alternative name or quoted words, in any language, best match first.

    Accents and case are ignored; prefixes match, and typing errors are tolerated. Exact names come first,
    then names that begin with the words; within each group, the most mentioned things.
    """
    parameters = SEARCH.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, _FORMATS)
    if choice.format is not HTML:
        query = _query(request, parameters)
        return _sent(request, resources, await resources.search.ask(query))
    return await _page(request, resources, parameters)


async def _page(request: Request, resources: Resources, parameters: Parameters) -> Response:
    """Answer with a page: the form alone, or with what was found, or with what is wrong."""
    classes = [value for name, value in parameters if name == "class"]
    text = once(parameters, "q") or ""
    answer, fault = None, None
    if text.strip():
        try:
            answer = await resources.search.ask(_query(request, parameters))
        except (BadInput, NotFound) as error:
            fault = error
    results = found.told(resources.style(request.scope), answer)
    values = {"text": text, "chosen": classes, "fault": fault.detail if fault else None, "told": results}
    page = static_page(
        request,
        resources,
        "search.html",
        **values,
        classes=found.CLASSES,
        following=answer and _following(resources, parameters, answer),
        warning=_behind(resources),
    )
    page.status_code = fault.status if isinstance(fault, KGError) else 200
    return page


def _sent(request: Request, resources: Resources, answer: SearchAnswer) -> Response:
    """Send an answer as JSON, or 304 if the client has it."""
    tag = etags.tag("search", answer.version, answer.query)
    if etags.is_known(request, tag):
        return etags.unchanged(tag)
    members = answer.as_json(_following(resources, SEARCH.read_parameters(request), answer))
    behind = _behind(resources)
    headers = {
        **answer_headers.versioned(answer.version, tag),
        **answer_headers.warned([behind] if behind else []),
        **answer_headers.VARY_BY_LANGUAGE,
    }
    return JSONResponse(members, headers=headers)


def _behind(resources: Resources) -> str | None:
    if resources.search.is_behind:
        return f"The search index is behind version {resources.contents.version}; it is being updated."
    return None


def _query(request: Request, parameters: Parameters) -> SearchQuery:
    text = once(parameters, "q")
    if text is None:
        raise BadInput("The parameter 'q' is missing: the text to search for.")
    classes = (value for name, value in parameters if name == "class" and value)
    return SearchQuery(
        text,
        tuple(map(read_class, classes)),
        once(parameters, "lang") or sparql_protocol.language(request),
        _number(parameters, "limit", HITS),
        _number(parameters, "offset", 0),
    )


def _number(parameters: Parameters, name: str, default: int) -> int:
    text = once(parameters, name)
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(f"The parameter '{name}' must be a number, not {text!r}.")
    return int(text) if text else default


def _following(resources: Resources, parameters: Parameters, answer: SearchAnswer) -> str | None:
    """Return the path of the next page of things; None if there is none."""
    if answer.following is None:
        return None
    fields = [(name, value) for name, value in parameters if name != "offset" and value]
    return f"{resources.root_path}search?{urlencode([*fields, ('offset', answer.following)])}"
