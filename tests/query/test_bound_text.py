"""Questions with their values written in: they give the rows that the bound questions give."""

import io

import pytest

from kg import ontology, scratch
from kg.query import questions
from kg.query.bound_text import bound_text
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.store.engine import Oxigraph
from kg.store.store import Contents

QUESTIONS = questions.load()


@pytest.fixture(scope="module")
def seed() -> Contents:
    release = ontology.load()
    return Contents(Oxigraph(scratch.filled([*release.quads, *release.seed])), 1)


def rows(contents: Contents, job: QueryJob) -> str:
    output = io.BytesIO()
    evaluate(contents, job._replace(accept="text/csv")).write(output)
    return output.getvalue().decode()


@pytest.mark.parametrize("name", sorted(name for name, question in QUESTIONS.items() if question.params))
def test_a_question_with_its_values_written_in_has_the_same_rows(seed: Contents, name: str) -> None:
    question = QUESTIONS[name]
    bound = questions.bind(question, question.examples)
    written = bound_text(question, bound)
    assert "#+" not in written
    assert written.startswith(f"# {question.question}\n")
    assert rows(seed, QueryJob(written)) == rows(seed, QueryJob(question.text, bindings=bound))


def test_a_question_without_parameters_is_as_it_is_but_for_its_header() -> None:
    question = next(question for question in QUESTIONS.values() if not question.params)
    assert bound_text(question, {}).partition("\n")[2] in question.text
