"""Pages for people, and the routes of terms, kinds and things: RDF or HTML, as the client likes."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pyoxigraph import NamedNode

from kg import iris
from kg.api import bodies, descriptions, documents, grounds, protocol, suggestions, tables
from kg.api.cells import Cells
from kg.api.resources import Here, Resources
from kg.api.tables import Shown
from kg.errors import KGError, NotFound
from kg.evaluation import QueryJob
from kg.log import CommitLog
from kg.negotiation import GRAPH_FORMATS, HTML, RDFFormat, choose, choose_language
from kg.quads import Commit
from kg.questions import Question

router = APIRouter(tags=["terms and things"])

LAST_COMMITS = 5
LAYERS = (
    ("Source", "documents and headlines that are cited"),
    ("Statement", "what actors said or issued, with the claims they make"),
    ("Happening", "events and gestures that a source reports"),
    ("Assessment", "stances, tones, readings and codings, each by someone"),
    ("Actor", "persons, states, organizations and others able to act"),
)
FIRST_QUESTIONS = (
    "gestures-of-a-meeting",
    "words-that-only-a-claimant-uses",
    "rival-accounts-of-a-day",
    "threats-and-what-became-of-them",
    "words-and-deeds-toward-an-actor",
)
"""Those that the first page asks at once, with the values of their examples."""

ASKED_FOR = {
    "iri": "a thing: dipid:gustavo-petro, or any IRI",
    "date": "a day: 2026-02-03",
    "partial-date": "a year, a month or a day: 2026, 2026-02, 2026-02-03",
    "string": "words",
    "integer": "a number",
    "lang": "a language: en, es",
}
"""What each type of parameter asks people for."""

EXAMPLE_QUERY = """SELECT ?statement ?speaker ?words WHERE {
  ?statement a/rdfs:subClassOf* dip:Statement ;
             dip:madeBy ?speaker .
  OPTIONAL { ?statement dip:quotation|dip:paraphrase ?words }
}
ORDER BY ?speaker ?statement
LIMIT 50"""

_COUNTS = f"""SELECT ?kind (COUNT(DISTINCT ?thing) AS ?count) WHERE {{
  VALUES ?kind {{ {" ".join(f"dip:{name}" for name, _ in LAYERS)} }}
  ?class rdfs:subClassOf* ?kind . ?thing a ?class
}} GROUP BY ?kind"""
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGE = (*GRAPH_FORMATS, HTML)
_TABLE_OR_TURTLE = "text/tab-separated-values, text/turtle;q=0.9"


@router.get("/", name="root", response_class=HTMLResponse)
async def root_page(here: Here) -> Response:
    """Say in plain HTML what the graph holds and where to go."""
    return page(
        here,
        "root.html",
        counts=await _counts(here),
        commits=_last_commits(here),
        graphs=len(here.contents.graphs()),
        version=here.contents.version,
        questions=len(here.questions),
        first=[_asked(here.questions[name]) for name in FIRST_QUESTIONS if name in here.questions],
        query=EXAMPLE_QUERY,
        layers=LAYERS,
        prefixes=list(iris.PREFIXES),
    )


@router.get("/terms", response_class=Response)
@router.get("/terms/{part}", response_class=Response)
async def terms(request: Request, here: Here, part: str | None = None) -> Response:
    """Give the ontology's terms; its modules and versions are told in the same document."""
    return _document(request, here, iris.TERMS_GRAPH, "Terms", part)


@router.get("/shapes", response_class=Response)
async def shapes(request: Request, here: Here) -> Response:
    """Give the shapes that facts must have."""
    return _document(request, here, iris.SHAPES_GRAPH, "Shapes")


@router.get("/alignments", response_class=Response)
async def alignments(request: Request, here: Here) -> Response:
    """Give the links to other vocabularies."""
    return _document(request, here, iris.ALIGNMENTS_GRAPH, "Alignments")


@router.get("/kinds", response_class=Response)
async def kinds(request: Request, here: Here) -> Response:
    """Give the lists of kinds."""
    return _document(request, here, iris.KINDS_GRAPH, "Kinds")


@router.get("/kinds/{name}", response_class=Response)
async def kind(name: str, request: Request, here: Here) -> Response:
    """Give one kind, or one list of kinds."""
    return _thing(request, here, iris.KINDS + name)


@router.get("/id/{name}", response_class=Response)
async def thing(name: str, request: Request, here: Here) -> Response:
    """Give what is known of a thing."""
    return _thing(request, here, iris.DATA + name)


async def answer_page(request: Request, here: Resources, job: QueryJob) -> Response:
    """Show the answer to a query, with the query to go on from."""
    found = await here.readers.answer(_for_page(job))
    shown = await tables.shown(found, cells_for(request, here))
    return page(here, "answer.html", query=job.text, shown=shown, version=found.version)


def questions_page(here: Resources) -> Response:
    """List the saved questions, by what they are about."""
    groups: dict[str, list[Question]] = {}
    for question in here.questions.values():
        groups.setdefault(question.tags[0] if question.tags else "other", []).append(question)
    return page(here, "questions.html", groups=dict(sorted(groups.items())))


