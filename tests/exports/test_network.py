"""The network of actors, read back by networkx in each of its formats."""

import io
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import networkx
import pytest

from kg import iris
from kg.exports import xml_text
from kg.exports.selection import Selection
from tests.exports.conftest import Exported

READERS: dict[str, Callable[[bytes], Any]] = {
    "gexf": lambda data: networkx.read_gexf(io.BytesIO(data)),
    "graphml": lambda data: networkx.read_graphml(io.BytesIO(data)),
    "node-link": lambda data: networkx.node_link_graph(json.loads(data)),
}
TRUMP, PETRO, UNITED_STATES = (
    iris.DATA + name for name in ("donald-trump", "gustavo-petro", "united-states")
)


@pytest.fixture(scope="module")
def network(exported: Exported) -> Any:
    return READERS["node-link"](exported("node-link"))


def edges(network: Any, made_of: str) -> list[tuple[str, str, dict[str, Any]]]:
    return [edge for edge in network.edges(data=True) if edge[2]["made_of"] == made_of]


@pytest.mark.parametrize("name", READERS)
def test_each_format_is_read_as_the_same_network(exported: Exported, network: Any, name: str) -> None:
    read = READERS[name](exported(name))
    assert read.is_directed()
    assert sorted(read.nodes) == sorted(network.nodes)
    pairs = [Counter((one, other) for one, other, _ in each.edges(data=True)) for each in (read, network)]
    assert pairs[0] == pairs[1]
    assert read.nodes[PETRO]["label"] == "Gustavo Petro"
    assert read.nodes[PETRO]["wikidata"] == "http://www.wikidata.org/entity/Q704022"


def test_words_deeds_claims_judgements_and_ties_are_edges_of_their_own(network: Any) -> None:
    counted = Counter(edge["layer"] + ": " + edge["made_of"] for *_, edge in network.edges(data=True))
    assert set(counted) == {
        "statement: words",
        "happening: deeds",
        "statement: claim",
        "assessment: judgement",
        "actor: tie",
    }
    together = [edge for one, other, edge in edges(network, "deeds") if {one, other} == {TRUMP, PETRO}]
    assert {edge["mutual"] for edge in together if edge["relation"] == "involves"} == {"yes"}


def test_an_edge_has_its_date_hedge_source_and_record(network: Any) -> None:
    (meeting,) = (
        edge for *_, edge in edges(network, "deeds") if edge["record"] == iris.DATA + "white-house-meeting"
    )
    assert (meeting["date"], meeting["start"], meeting["end"]) == ("2026-02", "2026-02-01", "2026-02-28")
    assert (meeting["hedge"], meeting["basis"]) == ("Plain", "In its own voice")
    assert meeting["found_in"] == iris.DATA + "presence-news-article"
    assert meeting["graph"] == iris.DATA + "graph-meeting"


def test_a_claim_stays_a_claim_with_its_claimant_and_its_words_in_quotation_marks(network: Any) -> None:
    for *_, edge in edges(network, "claim"):
        assert edge["claimant"]
        assert edge["label"].startswith(f"claim by {edge['claimant']}: “")
    others = [edge["label"] for made in ("deeds", "tie") for *_, edge in edges(network, made)]
    assert others
    assert not any("kidnap" in label.lower() for label in others)


def test_words_carry_the_tone_that_somebody_heard_in_them(network: Any) -> None:
    heard = {(edge["tone"], edge["tone_by"]) for *_, edge in edges(network, "words") if edge["tone"]}
    assert ("Sharp", "Presence News") in heard


def test_a_dynamic_network_has_days(exported: Exported) -> None:
    text = exported("gexf").decode()
    assert 'mode="dynamic" timeformat="date"' in text
    assert 'start="2026-02-01" end="2026-02-28"' in text


@pytest.mark.parametrize("name", READERS)
def test_a_network_says_its_version_time_licence_and_citation(exported: Exported, name: str) -> None:
    text = exported(name).decode()
    for said in ("v1", "2026-11-30T12:00:00", "creativecommons.org/licenses/by/4.0", "[data set]"):
        assert said in text


def test_a_network_of_a_selection_has_the_records_selected(exported: Exported) -> None:
    data = exported("node-link", Selection(actors=("dipid:claudia-sheinbaum",)))
    read = READERS["node-link"](data)
    assert iris.DATA + "white-house-meeting" not in data.decode()
    assert all(iris.DATA + "claudia-sheinbaum" in edge[:2] for edge in edges(read, "judgement"))


def test_text_that_xml_cannot_carry_is_replaced() -> None:
    assert xml_text.text("a\x01<b\r") == "a\ufffd&lt;b&#13;"
    assert xml_text.attributes({"a": 'x"\n\x02'}) == " a='x\"&#10;\ufffd'"
