"""Facts are added whole or refused with every violation; validation says the same without adding them."""

import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from kg import iris
from kg.importers.catalogue import BUNDLE, WORKBOOK
from kg.settings import Settings
from kg.store.read_only import open_read_only
from tests.support.api_server import Client, bearer, client, serving
from tests.support.curated import REMARK, written
from tests.support.problems import fault
from tests.support.workbooks import book_of, cells_of

ASK = "ASK { dipid:ana ?p ?o }"
TURTLE = {"Content-Type": "text/turtle"}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as asking:
        yield asking


def test_facts_need_a_token_that_may_write(kg: Client) -> None:
    refused = kg.post("/facts", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    fault(refused, 401)
    assert refused.headers["www-authenticate"].startswith("Bearer")
    fault(kg.post("/facts", content="", headers={**TURTLE, **bearer("unknown")}), 401)
    fault(kg.post("/facts", content="", headers={**TURTLE, **bearer("reader")}), 403)


def test_accepted_facts_are_there_for_the_next_query_and_again_are_no_news(kg: Client) -> None:
    headers = {**TURTLE, **bearer("curator")}
    sent = {"params": {"source": "urn:letter", "reason": "Told in a letter"}, "headers": headers}
    first = kg.post("/facts", content="<urn:a> <urn:b> 'news' .", **sent)
    assert first.status_code == 201
    graph = first.json()["graphs"][0]
    assert first.headers["location"] == "/id/" + graph.removeprefix(iris.DATA)
    assert kg.get("/sparql", params={"query": "ASK { <urn:a> <urn:b> 'news' }"}).json()["boolean"] is True
    told = kg.get(
        "/sparql", params={"query": f"ASK {{ <{graph}> prov:wasGeneratedBy ?c . ?c dip:reason ?why }}"}
    )
    assert told.json()["boolean"] is True
    assert kg.get(first.headers["location"]).status_code == 200
    again = kg.post("/facts", content="<urn:a> <urn:b> 'news' .", **sent)
    assert (again.status_code, again.json()["graphs"]) == (200, [graph])


def test_refused_facts_leave_no_trace_and_are_told_every_violation(kg: Client) -> None:
    version = kg.get("/ready").json()["version"]
    facts = f"<{iris.DATA}x> a <{iris.TERMS}Statemnt>, <{iris.TERMS}Acter> ."
    members = fault(kg.post("/facts", content=facts, headers={**TURTLE, **bearer("curator")}), 422)
    assert {violation["value"].rsplit("#")[1] for violation in members["violations"]} >= {"Statemnt", "Acter"}
    assert kg.get("/ready").json()["version"] == version


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        ("<urn:a> <urn:b> <urn:c", TURTLE, 400),
        ("<urn:a> <urn:b> 1 .", {"Content-Type": "image/png"}, 415),
        ("<urn:a> <urn:b> 1 .", {}, 415),
        ("<urn:a> <urn:b> 1 .", {**TURTLE, "Content-Encoding": "gzip"}, 400),
        ("<urn:a> <urn:b> 1 .", {**TURTLE, "Content-Encoding": "br"}, 415),
        ("#" * 100_001, TURTLE, 413),
    ],
    ids=["unreadable", "wrong type", "no type", "not coded", "other coding", "long"],
)
def test_facts_that_cannot_be_read_are_refused(
    kg: Client, content: str, headers: dict[str, str], status: int
) -> None:
    fault(kg.post("/facts", content=content, headers={**headers, **bearer("curator")}), status)
    fault(kg.post("/validate", content=content, headers=headers), status)


def test_validation_says_what_adding_would_say(kg: Client) -> None:
    facts = f"<{iris.DATA}x> a <{iris.TERMS}Statemnt> ."
    told = kg.post("/validate", content=facts, headers=TURTLE).json()
    assert told["conforms"] is False
    shacl = kg.post("/validate", content=facts, headers={**TURTLE, "Accept": "text/turtle"})
    assert "sh:ValidationReport" in shacl.text
    text = kg.post("/validate?language=es", content=facts, headers={**TURTLE, "Accept": "text/plain"})
    assert "no se aceptan" in text.text
    spanish = {**TURTLE, "Accept": "text/plain", "Accept-Language": "es-CO, en;q=0.5"}
    assert kg.post("/validate", content=facts, headers=spanish).text == text.text
    assert kg.post("/validate", content="<urn:a", headers=spanish).json()["detail"].startswith("Línea 1")
    headers = {**spanish, **bearer("curator")}
    assert "no es un término" in kg.post("/facts", content=facts, headers=headers).json()["detail"]
    fault(kg.post("/validate", content=facts, headers={**TURTLE, "Accept": "image/png"}), 406)