def question_page(
    request: Request,
    here: Resources,
    question: Question,
    values: dict[str, str],
    *,
    shown: Shown | None = None,
    fault: KGError | None = None,
) -> Response:
    """Show a saved question as a form, with its answer where it has been asked, or with what is wrong."""
    cells = cells_for(request, here)
    filled = {each.name: values.get(each.name, each.default or each.example) for each in question.params}
    things = {each.name: suggestions.named(each, filled[each.name]) for each in question.params}
    answered = page(
        here,
        "question.html",
        fault=fault.detail if fault else None,
        question=question,
        values=filled,
        named={name: cells.cell(thing) for name, thing in things.items() if thing},
        suggested={each.name: suggestions.suggested(cells, each) for each in question.params},
        shown=shown,
        asked_for=ASKED_FOR,
        address=f"?{request.url.query}&" if request.url.query else "?",
    )
    answered.status_code = fault.status if fault else 200
    return answered


async def question_answer_page(
    request: Request, here: Resources, question: Question, values: dict[str, str], job: QueryJob
) -> Response:
    """Ask a saved question and show it with its answer."""
    found = await here.readers.answer(_for_page(job))
    asked = {parameter.name for parameter in question.params}  # the form above says them
    shown = await tables.shown(found, cells_for(request, here), hidden=asked)
    return question_page(request, here, question, values, shown=shown)


def address(here: Resources, iri: str) -> str:
    """Give where an IRI can be followed to: those of ours here, others where they are."""
    local = iri.removeprefix(iris.BASE)
    return root_path(here) + quote(local, safe="/#") if local != iri else iri


def root_path(here: Resources) -> str:
    """Give the path at which the root page is reached."""
    return urlsplit(here.settings.base).path.rstrip("/") + "/"


def _document(request: Request, here: Resources, graph: str, title: str, part: str | None = None) -> Response:
    if part and not any(here.contents.quads_for_pattern(_node(f"{graph}/{part}"), None, None)):
        raise NotFound(f"There is no module and no version {part!r} of the terms.")
    told = descriptions.of_graph(here.contents, graph)
    choice = choose(_wanted(request), _PAGE)
    if isinstance(choice.format, RDFFormat):
        return Response(told.serialized(choice.format), media_type=choice.content_type)
    groups = documents.groups(told, graph, cells_for(request, here))
    return page(here, "document.html", title=title, iri=graph, groups=groups)


def _thing(request: Request, here: Resources, iri: str) -> Response:
    node, cells = _node(iri), cells_for(request, here)
    told = descriptions.of_thing(here.contents, node)
    choice = choose(_wanted(request), _PAGE)
    if isinstance(choice.format, RDFFormat):
        return Response(told.serialized(choice.format), media_type=choice.content_type)
    return page(
        here,
        "thing.html",
        iri=iri,
        name=cells.cell(node),
        classes=grounds.classes(cells, node),
        claimants=grounds.claimants(cells, node),
        grounds=grounds.grounds(cells, node),
        rows=cells.rows(triple for triple in told.triples if triple.subject == node),
        mentions=cells.mentions(
            triple for triple in told.triples if triple.object == node and triple.predicate != grounds.REPORTS
        ),
        graphs=[cells.cell(NamedNode(graph)) for graph in sorted(told.graphs)],
    )


def _node(iri: str) -> NamedNode:
    """Make a node of an address; raises NotFound for what no IRI can be."""
    try:
        return NamedNode(iri)
    except ValueError:
        raise NotFound("Nothing can be known of this: it holds a character that no IRI may hold.") from None


def _wanted(request: Request) -> str | None:
    parameters = bodies.url_parameters(request)
    bodies.refuse_unknown(parameters, protocol.FORMAT_NAMES)
    return protocol.wanted(request, parameters)


def cells_for(request: Request, here: Resources) -> Cells:
    """Make what shows terms to whoever asks: in their language, with links that lead here."""
    language = choose_language(request.headers.get("accept-language"))
    return Cells(here.contents, lambda iri: address(here, iri), language)


def _asked(question: Question) -> tuple[str, str]:
    """Give a question as people put it, and the path that asks it of its examples."""
    values = urlencode({each.name: each.example for each in question.params})
    return question.question, f"questions/{question.name}" + (f"?{values}" if values else "")


async def _counts(here: Resources) -> dict[str, int]:
    """Count the things of each layer; once for a version."""
    version = here.contents.version
    if here.counted is None or here.counted[0] != version:
        answer = await here.readers.answer(QueryJob(_COUNTS, "application/sparql-results+json"))
        rows = json.loads(await answer.read())["results"]["bindings"]
        counts = {row["kind"]["value"].removeprefix(iris.TERMS): int(row["count"]["value"]) for row in rows}
        here.counted = (answer.version, counts)
    return here.counted[1]


def _last_commits(here: Resources) -> list[Commit]:
    log = CommitLog(here.settings.data / "log")
    version = here.contents.version
    return [log.commit(number) for number in range(version, max(0, version - LAST_COMMITS), -1)]


def _for_page(job: QueryJob) -> QueryJob:
    return job._replace(accept=_TABLE_OR_TURTLE)


def text(here: Resources, template: str, **values: Any) -> str:
    """Write a page."""
    return _TEMPLATES.get_template(template).render(
        **values,
        root=root_path(here),
        link=lambda iri: address(here, iri),
        compact=iris.compact,
        formats=[known.name for known in GRAPH_FORMATS],
    )


def page(here: Resources, template: str, **values: Any) -> Response:
    """Answer with a page; the names on it are in the language that was asked for."""
    return HTMLResponse(
        text(here, template, **values), headers={"Vary": "Accept, Accept-Encoding, Accept-Language"}
    )
