"""What a drafter sends waits for a curator, who accepts or rejects it; a drafter changes nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from kg import iris
from kg.settings import Settings
from tests.support.api_server import Client, bearer, serving
from tests.support.problems import fault

TURTLE = {"Content-Type": "text/turtle"}
DRAFTER, OTHER, CURATOR = ({**TURTLE, **bearer(name)} for name in ("drafter", "other", "curator"))
JSON = {"Content-Type": "application/json"}
NUMBERS = count()


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("api")
    settings = Settings(data=folder / "data", readers=2, drafts=50, draft_bytes=5000)
    with serving(folder, settings) as asking:
        yield asking


def facts() -> str:
    """Facts that nobody has sent yet."""
    return f"<urn:fact-{next(NUMBERS)}> <urn:p> 'proposed' ."


def proposed(kg: Client, text: str, **parameters: str) -> str:
    answer = kg.post("/facts", content=text, headers=DRAFTER, params=parameters)
    assert answer.status_code == 202, answer.text
    name = str(answer.json()["proposal"])
    assert answer.headers["location"] == f"/proposals/{name}"
    return name


def decide(kg: Client, name: str, decision: str, token: str = "curator", **told: str) -> int:
    path = f"/proposals/{name}/{decision}"
    return kg.post(path, json=told, headers=bearer(token)).status_code


def is_there(kg: Client, text: str) -> bool:
    query = {"query": f"ASK {{ {text.removesuffix('.')} }}"}
    return bool(kg.get("/sparql", params=query).json()["boolean"])


def shown(kg: Client, name: str, token: str = "curator") -> dict[str, object]:
    answer = kg.get(f"/proposals/{name}", headers=bearer(token))
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_proposal_waits_outside_of_the_graph(kg: Client) -> None:
    text, version = facts(), kg.get("/ready").json()["version"]
    name = proposed(kg, text, source="urn:letter", reason="Told in a letter")
    assert not is_there(kg, text)
    assert kg.get("/ready").json()["version"] == version
    told = shown(kg, name, "drafter")
    assert (told["state"], told["drafter"], told["source"]) == ("waiting", "Drafter", "urn:letter")
    assert proposed(kg, text, source="urn:letter", reason="Told in a letter") == name


def test_what_is_accepted_is_in_the_graph_and_its_commit_names_both(kg: Client) -> None:
    text = facts()
    name = proposed(kg, text, source="urn:letter", reason="Told in a letter")
    accepted = kg.post(f"/proposals/{name}/acceptance", headers=bearer("curator"))
    assert accepted.status_code == 201, accepted.text
    graph, version = accepted.json()["graphs"][0], accepted.json()["version"]
    assert is_there(kg, text)
    commit = kg.get(f"/commits/{version}").json()
    told = {name: commit[name] for name in ("agent", "drafter", "source", "reason")}
    assert told == {
        "agent": "Curator",
        "drafter": "Drafter",
        "source": "urn:letter",
        "reason": "Told in a letter",
    }
    provenance = f"""ASK {{ GRAPH <{iris.PROVENANCE_GRAPH}> {{
        <{graph}> prov:wasAttributedTo/rdfs:label "Drafter" ;
            prov:wasGeneratedBy/prov:wasAssociatedWith/rdfs:label "Curator" }} }}"""
    assert kg.get("/sparql", params={"query": provenance}).json()["boolean"] is True
    page = kg.get(f"/commits/{version}", headers={"Accept": "text/html"}).text
    assert "<dt>drafted by</dt>\n  <dd>Drafter</dd>" in page
    assert "<contributor><name>Drafter</name>" in kg.get("/changes.atom").text
    why = kg.get("/why", params={"fact": text}).json()["graphs"][0]["commits"]
    assert [(each["curator"], each["drafter"]) for each in why] == [("Curator", "Drafter")]
    for person in ("Drafter", "Curator"):
        listed = kg.get("/commits", params={"by": person}).json()["commits"]
        assert version in [each["version"] for each in listed]
    assert kg.get("/commits", params={"by": "Nobody"}).json()["commits"] == []
    mine = shown(kg, name, "drafter")
    assert (mine["state"], mine["decided_by"], mine["version"]) == ("accepted", "Curator", version)
    fault(kg.get(f"/proposals/{name}/document", headers=bearer("curator")), 404)


def test_what_is_rejected_stays_out_and_its_drafter_reads_why(kg: Client) -> None:
    text = facts()
    name = proposed(kg, text)
    assert decide(kg, name, "rejection") == 400
    assert decide(kg, name, "rejection", reason=" ") == 400
    assert decide(kg, name, "rejection", reason="No source.") == 200
    told = shown(kg, name, "drafter")
    assert (told["state"], told["because"]) == ("rejected", "No source.")
    assert not is_there(kg, text)
    for decision in ("acceptance", "rejection"):
        assert decide(kg, name, decision, reason="Again.") == 409
    assert proposed(kg, text) != name


def test_facts_that_do_not_conform_wait_with_their_verdict_and_cannot_be_accepted(kg: Client) -> None:
    text = f"<{iris.DATA}x-{next(NUMBERS)}> a <{iris.TERMS}Statemnt> ."
    answer = kg.post("/facts", content=text, headers=DRAFTER)
    assert (answer.status_code, answer.json()["conforms"]) == (202, False)
    name = answer.json()["proposal"]
    verdict = shown(kg, name)["verdict"]
    assert isinstance(verdict, dict)
    assert verdict["violations"]
    refused = kg.post(f"/proposals/{name}/acceptance", headers=bearer("curator"))
    assert fault(refused, 422)["violations"]
    assert shown(kg, name)["state"] == "waiting"
    assert not is_there(kg, text)


def test_what_cannot_be_read_or_is_there_already_is_no_proposal(kg: Client) -> None:
    fault(kg.post("/facts", content="no Turtle", headers=DRAFTER), 400)
    text = facts()
    assert kg.post("/facts", content=text, headers=CURATOR).status_code == 201
    again = kg.post("/facts", content=text, headers=DRAFTER)
    assert (again.status_code, again.json()["known"]) == (200, True)


def test_the_verdict_that_a_curator_sees_is_that_of_now(kg: Client) -> None:
    text = f"<urn:g-{next(NUMBERS)}> {{ {facts()} }}"
    trig = {"Content-Type": "application/trig"}
    name = kg.post("/facts", content=text, headers={**DRAFTER, **trig}).json()["proposal"]
    other = text.replace("'proposed'", "'otherwise'")
    assert kg.post("/facts", content=other, headers={**CURATOR, **trig}).status_code == 201
    assert "accepted before and cannot be edited" in str(shown(kg, name)["verdict"])
    assert shown(kg, name, "drafter")["conforms"] is True
    assert decide(kg, name, "acceptance") == 409
    assert shown(kg, name)["state"] == "waiting"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/update", "INSERT DATA { <urn:a> <urn:b> 1 }"),
        ("PUT", "/graphs?graph=urn:mine", "<urn:a> <urn:b> 1 ."),
        ("POST", "/graphs", "<urn:a> <urn:b> 1 ."),
        ("DELETE", "/graphs?graph=urn:mine", ""),
        ("PUT", "/graphs/mine", "<urn:a> <urn:b> 1 ."),
        ("POST", "/retractions", '{"graphs": ["dipid:graph-story"], "reason": "why not"}'),
        ("POST", "/retractions", '{"commit": 2, "reason": "why not"}'),
        ("POST", "/facts?by=Curator", "<urn:a> <urn:b> 1 ."),
        ("GET", "/sources", ""),
        ("POST", "/sources", "A text."),
    ],
)
def test_a_drafter_writes_nothing_else(kg: Client, method: str, path: str, body: str) -> None:
    before = kg.get("/ready").json()["version"]
    fault(kg.request(method, path, content=body, headers=DRAFTER), 403)
    assert kg.get("/ready").json()["version"] == before


def test_a_drafter_decides_nothing_and_sees_no_proposal_of_another(kg: Client) -> None:
    name = proposed(kg, facts())
    for token in ("drafter", "other", "reader"):
        assert decide(kg, name, "acceptance", token) == 403
        assert decide(kg, name, "rejection", token, reason="No.") == 403
    for path in (f"/proposals/{name}", f"/proposals/{name}/document"):
        fault(kg.get(path, headers=OTHER), 404)
        fault(kg.get(path, headers=bearer("reader")), 403)
        fault(kg.get(path), 401)
    fault(kg.request("DELETE", f"/proposals/{name}", headers=OTHER), 404)
    fault(kg.request("DELETE", f"/proposals/{name}", headers=CURATOR), 403)
    assert kg.get("/proposals", headers=OTHER).json() == {"proposals": []}
    assert name in kg.get("/proposals?state=waiting", headers=CURATOR).text
    assert name not in kg.get("/proposals?state=rejected", headers=CURATOR).text
    fault(kg.get("/proposals?state=lost", headers=CURATOR), 400)
    fault(kg.get("/proposals"), 401)
    for odd in ("..", "..%2f..%2ftokens", name[:15], name + "0"):
        assert kg.get(f"/proposals/{odd}/document", headers=CURATOR).status_code == 404


def test_a_curator_decides_in_no_name_but_their_own(kg: Client) -> None:
    name = proposed(kg, facts())
    assert decide(kg, name, "acceptance", by="Drafter") == 403
    assert decide(kg, name, "acceptance", "admin", by="Ana") == 201
    assert shown(kg, name)["decided_by"] == "Ana"


def test_a_drafter_withdraws_what_waits_and_gets_the_document_back(kg: Client) -> None:
    text = facts()
    name = proposed(kg, text)
    document = kg.get(f"/proposals/{name}/document", headers=DRAFTER)
    assert document.text == text
    assert document.headers["content-disposition"] == f'attachment; filename="{name}.ttl"'
    assert kg.request("DELETE", f"/proposals/{name}", headers=DRAFTER).status_code == 204
    fault(kg.request("DELETE", f"/proposals/{name}", headers=DRAFTER), 409)
    assert decide(kg, name, "acceptance") == 409


def test_of_two_decisions_at_once_one_counts(kg: Client) -> None:
    name = proposed(kg, facts())
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda _: decide(kg, name, "acceptance", reason="Yes."), range(6)))
    assert sorted(codes) == [201, *[409] * 5]


def test_what_a_curator_accepts_a_drafter_cannot_withdraw_and_a_curator_can(kg: Client) -> None:
    name = proposed(kg, facts())
    graph = kg.post(f"/proposals/{name}/acceptance", headers=bearer("curator")).json()["graphs"][0]
    asked = {"graphs": [graph], "reason": "Mistaken."}
    fault(kg.post("/retractions", json=asked, headers=bearer("drafter")), 403)
    assert kg.post("/retractions", json=asked, headers=bearer("curator")).status_code == 201


def test_who_drafted_what_is_told_by_commits_alone(kg: Client) -> None:
    proposed(kg, facts())
    agent = f"{iris.DATA}agent-drafter"
    name = proposed(kg, facts())
    assert decide(kg, name, "acceptance") == 201
    forged = f"<urn:mine> <http://www.w3.org/ns/prov#wasAttributedTo> <{agent}> ."
    refused = kg.post("/facts", content=forged, headers=CURATOR)
    assert fault(refused, 422)["violations"][0]["rule"].endswith("told-by-commits")


def test_proposals_are_bounded_in_number_and_size_for_each_drafter(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", readers=1, drafts=2, draft_bytes=200)
    with serving(tmp_path, settings) as kg:
        long = f"<urn:a> <urn:p> '{'x' * 200}' ."
        fault(kg.post("/facts", content=long, headers=DRAFTER), 413)
        first = proposed(kg, facts())
        proposed(kg, facts())
        refused = kg.post("/facts", content=facts(), headers=DRAFTER)
        assert "retry-after" in refused.headers
        fault(refused, 429)
        assert kg.post("/facts", content=facts(), headers=OTHER).status_code == 202
        assert decide(kg, first, "rejection", reason="No.") == 200
        with ThreadPoolExecutor(4) as pool:
            texts = [facts() for _ in range(4)]
            codes = list(pool.map(lambda text: kg.post("/facts", content=text, headers=DRAFTER), texts))
        assert sorted(each.status_code for each in codes) == [202, 429, 429, 429]
