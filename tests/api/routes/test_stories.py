"""Pages that arrange records: actors by name, a form without them, refusals in a sentence."""

from collections.abc import Iterator

import pytest

from kg.settings import Settings
from tests.api.routes.test_pages import BROWSER
from tests.support.api_server import Client, client, until_searchable
from tests.support.page_text import main_of
from tests.support.stores import open_store


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    settings = Settings(data=tmp_path_factory.mktemp("stories") / "data", readers=1)
    with open_store(settings.data) as store, client(settings, store) as asking:
        until_searchable(asking)
        yield asking


def test_a_duet_takes_names_and_written_out_addresses(kg: Client) -> None:
    by_name = kg.get("/duet?actor=Colombia&other=United+States", headers=BROWSER)
    assert by_name.status_code == 200
    assert "Gift of the hat" in by_name.text
    written_out = kg.get("/duet?actor=dipid:colombia&other=united-states", headers=BROWSER)
    assert main_of(written_out.text) == main_of(by_name.text)


def test_without_actors_it_is_a_form(kg: Client) -> None:
    page = kg.get("/duet", headers=BROWSER)
    assert page.status_code == 200
    assert 'name="actor"' in page.text


@pytest.mark.parametrize(
    ("query", "status", "detail"),
    [
        ("actor=Colombia", 400, "The parameter 'other' is missing; name an actor."),
        (
            "actor=Colombia&other=colombia",
            400,
            "The parameters 'actor' and 'other' name the same actor; name two different actors.",
        ),
        ("actor=Colombia&other=dipid:atlantis", 404, "The graph states nothing about dipid:atlantis"),
        ("actor=Colombia&other=Atlantis+City", 400, "The parameter 'other' names nothing in the graph"),
    ],
)
def test_what_names_no_two_actors_is_refused(kg: Client, query: str, status: int, detail: str) -> None:
    refused = kg.get(f"/duet?{query}", headers={"Accept": "application/json"})
    assert refused.status_code == status
    assert refused.json()["detail"].startswith(detail)


def test_the_ledger_is_in_the_language_of_the_reader(kg: Client) -> None:
    page = kg.get("/threats", headers={**BROWSER, "Accept-Language": "es"})
    assert "Amenazas y qué fue de ellas" in page.text


def test_accounts_take_a_name_and_an_address(kg: Client) -> None:
    by_name = kg.get("/accounts?about=Standoff+over+deportation+flights,+January+2025", headers=BROWSER)
    assert by_name.status_code == 200
    assert "never refused to accept migrants" in by_name.text
    written_out = kg.get("/accounts?about=dipid:standoff-january-2025", headers=BROWSER)
    assert main_of(written_out.text) == main_of(by_name.text) == main_of(kg.get("/accounts").text)


def test_accounts_of_nothing_in_the_graph_are_refused(kg: Client) -> None:
    refused = kg.get("/accounts?about=dipid:atlantis", headers={"Accept": "application/json"})
    assert refused.status_code == 404
    assert refused.json()["detail"].startswith("The graph states nothing about dipid:atlantis")


def test_a_line_up_takes_a_name_and_an_address(kg: Client) -> None:
    by_name = kg.get("/line-up?state=United+States", headers=BROWSER)
    assert by_name.status_code == 200
    assert main_of(kg.get("/line-up?state=united-states").text) == main_of(by_name.text)
    assert "Hacia" in kg.get("/line-up", headers={**BROWSER, "Accept-Language": "es"}).text


def test_a_line_up_toward_what_is_no_actor_is_refused(kg: Client) -> None:
    refused = kg.get("/line-up?state=Atlantis+City", headers={"Accept": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("The parameter 'state' names nothing in the graph")


def test_a_network_takes_a_name_an_address_and_filters(kg: Client) -> None:
    by_name = kg.get("/network?actor=United+States&since=&until=&tone=", headers=BROWSER)
    assert by_name.status_code == 200
    assert main_of(kg.get("/network?actor=united-states").text) == main_of(by_name.text)
    claims = main_of(kg.get("/network?actor=united-states&layer=claim&since=2025-01-01").text)
    assert 'class="badge claim"' in claims
    assert 'class="badge happening"' not in claims
    assert 'name="since" value="2025-01-01"' in claims


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("layer=gossip", "The parameter 'layer' must be one of statement, happening, claim"),
        ("since=spring", "The parameter 'since' must be a day such as 2025-01-26, not 'spring'."),
        ("until=2025-02-30", "The parameter 'until' must be a day"),
        ("actor=Atlantis+City", "The parameter 'actor' names nothing in the graph"),
    ],
)
def test_a_network_of_what_cannot_be_read_is_refused(kg: Client, query: str, said: str) -> None:
    refused = kg.get(f"/network?{query}", headers={"Accept": "application/json"})
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith(said)
