"""Saved questions as Python calls."""

import inspect
from datetime import date
from pathlib import Path

import pytest

import kg
from kg.client.graph import Graph
from kg.client.http import Client
from kg.client.remote import Remote
from kg.client.saved_questions import Questions
from kg.errors import BadInput
from kg.query import questions
from kg.query.parameters import Parameter
from tests.support.live_server import live


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return kg.open(tmp_path_factory.mktemp("questions") / "data", create=True)


@pytest.fixture(scope="module")
def asked(graph: Graph) -> Questions:
    return graph.questions()


def test_every_saved_question_is_there_with_its_parameters(asked: Questions) -> None:
    known = questions.load()
    assert list(asked) == list(known)
    assert [call.params for call in asked.values()] == [question.params for question in known.values()]
    assert len(asked) == len(known)


def test_a_question_is_called_with_its_parameters(asked: Questions, graph: Graph) -> None:
    called = asked["offices-of-a-person"](person="dipid:gustavo-petro")
    assert called.rows() == graph.ask("offices-of-a-person", person="dipid:gustavo-petro").rows()
    assert len(called) > 0
    assert asked.who_held_which_office_on_a_day(on=date(2025, 1, 26)).rows()
    assert len(asked.hedged_reports(as_of="v1")) == 0
    with pytest.raises(BadInput, match="needs the parameter 'person'"):
        asked.offices_of_a_person()


def test_a_question_tells_its_signature_and_what_it_asks(asked: Questions) -> None:
    call = asked.happenings_in_a_period
    signature = inspect.signature(call)
    assert list(signature.parameters) == ["since", "until", "as_of", "labels", "lang"]
    assert signature.parameters["since"].annotation is str
    assert signature.return_annotation is kg.Result
    assert call.__doc__ is not None
    assert call.__doc__.startswith(call.question)
    assert "since: " in call.__doc__
    assert repr(call).startswith("happenings-in-a-period(since: ")


def test_names_of_questions_are_completed_and_unknown_ones_told(asked: Questions) -> None:
    assert "offices_of_a_person" in dir(asked)
    with pytest.raises(AttributeError, match="no question 'office_of_a_person'"):
        _ = asked.office_of_a_person
    assert not hasattr(asked, "__wrapped__")


def test_a_notebook_lists_the_questions_as_text_and_nothing_that_runs() -> None:
    parameter = Parameter("who", "string", "<script>", None)
    question = questions.Question("a-b", "Who & what?", (parameter,), "a row", (), "SELECT")
    html = Questions({"a-b": question}, lambda *_, **__: pytest.fail("asked"))._repr_html_()
    assert "<script>" not in html
    assert "Who &amp; what?" in html


def test_a_server_tells_the_same_questions(graph: Graph, tmp_path: Path) -> None:
    with live(tmp_path / "data", readers=1) as (_, address):
        assert Remote(Client(address)).questions() == questions.load()
        with kg.open(address) as remote:
            assert remote.questions().offices_of_a_person(person="dipid:gustavo-petro").rows() == (
                graph.questions().offices_of_a_person(person="dipid:gustavo-petro").rows()
            )
