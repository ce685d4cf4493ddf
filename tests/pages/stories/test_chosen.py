"""Stories to start with: found in the graph, whatever it holds, and none where it holds none."""

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from kg import scratch
from kg.pages.rendering import Style
from kg.pages.stories import chosen
from kg.store.engine import Oxigraph
from kg.store.store import Contents
from tests.support.api_server import PREFIXES

STYLE = Style("/")
OTHER = """<urn:graph> {
    dipid:flag dip:bears dipid:words . dipid:words dip:text "Peace"@en .
    dipid:waving a dip:Gesture ; rdfs:label "Waving of the flag"@en ; dip:performedBy dipid:ana ;
        dip:directedAt dipid:ben ; dip:madeWith dipid:flag .
    dipid:folding a dip:Gesture ; rdfs:label "Folding of the flag"@en ; dip:performedBy dipid:ben ;
        dip:madeWith dipid:flag .
    dipid:reading a dip:Interpretation ; dip:assesses dipid:waving ;
        dip:assessedBy dipid:ana ; dip:meaning "Welcome"@en .
    dipid:speech a dip:Statement ; dip:madeBy dipid:ben ; dip:concerns dipid:ana .
    dipid:answer a dip:Statement ; dip:madeBy dipid:ana ; dip:concerns dipid:ben .
    dipid:aside a dip:Statement ; dip:madeBy dipid:cid ; dip:concerns dipid:ana .
    dipid:report a dip:Report ; dip:reports dipid:waving , dipid:folding , dipid:reading ;
        dip:reports dipid:speech , dipid:answer ; dip:foundIn dipid:paper .
}"""


@pytest.fixture(scope="module")
def other() -> Contents:
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(f"{PREFIXES}\n{OTHER}".encode(), format=RdfFormat.TRIG))
    return Contents(Oxigraph(store), 1)


def test_of_the_seed_they_are_the_hat_the_threat_and_the_two_presidents(seed: Contents) -> None:
    cells = STYLE.cells(seed)
    gesture, threat, pair = (
        chosen.gesture_story(cells),
        chosen.threat_story(cells),
        chosen.pair_story(cells, STYLE),
    )
    assert gesture
    assert threat
    assert pair
    assert gesture.thing.text == "Gift of the hat"
    assert gesture.altered
    assert gesture.altered.lettering
    added = [part.text for part in gesture.altered.lettering.letters if part.kind == "added"]
    assert added == ["the ", "s"]
    assert {cell.text for each in gesture.readings for cell in each.interpreters} >= {"Gustavo Petro"}
    assert threat.entry.statement.text == "Threat of tariffs and sanctions, January 2025"
    assert [cell.text for cell in threat.targets] == ["Colombia"]
    assert {cell.text for cell in pair.rows[0].names} == {"Donald Trump", "Gustavo Petro"}
    addresses = {row.address for row in pair.rows}
    assert "/duet?actor=gustavo-petro&other=united-states&event=white-house-meeting" in addresses


def test_of_another_graph_they_are_its_own(other: Contents) -> None:
    cells = STYLE.cells(other)
    gesture, pair = chosen.gesture_story(cells), chosen.pair_story(cells, STYLE)
    assert gesture
    assert pair
    assert gesture.thing.text == "Waving of the flag"
    assert gesture.altered is None
    assert [row.address for row in pair.rows] == ["/duet?actor=ana&other=ben"]
    assert chosen.threat_story(cells) is None


def test_of_an_empty_graph_there_are_none() -> None:
    cells = STYLE.cells(Contents(Oxigraph(scratch.filled()), 0))
    assert not any((chosen.gesture_story(cells), chosen.threat_story(cells), chosen.pair_story(cells, STYLE)))
