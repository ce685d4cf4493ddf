"""Pages for people, and the routes of terms, kinds and things: RDF or HTML, as the client likes."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pyoxigraph import NamedNode

from kg import iris
from kg.api import answer_headers, answering, sparql_protocol
from kg.api.declarations import Declaration, Routes, format_of
from kg.api.openapi_schemas import GRAPHS, PAGE, STRING
from kg.api.resources import Here, Layer, Resources
from kg.api.service_description import graphs_listed
from kg.changes import Commit
from kg.errors import KGError, NotFound
from kg.formats import GRAPH_FORMATS, HTML, Choice, Format, RDFFormat
from kg.pages import views
from kg.query.job import QueryJob, ReadJob
from kg.query.questions import Question
from kg.store.store import Contents

router = Routes(
    "terms and things",
    "The ontology, the lists of kinds, what is known of each thing; as RDF or as a page.",
)

ROOT = Declaration({200: PAGE}, (503,))
DOCUMENT = Declaration(
    {200: {**GRAPHS, **PAGE}}, (400, 404, 406, 415), parameters=(format_of(GRAPH_FORMATS),)
)
_PART = {**STRING, "description": "The name of a module, or a version of the ontology.", "minLength": 1}
PART = replace(DOCUMENT, in_path={"part": _PART})

LAST_COMMITS = 5
FIRST_QUESTIONS = (
    "gestures-of-a-meeting",
    "words-that-only-a-claimant-uses",
    "rival-accounts-of-a-day",
    "threats-and-what-became-of-them",
    "words-and-deeds-toward-an-actor",
)
"""Those that the first page asks at once, with the values of their examples."""

EXAMPLE_QUERY = """SELECT ?statement ?speaker ?words WHERE {
  ?statement a/rdfs:subClassOf* dip:Statement ;
             dip:madeBy ?speaker .
  OPTIONAL { ?statement dip:quotation|dip:paraphrase ?words }
}
ORDER BY ?speaker ?statement
LIMIT 50"""

_COUNTS = """SELECT ?kind ?meaning (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  { ?kind dip:inLayer ?kind } UNION { VALUES ?kind { dip:Actor } }
  ?kind skos:definition ?meaning . FILTER (LANG(?meaning) = "en")
  OPTIONAL { ?class rdfs:subClassOf* ?kind . ?thing a ?class }
} GROUP BY ?kind ?meaning ORDER BY ?kind"""
"""The classes that head the layers of the model, and actors, who are in none."""
_PAGE = (*GRAPH_FORMATS, HTML)
_VARY = {"Vary": "Accept, Accept-Encoding, Accept-Language"}


@router.declared("GET", "/", ROOT, name="root")
async def root_page(request: Request, here: Here) -> Response:
    """Say in plain HTML what the graph holds and where to go."""
    version, graphs = await graphs_listed(request, here)
    return static_page(
        request,
        here,
        "root.html",
        layers=await _layers(here),
        commits=_last_commits(here, version),
        graphs=len(graphs),
        version=version,
        questions=len(here.questions),
        first=[_asked(here.questions[name]) for name in FIRST_QUESTIONS if name in here.questions],
        query=EXAMPLE_QUERY,
        prefixes=list(iris.PREFIXES),
    )


@router.declared("GET", "/terms", DOCUMENT)
@router.declared("GET", "/terms/{part}", PART, name="terms_part")
async def terms(request: Request, here: Here, part: str | None = None) -> Response:
    """Give the ontology's terms; its modules and versions are told in the same document."""
    return await _document(request, here, iris.TERMS_GRAPH, "Terms", part)


@router.declared("GET", "/shapes", DOCUMENT)
async def shapes(request: Request, here: Here) -> Response:
    """Give the shapes that facts must have."""
    return await _document(request, here, iris.SHAPES_GRAPH, "Shapes")


@router.declared("GET", "/alignments", DOCUMENT)
async def alignments(request: Request, here: Here) -> Response:
    """Give the links to other vocabularies."""
    return await _document(request, here, iris.ALIGNMENTS_GRAPH, "Alignments")


@router.declared("GET", "/kinds", DOCUMENT)
async def kinds(request: Request, here: Here) -> Response:
    """Give the lists of kinds."""
    return await _document(request, here, iris.KINDS_GRAPH, "Kinds")


@router.declared("GET", "/kinds/{name}", DOCUMENT)
async def kind(name: str, request: Request, here: Here) -> Response:
    """Give one kind, or one list of kinds."""
    return await _thing(request, here, iris.KINDS + name)


