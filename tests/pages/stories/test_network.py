"""The network of an actor: edges by layer, period and tone, as the export has them, and what is left out."""

import re

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from kg import scratch
from kg.errors import NotFound
from kg.exports.extract import Extract
from kg.exports.network import Network
from kg.iris import DATA, KINDS
from kg.pages.cells import Cell
from kg.pages.profiles.reading import ProfileReader
from kg.pages.rendering import Style
from kg.pages.stories import coded_partners, edges, network
from kg.pages.stories.fan import ConnectedActor, Strand, fans
from kg.pages.stories.network import ActorNetwork, NetworkRequest
from kg.pages.stories.periods import ALWAYS
from kg.store.engine import Oxigraph
from kg.store.store import Contents, Store
from tests.support.api_server import PREFIXES
from tests.support.page_text import main_of

PETRO = DATA + "gustavo-petro"
ACTORS = "dipid:a a dip:Actor . dipid:b a dip:Actor . dipid:c a dip:Actor ."


def told(text: str) -> Contents:
    store = scratch.filled()
    store.extend(
        pyoxigraph.parse(f"{PREFIXES}\ndipid:g {{ {ACTORS} {text} }}".encode(), format=RdfFormat.TRIG)
    )
    return Contents(Oxigraph(store), 1)


def statements(number: int, other: str = "b") -> str:
    return "".join(
        f"dipid:s{other}{each} a dip:Statement ; dip:madeBy dipid:a ; dip:concerns dipid:{other} ."
        for each in range(number)
    )


def shown(contents: Contents, name: str = "a", **asked: object) -> ActorNetwork:
    request = NetworkRequest(DATA + name, **asked)  # type: ignore[arg-type]
    return network.network(ProfileReader(Style("/").cells(contents)), NamedNode(DATA + name), request)


def strands(found: ActorNetwork) -> dict[str | None, tuple[Strand, ...]]:
    return {each.cell.iri: each.strands for each in found.neighbours}


def page(contents: Contents, language: str = "en", **asked: object) -> str:
    request = NetworkRequest(**asked)  # type: ignore[arg-type]
    return b"".join(network.page(Style("/", language), request, contents)).decode()


def exported(contents: Contents) -> set[tuple[str, str, str]]:
    """Return the ends and the record of each edge that the export has, without coded rows."""
    graphs = {quad.graph_name for quad in contents.quads_for_pattern(None, None, None)}
    found = Network(Extract(contents, tuple(graphs), contents=contents)).edges()
    return {(each.source_id, each.target_id, each.record) for each in found if each.layer != "coding"}


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", main_of(text)).split())


def test_words_deeds_claims_and_judgements_are_never_added_up() -> None:
    contents = told(
        """dipid:said a dip:Statement ; dip:madeBy dipid:a ; dip:addressedTo dipid:b ; dip:concerns dipid:b .
        dipid:did a dip:Happening ; dip:performedBy dipid:b ; dip:directedAt dipid:a .
        dipid:met a dip:Happening ; dip:involves dipid:a , dipid:b .
        dipid:claim a dip:Claim ; dip:claimedBy dipid:c .
        dipid:claim dip:allegedActor dipid:a ; dip:allegedTarget dipid:b .
        dipid:stance a dip:Stance ; dip:heldBy dipid:a ; dip:toward dipid:b .
        dipid:a dip:speaksFor dipid:b ."""
    )
    assert strands(shown(contents)) == {
        "dipid:b": (
            Strand("statement", outward=1),
            Strand("happening", inward=1, mutual=1),
            Strand("claim", outward=1),
            Strand("judgement", outward=1),
            Strand("tie", outward=1),
        )
    }


def test_who_makes_a_claim_is_no_end_of_its_edge() -> None:
    contents = told(
        "dipid:claim a dip:Claim ; dip:claimedBy dipid:c ; "
        "dip:allegedActor dipid:a ; dip:allegedTarget dipid:b ."
    )
    assert strands(shown(contents, "c")) == {}


@pytest.mark.parametrize("actor", ["gustavo-petro", "united-states", "colombia"])
def test_the_edges_are_those_of_the_export(seed: Store, actor: str) -> None:
    node = NamedNode(DATA + actor)
    read = edges.EdgeReader(ProfileReader(Style("/").cells(seed)))
    found = {
        (each.source.value, each.target.value, each.record.value)
        for each in read.edges(node, edges.LAYERS, ALWAYS)
    }
    assert found == {edge for edge in exported(seed) if node.value in edge[:2]}
    assert len(found) > 3


