"""Each saved question gives its expected answer on the seed graph, for the example values of its header.

The expected answers in ``tests/questions`` are SPARQL TSV, which keeps datatypes and languages. After a
change of the seed or of a question, write them anew with ``python -m tests.support.answers`` and read the
difference.
"""

import pytest
from pyoxigraph import QuerySolutions, Store

from kg import ontology
from kg.iris import compact
from kg.query import questions
from tests.support.answers import EXPECTED, answer
from tests.support.facts import quads

NAMES = sorted(questions.load())


@pytest.mark.parametrize("name", NAMES)
def test_the_question_gives_its_expected_answer(name: str) -> None:
    assert answer(name) == (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8")


def test_every_question_has_an_expected_answer_and_every_answer_a_question() -> None:
    assert sorted(file.stem for file in EXPECTED.glob("*.tsv")) == NAMES


NOT_IN_THE_SEED = (
    "coded-days-around-a-happening",
    "coded-rows-by-month",
    "disagreements-between-coders",
    "durations-of-acts",
    "escalation-by-month",
    "happenings-that-somebody-denies",
    "kinds-of-users",
    "predictions-and-what-became-of-them",
    "silences-of-a-pair",
    "versions-of-a-text",
)
"""Asked of what the seed has no case of; other tests ask them of what has one."""


def test_there_are_at_least_thirty_questions_and_none_is_empty_on_the_seed_graph() -> None:
    assert len(NAMES) >= 30
    assert tuple(name for name in NAMES if len(answer(name).splitlines()) < 2) == NOT_IN_THE_SEED


def test_the_kinds_of_users_come_with_the_kinds_above_them_and_the_times_they_are_used() -> None:
    store = Store()
    store.extend(ontology.load().quads)
    store.extend(
        quads(
            """
            dipid:tour a skos:Concept ; skos:broader dipk:visit ; skos:definition "To several hosts."@en .
            dipid:grand-tour a skos:Concept ; skos:broader dipid:tour ; skos:definition "A year long."@en .
            dipid:e dip:hasKind dipid:tour . dipid:c dip:allegedKind dipid:tour .
            """
        )
    )
    text = questions.load()["kinds-of-users"].text
    solutions = store.query(text, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    found = [[compact(row[name].value) for name in ("kind", "broader", "released")] for row in solutions]
    assert found == [
        ["dipid:tour", "dipk:visit", "dipk:visit"],
        ["dipid:grand-tour", "dipid:tour", "dipk:visit"],
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_rows_leaves_no_ties(name: str) -> None:
    assert answer(name, backwards=True) == answer(name)