def test_faults_of_a_table_are_told_in_the_language_of_the_client(kg: Client) -> None:
    faulty = written({**REMARK, "kind": "remarc"})
    headers = {"Content-Type": "text/csv", **bearer("curator")}
    for path, language in (("/validate", "es"), ("/facts", "es"), ("/validate?language=es", "en")):
        told = kg.post(path, content=faulty, headers={**headers, "Accept-Language": language})
        assert told.status_code == 400
        assert "En la línea 2, columna kind, “remarc”" in told.json()["detail"]
    fault, *_ = told.json()["faults"]  # the others: this graph has neither the speaker nor the source
    assert (fault["line"], fault["column"], fault["value"]) == (2, "kind", "remarc")


def test_a_report_in_a_language_that_is_not_spoken_is_refused(kg: Client) -> None:
    refused = kg.post("/validate?language=fr", content="<urn:a> <urn:b> 1 .", headers=TURTLE)
    assert "en, es" in fault(refused, 400)["detail"]


def test_facts_in_a_graph_named_beyond_latin_1_are_answered_with_its_address(kg: Client) -> None:
    headers = {"Content-Type": "application/trig", **bearer("curator")}
    made = kg.post("/facts", content="<http://example.org/日本> { <urn:a> <urn:b> 7 }", headers=headers)
    assert made.status_code == 201
    assert made.headers["location"] == "http://example.org/%E6%97%A5%E6%9C%AC"


def test_a_server_that_only_reads_refuses_facts(tmp_path: Path) -> None:
    with serving(tmp_path):
        pass
    settings = Settings(data=tmp_path / "data", readers=1)
    with client(settings, open_read_only(settings.data)) as kg:
        assert kg.get("/sparql", params={"query": ASK}).json()["boolean"] is True
        fault(kg.post("/facts", content="<urn:a> <urn:b> 1 .", headers={**TURTLE, **bearer("curator")}), 403)


def test_a_workbook_is_validated_and_its_faults_are_told_by_sheet_and_line(kg: Client) -> None:
    workbook = {"Content-Type": WORKBOOK.media_type}
    good, bad = (book_of({"said": cells_of({**REMARK, "kind": kind})}) for kind in ("remark", "remrak"))
    violations = kg.post("/validate", content=good, headers=workbook).json()["violations"]
    places = {(each["sheet"], each["line"], each["column"], each["value"]) for each in violations}
    assert ("said", 2, "speaker", f"{iris.DATA}gustavo-petro") in places  # nobody describes him in this graph
    told = kg.post("/validate", content=bad, headers=workbook)
    assert told.status_code == 400
    assert "In sheet said, line 2, column kind, “remrak”: " in told.json()["detail"]
    assert kg.post("/validate", content=b"no workbook", headers=workbook).status_code == 400


def test_a_bundle_is_validated_and_its_faults_are_told_by_table_and_line(kg: Client) -> None:
    def sent(class_name: str) -> httpx.Response:
        packed = io.BytesIO()
        with ZipFile(packed, "w") as archive:
            archive.writestr(
                "claims.csv", f"record,class,content,content_language\ndipid:c,{class_name},words,en\n"
            )
        headers = {"Content-Type": BUNDLE.media_type}
        return kg.post("/validate", content=packed.getvalue(), headers=headers)

    places = {(each["sheet"], each["line"]) for each in sent("Claim").json()["violations"]}
    assert places == {("claims.csv", 2)}
    told = sent("Clam")
    assert told.status_code == 400
    assert "In sheet claims.csv, line 2, column class, “Clam”: " in told.json()["detail"]