def test_a_period_leaves_out_what_is_outside_and_what_has_no_date() -> None:
    contents = told(
        """dipid:early a dip:Statement ; dip:madeBy dipid:a ; dip:concerns dipid:b ; dip:occursAt dipid:t1 .
        dipid:late a dip:Statement ; dip:madeBy dipid:a ; dip:concerns dipid:b ; dip:occursAt dipid:t2 .
        dipid:undated a dip:Statement ; dip:madeBy dipid:a ; dip:concerns dipid:b .
        dipid:t1 dip:earliest "2024-01-01"^^xsd:date ; dip:latest "2024-01-31"^^xsd:date .
        dipid:t2 dip:earliest "2025-01-01"^^xsd:date ; dip:latest "2025-01-31"^^xsd:date ."""
    )
    found = shown(contents, since="2025-01-15")
    assert [row.record.cell.iri for row in found.rows] == ["dipid:late"]
    assert (found.left_out.outside, found.left_out.undated) == (1, 1)
    said = words(page(contents, actor=DATA + "a", since="2025-01-15"))
    assert "1 edge outside the period" in said
    assert "1 undated edge, which may belong to the period" in said


def test_a_claim_has_the_date_of_the_statement_that_makes_it() -> None:
    contents = told(
        """dipid:claim a dip:Claim ; dip:allegedActor dipid:a ; dip:allegedTarget dipid:b .
        dipid:said a dip:Statement ; dip:advances dipid:claim ; dip:occursAt dipid:t .
        dipid:t dip:earliest "2024-01-01"^^xsd:date ; dip:latest "2024-01-31"^^xsd:date ."""
    )
    assert len(shown(contents, since="2024-01-01").rows) == 1
    assert shown(contents, since="2025-01-01").left_out.outside == 1


def test_a_tone_is_that_which_somebody_hears_in_the_words(seed: Store) -> None:
    found = shown(seed, "gustavo-petro", tone=KINDS + "sharp")
    (row,) = found.rows
    assert row.layer == "statement"
    assert [(heard.tone.iri, [by.iri for by in heard.by]) for heard in row.tones] == [
        ("dipk:sharp", ["dipid:presence-news"])
    ]
    assert found.left_out.toneless == 25
    assert [(tone.iri, number) for tone, number in found.tones] == [
        ("dipk:disparaging", 1),
        ("dipk:sharp", 1),
    ]


def test_layers_are_chosen(seed: Store) -> None:
    found = shown(seed, "gustavo-petro", layers=("claim",))
    assert {row.layer for row in found.rows} == {"claim"}
    assert len(found.rows) == 2


def test_neighbours_beyond_the_cap_are_counted() -> None:
    others = "".join(
        f"dipid:n{each} a dip:Actor . dipid:a dip:speaksFor dipid:n{each} ."
        for each in range(network.NEIGHBOURS + 3)
    )
    contents = told(others + statements(2))
    found = shown(contents)
    assert len(found.neighbours) == network.NEIGHBOURS
    assert found.neighbours[0].cell.iri == "dipid:b"
    assert (found.left_out.neighbours, found.left_out.edges) == (4, 4)
    assert "4 neighbours more, with fewer edges (4 in all)" in words(page(contents, actor=DATA + "a"))


def test_edges_beyond_the_rows_of_the_table_are_drawn_and_counted() -> None:
    found = shown(told(statements(network.ROWS + 5)))
    assert len(found.rows) == network.ROWS
    assert strands(found) == {"dipid:b": (Strand("statement", outward=network.ROWS + 5),)}
    assert found.left_out.rows == 5


def test_of_an_actor_with_more_records_than_are_read_the_page_says_so() -> None:
    contents = told(statements(edges.MOST_READ + 1))
    found = shown(contents)
    assert found.left_out.is_cut
    assert found.neighbours[0].number == edges.MOST_READ
    assert "this actor has more records than a page evaluates" in words(page(contents, actor=DATA + "a"))
    assert not shown(told(statements(edges.MOST_READ))).left_out.is_cut


CODED = """
dipid:run dip:assessedBy dipid:coder .
dipid:one dip:codedName "A" . dipid:other dip:codedName "B" . dipid:nobody dip:codedName "C" .
dipid:r1 dip:resolvesTo dipid:a ; dip:assesses dipid:one ; dip:hasVerdict dipk:same .
dipid:r2 dip:resolvesTo dipid:b ; dip:assesses dipid:other ; dip:hasVerdict dipk:same .
dipid:r3 dip:resolvesTo dipid:a ; dip:assesses dipid:nobody ; dip:hasVerdict dipk:undecided .
dipk:cameo-163 skos:broader dipk:cameo-16 . dipk:cameo-16 dip:countsAs dipk:conduct .
dipk:cameo-112 dip:countsAs dipk:rhetoric .
"""


def row(name: str, source: str, target: str, code: str) -> str:
    return (
        f"dipid:{name} a dip:CodedOccurrence ; dip:codedActor dipid:{source} ; "
        f"dip:codedTarget dipid:{target} ; dip:codedAs dipk:{code} ; dip:codedIn dipid:run ."
    )


