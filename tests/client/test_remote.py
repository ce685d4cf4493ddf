"""A graph behind a server: what each use asks the server for, and what it makes of the answer."""

import json
from pathlib import Path

import pytest

from kg.client.access import Document
from kg.client.http import Client
from kg.client.remote import Remote
from kg.exports.catalogue import EXPORT_FORMATS, ExportFormat
from kg.exports.selection import Selection
from kg.facts.loads.files import LoadFile
from kg.facts.loads.source import unheard
from kg.formats import RDF_FORMATS
from kg.query.search.search import Hit, MatchedName, SearchAnswer, SearchQuery
from tests.support.stub_server import Stub

FACTS = Document(b"<urn:a> <urn:p> 1 .", RDF_FORMATS["turtle"], supersedes="urn:graph:old")


@pytest.fixture
def remote(stub: Stub) -> Remote:
    return Remote(Client(stub.url))


@pytest.mark.parametrize("known", EXPORT_FORMATS.values(), ids=lambda known: known.name)
def test_an_export_is_asked_for_by_its_name(stub: Stub, remote: Remote, known: ExportFormat) -> None:
    stub.body = b"bytes"
    chunks = remote.export(known, Selection(("urn:a", "urn:b"), since="2025"), as_of="v3")
    assert b"".join(chunks) == b"bytes"
    (request,) = stub.heard
    assert request.path == f"/export?graph=urn%3Aa&graph=urn%3Ab&since=2025&as-of=v3&format={known.name}"
    assert request.headers["accept"] == known.media_type


def test_a_search_is_sent_with_its_classes_and_read_back(stub: Stub, remote: Remote) -> None:
    hit = Hit(
        "urn:a", "Ana", "es", "urn:C", "C", "x", MatchedName("A", "en", "label"), 3, "exact", "label", 9.5
    )
    query = SearchQuery("ana é", ("urn:C", "urn:D"), "es", 5, 10)
    answer = SearchAnswer(query, 7, (hit,), True)
    stub.body = json.dumps(answer.as_json()).encode()
    assert remote.search(query) == answer
    (request,) = stub.heard
    assert request.path == ("/search?q=ana+%C3%A9&lang=es&class=urn%3AC&class=urn%3AD&limit=5&offset=10")


def test_commits_are_fetched_page_by_page_up_to_the_limit(stub: Stub, remote: Remote) -> None:
    def page(*versions: int) -> bytes:
        return json.dumps({"commits": [{"version": each} for each in versions], "next": "more"}).encode()

    stub.bodies = [page(9, 8), page(7)]
    assert [commit["version"] for commit in remote.commits(graph="urn:g", limit=3)] == [9, 8, 7]
    assert [request.path for request in stub.heard] == [
        "/commits?graph=urn%3Ag&limit=3",
        "/commits?graph=urn%3Ag&before=8&limit=1",
    ]


def test_no_page_is_fetched_after_the_last(stub: Stub, remote: Remote) -> None:
    stub.body = json.dumps({"commits": [{"version": 1}], "next": None}).encode()
    assert len(remote.commits()) == 1
    assert len(stub.heard) == 1


def test_facts_are_sent_as_they_are_with_their_provenance(stub: Stub, remote: Remote) -> None:
    stub.body = b'{"conforms": true, "known": false, "graphs": [], "violations": [], "version": 4}'
    verdict = remote.add(FACTS, by="Ana", reason="a test", quarantine=True)
    assert (verdict.conforms, verdict.version) == (True, 4)
    (request,) = stub.heard
    assert request.path == "/facts?by=Ana&reason=a+test&quarantine=true&supersedes=urn%3Agraph%3Aold"
    assert (request.headers["content-type"], request.body) == ("text/turtle", FACTS.data)


def test_a_retraction_and_an_undo_name_graphs_or_a_commit(stub: Stub, remote: Remote) -> None:
    stub.body = b'{"version": 5}'
    assert remote.retract(["urn:g"], "Wrong.", cascade=True)["version"] == 5
    assert remote.undo(4, "Wrong.", by="Ana")["version"] == 5
    assert [json.loads(request.body) for request in stub.heard] == [
        {"graphs": ["urn:g"], "reason": "Wrong.", "cascade": True, "by": None},
        {"commit": 4, "reason": "Wrong.", "cascade": False, "by": "Ana"},
    ]


def test_the_name_of_a_question_cannot_lead_to_another_path(stub: Stub, remote: Remote) -> None:
    remote.ask("../facts?x", {"actor": "a b"}, "text/csv", as_of="v2").read()
    (request,) = stub.heard
    assert request.path == "/questions/..%2Ffacts%3Fx?actor=a+b&as-of=v2&labels=on&lang=en"


def test_decisions_on_a_proposal_are_sent_with_their_reasons(stub: Stub, remote: Remote) -> None:
    stub.body = b'{"proposals": []}'
    assert remote.proposals("waiting") == []
    remote.accept("0f", reason="Fine.")
    remote.reject("0f", "No.", by="Ana")
    remote.withdraw_proposal("0f")
    assert [(request.method, request.path) for request in stub.heard] == [
        ("GET", "/proposals?state=waiting"),
        ("POST", "/proposals/0f/acceptance"),
        ("POST", "/proposals/0f/rejection"),
        ("DELETE", "/proposals/0f"),
    ]
    assert [request.body for request in stub.heard[1:3]] == [
        b'{"reason": "Fine."}',
        b'{"reason": "No.", "by": "Ana"}',
    ]


def test_the_files_of_a_load_are_sent_one_by_one_to_one_job(
    stub: Stub, remote: Remote, tmp_path: Path
) -> None:
    files = []
    for number in range(3):
        path = tmp_path / f"{number}.nt"
        path.write_bytes(b"<urn:a> <urn:p> <urn:%d> .\n" % number)
        files.append(LoadFile(path, RDF_FORMATS["ntriples"], path.name))
    result = {"version": 5, "graphs": [], "known": [], "quads": 3, "warnings": []}
    collecting = json.dumps({"job": "7f", "state": "collecting"}).encode()
    stub.bodies = [
        collecting,
        collecting,
        json.dumps({"job": "7f", "state": "done", "result": result}).encode(),
    ]
    assert remote.load(files, reason="Parts.", progress=unheard)["version"] == 5
    assert [request.path for request in stub.heard] == [
        "/load?name=0.nt&reason=Parts.&more=true",
        "/load?name=1.nt&job=7f&more=true",
        "/load?name=2.nt&job=7f",
    ]
