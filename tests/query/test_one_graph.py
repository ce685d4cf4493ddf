"""Each row shows a value beside the report of the graph that says it, never beside one of another graph.

The seed's records are told once more by a second submission (``tests.support.restated``). The questions
that show a source, a hedge, a basis or a passage are found by their text, so a new question is covered.
"""

import re
from collections.abc import Iterator
from functools import cache

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store

from kg.changes import Object
from kg.facts import submissions
from kg.formats import RDF_FORMATS
from kg.query import questions
from kg.query.parameters import Parameter
from kg.query.questions import Question
from tests.support.curated import gate
from tests.support.restated import records, submission, twin, worlds

QUESTIONS = questions.load()
SHOWN = re.compile(
    r"dip:(?:foundIn|seenIn|publishedBy|hedgedAs|basedOn|exactText|startOffset|endOffset|qualifier"
    r"|relayedThrough|inferenceNote) \?(\w+)"
)
"""What a query says of a report: the variables that hold it."""

NOT_MONOTONE = re.compile(r"\b(MINUS|COUNT|NOT EXISTS)\b")

Row = tuple[Object | None, ...]
Group = tuple[int, ...]


def selected(question: Question) -> list[str]:
    """Name the columns that a question's answer has."""
    (names,) = re.findall(r"^SELECT (?:DISTINCT )?(.*?) WHERE", question.text, re.MULTILINE)
    return re.findall(r"\?(\w+)", names)


def report_columns(question: Question) -> set[str]:
    """Name the columns that show something of a report."""
    return set(SHOWN.findall(question.text)) & set(selected(question))


SHOWING = sorted(name for name, question in QUESTIONS.items() if report_columns(question))
SCOPED = [name for name in SHOWING if "GRAPH ?" in QUESTIONS[name].text]


def groups(question: Question) -> list[Group]:
    """Cut the columns after each run of columns of a report: these speak for the columns before them.

    Where the source is asked for, it speaks for the whole row.
    """
    shown, asked = report_columns(question), {each.name for each in question.params}
    columns = selected(question)
    if shown & asked:
        return [tuple(range(len(columns)))]
    found: list[list[int]] = [[]]
    for index, name in enumerate(columns):
        if found[-1] and name not in shown and columns[found[-1][-1]] in shown:
            found.append([])
        if name not in asked:
            found[-1].append(index)
    return [tuple(group) for group in found if any(columns[index] in shown for index in group)]


def values(parameter: Parameter) -> Iterator[str]:
    """Yield the values to ask with: the example, and what the submission has in its place."""
    yield parameter.example
    if parameter.name == "source":
        term = parameter.term(parameter.example)
        assert isinstance(term, NamedNode)
        yield str(twin(term))


def askings(question: Question) -> Iterator[dict[str, str]]:
    yield question.examples
    for parameter in question.params:
        for value in list(values(parameter))[1:]:
            yield {**question.examples, parameter.name: value}


def rows(store: Store, question: Question, asked: dict[str, str], text: str) -> set[Row]:
    solutions = store.query(
        text, use_default_graph_as_union=True, substitutions=questions.bind(question, asked)
    )
    assert isinstance(solutions, QuerySolutions)
    return {tuple(solution) for solution in solutions}


def parts(found: set[Row], group: Group) -> set[Row]:
    return {tuple(row[index] for index in group) for row in found}


def mixed(question: Question, text: str) -> set[Row]:
    """Return what stands side by side in an answer on both that does in neither's own."""
    found: set[Row] = set()
    for asked in askings(question):
        seed, again, both = (rows(store, question, asked, text) for store in worlds())
        for group in groups(question):
            found |= parts(both, group) - parts(seed, group) - parts(again, group)
    return found


def test_the_second_submission_is_accepted_and_restates_each_record() -> None:
    offered = submissions.parse(submission(), RDF_FORMATS["trig"])
    report = submissions.check(worlds().seed, gate(), offered)
    assert [each.sentence() for each in report.violations] == []
    assert {quad.subject for quad in offered.quads} >= records()


@pytest.mark.parametrize("name", SHOWING)
def test_no_row_shows_a_value_beside_the_report_of_another_graph(name: str) -> None:
    assert mixed(QUESTIONS[name], QUESTIONS[name].text) == set()


@pytest.mark.parametrize("name", [name for name in SHOWING if not NOT_MONOTONE.search(QUESTIONS[name].text)])
def test_both_are_shown_apart(name: str) -> None:
    question = QUESTIONS[name]
    for asked in askings(question):
        seed, again, both = (rows(store, question, asked, question.text) for store in worlds())
        for group in groups(question):
            apart = parts(seed, group) | parts(again, group)
            assert parts(both, group) >= {part for part in apart if any(part)}


@cache
def unscoped(name: str) -> str:
    """Write a question as it would be if it read all graphs as one."""
    return re.sub(r"GRAPH \?\w+ \{", "{", QUESTIONS[name].text)


def has_values(question: Question) -> bool:
    """Say whether an answer shows more than reports, their graph and what was asked."""
    asked = {each.name for each in question.params}
    return bool(set(selected(question)) - report_columns(question) - asked - {"graph"})


UNDIFFERING = {"durations-of-acts", "participants-and-their-roles", "quantities-and-who-gives-them"}
"""Questions on what the submission says as the seed does."""


@pytest.mark.parametrize("name", [n for n in SCOPED if has_values(QUESTIONS[n]) and n not in UNDIFFERING])
def test_read_as_one_graph_the_question_would_mix_the_two(name: str) -> None:
    assert mixed(QUESTIONS[name], unscoped(name))
