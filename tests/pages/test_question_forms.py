"""Forms of saved questions: headings and fields in the language of the page."""

from pyoxigraph import QuerySolutions

from kg import scratch
from kg.pages.question_forms import heading
from kg.pages.rendering import Style, translations
from kg.query import questions
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.query.names import in_words
from kg.store.engine import Oxigraph
from kg.store.store import Contents


def names() -> set[str]:
    """Return the columns and the parameters of all saved questions, in words."""
    empty = Contents(Oxigraph(scratch.filled()), 0)
    found: set[str] = set()
    for question in questions.load().values():
        result = evaluate(empty, QueryJob(question.text)).result
        assert isinstance(result, QuerySolutions)
        found |= {in_words(variable.value) for variable in result.variables}
    return found


def test_every_column_of_a_saved_question_has_a_spanish_heading() -> None:
    assert names() == set(translations("columns.es"))


def test_a_heading_is_in_the_language_of_the_page() -> None:
    assert heading("contestedBy", Style("/", "es")) == "lo discute"
    assert heading("contestedBy", Style("/", "en")) == "contested by"
    assert heading("nobodyAsksThis", Style("/", "es")) == "nobody asks this"
