"""A data directory that this process opens."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, parse

from kg import iris
from kg.client.access import Document
from kg.client.local import Local
from kg.errors import Invalid, NotFound
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import Selection
from kg.formats import RDF_FORMATS
from tests.support.command import BAD, FACT

COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"


def document(text: str) -> Document:
    return Document(text.encode(), RDF_FORMATS["turtle"])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("filled") / "data"
    Local(directory).query("ASK {}", "text/csv").read()
    return directory


@pytest.fixture
def local(filled: Path, data: Path) -> Local:
    return Local(Path(shutil.copytree(filled, data)))


def count(local: Local, as_of: str | None = None) -> bytes:
    return local.query(COUNT, "text/csv", as_of).read().split()[1]


def test_facts_that_were_added_are_read_at_once_and_not_in_an_earlier_version(local: Local) -> None:
    before = local.contents.version
    assert count(local) == b"0"
    verdict = local.add(document(FACT), by="Ana")
    assert (verdict.version, local.contents.version) == (before + 1, before + 1)
    assert [count(local), count(local, f"v{before}"), count(local, f"v{before + 1}")] == [b"1", b"0", b"1"]


def test_an_earlier_version_is_copied_once(local: Local) -> None:
    local.add(document(FACT))
    assert [count(local, "v1"), count(local, "v1")] == [b"0", b"0"]
    assert [path.name for path in (local.directory / "asof").glob("v*")] == ["v1"]
    with pytest.raises(NotFound, match="v1 to v"):
        local.query(COUNT, "text/csv", "v99")


def test_validation_writes_nothing(local: Local) -> None:
    before = local.contents.version
    assert local.validate(document(FACT)).conforms
    assert not local.validate(document(BAD)).conforms
    assert b"sh:ValidationReport" in local.report(document(BAD))
    with pytest.raises(Invalid):
        local.add(document(BAD))
    assert Local(local.directory).contents.version == before


def test_a_retraction_is_told_as_a_commit_and_read_at_once(local: Local) -> None:
    (graph,) = local.add(document(FACT)).graphs
    commit = local.retract([graph], "Wrong.", by="Ana")
    assert (list(commit["withdrawn"]), commit["agent"]) == ([graph], "Ana")
    assert count(local) == b"0"
    assert local.commit(commit["version"]) == commit == local.commits(graph=graph)[0]
    start, end = f"v{commit['version'] - 1}", f"v{commit['version']}"
    assert local.changes(start, end)["removed"] == [f'<urn:a> <urn:p> "one" <{graph}> .']


@pytest.mark.parametrize("name", RDF_FORMATS)
def test_an_export_holds_the_graph_asked_for_and_no_other(local: Local, name: str) -> None:
    known = EXPORT_FORMATS[name]
    assert known.rdf is not None
    graph = NamedNode(iris.DATA + "graph-gestures")
    chunks = local.export(known, Selection(("dipid:graph-gestures",)))
    quads = list(parse(b"".join(chunks), known.rdf.syntax))
    held = {quad.triple for quad in local.contents.quads_for_pattern(None, None, None, graph)}
    assert {quad.triple for quad in quads} == held
    assert {quad.graph_name for quad in quads} == {graph if known.holds_graphs else DefaultGraph()}
