"""The routes /questions and /questions/{name}: saved questions, by name and parameter."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from kg.api import format_names, label_parameters, names, sparql_protocol, windows
from kg.api.answering import answer
from kg.api.declarations import AS_OF, FORMAT_NAMES, Declaration, DeclaredParameter, Routes, format_of
from kg.api.middleware.access_log import note_query
from kg.api.openapi import ReadOperation
from kg.api.openapi_schemas import (
    DATASETS,
    GRAPHS,
    PAGE,
    RESULTS,
    STRING,
    STRING_OR_NULL,
    STRINGS,
    Schema,
    json_content,
    record,
    ref,
    several,
)
from kg.api.parameters import Parameters, url_parameters
from kg.api.resources import AppResources, Resources
from kg.api.routes import pages, void
from kg.errors import BadInput, NotInGraph, Unavailable
from kg.formats import GRAPH_FORMATS, HTML, RDF_FORMATS, RESULT_FORMATS, Format, RDFFormat
from kg.pages.descriptions import Description
from kg.pages.question_forms import QuestionRequest
from kg.query import naming, questions
from kg.query.negotiation import choose, fitting
from kg.query.questions import Binding, Question
from kg.query.search.resolving import Resolution

_SCHEMAS: dict[str, Schema] = {
    "Parameter": record(
        {
            "name": STRING,
            "type": STRING,
            "example": STRING,
            "default": STRING_OR_NULL,
            "of_class": STRING_OR_NULL,
            "bound": STRING_OR_NULL,
            "asked_for": {**STRING, "description": "The expected value, in words."},
        },
        description="A parameter of a question.",
    ),
    "Question": record(
        {
            "name": STRING,
            "question": STRING,
            "params": several(ref("Parameter")),
            "returns": STRING,
            "labels": {
                **STRINGS,
                "type": ["array", "null"],
                "description": "For each column, the column whose labels it holds; null for those of IRIs.",
            },
            "tags": STRINGS,
            "translations": {
                "type": "object",
                "additionalProperties": STRINGS,
                "description": "The question and what a row is, by other languages than English.",
            },
            "text": {**STRING, "description": "The SPARQL query; it runs at any endpoint."},
            "sql": {
                **STRING_OR_NULL,
                "description": "The same question in SQL on the columnar projection, if there is one.",
            },
        },
    ),
    "Questions": record({"questions": several(ref("Question"))}),
}
router = Routes("questions", "Saved questions.", _SCHEMAS)

_JSON = Format("json", ("application/json", RESULT_FORMATS["json"].media_type), (".json",))
_OFFERS = (*RESULT_FORMATS.values(), *RDF_FORMATS.values(), HTML)

LIST = Declaration(
    {200: {**json_content("Questions"), **GRAPHS, **PAGE}},
    (400, 406, 415),
    parameters=(format_of(GRAPH_FORMATS),),
)
ASK = Declaration(
    {200: {**RESULTS, **DATASETS, **PAGE}, 304: {}},
    (400, 404, 406, 410, 415, 503),
    parameters=(
        *(AS_OF, format_of(RESULT_FORMATS.values())),
        *(label_parameters.labels_of("on"), label_parameters.LANG),
        *windows.PARAMETERS,
    ),
    in_path={"name": {**STRING, "minLength": 1, "examples": ["hedged-reports"]}},
    headers=("Content-Disposition", "ETag", "KG-Understood", "KG-Warning", "X-Graph-Version"),
)
"""Besides these, each question takes its own parameters."""


_SCHEMAS_OF_TYPES: dict[str, Schema] = {
    "integer": {"type": "integer"},
    "lang": label_parameters.LANG.schema,
}


def operations(questions: Mapping[str, Question]) -> Iterator[ReadOperation]:
    """Yield the address of each question with its own parameters, for OpenAPI."""
    for name, question in questions.items():
        returns = f"Returns {question.returns}."
        path = f"/questions/{name}"
        operation = f"ask_{name.replace('-', '_')}"
        yield ReadOperation(path, operation, router.tag, question.question, returns, declaration_of(question))


def declaration_of(question: Question) -> Declaration:
    """Return the declaration of one question: its own parameters, and those of all questions."""
    own = tuple(
        DeclaredParameter(
            parameter.name,
            f"{parameter.asked_for[0].upper()}{parameter.asked_for[1:]}."
            + (f" Left out, it is `{parameter.default}`." if parameter.default is not None else ""),
            _SCHEMAS_OF_TYPES.get(parameter.type, STRING),
            parameter.example,
            is_required=parameter.default is None,
        )
        for parameter in question.params
    )
    own_names = {parameter.name for parameter in own}
    return replace(ASK, parameters=(*own, *(each for each in ASK.parameters if each.name not in own_names)))


@router.declared("GET", "/questions", LIST)
async def list_questions(request: Request, resources: AppResources) -> Response:
    """List the saved questions with their parameters."""
    parameters = LIST.read_parameters(request)
    choice = sparql_protocol.chosen(request, parameters, (_JSON, HTML, *GRAPH_FORMATS))
    if choice.format is HTML:
        return pages.questions_page(request, resources)
    if isinstance(choice.format, RDFFormat):
        description = Description()
        for question in resources.questions.values():
            void.describe_question(description, resources.root(request), question)
        return Response(description.serialized(choice.format), media_type=choice.content_type)
    return JSONResponse({"questions": [_as_json(question) for question in resources.questions.values()]})


@router.declared("GET", "/questions/{name}", ASK)
async def ask_question(name: str, request: Request, resources: AppResources) -> Response:
    """Answer a saved question; the query string holds its parameters, and ``as-of``.

    A suffix of the name selects the format: ``.csv``, ``.tsv``, ``.json``, ``.xml`` or ``.html``.
    """
    parameters = url_parameters(request)
    name, suffixed = _without_suffix(name, resources.questions, parameters)
    question = questions.find(name, resources.questions)
    note_query(request.scope, question.text)
    accept = sparql_protocol.accept(request.headers)
    general = _general_parameters(question, parameters)
    if suffixed is not None:
        general = [*general, (FORMAT_NAMES[0], suffixed.media_type)]
    format_choice = format_names.wanted(general, accept)
    labelling = label_parameters.read_labelling(general, default="on")
    values = _values(question, parameters)
    is_page = (fitting(format_choice.named, _OFFERS) or choose(accept, _OFFERS)).format is HTML
    question_request = _shown(question, values, general)
    if is_page:
        values = {**question_request.values}
        if any(each.default is None and each.name not in values for each in question.params):
            return await pages.question_page(request, resources, question_request)
    as_of = sparql_protocol.moment(general)
    try:
        resolutions = await _resolutions(request, resources, question, values, labelling.language)
        bound = naming.bound(question, values, resolutions)
    except BadInput as fault:
        if is_page:
            return await pages.question_page(request, resources, question_request, fault)
        raise
    if question.sql is not None:
        resources.tables.start()
    data = resources.settings.data
    job = questions.job(question, bound, accept, labelling=labelling, as_of=as_of, directory=data)
    job = job._replace(named=format_choice.named, warnings=format_choice.warnings)
    try:
        if is_page:
            return await pages.question_page(request, resources, question_request, job)
        return await answer(request, resources, job)
    except NotInGraph as fault:
        detailed_fault = await _with_nearest(resources, bound, values, fault, labelling.language)
    if is_page:
        return await pages.question_page(request, resources, question_request, detailed_fault)
    raise detailed_fault


def _shown(question: Question, values: Mapping[str, str], general: Parameters) -> QuestionRequest:
    """Return the request that a page shows; an optional field that is empty counts as left out."""
    optional = {parameter.name for parameter in question.params if parameter.default is not None}
    own_values = {name: value for name, value in values.items() if value.strip() or name not in optional}
    left_out = {*windows.NAMES, *FORMAT_NAMES}
    general_values = tuple((name, value) for name, value in general if name not in left_out and value)
    return QuestionRequest(
        question, own_values, general_values, windows.read_window(general), windows.read_view(general)
    )


_SUFFIXES = {
    **{f".{each.name}": each for each in RESULT_FORMATS.values()},
    **{suffix: each for each in (*RESULT_FORMATS.values(), HTML) for suffix in each.suffixes},
}
"""Formats by the suffix of an address."""


def _without_suffix(
    name: str, questions: Mapping[str, Question], parameters: Parameters
) -> tuple[str, Format | None]:
    """Split a format suffix from a question's name, unless a parameter names the format."""
    stem, dot, suffix = name.rpartition(".")
    is_named = name in questions or any(key in FORMAT_NAMES and value for key, value in parameters)
    found = None if is_named else _SUFFIXES.get(dot + suffix)
    return (stem, found) if found else (name, None)


