"""Proposals, corrections and withdrawals in a real browser: by keys, by those who may, and with a reason.

Collected where ``KG_BROWSER`` names a Chromium (CI installs Debian's); see ``tests/conftest.py``.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from kg.iris import DATA
from kg.store.tokens import Role, Tokens
from tests.support.accessibility import hindrances
from tests.support.browsing import until_searchable
from tests.support.live_server import live
from tests.support.stores import fill

TABLE = """record,id,label,kind,publisher,url,date,language,source,performer,host,passage,hedge,basis
source,wire-{0},Wire {0},article,presence-news,https://wire.example/{0},2025-03-01,en,,,,,,
event,landing-{0},Landing {0},visit,,,2025-02-01,,wire-{0},gustavo-petro,mexico,Petro landed.,plain,own-voice
"""
RESTING = """record,id,label,kind,adds_to,source,topics,passage,hedge,basis
event,,,,landing-{0},wire-{0},trade,Trade was on the table.,plain,own-voice
"""
PEOPLE = {"dana": Role.DRAFT, "carla": Role.CURATE, "otto": Role.CURATE}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server on the seed graph, for people with tokens of their own."""
    data = tmp_path_factory.mktemp("served") / "data"
    fill(data)
    tokens = Tokens.read(data)
    for name, role in PEOPLE.items():
        tokens.add(f"token-of-{name}", name.title(), role)
    tokens.write(data)
    with live(data, log="off") as (_, address):
        until_searchable(address)
        yield address


def send(address: str, name: str, text: str, status: int, **parameters: str) -> dict[str, Any]:
    headers = {"Content-Type": "text/csv", "Authorization": f"Bearer token-of-{name}"}
    answer = httpx.post(f"{address}facts", content=text, headers=headers, params=parameters, timeout=60)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def added(address: str, name: str, text: str) -> str:
    (graph,) = send(address, name, text, 201)["graphs"]
    return str(graph).removeprefix(DATA)


def last_commit(address: str) -> dict[str, Any]:
    (commit,) = httpx.get(f"{address}commits", params={"limit": 1}).json()["commits"]
    return dict(commit)


def sign_in(desk: Page, address: str, name: str) -> None:
    desk.goto(f"{address}desk/proposals")
    desk.get_by_label("Token").fill(f"token-of-{name}")
    desk.get_by_label("Token").press("Enter")
    expect(desk.locator("#count")).to_be_visible()


def test_a_curator_accepts_by_one_key_and_rejects_with_a_reason(desk: Page, address: str) -> None:
    for number in ("1", "2"):
        send(address, "dana", TABLE.format(number), 202, reason=f"Landing {number}")
    send(address, "dana", TABLE.format("3").replace("mexico", "nobody-at-all"), 202)
    sign_in(desk, address, "carla")
    proposals = desk.locator(".proposal")
    expect(proposals).to_have_count(3)
    faulty, second = proposals.nth(0), proposals.nth(1)
    expect(faulty).to_contain_text("nobody-at-all")
    expect(faulty).to_contain_text("The gate refuses it.")
    expect(faulty.get_by_role("button", name="Accept")).to_be_disabled()
    expect(second).to_contain_text("The gate accepts it.")
    expect(second).to_contain_text("Petro landed.")
    assert hindrances(desk) == []
    expect(faulty).to_be_focused()
    desk.keyboard.press("r")
    expect(desk.locator("#outcome")).to_contain_text("A rejection needs a reason")
    desk.keyboard.type("Who is that?")
    faulty.get_by_role("button", name="Reject").click()
    expect(desk.locator("#outcome")).to_contain_text("It was rejected")
    expect(proposals).to_have_count(2)
    desk.keyboard.press("j")
    expect(second).to_be_focused()
    expect(second).to_contain_text("Landing 1")
    desk.keyboard.press("a")
    expect(desk.locator("#outcome")).to_contain_text("It was accepted")
    commit = last_commit(address)
    assert (commit["agent"], commit["drafter"], commit["reason"]) == ("Carla", "Dana", "Landing 1")
    desk.get_by_role("link", name="Show the commit").click()
    expect(desk.get_by_role("main")).to_contain_text("Landing 1")


def test_a_drafter_sees_what_became_of_their_own_and_takes_one_back(desk: Page, address: str) -> None:
    proposal = send(address, "dana", TABLE.format("4"), 202)["proposal"]
    sign_in(desk, address, "dana")
    mine = desk.locator(f"#proposal-{proposal}")
    expect(mine.get_by_role("button", name="Accept")).to_have_count(0)
    mine.get_by_role("button", name="Take it back").click()
    expect(desk.locator("#outcome")).to_contain_text("You took it back.")
    expect(mine).to_have_count(0)
    desk.locator("[name=state]").select_option("rejected")
    desk.get_by_role("button", name="Show the proposals").click()
    expect(desk.locator("#proposals")).to_contain_text("Who is that?")


def test_a_wrong_token_shows_nothing_and_a_token_is_in_no_address(desk: Page, address: str) -> None:
    desk.goto(f"{address}desk/proposals")
    desk.get_by_label("Token").fill("wrong")
    desk.get_by_label("Token").press("Enter")
    expect(desk.locator("#outcome")).to_contain_text("token")
    expect(desk.locator(".proposal")).to_have_count(0)
    assert desk.url == f"{address}desk/proposals"