def test_coded_rows_stand_apart_by_coder_and_are_no_edges() -> None:
    contents = told(
        CODED
        + row("x", "one", "other", "cameo-163")
        + row("y", "other", "one", "cameo-112")
        + row("z", "nobody", "other", "cameo-163")
    )
    assert strands(shown(contents)) == {}
    found = coded_partners.coded_partners(ProfileReader(Style("/").cells(contents)), NamedNode(DATA + "a"))
    (partner,) = found.partners
    assert (partner.partner.iri, [each.iri for each in partner.by]) == ("dipid:b", ["dipid:coder"])
    assert (partner.rows, partner.words, partner.deeds) == (2, 1, 1)
    assert "counted apart" in words(page(contents, actor=DATA + "a"))
    assert "counted apart" not in words(page(contents, actor=DATA + "a", layers=("statement",)))


def test_of_very_many_coded_rows_the_first_are_counted_and_the_page_says_so() -> None:
    most = coded_partners.MOST_ROWS
    many = "".join(row(f"x{each}", "one", "other", "cameo-163") for each in range(most + 1))
    contents = told(CODED + many)
    found = coded_partners.coded_partners(ProfileReader(Style("/").cells(contents)), NamedNode(DATA + "a"))
    assert found.is_cut
    assert [each.rows for each in found.partners] == [most]
    said = words(page(contents, actor=DATA + "a"))
    assert f"At least so many: {most} rows are counted here" in said
    assert f"≥ {most}" in said


def test_a_coder_with_very_many_rows_does_not_hide_another() -> None:
    many = "".join(
        row(f"x{each}", "one", "other", "cameo-163") for each in range(coded_partners.MOST_ROWS + 1)
    )
    second = """dipid:run2 dip:assessedBy dipid:second .
    dipid:r9 dip:resolvesTo dipid:a ; dip:assesses dipid:zone ; dip:hasVerdict dipk:same ."""
    contents = told(
        CODED + many + second + row("y", "zone", "other", "cameo-112").replace("dipid:run ", "dipid:run2 ")
    )
    found = coded_partners.coded_partners(ProfileReader(Style("/").cells(contents)), NamedNode(DATA + "a"))
    assert {each.by[0].iri: each.rows for each in found.partners} == {
        "dipid:coder": coded_partners.MOST_ROWS - 1,
        "dipid:second": 1,
    }


def test_a_layer_is_told_by_pattern_and_word(seed: Store) -> None:
    text = page(seed, actor=PETRO)
    drawing = text[text.index('<div class="fans"') :].partition("</div>")[0]
    for layer, word in (("statement", "words"), ("happening", "deeds"), ("claim", "claims")):
        assert f'class="strand {layer}"' in drawing
        assert re.search(rf'<text class="{layer}"[^>]*>{word}', drawing)
    table = text[text.index('<table class="answer edges"') :].partition("</table>")[0]
    assert table.count("as claimed") == 2
    assert "denied by" in table


def test_few_neighbours_make_one_drawing_and_many_two_of_like_height() -> None:
    def neighbour(number: int) -> ConnectedActor:
        return ConnectedActor(Cell(f"Actor {number}"), (Strand("statement", number),))

    assert [len(each.neighbours) for each in fans([neighbour(number) for number in range(3)])] == [3]
    left, right = fans([neighbour(number) for number in range(9)])
    assert (len(left.neighbours), len(right.neighbours)) == (5, 4)
    assert [each.cell.text for each in (*left.neighbours, *right.neighbours)] == [
        f"Actor {number}" for number in range(9)
    ]
    assert fans([]) == ()


def test_a_long_name_takes_two_lines_that_touch_nothing() -> None:
    long = "The ministry of foreign affairs and of trade of a distant country"
    actors = [
        ConnectedActor(Cell(long), (Strand("claim", 1), Strand("tie", 1))),
        ConnectedActor(Cell("B"), ()),
    ]
    (drawing,) = fans(actors)
    first, second = drawing.neighbours
    assert len(first.lines) == 2
    assert first.lines[1].endswith("…")
    assert first.y + first.height <= first.strands[0].y < first.strands[1].y < second.y


def test_by_default_it_is_the_network_of_the_actor_that_speaks_most(seed: Store) -> None:
    assert main_of(page(seed)) == main_of(page(seed, actor=PETRO))


def test_an_empty_graph_and_an_unknown_actor_are_said(seed: Store) -> None:
    empty = Contents(Oxigraph(scratch.filled()), 0)
    assert "The graph holds no words of any actor." in words(page(empty))
    assert "no such edge" in words(page(told(""), actor=DATA + "a"))
    with pytest.raises(NotFound, match="The graph states nothing about dipid:atlantis"):
        page(seed, actor=DATA + "atlantis")


def test_it_is_in_spanish(seed: Store) -> None:
    said = words(page(seed, "es", actor=PETRO))
    assert "Red en torno a Gustavo Petro" in said
    assert "Aristas" in said
