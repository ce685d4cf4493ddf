"""Headers and parameters that are too long are refused before anything reads them, with their name."""

from collections.abc import Iterator

import pytest

from kg.api import lengths
from kg.changes import LONGEST_REASON, Provenance
from kg.errors import BadInput
from tests.support.api_server import Client, bearer, serving


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("lengths")) as asking:
        yield asking


@pytest.mark.parametrize("name", [name.decode() for name in lengths.HEADERS if name != b"content-length"])
def test_a_long_header_is_refused_by_its_name(kg: Client, name: str) -> None:
    response = kg.get("/health", headers={name: "a" * (lengths.HEADERS[name.encode()] + 1)})
    assert response.status_code == 431
    assert f"'{name}'" in response.json()["detail"]


def test_a_header_in_many_lines_is_as_long_as_all_of_them(kg: Client) -> None:
    response = kg.get("/health", headers=[("accept", "a/b," * 200)] * 6)
    assert response.status_code == 431


def test_a_long_header_that_nobody_reads_is_passed_over(kg: Client) -> None:
    assert kg.get("/health", headers={"cookie": "a" * 20_000}).status_code == 200


@pytest.mark.parametrize(
    "name", [name for name, limit in lengths.PARAMETERS.items() if limit] + ["default-graph-uri", "actor"]
)
def test_a_long_parameter_is_refused_by_its_name(name: str) -> None:
    longest = lengths.PARAMETERS.get(name, lengths.LONGEST_PARAMETER)
    assert longest is not None
    lengths.check_parameters([(name, "a" * longest)])
    with pytest.raises(BadInput, match=f"'{name}' is longer than {longest} bytes"):
        lengths.check_parameters([(name, "a" * (longest + 1))])


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D&as-of=", "/changes?to=v1&from=", "/commits?limit="]
)
def test_a_long_parameter_of_a_route_is_refused(kg: Client, path: str) -> None:
    response = kg.get(path + "T" * 8000)
    assert response.status_code == 400
    assert "is longer than" in response.json()["detail"]


def test_more_parameters_than_there_are_are_refused(kg: Client) -> None:
    assert "more than 5000 parameters" in kg.get("/sparql?" + "a&" * 6000).json()["detail"]


@pytest.mark.parametrize("name", ["reason", "source"])
@pytest.mark.parametrize(
    ("value", "said"), [("a%00b", "U+0000"), ("a%EF%BF%BF", "U+FFFF"), ("a%0B", "U+000B")]
)
def test_a_character_that_xml_cannot_carry_is_refused_in_provenance(
    kg: Client, name: str, value: str, said: str
) -> None:
    headers = {**bearer("curator"), "Content-Type": "text/turtle"}
    response = kg.post(f"/facts?{name}={value}", content="<urn:a> <urn:b> 1 .", headers=headers)
    assert response.status_code == 400
    assert said in response.json()["detail"]


@pytest.mark.parametrize(
    "given", [{"agent": "a" * 300}, {"agent": "a", "reason": "é" * LONGEST_REASON}, {"agent": "a\0"}]
)
def test_provenance_has_lengths_wherever_it_comes_from(given: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        Provenance(**given)  # type: ignore[arg-type]  # texts only


@pytest.mark.parametrize(
    "text", ["INSERT DATA { <urn:a> <urn:b> '\\u0001' }", "INSERT DATA { <urn:a> <urn:b> '\uffff' }"]
)
def test_a_character_that_xml_cannot_carry_is_refused_in_an_update(kg: Client, text: str) -> None:
    headers = {**bearer("curator"), "Content-Type": "application/sparql-update"}
    response = kg.post("/update", content=text.encode(), headers=headers)
    assert response.status_code == 400
    assert "which XML cannot represent" in response.json()["detail"]
