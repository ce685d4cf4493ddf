"""Atom feeds of the history: of all, and of one thing."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from kg import iris
from tests.api.routes.test_history import add, is_problem, retract
from tests.support.api_server import Client, serving, until_searchable

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("feeds")) as asking:
        yield asking


def newest(kg: Client) -> int:
    version: int = kg.get("/ready").json()["version"]
    return version


def feed(kg: Client, path: str, **headers: str) -> ElementTree.Element:
    answer = kg.get(path, headers=headers)
    assert answer.headers["content-type"] == "application/atom+xml", answer.text
    return ElementTree.fromstring(answer.content)


def entries(root: ElementTree.Element) -> list[str]:
    return [(each.findtext(f"{ATOM}id") or "").rpartition("-")[2] for each in root.iter(f"{ATOM}entry")]


def link(root: ElementTree.Element, relation: str) -> str:
    found = (each.get("href", "") for each in root.findall(f"{ATOM}link") if each.get("rel") == relation)
    return next(found, "").removeprefix("http://testserver")


def test_the_feed_has_an_entry_for_each_commit_that_names_what_it_did(kg: Client) -> None:
    (graph,) = add(kg, "<urn:a> <urn:p> 1 .", reason='<To> see & "hear".').json()["graphs"]
    root = feed(kg, "/changes", accept="application/atom+xml, text/xml;q=0.9")
    for path in ("/changes", "/changes.atom", "/changes?format=atom"):
        assert ElementTree.tostring(feed(kg, path)) == ElementTree.tostring(root)
    assert entries(root) == [str(version) for version in range(newest(kg), 0, -1)]
    (entry, *_) = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == f'Version {newest(kg)}: <To> see & "hear".'
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Curator"
    assert iris.compact(graph) in (entry.findtext(f"{ATOM}content") or "")
    assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    assert kg.get(link(entry, "alternate")).json()["version"] == newest(kg)
    assert len(kg.get(link(entry, "related")).json()["added"]) == 1


def test_a_feed_is_read_in_pages_to_its_end(kg: Client) -> None:
    for number in range(4):
        add(kg, f"dipid:x{number % 2} <urn:p> {number} .")
    last = newest(kg)
    everything = list(range(last, 0, -1))
    for path, expected in (("", everything), ("&thing=dipid:x1", [last, last - 2]), ("&thing=ana", [2])):
        seen, following = [], f"/changes.atom?limit=1{path}"
        while following:
            root = feed(kg, following)
            assert link(root, "self").startswith("/changes.atom?")
            seen += entries(root)
            following = link(root, "next")
        assert seen == [str(version) for version in expected]


def test_the_feed_of_a_thing_tells_of_its_retraction_too(kg: Client) -> None:
    (graph,) = add(kg, "dipid:brief <urn:p> 1 .").json()["graphs"]
    retract(kg, graphs=[graph], reason="Wrong.")
    last = newest(kg)
    assert entries(feed(kg, "/changes.atom?thing=dipid:brief")) == [str(last), str(last - 1)]
    assert is_problem(kg.get("/changes.atom?thing=dipid:never"), 404)


@pytest.mark.parametrize(
    "query", ["format=atom&from=v1&to=v2", "from=v1&to=v2&thing=ana", "limit=0", "before=x"]
)
def test_a_feed_asked_for_wrongly_is_refused(kg: Client, query: str) -> None:
    assert is_problem(kg.get(f"/changes?{query}"), 400)


def test_the_thing_of_a_feed_may_be_named(kg: Client) -> None:
    until_searchable(kg)
    by_name = entries(feed(kg, "/changes.atom?thing=Ana%20%3CP%C3%A9rez%3E"))
    assert by_name == entries(feed(kg, "/changes.atom?thing=ana"))
    assert is_problem(kg.get("/changes.atom?thing=a%20b"), 400)


def test_a_browser_that_asks_for_changes_is_sent_to_the_history(kg: Client) -> None:
    answer = kg.get("/changes", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/commits")
    assert is_problem(kg.get("/changes?from=v1&to=v2", headers={"Accept": "image/png"}), 406)
