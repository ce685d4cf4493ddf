"""Saved questions as forms: a field with a hint for each parameter, and the answer below."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg import iris
from kg.errors import BadInput
from kg.formats import RESULT_FORMATS
from kg.pages import tables
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style, translations
from kg.pages.tables import Window
from kg.query.bound_text import bound_text
from kg.query.job import QueryJob
from kg.query.names import in_words
from kg.query.parameters import Parameter
from kg.query.questions import Question
from kg.store.store import Contents


@dataclass(frozen=True)
class Field:
    """A field of a form: its parameter, its content and its hint."""

    parameter: Parameter
    value: str
    thing: Cell | None
    """The thing that the value names, if it is an IRI."""
    of_class: Cell | None
    example: str
    """An example value; empty if the example leaves the field empty."""
    is_invalid: bool = False


@dataclass(frozen=True)
class QuestionRequest:
    """A saved question and the content of its form; ``kept`` are further URL parameters."""

    question: Question
    values: Mapping[str, str]
    kept: tuple[tuple[str, str], ...] = ()
    window: Window = field(default_factory=Window)
    view: str = "table"

    def address(self, root: str, **changed: str) -> str:
        """Return the URL of this request, with changed parameters."""
        pairs = [(name, value) for name, value in (*self.values.items(), *self.kept) if name not in changed]
        query = urlencode([*pairs, *changed.items()])
        return f"{root}questions/{self.question.name}" + (f"?{query}" if query else "")


def page(
    style: Style,
    question_request: QuestionRequest,
    job_or_fault: QueryJob | BadInput | None,
    contents: Contents,
) -> Iterator[bytes]:
    """Yield a saved question as a form: with an answer, with an error, or with neither."""
    cells, question = style.cells(contents), question_request.question
    job = job_or_fault if isinstance(job_or_fault, QueryJob) else None
    fault = job_or_fault if isinstance(job_or_fault, BadInput) else None
    table = tables.shown(contents, job, cells, question.examples, question_request.window) if job else None

    def page_address(number: int) -> str:
        moment = f"v{contents.version}"  # all pages of an answer are from one version
        return question_request.address(style.root, page=str(number), **{"as-of": moment})

    if table:
        columns = tuple(replace(each, heading=heading(each.variable, style)) for each in table.columns)
        table = replace(table, columns=columns)
    yield style.text(
        "question.html",
        asked=question_request,
        question=question,
        fault=fault.in_language(style.language) if fault else None,
        candidates=_candidates(fault, question_request) if fault else [],
        wrong=question_request.values.get(_wrong(fault, question_request) or "", "") if fault else "",
        is_ambiguous="candidates" in fault.extra if fault else False,
        heading=partial(heading, style=style),
        fields=[_field(parameter, question_request, cells, fault) for parameter in question.params],
        shown=table,
        version=contents.version,
        pages=page_address,
        understood=_understood(question_request, job, cells) if job else [],
        text=bound_text(question, job.bindings if job else {}),
        result_formats=list(RESULT_FORMATS),
    ).encode()


def _understood(question_request: QuestionRequest, job: QueryJob, cells: Cells) -> list[tuple[str, str, str]]:
    """Return the values that were read as something else: parameter, value, reading."""
    names_understood = {sentence.partition(":")[0] for sentence in job.understood}
    terms = {variable.value: term for variable, term in job.bindings.items()}
    return [
        (name, question_request.values.get(name, ""), cells.cell(terms[name]).text)
        for name in terms
        if name in names_understood
    ]


def heading(name: str, style: Style) -> str:
    """Return the name of a column or parameter in words, in the language of the page."""
    words = in_words(name)
    return translations(f"columns.{style.language}").get(words, words)


def _field(
    parameter: Parameter, question_request: QuestionRequest, cells: Cells, fault: BadInput | None
) -> Field:
    text = question_request.values.get(parameter.name)
    value = text if text is not None else "" if parameter.default is not None else parameter.example
    thing = named(parameter, value) if value else None
    of_class = NamedNode(iris.expand(parameter.of_class)) if parameter.of_class else None
    return Field(
        parameter,
        value,
        cells.cell(thing) if thing and _is_named(cells, thing) else None,
        cells.cell(of_class) if of_class else None,
        _example(parameter, cells),
        is_invalid=fault is not None and f"'{parameter.name}'" in fault.detail,
    )


def _example(parameter: Parameter, cells: Cells) -> str:
    """Return the example for people: the label of a thing."""
    if parameter.type == "iri" and parameter.example == parameter.default:
        return ""
    example = named(parameter, parameter.example)
    return cells.cell(example).text if example else parameter.example


def _candidates(fault: BadInput, question_request: QuestionRequest) -> list[tuple[str, str, str]]:
    """Return the things that a name may mean: label, description, and the URL that asks with it."""
    things = fault.extra.get("candidates") or fault.extra.get("nearest") or ()
    wrong = _wrong(fault, question_request)
    if wrong is None or not isinstance(things, list):
        return []
    found = [thing for thing in things if isinstance(thing, dict)]
    return [
        (
            str(thing["label"]),
            " · ".join(str(thing[key]) for key in ("type_label", "description") if thing.get(key)),
            question_request.address("", **{wrong: iris.compact(str(thing["iri"])).strip("<>")}).rpartition(
                "/"
            )[2],
        )
        for thing in found
    ]


def _wrong(fault: BadInput, question_request: QuestionRequest) -> str | None:
    """Return the parameter that an error names."""
    return next((name for name in question_request.values if f"'{name}'" in fault.detail), None)


def _is_named(cells: Cells, thing: NamedNode) -> bool:
    return any(True for _ in cells.contents.quads_for_pattern(thing, None, None))


def named(parameter: Parameter, text: str) -> NamedNode | None:
    """Return the thing that a value names by IRI; None if it does not."""
    try:
        term = parameter.term(text)
    except BadInput:
        return None
    return term if isinstance(term, NamedNode) else None
