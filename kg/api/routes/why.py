"""The route /why: what a fact rests on."""

from functools import partial

from fastapi import Request, Response

from kg.api import answering, label_parameters, sparql_protocol
from kg.api.declarations import AS_OF, Declaration, DeclaredParameter, Routes, format_of
from kg.api.openapi_schemas import (
    IRI,
    NUMBER,
    STRING,
    STRING_OR_NULL,
    VERSION,
    Schema,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import once
from kg.api.resources import Here
from kg.errors import BadInput
from kg.formats import JSON_DOCUMENT
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
        description="What a fact rests on, graph by graph.",
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
                        "source": STRING_OR_NULL,
                        "reason": STRING_OR_NULL,
                    }
                )
            ),
            "reports": several(ref("ReportOfFact")),
        },
        description="Who stated it when, and the reports of the same graph that bear it out.",
    ),
    "ReportOfFact": record(
        {
            "report": IRI,
            **dict.fromkeys(("carrier", "speaker", "source", "seen", "hedge", "basis"), _THING),
            "passage": {"anyOf": [_PASSAGE, {"type": "null"}]},
        },
        description="A report: of which record (if not of the thing itself), whose words, where, how sure.",
    ),
}
router = Routes("why", "What facts rest on.", _SCHEMAS)

WHY = Declaration(
    {200: json_content("Grounds"), 304: {}},
    (400, 404, 406, 410, 415, 503),
    parameters=(
        DeclaredParameter(
            "fact",
            "A triple in Turtle with the usual prefixes, or a thing by its IRI or name.",
            {**STRING, "minLength": 1, "maxLength": why.LONGEST_FACT},
            example="dipid:gift-of-the-hat",
            is_required=True,
        ),
        label_parameters.LANG,
        AS_OF,
        format_of((JSON_DOCUMENT,)),
    ),
    headers=("ETag", "X-Graph-Version"),
)


@router.declared("GET", "/why", WHY)
async def say_why(request: Request, here: Here) -> Response:
    """Say what a fact rests on: the graphs that say it, their curators, and their reports with passages."""
    parameters = WHY.read_parameters(request)
    sparql_protocol.chosen(request, parameters, (JSON_DOCUMENT,))
    text = (once(parameters, "fact") or "").strip()
    if not text:
        raise BadInput("The parameter 'fact' is missing: give a triple, or a thing by its IRI or name.")
    language = read_language(once(parameters, label_parameters.LANG.name) or "en")
    if naming.is_name(text):
        text = naming.iri_of(text, await here.search.resolve(text, lang=language))
    make = partial(why.write, text, language)
    job = ReadJob(JSON_DOCUMENT.media_type, make, sparql_protocol.moment(parameters))
    return await answering.tagged(request, here, job, "why", text, language)
