"""The route /why: the grounds of a fact."""

from functools import partial

from fastapi import Request, Response

from kg.api import answering, label_parameters, names, sparql_protocol
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import (
    IRI,
    NUMBER,
    PAGE,
    STRING,
    STRING_OR_NULL,
    VERSION,
    Content,
    Schema,
    record,
    ref,
    several,
)
from kg.api.parameters import once
from kg.api.resources import AppResources, Resources
from kg.api.routes import pages
from kg.errors import BadInput
from kg.formats import HTML, JSON_DOCUMENT
from kg.pages import views
from kg.query import naming, why
from kg.query.job import ReadJob, read_language

_THING: Schema = {"anyOf": [record({"iri": IRI, "label": STRING}), {"type": "null"}]}
_NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
_PASSAGE = record(
    {
        "text": STRING,
        "prefix": STRING_OR_NULL,
        "suffix": STRING_OR_NULL,
        "start": _NUMBER_OR_NULL,
        "end": _NUMBER_OR_NULL,
    }
)
_SCHEMAS: dict[str, Schema] = {
    "Grounds": record(
        {"fact": STRING, "version": NUMBER, "graphs": several(ref("GroundsOfGraph"))},
        description="The evidence for a fact, by graph.",
    ),
    "GroundsOfSeveral": record(
        {"version": NUMBER, "facts": several(ref("Grounds"))},
        description="The evidence for several facts, such as the things of one row of an answer.",
    ),
    "GroundsOfGraph": record(
        {
            "graph": IRI,
            "label": STRING,
            "commits": several(
                record(
                    {
                        "version": VERSION,
                        "time": STRING,
                        "curator": STRING,
                        "drafter": STRING_OR_NULL,
                        "source": STRING_OR_NULL,
                        "reason": STRING_OR_NULL,
                    }
                )
            ),
            "reports": several(ref("ReportOfFact")),
        },
        description="Who stated it and when, and the reports of the same graph that support it.",
    ),
    "ReportOfFact": record(
        {
            "report": IRI,
            **dict.fromkeys(("carrier", "speaker", "source", "seen", "hedge", "basis"), _THING),
            "passage": {"anyOf": [_PASSAGE, {"type": "null"}]},
        },
        description=(
            "A report: its record (if not the thing itself), the words and their speaker, the source, "
            "the hedge."
        ),
    ),
}
router = Routes("why", "The evidence for facts.", _SCHEMAS)

_FORMATS = (JSON_DOCUMENT, HTML)
_ANSWER: Content = {
    JSON_DOCUMENT.media_type: {"oneOf": [ref("Grounds"), ref("GroundsOfSeveral")]},
    **PAGE,
}
WHY = Declaration(
    {200: _ANSWER, 304: {}},
    (400, 404, 406, 410, 415, 503),
    parameters=(
        DeclaredParameter(
            "fact",
            "A triple in Turtle with the usual prefixes, or a thing by its IRI or name; "
            f"may be repeated, up to {why.MOST_FACTS} times.",
            {**STRING, "minLength": 1, "maxLength": why.LONGEST_FACT},
            example="dipid:gift-of-the-hat",
            is_required=True,
        ),
        label_parameters.LANG,
        AS_OF,
        format_of(_FORMATS),
    ),
    headers=("ETag", "X-Graph-Version"),
)


@router.declared("GET", "/why", WHY)
async def say_why(request: Request, resources: AppResources) -> Response:
    """Return the evidence for a fact: the graphs that state it, their curators, reports and passages."""
    parameters = WHY.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, _FORMATS)
    texts = [value.strip() for name, value in parameters if name == "fact" and value.strip()]
    if not texts:
        raise BadInput("The parameter 'fact' is missing: give a triple, or a thing by its IRI or name.")
    if len(texts) > why.MOST_FACTS:
        raise BadInput(
            f"The request names {len(texts)} facts; at most {why.MOST_FACTS} are accepted at once."
        )
    language = read_language(once(parameters, label_parameters.LANG.name) or "en")
    facts = tuple([await _known(request, resources, text, language) for text in texts])
    moment = sparql_protocol.moment(parameters)
    if choice.format is HTML:
        return await pages.page(request, resources, views.why_page, facts, moment, as_of=moment)
    job = ReadJob(JSON_DOCUMENT.media_type, partial(why.write, facts, language), moment)
    return await answering.tagged(request, resources, job, "why", facts, language)


async def _known(request: Request, resources: Resources, text: str, language: str) -> str:
    """Return a fact with the IRI in place of a name."""
    if not naming.is_name(text):
        return text
    return naming.iri_of(text, await names.resolved(request, resources, text, language=language))
