"""A purged graph is gone (410) with its tombstone; earlier versions answer without it, and say so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.changes import Delta, Provenance
from kg.facts.purging import purge_graph
from kg.settings import Settings
from tests.support.api_server import Client, client, write_ontology
from tests.support.stores import open_store

GRAPH, KEPT = NamedNode("urn:g"), NamedNode("urn:kept")
EARLIER = {"query": "SELECT ?g { GRAPH ?g { <urn:a> ?p ?o } }", "as-of": "v4"}


def quad(graph: NamedNode) -> Quad:
    return Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"), graph)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str]:
    """A directory in which version 3 held a graph that version 6 purged, and an ETag from before."""
    folder: Path = tmp_path_factory.mktemp("api")
    settings = Settings(data=folder / "data", readers=2)
    release = write_ontology(folder / "ontology")
    with open_store(settings.data, release) as store:
        store.commit(Delta((quad(GRAPH),)), Provenance("Ana"))
        store.commit(Delta((quad(KEPT),)), Provenance("Ana"))
        store.commit(Delta((quad(NamedNode("urn:more")),)), Provenance("Ana"))
        with client(settings, store) as asking:
            tag = asking.get("/sparql", params=EARLIER).headers["etag"]
    purge_graph(settings.data, GRAPH.value, Provenance("Officer", reason="Request 7."))
    return settings, tag


@pytest.fixture(scope="module")
def kg(before: tuple[Settings, str]) -> Iterator[Client]:
    """A server on that directory, after the purge."""
    settings, _ = before
    release = ontology.load(settings.data.parent / "ontology")
    with open_store(settings.data, release) as store, client(settings, store) as asking:
        yield asking


GONE = {
    "graph": "/graphs?graph=urn:g",
    "export": "/export?graph=urn:g",
    "export of an earlier version": "/export?graph=urn:g&as-of=v3",
    "query of an earlier version": "/sparql?query=ASK{?s ?p ?o}&default-graph-uri=urn:g&as-of=v3",
    "changes of its commit": "/changes?from=v2&to=v3",
}


@pytest.mark.parametrize("address", GONE.values(), ids=GONE)
def test_a_purged_graph_is_gone_with_its_tombstone(kg: Client, address: str) -> None:
    answer = kg.get(address)
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["title"] == "Purged"
    stone = problem["tombstone"]
    assert (stone["graph"], stone["reason"], stone["agent"]) == ("urn:g", "Request 7.", "Officer")


def test_an_earlier_version_answers_without_it_and_names_it(kg: Client) -> None:
    asked = kg.get("/sparql", params=EARLIER)
    assert asked.headers["x-graph-purged"] == "<urn:g>"
    assert [row["g"]["value"] for row in asked.json()["results"]["bindings"]] == ["urn:kept"]
    assert kg.get("/export?as-of=v3").headers["x-graph-purged"] == "<urn:g>"


def test_an_answer_from_before_is_not_the_current_one(kg: Client, before: tuple[Settings, str]) -> None:
    _, tag = before
    answer = kg.get("/sparql", params=EARLIER, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] != tag


def test_what_was_not_purged_is_as_it_was(kg: Client) -> None:
    assert kg.get("/graphs?graph=urn:kept").status_code == 200
    assert kg.get("/graphs?graph=urn:never").status_code == 404
    assert "x-graph-purged" not in kg.get("/sparql", params={"query": "ASK {}"}).headers
    commits = kg.get("/commits?graph=urn:g").json()["commits"]
    assert [commit["version"] for commit in commits] == [3]
    assert kg.get("/changes?from=v2&to=v4").json()["added"] == ['<urn:a> <urn:p> "x" <urn:kept> .']
