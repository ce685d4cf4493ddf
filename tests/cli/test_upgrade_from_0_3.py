"""A directory that ontology 0.3.0 made, with its seed and three submissions of users, is upgraded."""

import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from kg import iris, ontology
from kg.changes import Delta, Provenance
from kg.facts import submissions
from kg.facts.quarantine import Quarantine
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.gate.rules import evidence
from kg.iris import DATA
from kg.ontology import Ontology
from kg.store.store import Store
from kg.terms import DIP
from tests.support.command import Kg
from tests.support.stores import open_store

OF_0_3_0 = Path(__file__).parents[1] / "data" / "ontology-0.3.0.tar.gz"
HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
RIVAL = """
dipid:graph-rival {
    dipid:rival a dip:Statement ; rdfs:label "Petro tells how it ended"@en ; dip:madeBy dipid:gustavo-petro ;
        dip:hasKind dipk:account-of-events ; dip:paraphrase "on equal terms"@en ;
        dip:advances dipid:rival-claim .
    dipid:rival-claim a dip:Claim ; dip:content "on equal terms"@en ; dip:claimedBy dipid:gustavo-petro ;
        dip:bearsOn dipid:point-how-it-ended .
    dipid:report-of-rival a dip:Report ; dip:reports dipid:rival ; dip:foundIn dipid:page-ijr ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:attributed .
}
"""
EVENT = """
dipid:graph-event {
    dipid:protest a dip:Event ; rdfs:label "Protest in Bogotá"@en ; dip:hasKind dipk:dispute ;
        dip:performedBy dipid:colombia ; dip:follows dipid:standoff-january-2025 .
    dipid:report-of-protest a dip:Report ; dip:reports dipid:protest ; dip:foundIn dipid:page-ijr ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
}
"""
GUEST = "dipid:graph-guest { dipid:white-house-meeting dip:involves dipid:nicolas-maduro . }"
"""It borrows the report of the meeting, which names two: 0.3.0 took it."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with tarfile.open(OF_0_3_0) as archive:
        archive.extractall(tmp_path / "ontology", filter="data")
    release = Ontology(tmp_path / "ontology")
    assert str(release.version) == "0.3.0"
    with open_store(tmp_path / "data", release) as store:
        for text in (RIVAL, EVENT, GUEST):
            given = submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"])
            by = Provenance("Ana", reason="Read it.")
            store.commit(Delta(given.quads), by, content_hash=given.content_hash)
    return tmp_path / "data"


def held(store: Store, graph: str) -> Sequence[Quad]:
    return list(store.quads_for_pattern(None, None, None, NamedNode(DATA + graph)))


def test_this_program_does_not_open_it_and_names_the_upgrade(kg: Kg, data: Path) -> None:
    for command in (("query", "-e", "ASK {}"), ("serve", "--port", "0")):
        run = kg(*command, "--data", data)
        assert (run.code, run.out) == (3, "")
        assert f"run kg upgrade {data}" in run.err


def test_the_upgrade_lists_what_borrows_evidence_and_stops(kg: Kg, data: Path) -> None:
    run = kg("upgrade", data)
    assert run.code == 1
    assert run.out.splitlines()[0] == "dipid:graph-guest"
    assert "add a report of your own" in run.out
    assert run.out.count("dipid:graph-") - run.out.count("dipid:graph-guest") == 1  # the one that it adds to
    with open_store(data, Ontology(data.parent / "ontology")) as store:
        assert len(held(store, "graph-guest")) == 1


def test_with_quarantine_it_moves_that_out_and_migrates_the_others(kg: Kg, data: Path) -> None:
    assert (kg("upgrade", data, "--quarantine").out) == f"{DATA}graph-guest\n"
    release = ontology.load()
    with open_store(data) as store:
        assert held(store, "graph-guest") == []
        assert len(held(store, "graph-event")) == EVENT.count(";") + EVENT.count(" .")
        point, claim, graph = (
            NamedNode(DATA + name) for name in ("point-how-it-ended", "rival-claim", "graph-rival")
        )
        assert Quad(point, DIP.DISPUTES, claim, graph) in held(store, "graph-rival")
        assert not any(store.quads_for_pattern(None, NamedNode(iris.TERMS + "bearsOn"), None))
        assert [each.sentence() for each in Gate.of(release).check_whole(store).errors] == []
    (note,) = Quarantine(data).notes()
    refused = kg("add", "-", "--by", "Ana", "--data", data, stdin=Quarantine(data).find(note.id)[1].decode())
    assert (refused.code, evidence.RULE.removeprefix(iris.SHAPES) in refused.err) == (1, True)
