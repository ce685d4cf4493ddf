"""What named proxies say of their clients is believed in limits, log and links; what others say is not."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import httpx
import pytest
from starlette.datastructures import Headers

from kg.api.clients import address_of, share_of
from kg.api.proxies import Hop, Proxies
from kg.errors import BadInput
from kg.settings import Settings
from tests.support.api_server import Client, serving
from tests.support.live_server import PROGRAM

PROXIES = Proxies.read("127.0.0.1, 10.0.0.0/8 2001:db8::/32")


def seen(*headers: tuple[str, str]) -> Hop:
    return PROXIES.seen(
        Headers(raw=[(name.lower().encode(), value.encode("latin-1")) for name, value in headers])
    )


@pytest.mark.parametrize(
    ("address", "is_trusted"),
    [
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("10.255.0.1", True),
        ("2001:db8::7", True),
        ("11.0.0.1", False),
        ("::1", False),
        ("testclient", False),
        (None, False),
    ],
)
def test_addresses_and_networks_are_trusted(address: str | None, is_trusted: bool) -> None:
    assert PROXIES.trusts(address) is is_trusted
    assert not Proxies.read("").trusts(address)


@pytest.mark.parametrize("setting", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_address_is_refused(setting: str) -> None:
    with pytest.raises(BadInput, match="KG_PROXIES"):
        Proxies.read(setting)


@pytest.mark.parametrize(
    ("headers", "hop"),
    [
        ((), Hop()),
        ((("X-Forwarded-For", "192.0.2.1"),), Hop("192.0.2.1")),
        ((("X-Forwarded-For", "203.0.113.9, 192.0.2.1, 10.1.1.1"),), Hop("192.0.2.1")),
        ((("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "192.0.2.1")), Hop("192.0.2.1")),
        ((("X-Forwarded-For", "10.0.0.3, 10.0.0.2"),), Hop("10.0.0.3")),
        ((("X-Forwarded-For", "192.0.2.1:4711"),), Hop("192.0.2.1")),
        ((("X-Forwarded-For", "[2001:4d::1]:4711"),), Hop("2001:4d::1")),
        ((("X-Forwarded-For", "203.0.113.9, nonsense"),), Hop(None)),
        ((("X-Forwarded-For", "x" * 5000 + ", 192.0.2.1"),), Hop("192.0.2.1")),
        ((("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=203.0.113.9")), Hop("192.0.2.1")),
        (
            (
                ("X-Forwarded-For", "192.0.2.1"),
                ("X-Forwarded-Proto", "ftp, HTTPS"),
                ("X-Forwarded-Host", "evil.example, kg.example"),
            ),
            Hop("192.0.2.1", "https", "kg.example"),
        ),
        ((("X-Forwarded-Proto", "https"),), Hop(None, "https")),
        (
            (("Forwarded", "for=192.0.2.1;proto=https;host=kg.example"),),
            Hop("192.0.2.1", "https", "kg.example"),
        ),
        ((("Forwarded", 'For="[2001:4d::1]:80" ; Proto=HTTP'),), Hop("2001:4d::1", "http")),
        (
            (
                ("Forwarded", "for=203.0.113.9;proto=ftp, for=192.0.2.1;proto=https"),
                ("Forwarded", "for=10.0.0.2"),
            ),
            Hop("192.0.2.1", "https"),
        ),
        ((("Forwarded", "for=203.0.113.9, for=_hidden"),), Hop(None)),
    ],
)
def test_the_client_is_the_one_that_called_the_outermost_proxy(
    headers: tuple[tuple[str, str], ...], hop: Hop
) -> None:
    assert seen(*headers) == hop


def test_a_client_is_counted_by_its_address_or_its_network() -> None:
    assert share_of("192.0.2.1") == "192.0.2.1"
    assert share_of("2001:db8:1:2:3::4") == share_of("2001:db8:1:2::") != share_of("2001:db8:1:3::")
    assert share_of("testclient") == "testclient"
    assert address_of({"client": ("192.0.2.1", 4)}) == "192.0.2.1"
    assert address_of({}) is None


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("proxied")
    settings = Settings(data=folder / "data", readers=1, proxies="10.0.0.0/8", client_rate=0.1)
    with serving(folder, settings) as asking:
        yield asking


@contextmanager
def called_from(kg: Client, address: str) -> Iterator[Client]:
    """Ask as from an address."""
    before, kg._transport = kg._transport, httpx.ASGITransport(kg.app, client=(address, 1))
    yield kg
    kg._transport = before


FORWARDED = {"Forwarded": "for=192.0.2.7;proto=https;host=kg.example"}
BY_CONVENTION = {
    "X-Forwarded-For": "192.0.2.8",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "kg.example",
}


@pytest.mark.parametrize("headers", [FORWARDED, BY_CONVENTION], ids=["Forwarded", "X-Forwarded"])
def test_links_lead_to_the_address_that_was_called(kg: Client, headers: dict[str, str]) -> None:
    asked = {**headers, "Accept": "text/turtle"}
    with called_from(kg, "10.0.0.1") as proxy:
        assert "<https://kg.example/" in proxy.get("/.well-known/void", headers=asked).text
    with called_from(kg, f"198.51.100.{len(headers)}") as stranger:
        text = stranger.get("/.well-known/void", headers=asked).text
    assert "kg.example" not in text
    assert "<http://testserver/" in text


def test_each_client_behind_a_proxy_has_its_own_limit(kg: Client) -> None:
    def statuses(address: str, claimed: str) -> list[int]:
        with called_from(kg, address) as asking:
            return [asking.get("/kinds", headers={"X-Forwarded-For": claimed}).status_code for _ in range(3)]

    assert statuses("10.0.0.1", "192.0.2.21") == [200, 429, 429]
    assert statuses("10.0.0.2", "192.0.2.22") == [200, 429, 429]
    assert statuses("203.0.113.1", "192.0.2.23") == [200, 429, 429]
    assert statuses("203.0.113.1", "192.0.2.24") == [429, 429, 429]


def test_the_log_names_the_client_also_where_the_same_is_asked_again(tmp_path: Path) -> None:
    given = json.dumps({"proxies": "127.0.0.0/8", "readers": 1, "token": "t"})
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as standard_error:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "data"), given], stderr=standard_error
        )
    try:
        while "Serving" not in log.read_text("utf-8"):
            assert process.poll() is None
            sleep(0.05)
        url = log.read_text("utf-8").split()[-1]
        with httpx.Client() as asking:
            for claimed in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
                headers = {"X-Forwarded-For": claimed}
                answer = asking.get(f"{url}sparql", params={"query": "ASK {}"}, headers=headers)
                assert answer.status_code == 200
        while len(lines := [line for line in log.read_text("utf-8").splitlines() if line[0] == "{"]) < 3:
            sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert [json.loads(line)["client"] for line in lines] == ["192.0.2.1", "192.0.2.1", "192.0.2.2"]
