"""The first page, and the pages that other routes show to people."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from kg.api import answer_headers, answering
from kg.api.answer_headers import VARY_BY_LANGUAGE
from kg.api.declarations import Declaration, Routes
from kg.api.openapi_schemas import PAGE
from kg.api.parameters import url_parameters
from kg.api.resources import AppResources, Resources
from kg.errors import BadInput
from kg.pages import glossary, home, question_forms
from kg.pages.question_forms import QuestionRequest
from kg.pages.rendering import Style
from kg.query.job import QueryJob, ReadJob
from kg.query.questions import Question

router = Routes("pages", "The first page, for people.")

ROOT = Declaration({200: PAGE}, (400, 503))
GLOSSARY = Declaration({200: PAGE, 304: {}}, (400, 503), headers=("ETag", "X-Graph-Version"))
FIRST_QUESTIONS = (
    "gestures-of-a-meeting",
    "words-that-only-a-claimant-uses",
    "rival-accounts-of-a-day",
    "threats-and-what-became-of-them",
    "words-and-deeds-toward-an-actor",
)
"""The questions that the first page answers at once, with the values of their examples."""


@router.declared("GET", "/", ROOT, name="root")
async def root_page(request: Request, resources: AppResources) -> Response:
    """Show the home page: what the graph holds, and links."""
    # Unknown parameters are ignored: links from mailers and other sites add their own.
    ROOT.refuse_unknown([pair for pair in url_parameters(request) if pair[0] in ROOT.names])
    style = resources.style(request.scope)
    part_style = Style(style.root, style.language)  # the same for all addresses of the server
    job = ReadJob("text/html", partial(home.parts, part_style, resources.log))
    part = await resources.kept_parts.get(part_style, resources.contents.version, resources.readers, job)
    return static_page(
        request,
        resources,
        "root.html",
        parts=Markup(part.text),
        version=part.version,
        questions=len(resources.questions),
        first=[
            _asked(resources.questions[name], style.language)
            for name in FIRST_QUESTIONS
            if name in resources.questions
        ],
    )


@router.declared("GET", "/glossary", GLOSSARY)
async def show_glossary(request: Request, resources: AppResources) -> Response:
    """Explain the badges, and the terms for hedges, bases and statuses."""
    GLOSSARY.read_parameters(request)
    style = resources.style(request.scope)
    job = ReadJob("text/html", partial(glossary.page, style))
    return await answering.tagged(
        request, resources, job, "glossary", style, headers=lambda _: VARY_BY_LANGUAGE
    )


def questions_page(request: Request, resources: Resources) -> Response:
    """Answer with the list of saved questions, by subject."""
    groups: dict[str, list[Question]] = {}
    for question in resources.questions.values():
        groups.setdefault(question.tags[0] if question.tags else "other", []).append(question)
    return static_page(request, resources, "questions.html", groups=dict(sorted(groups.items())))


async def question_page(
    request: Request,
    resources: Resources,
    question_request: QuestionRequest,
    job_or_fault: QueryJob | BadInput | None = None,
) -> Response:
    """Answer with the form of a saved question: with its answer, with what is wrong, or with neither."""
    job = await resources.readers.with_services(job_or_fault) if isinstance(job_or_fault, QueryJob) else None
    return await page(
        request,
        resources,
        question_forms.page,
        question_request,
        job_or_fault if isinstance(job_or_fault, BadInput) else job,
        as_of=job.as_of if job else None,
        warnings=job.warnings if job else (),
        status=job_or_fault.status if isinstance(job_or_fault, BadInput) else 200,
    )


def _asked(question: Question, language: str) -> tuple[str, str]:
    """Return a question as people put it, and the path that asks it with its examples."""
    values = urlencode({each.name: each.example for each in question.params})
    return question.translated(language)[0], f"questions/{question.name}" + (f"?{values}" if values else "")


async def page(
    request: Request,
    resources: Resources,
    make: Callable[..., Iterator[bytes]],
    *arguments: object,
    as_of: str | None = None,
    seconds: float | None = None,
    warnings: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """Answer with a page from a reader; the names on it are in the language of the request."""
    job = ReadJob(
        "text/html", partial(make, resources.style(request.scope), *arguments), as_of, seconds=seconds
    )
    return await answering.sent(
        request, resources, job, {**VARY_BY_LANGUAGE, **answer_headers.warned(warnings)}, status
    )


def static_page(request: Request, resources: Resources, template: str, **values: Any) -> Response:
    """Answer with a page that needs no reader."""
    return HTMLResponse(resources.style(request.scope).text(template, **values), headers=VARY_BY_LANGUAGE)
