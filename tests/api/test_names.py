"""Names in requests while there is no search index: exact ones are read in the graph itself."""

import json
from collections.abc import Iterator

import pytest

from kg import iris
from kg.query.search import exact_names
from kg.query.search.live_search import LiveSearch
from kg.store.store import Contents
from kg.terms import DIP
from tests.support.api_server import Client, serving


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LiveSearch, "start", lambda _: None)  # no keeper: the index never comes
        patch.setattr("kg.query.search.live_search.SECONDS_TO_BUILD", 0.05)
        with serving(tmp_path_factory.mktemp("names")) as asking:
            yield asking


@pytest.mark.parametrize("name", ["ana", "Ana <Pérez>", "ana <PÉREZ>", "dipid:ana", f"{iris.DATA}ana"])
def test_an_exact_name_needs_no_index(kg: Client, name: str) -> None:
    answer = kg.get("/why", params={"fact": name})
    assert answer.status_code == 200, answer.text
    assert answer.json()["graphs"]


@pytest.mark.parametrize("name", ["Pérez", "nobody", 'a "quoted" name'])
def test_any_other_name_waits_for_the_index(kg: Client, name: str) -> None:
    answer = kg.get("/why", params={"fact": name})
    assert answer.status_code == 503
    assert "try again" in answer.json()["detail"]


def contents_of(kg: Client) -> Contents:
    contents: Contents = kg.app.resources.contents
    return contents


def test_a_name_is_sought_among_things_of_a_class_alone(kg: Client) -> None:
    found = {}
    for each in (DIP.PERSON, DIP.OFFICE):
        made = exact_names.job("Ana <Pérez>", [each.value], "en").make(contents_of(kg))
        found[each] = json.loads(b"".join(made))
    assert found == {DIP.PERSON: [[f"{iris.DATA}ana", "Ana <Pérez>", "es"]], DIP.OFFICE: []}