@router.declared("GET", "/id/{name}", DOCUMENT)
async def thing(name: str, request: Request, here: Here) -> Response:
    """Give what is known of a thing."""
    return await _thing(request, here, iris.DATA + name)


async def answer_page(request: Request, here: Resources, job: QueryJob) -> Response:
    """Show the answer to a query, with the query to go on from."""
    job = await here.readers.with_services(job)
    return await page(
        request, here, views.answer, job, as_of=job.as_of, seconds=job.seconds, warnings=job.warnings
    )


def questions_page(request: Request, here: Resources) -> Response:
    """List the saved questions, by what they are about."""
    groups: dict[str, list[Question]] = {}
    for question in here.questions.values():
        groups.setdefault(question.tags[0] if question.tags else "other", []).append(question)
    return static_page(request, here, "questions.html", groups=dict(sorted(groups.items())))


async def question_page(
    request: Request,
    here: Resources,
    question: Question,
    values: dict[str, str],
    told: QueryJob | KGError | None = None,
) -> Response:
    """Show a saved question as a form: with its answer, or with what is wrong, or neither."""
    address = f"?{request.url.query}&" if request.url.query else "?"
    job = await here.readers.with_services(told) if isinstance(told, QueryJob) else None
    return await page(
        request,
        here,
        views.question,
        question,
        values,
        address,
        told.detail if isinstance(told, KGError) else job,
        as_of=job.as_of if job else None,
        warnings=job.warnings if job else (),
        status=told.status if isinstance(told, KGError) else 200,
    )


async def _document(
    request: Request, here: Resources, graph: str, title: str, part: str | None = None
) -> Response:
    _node(f"{graph}/{part}")
    choice = _chosen(request)
    if isinstance(choice.format, RDFFormat):
        make = partial(views.document_as, choice.format.name, graph, part)
        return await _told(request, here, choice, make)
    return await page(request, here, views.document, graph, title, part)


async def _thing(request: Request, here: Resources, iri: str) -> Response:
    _node(iri)
    choice = _chosen(request)
    if isinstance(choice.format, RDFFormat):
        return await _told(request, here, choice, partial(views.thing_as, choice.format.name, iri))
    return await page(request, here, views.thing, iri)


async def _told(
    request: Request,
    here: Resources,
    choice: Choice[Any],
    make: Callable[[Contents], Iterable[bytes]],
) -> Response:
    return await answering.sent(request, here, ReadJob(choice.media_type, make), {})


def _node(iri: str) -> NamedNode:
    """Make a node of an address; raises NotFound for what no IRI can be."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise NotFound("Nothing can be known of this: it holds a character that no IRI may hold.") from None


def _chosen(request: Request) -> Choice[Format]:
    return sparql_protocol.chosen(request, DOCUMENT.read_parameters(request), _PAGE)


def _asked(question: Question) -> tuple[str, str]:
    """Give a question as people put it, and the path that asks it of its examples."""
    values = urlencode({each.name: each.example for each in question.params})
    return question.question, f"questions/{question.name}" + (f"?{values}" if values else "")


async def _layers(here: Resources) -> tuple[Layer, ...]:
    """Count the things of each layer; once for a version."""
    version = here.contents.version
    if here.counted is None or here.counted[0] != version:
        answer = await here.readers.answer(QueryJob(_COUNTS, "application/sparql-results+json"))
        rows = json.loads(await answer.read())["results"]["bindings"]
        here.counted = (answer.version, tuple(_layer(row) for row in rows))
    return here.counted[1]


def _layer(row: dict[str, dict[str, str]]) -> Layer:
    name = row["kind"]["value"].removeprefix(iris.TERMS)
    return Layer(name, row["meaning"]["value"], int(row["count"]["value"]))


def _last_commits(here: Resources, version: int) -> list[Commit]:
    return [here.log.commit(number) for number in range(version, max(0, version - LAST_COMMITS), -1)]


async def page(
    request: Request,
    here: Resources,
    make: Callable[..., Iterator[bytes]],
    *given: object,
    as_of: str | None = None,
    seconds: float | None = None,
    warnings: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """Answer with a page that a reader makes; the names on it are in the language that was asked for."""
    job = ReadJob("text/html", partial(make, here.style(request.headers), *given), as_of, seconds=seconds)
    return await answering.sent(request, here, job, {**_VARY, **answer_headers.warned(warnings)}, status)


def static_page(request: Request, here: Resources, template: str, **values: Any) -> Response:
    """Answer with a page that needs no reader."""
    return HTMLResponse(here.style(request.headers).text(template, **values), headers=_VARY)
