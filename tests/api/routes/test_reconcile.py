"""The Reconciliation Service API 0.2 on the seed graph: answers conform to its schemas, and are right."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from kg import iris
from kg.query.reconciliation.reading import BATCH_SIZE
from kg.settings import Settings
from tests.support import reconciliation_schemas as schemas
from tests.support.api_server import Client, client, until_searchable
from tests.support.reconciliation_schemas import conforms
from tests.support.stores import open_store

ROOT = "http://testserver/"


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    settings = Settings(data=tmp_path_factory.mktemp("reconcile") / "data", readers=2)
    with open_store(settings.data) as store, client(settings, store) as asking:
        until_searchable(asking)
        yield asking


def batch(kg: Client, **queries: Any) -> dict[str, Any]:
    answer = kg.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    conforms(answer.json(), schemas.RESULTS)
    found: dict[str, Any] = answer.json()
    return found


def candidates(kg: Client, query: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = batch(kg, q={"query": query, **more})["q"]["result"]
    return found


def extend(kg: Client, ids: list[str], *properties: dict[str, Any]) -> dict[str, Any]:
    answer = kg.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": properties})})
    assert answer.status_code == 200, answer.text
    conforms(answer.json(), schemas.EXTENDED)
    found: dict[str, Any] = answer.json()
    return found


def test_the_manifest_conforms_and_its_addresses_answer(kg: Client) -> None:
    manifest = kg.get("/reconcile").json()
    conforms(manifest, schemas.MANIFEST)
    assert manifest["identifierSpace"] + "id/gustavo-petro" == f"{iris.DATA}gustavo-petro"
    assert {each["id"] for each in manifest["defaultTypes"]} >= {"Person", "State", "Office"}
    for each in manifest["defaultTypes"]:
        assert manifest["schemaSpace"] + each["id"] == f"{iris.TERMS}{each['id']}"
    suggest = manifest["suggest"]["entity"]
    found = kg.get(suggest["service_url"] + suggest["service_path"], params={"prefix": "gustavo pet"}).json()
    identifier = found["result"][0]["id"]
    encoded = identifier.replace("/", "%2F")
    flyout = kg.get(suggest["flyout_service_url"] + suggest["flyout_service_path"].replace("${id}", encoded))
    conforms(flyout.json(), schemas.FLYOUT)
    assert flyout.json()["id"] == identifier
    preview = kg.get(manifest["preview"]["url"].replace("{{id}}", encoded))
    assert "Gustavo Petro" in preview.text
    view = kg.get(manifest["view"]["url"].replace("{{id}}", encoded))
    assert (view.status_code, view.headers["Location"]) == (303, "/id/gustavo-petro")
    propose = manifest["extend"]["propose_properties"]
    proposed = kg.get(propose["service_url"] + propose["service_path"], params={"type": "Office"})
    conforms(proposed.json(), schemas.PROPOSED)
    assert kg.get(manifest["logo"]).status_code == 200


def test_a_name_is_matched_and_said_to_be_certain(kg: Client) -> None:
    (petro, *_) = candidates(kg, "Gustavo Petro", type="Person")
    assert (petro["id"], petro["score"], petro["match"]) == ("id/gustavo-petro", 100.0, True)
    assert petro["type"] == [{"id": "Person", "name": "Person"}]
    assert petro["description"].startswith("office: President of Colombia")


def test_names_in_another_language_or_misspelt_are_candidates(kg: Client) -> None:
    assert candidates(kg, "Estados Unidos", type="State")[0]["match"]
    (petro, *_) = candidates(kg, "Gustvo Petor", type="Person")
    assert (petro["id"], petro["match"]) == ("id/gustavo-petro", False)
    assert petro["score"] < 50


def test_an_identifier_is_matched(kg: Client) -> None:
    for query in ("id/gustavo-petro", f"{iris.DATA}gustavo-petro", "dipid:gustavo-petro"):
        (petro, *_) = candidates(kg, query)
        assert (petro["id"], petro["match"]) == ("id/gustavo-petro", True)


def test_candidates_come_by_their_scores_and_no_more_than_asked_for(kg: Client) -> None:
    found = candidates(kg, "petro", limit=3)
    scores = [each["score"] for each in found]
    assert len(found) == 3
    assert scores == sorted(scores, reverse=True)


def test_types_narrow_a_query_by_their_strictness(kg: Client) -> None:
    of_actors = candidates(kg, "Colombia", type=["Actor", "Place"], type_strict="any")
    assert of_actors[0]["id"] == "id/colombia"
    assert candidates(kg, "Colombia", type=["State", "Person"], type_strict="all") == []
    assert candidates(kg, "Colombia", type=["State", "Actor"], type_strict="all")[0]["id"] == "id/colombia"
    assert candidates(kg, "Gustavo Petro", type="State") == []
    (other, *_) = candidates(kg, "Gustavo Petro", type="State", type_strict="should")
    assert (other["id"], other["score"], other["match"]) == ("id/gustavo-petro", 50.0, False)


def test_a_thing_is_a_candidate_by_its_names_and_not_by_words_quoted(kg: Client) -> None:
    assert {each["type"][0]["id"] for each in candidates(kg, "kidnapping")}.isdisjoint(
        {"Passage", "Statement"}
    )
    claim = candidates(kg, "kidnapping", type="Claim")
    assert all(each["name"].startswith("Claim by ") for each in claim)


def test_properties_weigh_in_and_must_hold_for_a_match(kg: Client) -> None:
    right = {"pid": "officeOf", "v": "Colombia"}
    wrong = {"pid": "officeOf", "v": {"id": "id/mexico", "name": "Mexico"}}
    (first, *_) = candidates(kg, "President of Colombia", type="Office", properties=[right])
    assert (first["id"], first["score"], first["match"]) == ("id/president-of-colombia", 100.0, True)
    (second, *_) = candidates(kg, "President of Colombia", type="Office", properties=[wrong])
    assert (second["match"], second["score"]) == (False, 60.0)
    both = candidates(kg, "president", type="Office", properties=[right])
    assert both[0]["id"] == "id/president-of-colombia"
    features = {each["id"]: each["value"] for each in both[0]["features"]}
    assert features["properties_met"] == 1


def test_things_are_found_by_properties_alone(kg: Client) -> None:
    by_thing = {"properties": [{"pid": "officeOf", "v": {"id": "id/colombia"}}]}
    by_name = {"properties": [{"pid": "officeOf", "v": ["Kolombia", "Colombia"]}], "type": "Office"}
    by_text = {"properties": [{"pid": "rdfs:label", "v": "Estados Unidos"}]}
    found = batch(kg, thing=by_thing, name=by_name, text=by_text, none={**by_thing, "type": "Person"})
    assert "id/president-of-colombia" in {each["id"] for each in found["thing"]["result"]}
    assert "id/president-of-colombia" in {each["id"] for each in found["name"]["result"]}
    assert [each["id"] for each in found["text"]["result"]] == ["id/united-states"]
    assert found["none"]["result"] == []


def test_each_query_of_a_batch_is_answered_on_its_own(kg: Client) -> None:
    queries = {f"q{number}": {"query": "Gustavo Petro"} for number in range(BATCH_SIZE)}
    queries |= {"q1": {"query": "zzzz"}, "q2": {"query": ""}, "q3": {"query": "x" * 5000}}
    found = batch(kg, **queries)
    assert list(found) == list(queries)
    assert [len(found[name]["result"]) for name in ("q1", "q2", "q3")] == [0, 0, 0]
    assert found["q0"] == found["q49"]
    assert batch(kg) == {}


def test_a_batch_in_the_address_and_a_single_query_are_answered_too(kg: Client) -> None:
    by_address = kg.get("/reconcile", params={"queries": '{"a": {"query": "Gustavo Petro"}}'}).json()
    single = kg.get("/reconcile", params={"query": "Gustavo Petro"}).json()
    conforms(single, schemas.RESULT)
    assert by_address == {"a": single}
    assert kg.post("/reconcile", data={"query": '{"query": "Gustavo Petro"}'}).json() == single


def test_entities_types_and_properties_are_suggested_as_somebody_types(kg: Client) -> None:
    entities = kg.get("/reconcile/suggest/entity?prefix=gust").json()
    conforms(entities, schemas.SUGGESTED_ENTITIES)
    assert entities["result"][0]["id"] == "id/gustavo-petro"
    of_type = kg.get("/reconcile/suggest/entity?prefix=petro&type=Meeting").json()["result"]
    assert {each["notable"][0]["id"] for each in of_type} == {"Meeting"}
    types = kg.get("/reconcile/suggest/type?prefix=pers").json()
    conforms(types, schemas.SUGGESTED_TERMS)
    assert types["result"][0]["id"] == "Person"
    properties = kg.get("/reconcile/suggest/property?prefix=office+of").json()
    conforms(properties, schemas.SUGGESTED_TERMS)
    assert properties["result"][0]["id"] == "officeOf"


def test_suggestions_go_on_from_a_cursor_and_take_what_openrefine_sends(kg: Client) -> None:
    first = kg.get("/reconcile/suggest/entity?prefix=p&spell=always&exact=false&prefixed=true").json()
    rest = kg.get("/reconcile/suggest/entity?prefix=p&cursor=20").json()
    assert len(first["result"]) == 20
    seen = [each["id"] for each in (*first["result"], *rest["result"])]
    assert len(seen) == len(set(seen))
    assert kg.get("/reconcile/suggest/entity?prefix=").json() == {"result": []}
    assert kg.get("/reconcile/suggest/entity?prefix=id/hat").json()["result"][0]["id"] == "id/hat"


def test_a_text_that_is_the_same_in_two_languages_is_one_value(kg: Client) -> None:
    rows = extend(kg, ["id/gustavo-petro"], {"id": "rdfs:label"})["rows"]
    assert rows == {"id/gustavo-petro": {"rdfs:label": [{"str": "Gustavo Petro"}]}}


def test_data_is_extended_by_things_texts_numbers_and_dates(kg: Client) -> None:
    found = extend(
        kg,
        ["id/president-of-colombia", "id/united-states", "id/presence-news-article", "id/nobody"],
        {"id": "officeOf"},
        {"id": "rdfs:label", "settings": {"lang": "es"}},
        {"id": "textLength"},
        {"id": "cites", "settings": {"limit": "2"}},
    )
    rows = found["rows"]
    assert rows["id/president-of-colombia"]["officeOf"] == [{"id": "id/colombia", "name": "Colombia"}]
    assert rows["id/united-states"]["rdfs:label"] == [{"str": "Estados Unidos"}]
    assert rows["id/presence-news-article"]["textLength"] == [{"int": 5764}]
    assert len(rows["id/presence-news-article"]["cites"]) == 2
    assert rows["id/nobody"] == {"officeOf": [], "rdfs:label": [], "textLength": [], "cites": []}
    assert found["meta"][0] == {"id": "officeOf", "name": "office of"}


def test_a_claim_among_the_values_is_named_as_a_claim(kg: Client) -> None:
    rows = extend(kg, ["id/statement-petro-kidnapping"], {"id": "advances"})["rows"]
    names = {each["name"] for each in rows["id/statement-petro-kidnapping"]["advances"]}
    assert "Claim by Gustavo Petro: “kidnapping”" in names
    assert all(name.startswith("Claim by Gustavo Petro: “") for name in names)


def test_dates_keep_what_is_known_of_them(kg: Client) -> None:
    rows = extend(kg, ["id/time-2025-01-26", "id/time-2025-09"], {"id": "date"})["rows"]
    assert [rows[name]["date"] for name in rows] == [[{"str": "2025-01-26"}], [{"str": "2025-09"}]]


def test_properties_are_proposed_for_a_type_by_its_shapes(kg: Client) -> None:
    proposed = kg.get("/reconcile/properties?type=Office&limit=3").json()
    conforms(proposed, schemas.PROPOSED)
    assert (len(proposed["properties"]), proposed["limit"], proposed["type"]) == (3, 3, "Office")
    every = {each["id"] for each in kg.get("/reconcile/properties?type=Office").json()["properties"]}
    assert every >= {"officeOf", "hasKind", "rdfs:label"}


def test_pages_of_any_site_may_ask_and_show_a_preview_in_a_frame(kg: Client) -> None:
    origin = {"Origin": "http://127.0.0.1:3333"}
    for path in ("/reconcile", "/reconcile/suggest/type?prefix=p", "/reconcile/flyout/type?id=Person"):
        assert kg.get(path, headers=origin).headers["Access-Control-Allow-Origin"] == "*"
    asked = {**origin, "Sec-Fetch-Site": "cross-site"}
    posted = kg.post("/reconcile", data={"queries": "{}"}, headers=asked)
    assert (posted.status_code, posted.headers["Access-Control-Allow-Origin"]) == (200, "*")
    before = kg.request("OPTIONS", "/reconcile", headers={**origin, "Access-Control-Request-Method": "POST"})
    assert "POST" in before.headers["Access-Control-Allow-Methods"]
    shown = kg.get("/reconcile/preview?id=id/hat")
    assert "frame-ancestors" not in shown.headers["Content-Security-Policy"]
    assert "script" not in shown.text
    assert "frame-ancestors 'none'" in kg.get("/").headers["Content-Security-Policy"]


def test_there_is_no_jsonp(kg: Client) -> None:
    answer = kg.get("/reconcile?callback=steal")
    assert answer.status_code == 400
    assert "steal" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("GET", "/reconcile?queries=x", {}, 400),
        ("GET", "/reconcile?queries=%7B%7D&query=a", {}, 400),
        ("POST", "/reconcile", {"data": {}}, 415),
        ("POST", "/reconcile", {"data": {"lang": "en"}}, 400),
        ("POST", "/reconcile", {"json": {"queries": {}}}, 415),
        ("POST", "/reconcile", {"data": {"queries": '{"a": {"query": "x", "type": "Persn"}}'}}, 404),
        ("POST", "/reconcile", {"data": {"queries": " " * (1 << 21)}}, 413),
        ("GET", "/reconcile/suggest/colour?prefix=a", {}, 404),
        ("GET", "/reconcile/suggest/entity", {}, 400),
        ("GET", "/reconcile/suggest/entity?prefix=a&cursor=x", {}, 400),
        ("GET", "/reconcile/flyout/entity?id=id/nobody", {}, 404),
        ("GET", "/reconcile/preview?id=no%20iri", {}, 400),
        ("GET", "/reconcile/preview", {}, 400),
        ("GET", "/reconcile/properties", {}, 400),
    ],
)
def test_what_cannot_be_answered_is_refused(
    kg: Client, method: str, path: str, given: dict[str, Any], status: int
) -> None:
    answer = kg.request(method, path, **given)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_a_flyout_shows_names_as_text(kg: Client) -> None:
    answer = kg.get("/reconcile/flyout/entity", params={"id": "id/hat"}).json()
    assert answer["html"].startswith("<p><b>“Make America Great Again” hat")


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        (
            schemas.MANIFEST,
            {"versions": ["0.1"], "name": "x", "identifierSpace": "urn:a", "schemaSpace": "urn:b"},
        ),
        (schemas.RESULTS, {"q": {"result": [{"name": "no id", "score": 1}]}}),
        (schemas.RESULTS, {"q": {}}),
        (schemas.EXTENDED, {"meta": [], "rows": {"a": {"b": [{"date": "2026-02-03"}]}}}),
        (schemas.SUGGESTED_TERMS, {"result": [{"id": "x"}]}),
        (schemas.FLYOUT, {"id": "x"}),
    ],
)
def test_the_schemas_refuse_what_the_specification_refuses(schema: dict[str, Any], wrong: object) -> None:
    with pytest.raises(AssertionError):
        conforms(wrong, schema)
