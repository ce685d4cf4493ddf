"""Saved questions asked for a page, so that the page shows the rows of the published answer."""

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg.changes import Object
from kg.query import questions
from kg.query.evaluation import evaluate
from kg.query.job import UNLABELLED
from kg.query.questions import Question
from kg.store.store import Contents

AnswerRow = Mapping[str, Object]
"""A row of an answer by variable, without the unbound ones."""


def rows(contents: Contents, question: Question, **values: str) -> Iterator[AnswerRow]:
    """Yield the rows of a saved question for the values of its parameters; raises as ``evaluate``."""
    job = questions.job(question, questions.bindings(question, values), None, labelling=UNLABELLED)
    # The caller knows that the graph names the things, and says in its own words if it does not.
    result = evaluate(contents, job._replace(labelling=None, required=())).result
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    for solution in result:
        found = zip(names, solution, strict=True)
        yield {name: term for name, term in found if isinstance(term, NamedNode | Literal)}


def thing(row: AnswerRow, name: str) -> NamedNode | None:
    """Return the thing in a column; None if there is none."""
    term = row.get(name)
    return term if isinstance(term, NamedNode) else None