async def _resolutions(
    request: Request, resources: Resources, question: Question, values: Mapping[str, str], language: str
) -> dict[str, Resolution]:
    """Resolve the values that are names, by parameter."""
    return {
        parameter: await names.resolved(request, resources, name, classes, language)
        for parameter, name, classes in naming.names_in(question, values)
    }


async def _with_nearest(
    resources: Resources,
    bound: Sequence[Binding],
    values: Mapping[str, str],
    fault: NotInGraph,
    language: str,
) -> NotInGraph:
    """Add to an error the things whose names are nearest to the IRI that is not in the graph."""
    with suppress(BadInput, Unavailable):
        found = await resources.search.ask(naming.query_near(bound, fault, language))
        return naming.with_nearest(bound, values, fault, found.hits)
    return fault


def _values(question: Question, parameters: Parameters) -> dict[str, str]:
    """Return the question's own parameters; raises BadInput for one that is given twice."""
    general_names = {name for name, _ in _general_parameters(question, parameters)}
    values: dict[str, str] = {}
    for name, value in parameters:
        if name in values:
            raise BadInput(f"The parameter '{name}' is given twice; give it once.")
        if name not in general_names:
            values[name] = value
    return values


def _general_parameters(question: Question, parameters: Parameters) -> Parameters:
    """Return the parameters that every question takes, except those that this question defines itself."""
    own = {parameter.name for parameter in question.params}
    return [pair for pair in parameters if pair[0] in ASK.names and pair[0] not in own]


def _as_json(question: Question) -> dict[str, Any]:
    params = [{**asdict(each), "asked_for": each.asked_for} for each in question.params]
    return {**asdict(question), "params": params}
