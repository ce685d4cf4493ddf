"""A directory that ontology 0.4.1 made, with its seed and a submission of a user, is upgraded."""

import tarfile
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg import iris, ontology
from kg.changes import Delta, Provenance
from kg.facts import submissions
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.iris import DATA
from kg.ontology import Ontology
from tests.support.command import Kg
from tests.support.stores import open_store

OF_0_4_1 = Path(__file__).parents[1] / "data" / "ontology-0.4.1.tar.gz"
HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
PROTEST = """
dipid:graph-protest {
    dipid:protest a dip:Event ; rdfs:label "Protest in Bogotá"@en ; dip:hasKind dipk:demonstration ;
        dip:performedBy dipid:colombia ; dip:follows dipid:standoff-january-2025 .
    dipid:report-of-protest a dip:Report ; dip:reports dipid:protest ; dip:foundIn dipid:page-ijr ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with tarfile.open(OF_0_4_1) as archive:
        archive.extractall(tmp_path / "ontology", filter="data")
    release = Ontology(tmp_path / "ontology")
    assert str(release.version) == "0.4.1"
    with open_store(tmp_path / "data", release) as store:
        given = submissions.parse((HEADER + PROTEST).encode(), RDF_FORMATS["trig"])
        store.commit(Delta(given.quads), Provenance("Ana"), content_hash=given.content_hash)
    return tmp_path / "data"


def test_it_is_upgraded_and_all_of_it_conforms(kg: Kg, data: Path) -> None:
    assert kg("query", "-e", "ASK {}", "--data", data).code == 3
    run = kg("upgrade", data)
    assert (run.code, run.out) == (0, "")
    with open_store(data) as store:
        graph = NamedNode(DATA + "graph-protest")
        assert len(list(store.quads_for_pattern(None, None, None, graph))) == 10
        assert [each.sentence() for each in Gate.of(ontology.load()).check_whole(store).errors] == []
