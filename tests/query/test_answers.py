"""Each saved question gives its expected answer on the seed graph, for the example values of its header.

The expected answers in ``tests/questions`` are SPARQL TSV, which keeps datatypes and languages. After a
change of the seed or of a question, write them anew with ``python -m tests.support.answers`` and read the
difference.
"""

import pytest

from kg.query import questions
from tests.support.answers import EXPECTED, answer

NAMES = sorted(questions.load())


@pytest.mark.parametrize("name", NAMES)
def test_the_question_gives_its_expected_answer(name: str) -> None:
    assert answer(name) == (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8")


def test_every_question_has_an_expected_answer_and_every_answer_a_question() -> None:
    assert sorted(file.stem for file in EXPECTED.glob("*.tsv")) == NAMES


def test_there_are_at_least_thirty_questions_and_none_is_empty_on_the_seed_graph() -> None:
    assert len(NAMES) >= 30
    assert [name for name in NAMES if len(answer(name).splitlines()) < 2] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_the_rows_leaves_no_ties(name: str) -> None:
    assert answer(name, backwards=True) == answer(name)
