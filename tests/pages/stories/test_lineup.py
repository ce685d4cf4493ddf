"""The line-up: positions by mode under their assessors, as the published questions have them."""

import re

import pytest
from pyoxigraph import Literal, NamedNode

from kg import scratch
from kg.errors import NotFound
from kg.iris import DATA
from kg.pages.profiles.reading import ProfileReader
from kg.pages.rendering import Style
from kg.pages.stories import asked, lineup
from kg.pages.stories.lineup import LeaderLine
from kg.query import questions
from kg.store.engine import Oxigraph
from kg.store.store import Contents, Store

STATE = DATA + "united-states"
QUESTIONS = questions.load()
PREFIXES = f"""
PREFIX d: <{DATA}>
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
PREFIX k: <https://w3id.org/regional-diplomacy/kinds/>
"""
STANCE = (
    "d:{0} a dip:Stance ; dip:toward d:norland ; dip:heldBy d:leader ; "
    "dip:hasMode k:{2} ; dip:position k:{3} ; "
    "dip:assessedBy d:{1} . d:report-{0} dip:reports d:{0} ; dip:hedgedAs k:plain ."
)


def page(contents: Contents, toward: str | None = None, language: str = "en") -> str:
    return b"".join(lineup.page(Style("/", language), toward, contents)).decode()


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text.partition("<main")[2]).split())


def filled(update: str) -> Contents:
    """Return contents with the given triples."""
    store = scratch.filled()
    store.update(f"{PREFIXES} INSERT DATA {{ GRAPH <urn:g> {{ {update} }} }}")
    return Contents(Oxigraph(store), 1)


def lines(contents: Contents, toward: str = STATE) -> list[LeaderLine]:
    reader, node = ProfileReader(Style("/").cells(contents)), NamedNode(toward)
    return lineup.line_up(reader, node, lineup.stances(reader, node).shown)


def short(row: asked.AnswerRow, name: str) -> str | None:
    node = asked.thing(row, name)
    return Style("/").cells(filled("")).cell(node).iri if node else None


def test_the_page_has_the_stances_of_the_question(seed: Store) -> None:
    shown = {
        (line.holder.iri, mode, each.position.iri, line.assessor.iri, line.dates[0].earliest, hedge)
        for line in lines(seed)
        for mode, positions in line.positions.items()
        for each in positions
        for hedge in [cell.iri for cell in each.hedges] or ["dipk:plain"]
    }
    modes = {"dipk:rhetoric": "rhetoric", "dipk:conduct": "conduct"}
    rows = list(asked.rows(seed, QUESTIONS["stances-toward-a-state"], state=STATE))
    assert len(rows) == 9
    assert shown == {
        (
            short(row, "holder"),
            modes.get(short(row, "mode") or "", "unstated"),
            short(row, "position"),
            short(row, "assessor"),
            earliest.value if isinstance(earliest := row.get("earliest"), Literal) else None,
            short(row, "hedge"),
        )
        for row in rows
    }


def test_rhetoric_meets_conduct_as_in_the_question(seed: Store) -> None:
    crossed = lineup.crossing(lines(seed))
    shown = {
        (each.line.holder.iri, each.line.assessor.iri, row and row.iri, column and column.iri)
        for (row, column), placed in crossed.lines.items()
        for each in placed
    }
    rows = list(asked.rows(seed, QUESTIONS["rhetoric-against-conduct"], other=STATE))
    names = ("holder", "assessor", "rhetoric", "conduct")
    assert shown == {
        tuple(short(row, name) for name in names) for row in rows if "rhetoric" in row or "conduct" in row
    }
    assert len(shown) == 5


def test_a_hedge_stands_only_where_its_position_does(seed: Store) -> None:
    crossed = lineup.crossing(lines(seed))
    hedged = {
        row and row.text: [hedge.text for hedge in each.hedges]
        for (row, _), placed in crossed.lines.items()
        for each in placed
        if each.line.holder.text == "Gustavo Petro"
    }
    assert hedged == {"Critical": [], "Engaged": ["Generally"]}


def test_each_position_has_its_assessor_hedge_date_and_passage(seed: Store) -> None:
    text = page(seed)
    noboa = text[text.index('<tr role="row" id="daniel-noboa">') :].partition("</tr>")[0]
    assert "Presence News" in noboa
    assert "Generally" in noboa
    assert "1 February 2026" in words("<main" + noboa)
    assert re.search(r'href="/id/stance-noboa[^"]*#according"', noboa)
    assert "partly inferred by a curator" in noboa


def test_assessors_stand_side_by_side() -> None:
    contents = filled(
        STANCE.format("one", "gazette", "rhetoric", "critical")
        + STANCE.format("two", "herald", "rhetoric", "aligned")
        + STANCE.format("three", "herald", "conduct", "engaged")
    )
    found = lines(contents, DATA + "norland")
    assert [line.assessor.iri for line in found] == ["dipid:gazette", "dipid:herald"]
    crossed = lineup.crossing(found)
    assert {(row and row.iri, column and column.iri) for row, column in crossed.lines} == {
        ("dipk:critical", None),
        ("dipk:aligned", "dipk:engaged"),
    }


def test_a_stance_toward_a_government_counts_for_its_state() -> None:
    contents = filled(
        STANCE.format("one", "gazette", "rhetoric", "critical")
        + "d:norland dip:governs d:land . d:land a dip:State ."
    )
    assert [line.holder.iri for line in lines(contents, DATA + "land")] == ["dipid:leader"]
    targets = lineup.stance_targets(ProfileReader(Style("/").cells(contents)), contents)
    assert [node.value for node in targets] == [DATA + "land", DATA + "norland"]


def test_by_default_it_is_the_state_with_most_stances(seed: Store) -> None:
    assert words(page(seed)) == words(page(seed, STATE))


def test_a_stance_without_a_report_in_its_graph_is_left_out() -> None:
    contents = filled(STANCE.format("one", "gazette", "rhetoric", "critical").partition("d:report")[0])
    assert lines(contents, DATA + "norland") == []


def test_what_the_graph_lacks_is_said(seed: Store) -> None:
    empty = Contents(Oxigraph(scratch.filled()), 0)
    assert "The graph holds no stance of one actor toward another." in words(page(empty))
    assert "The graph holds no stance toward this actor." in words(page(seed, DATA + "gustavo-petro"))
    with pytest.raises(NotFound, match="The graph states nothing about dipid:atlantis"):
        page(seed, DATA + "atlantis")


def test_it_is_in_spanish(seed: Store) -> None:
    shown = words(page(seed, language="es"))
    assert "Retórica y conducta frente a frente" in shown
    assert "Desafiante" in shown


def test_who_has_no_place_at_a_crossing_is_named_below_it(seed: Store) -> None:
    said = words(page(seed))
    assert (
        "Not in the table, because the source does not say if rhetoric or conduct is meant: Daniel Noboa ."
        in said
    )
    contents = filled(STANCE.format("one", "gazette", "rhetoric", "critical"))
    assert "Not placed here" not in words(page(contents))
