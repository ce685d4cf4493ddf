"""History over HTTP: commits, changes, retractions, corrections, and earlier versions of every answer."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg import iris
from tests.support.api_server import PREFIXES, Client, bearer, serving

GRAPH = f"{iris.DATA}graph-story"
CSV = {"Accept": "text/csv"}
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with serving(tmp_path) as client:
        yield client


def add(client: Client, text: str, **parameters: str) -> httpx.Response:
    return client.post(
        "/facts",
        params=parameters,
        content=f"{PREFIXES}\n{text}",
        headers={**bearer("curator"), "Content-Type": "text/turtle"},
    )


def retract(client: Client, token: str | None = "curator", **body: object) -> httpx.Response:
    return client.post("/retractions", json=body, headers=bearer(token) if token else {})


def is_problem(response: httpx.Response, status: int) -> bool:
    return (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")


def test_commits_are_listed_newest_first_and_in_pages(client: Client) -> None:
    add(client, "<urn:a> <urn:p> 1 .", reason="To see.")
    first = client.get("/commits", params={"limit": 2}).json()
    assert [commit["version"] for commit in first["commits"]] == [3, 2]
    newest = first["commits"][0]
    assert (newest["agent"], newest["reason"], newest["added"], newest["removed"]) == (
        "Curator",
        "To see.",
        1,
        0,
    )
    rest = client.get(first["next"]).json()
    assert [commit["version"] for commit in rest["commits"]] == [1]
    assert client.get("/commits?before=v2&limit=2").json() == rest
    assert rest["next"] is None


def test_one_commit_is_told(client: Client) -> None:
    assert client.get("/commits/2").json() == client.get("/commits/v2").json()
    assert client.get("/commits/2").json()["graphs"] == [GRAPH]
    for version in ("9", "v9", "0", "v0"):
        assert is_problem(client.get(f"/commits/{version}"), 404)
    for version in ("x", "v", "v1.0", "-1", "٣"):
        assert is_problem(client.get(f"/commits/{version}"), 400)
    assert is_problem(client.get("/commits/2?as-of=1"), 400)


def test_the_commits_of_a_graph_are_those_that_wrote_and_withdrew_it(client: Client) -> None:
    (graph,) = add(client, "<urn:a> <urn:p> 1 .").json()["graphs"]
    (new,) = add(client, "<urn:a> <urn:p> 2 .", supersedes=graph).json()["graphs"]
    retract(client, graphs=[new], reason="Wrong.")

    def versions(of: str) -> list[int]:
        return [
            commit["version"] for commit in client.get("/commits", params={"graph": of}).json()["commits"]
        ]

    assert versions(graph) == [4, 3]
    assert versions(new) == [5, 4]
    first = client.get("/commits", params={"graph": graph, "limit": 1}).json()
    assert [commit["version"] for commit in first["commits"]] == [4]
    assert [commit["version"] for commit in client.get(first["next"]).json()["commits"]] == [3]
    assert is_problem(client.get("/commits?graph=dipid:nothing"), 404)
    assert is_problem(client.get(f"/commits?graph={graph}&limit=none"), 400)


def test_facts_are_withdrawn_with_a_token_and_a_reason(client: Client) -> None:
    (graph,) = add(client, "<urn:a> <urn:p> 1 .").json()["graphs"]
    assert is_problem(retract(client, None, graphs=[graph], reason="Wrong."), 401)
    assert is_problem(retract(client, "reader", graphs=[graph], reason="Wrong."), 403)
    assert is_problem(retract(client, graphs=[graph], reason=" "), 400)
    assert is_problem(retract(client, graphs=[graph]), 400)
    assert is_problem(retract(client, graphs=[graph], reason="Wrong.", force=True), 400)
    assert is_problem(retract(client, graphs=["dipid:nothing"], reason="Wrong."), 404)
    assert is_problem(retract(client, graphs=[GRAPH], reason="Not mine."), 403)
    answer = retract(client, graphs=[graph], reason="Wrong.")
    assert (answer.status_code, answer.headers["location"]) == (201, "/commits/4")
    assert answer.json()["withdrawn"] == [graph]
    assert client.get("/sparql", params={"query": COUNT}, headers=CSV).text.split() == ["n", "0"]


def test_what_a_commit_added_is_withdrawn_by_its_version(client: Client) -> None:
    (graph,) = add(client, "<urn:a> <urn:p> 1 .").json()["graphs"]
    assert is_problem(retract(client, graphs=[graph], commit=3, reason="Wrong."), 400)
    assert is_problem(retract(client, commit=99, reason="Wrong."), 404)
    assert is_problem(retract(client, commit=1, reason="Wrong."), 409)
    assert is_problem(retract(client, commit="three", reason="Wrong."), 400)
    assert retract(client, commit="v3", reason="Wrong.").json()["withdrawn"] == [graph]


def test_what_others_rest_on_is_kept_and_they_are_listed(client: Client) -> None:
    (graph,) = add(client, "dipid:x <urn:p> 1 .").json()["graphs"]
    (other,) = add(client, "dipid:y <urn:p> dipid:x .").json()["graphs"]
    answer = retract(client, graphs=[graph], reason="Wrong.")
    assert is_problem(answer, 409)
    assert (answer.json()["graphs"], answer.json()["rule"]) == ([other], f"{iris.SHAPES}stranded-reference")
    assert retract(client, graphs=[graph], reason="Wrong.", cascade=True).json()["removed"] == 2


def test_changes_between_versions_are_quads(client: Client) -> None:
    (graph,) = add(client, "<urn:a> <urn:p> 1 .").json()["graphs"]
    add(client, "<urn:a> <urn:p> 2 .", supersedes=graph)
    told = client.get("/changes", params={"from": "v2", "to": "v4"}).json()
    assert (told["from"], told["to"], len(told["added"]), told["removed"]) == (2, 4, 2, [])
    assert client.get("/changes", params={"from": "2", "to": "4"}).json() == told
    back = client.get("/changes", params={"from": "v4", "to": "v3"}).json()
    assert (len(back["added"]), back["removed"]) == (1, told["added"])
    assert len(client.get("/changes?from=v2&to=v4&all=true").json()["added"]) > 2
    assert is_problem(client.get("/changes?from=v2"), 400)
    assert is_problem(client.get("/changes?from=v2&to=v99"), 404)


def test_a_correction_that_may_not_replace_is_refused(client: Client) -> None:
    assert is_problem(add(client, "<urn:a> <urn:p> 1 .", supersedes=GRAPH), 403)
    assert is_problem(add(client, "<urn:a> <urn:p> 1 .", supersedes="dipid:nothing"), 404)


def test_every_answer_can_be_had_as_it_was_then(client: Client) -> None:
    (graph,) = add(client, "<urn:a> <urn:p> 1 .").json()["graphs"]
    retract(client, graphs=[graph], reason="Wrong.")
    time = client.get("/commits/3").json()["time"]
    for moment, count in (
        ("v3", "1"),
        ("3", "1"),
        (time, "1"),
        ("v2", "0"),
        ("v4", "0"),
        ("2999-01-01", "0"),
    ):
        asked = {"query": COUNT, "as-of": moment}
        answer = client.get("/sparql", params=asked, headers=CSV)
        assert answer.text.split() == ["n", count], moment
        assert client.post("/sparql", data=asked, headers=CSV).text == answer.text
    assert client.get("/sparql", params={"query": COUNT, "as-of": "v3"}).headers["x-graph-version"] == "3"
    then = client.get("/export", params={"graph": graph, "as-of": "v3", "format": "nquads"})
    assert "\n<urn:a> <urn:p>" in then.text
    assert is_problem(client.get("/export", params={"graph": graph, "format": "nquads"}), 410)


@pytest.mark.parametrize(("moment", "status"), [("v99", 404), ("soon", 400), ("1999-01-01", 404)])
def test_a_version_that_never_was_is_a_clear_error(client: Client, moment: str, status: int) -> None:
    assert is_problem(client.get("/sparql", params={"query": COUNT, "as-of": moment}), status)
    assert is_problem(client.get("/export", params={"as-of": moment}), status)


def test_a_question_is_answered_as_it_was_then(client: Client) -> None:
    listed = "submissions-and-their-sources"
    before = client.get(f"/questions/{listed}", params={"as-of": "v1"}, headers=CSV)
    assert before.headers["x-graph-version"] == "1"
    assert client.get(f"/questions/{listed}", headers=CSV).headers["x-graph-version"] == "2"


def test_changes_of_any_size_are_streamed_by_a_reader(client: Client) -> None:
    literals = [f'<urn:a> <urn:p> "{number} {"x" * 5000}" .' for number in range(15)]
    add(client, "\n".join(literals))
    response = client.get("/changes", params={"from": "v2", "to": "v3"})
    assert "content-length" not in response.headers
    changes = response.json()
    assert (changes["from"], changes["to"], len(changes["added"]), changes["removed"]) == (2, 3, 15, [])
    assert changes["added"] == sorted(changes["added"])
    assert client.get("/changes", params={"from": "v3", "to": "v2"}).json()["removed"] == changes["added"]
    page = client.get("/changes", params={"from": "v2", "to": "v3"}, headers={"Accept": "text/html"})
    assert "15 facts" in page.text


def test_a_list_of_commits_of_a_graph_names_its_rest(client: Client) -> None:
    first = client.get("/commits", params={"graph": GRAPH, "limit": 1})
    assert first.headers["content-type"] == "application/json"
    assert [commit["graphs"] for commit in first.json()["commits"]] == [[GRAPH]]
    rest = client.get(str(first.json()["next"])).json()
    assert rest == {"commits": [], "next": None}