def test_what_a_drafter_accepts_at_the_desk_becomes_a_proposal(desk: Page, address: str) -> None:
    graph = added(address, "carla", TABLE.format("5"))
    desk.goto(f"{address}desk?supersedes={DATA}{graph}")
    desk.get_by_label("Token").fill("token-of-dana")
    desk.get_by_role("textbox", name="Reason").fill("The day was wrong.")
    desk.get_by_role("button", name="Add them in one commit").click()
    expect(desk.locator("#add [role=status]")).to_contain_text("A curator decides on these rows")
    desk.get_by_role("link", name="Your proposals").click()
    expect(desk).to_have_url(f"{address}desk/proposals")


def test_a_submission_is_corrected_at_the_desk_with_a_reason(desk: Page, address: str) -> None:
    graph = added(address, "carla", TABLE.format("6"))
    desk.goto(f"{address}id/{graph}")
    desk.get_by_text("Correct or withdraw it").click()
    desk.get_by_role("link", name="Correct it at the desk").click()
    expect(desk.locator(".draft.accepted")).to_have_count(2)
    expect(desk.locator("#outcome")).to_contain_text("2 rows accepted by you: 0 errors")
    landing = desk.locator(".draft", has=desk.locator("input[value=landing-6]"))
    landing.locator("[name$='.date']").fill("2025-02-02")
    desk.get_by_label("Token").fill("token-of-carla")
    desk.get_by_role("button", name="Add them in one commit").click()
    expect(desk.locator("#add [role=status]")).to_have_text("Say in a sentence what was wrong.")
    desk.get_by_role("textbox", name="Reason").fill("The wire gives the second.")
    desk.get_by_role("button", name="Add them in one commit").click()
    expect(desk.locator("#add [role=status]")).to_contain_text("were added in one commit")
    desk.get_by_role("link", name="Show the submission").click()
    expect(desk.get_by_role("main")).to_contain_text("Supersedes")
    desk.goto(f"{address}id/{graph}")
    expect(desk.get_by_role("note")).to_contain_text("Superseded by")
    expect(desk.get_by_text("Correct or withdraw it")).to_have_count(0)


def test_a_submission_is_withdrawn_by_its_curator_with_what_rests_on_it(desk: Page, address: str) -> None:
    graph = added(address, "carla", TABLE.format("7"))
    resting = added(address, "carla", RESTING.format("7"))
    desk.goto(f"{address}id/{graph}")
    desk.get_by_text("Correct or withdraw it").click()
    assert hindrances(desk) == []
    withdraw = desk.locator("#withdraw")
    withdraw.get_by_label("Token").fill("token-of-otto")
    withdraw.get_by_label("Reason").fill("The wire was withdrawn.")
    withdraw.get_by_role("button", name="Withdraw it").click()
    expect(withdraw.get_by_role("status")).to_contain_text("Carla")
    withdraw.get_by_label("Token").fill("token-of-carla")
    withdraw.get_by_role("button", name="Withdraw it").click()
    expect(withdraw.get_by_role("link", name=resting)).to_be_visible()
    withdraw.get_by_label("Withdraw these too").check()
    withdraw.get_by_role("button", name="Withdraw it").click()
    expect(withdraw.get_by_role("status")).to_contain_text("It was withdrawn")
    assert set(last_commit(address)["withdrawn"]) == {DATA + graph, DATA + resting}
    desk.goto(f"{address}id/{graph}")
    expect(desk.get_by_role("main")).to_contain_text("The wire was withdrawn.")


def test_a_correction_of_what_was_corrected_meanwhile_stores_nothing(desk: Page, address: str) -> None:
    graph = added(address, "carla", TABLE.format("8"))
    desk.goto(f"{address}desk?supersedes={DATA}{graph}")
    expect(desk.locator(".draft.accepted")).to_have_count(2)
    newer = TABLE.format("8").replace("2025-02-01", "2025-02-03")
    send(address, "carla", newer, 201, supersedes=DATA + graph, reason="The wire gives the third.")
    version = last_commit(address)["version"]
    landing = desk.locator(".draft", has=desk.locator("input[value=landing-8]"))
    landing.locator("[name$='.date']").fill("2025-02-02")
    desk.get_by_label("Token").fill("token-of-carla")
    desk.get_by_role("textbox", name="Reason").fill("The wire gives the second.")
    with desk.expect_response(lambda response: "/facts?" in response.url) as answer:
        desk.get_by_role("button", name="Add them in one commit").click()
    assert answer.value.status == 404
    expect(desk.locator("#add [role=status]")).to_contain_text(graph)
    assert last_commit(address)["version"] == version


def test_a_token_is_in_no_request_address_and_not_in_the_page(desk: Page, address: str) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    send(address, "dana", TABLE.format("9"), 202)
    sign_in(desk, address, "carla")
    assert any("state=" in each for each in asked)
    assert not any("token-of-carla" in each for each in asked)
    assert "token-of-carla" not in desk.content()
