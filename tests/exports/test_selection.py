"""Which records a selection holds, and what comes with them."""

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import iris
from kg.errors import BadInput, NotFound
from kg.exports import export
from kg.exports.narrowing import asking
from kg.exports.selection import Selection
from kg.query import questions
from kg.store.store import Contents
from kg.terms import DIP, RDF


def selected(contents: Contents, selection: Selection) -> list[Quad]:
    data = b"".join(export.chosen("kg.exports.nquads", selection, contents))
    return list(parse(data, RdfFormat.N_QUADS))


def subjects(quads: list[Quad], of: NamedNode | None = None) -> set[str]:
    return {
        str(quad.subject.value).removeprefix(iris.DATA)  # type: ignore[union-attr]
        for quad in quads
        if of is None or (quad.predicate == RDF.TYPE and quad.object == of)
    }


def test_a_record_comes_whole_with_its_report_passage_time_and_source_and_the_head_of_its_graph(
    contents: Contents,
) -> None:
    quads = selected(contents, Selection(actors=("dipid:claudia-sheinbaum",)))
    held = subjects(quads)
    assert {"claudia-sheinbaum", "presence-news-article", "graph-leaders-of-the-region"} & held
    for quad in quads:
        known = set(contents.quads_for_pattern(quad.subject, None, None, quad.graph_name))
        assert known <= set(quads)


def test_other_records_are_named_and_not_included(contents: Contents) -> None:
    whole = subjects(selected(contents, Selection()))
    part = subjects(selected(contents, Selection(actors=("dipid:claudia-sheinbaum",))))
    assert "white-house-meeting" in whole
    assert "white-house-meeting" not in part
    assert len(part) < len(whole) / 2


def test_criteria_are_met_together(contents: Contents) -> None:
    petro = Selection(actors=("dipid:gustavo-petro",), layers=("happening",))
    happenings = subjects(selected(contents, petro), DIP.HAPPENING) | subjects(
        selected(contents, petro), NamedNode(iris.TERMS + "Gift")
    )
    assert happenings
    early = Selection(actors=("dipid:gustavo-petro",), layers=("happening",), until="2024")
    assert len(selected(contents, early)) < len(selected(contents, petro))


def test_a_period_takes_what_may_lie_within_it(contents: Contents) -> None:
    held = subjects(selected(contents, Selection(since="2026-02", until="2026-02")))
    assert "white-house-meeting" in held
    assert "white-house-meeting" not in subjects(selected(contents, Selection(until="2025")))


def test_a_question_selects_what_it_answers_with(contents: Contents) -> None:
    asked = Selection(question="happenings-in-a-period?since=2026-02-01&until=2026-02-28")
    known = questions.load()
    held = subjects(selected(contents, asking(asked, known)))
    assert "white-house-meeting" in held
    assert "report-meeting" in held
    with pytest.raises(NotFound, match="no question named 'nonsense'"):
        asking(Selection(question="nonsense"), known)


def test_a_selection_says_in_the_file_what_it_is(contents: Contents) -> None:
    data = b"".join(export.chosen("kg.exports.turtle", Selection(layers=("source",)), contents)).decode()
    head = data.split("@prefix")[0]
    assert "# selection: layer source" in head
    assert "# licence: https://creativecommons.org/licenses/by/4.0/" in head
    assert "# version: v1" in head
    assert "# citation: Regional Diplomacy maintainers" in head


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"graphs": ("dipid:x",), "everything": True}, "not both"),
        ({"everything": True, "since": "2025"}, "leave out 'all'"),
        ({"layers": ("claims",)}, "the layers are source, statement, happening, assessment"),
        ({"since": "2025", "until": "2024"}, "ends before it begins: 2025-01-01, 2024-12-31"),
        ({"since": "last year"}, "a date is written 2026-02-03"),
    ],
)
def test_a_selection_that_cannot_be_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        Selection(**wrong)  # type: ignore[arg-type]
