"""Pages of other sites may read; they may write where a setting names them."""

from base64 import b64encode
from collections.abc import Iterator, Mapping

import pytest

from kg.api.middleware.origins import read_origins
from kg.errors import BadInput
from kg.settings import Settings
from tests.support.api_server import Client, bearer, serving

DESK = "https://desk.example"
FOREIGN = "https://elsewhere.example"
WRITES = [
    ("POST", "/facts"),
    ("POST", "/update"),
    ("POST", "/retractions"),
    ("PUT", "/graphs?graph=urn:g"),
    ("POST", "/graphs"),
    ("DELETE", "/graphs?graph=urn:g"),
    ("PUT", "/graphs/name"),
]


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("origins")
    settings = Settings(data=folder / "data", readers=1, origins=f"{DESK} http://localhost:3000")
    with serving(folder, settings) as asking:
        yield asking


PASSWORD = {"Authorization": f"Basic {b64encode(b'any:curator').decode()}"}
"""What a browser that knows a password sends with each request, from any page."""


def status(kg: Client, method: str, path: str, token: Mapping[str, str], **headers: str) -> int:
    """Send what would be a write, or unreadable, with a curator's token."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = kg.request(method, path, content=b"<", headers={**token, **named})
    assert answer.status_code != 401
    assert "access-control-allow-credentials" not in answer.headers
    if answer.status_code == 403:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.json()["title"] == "Write from another site"
        assert "KG_ORIGINS" in answer.json()["detail"]
    return int(answer.status_code)


@pytest.mark.parametrize("token", [bearer("curator"), PASSWORD], ids=["bearer", "basic"])
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_page_of_another_site_may_not_write(
    kg: Client, method: str, path: str, token: Mapping[str, str]
) -> None:
    for headers in (
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": FOREIGN},
    ):
        assert status(kg, method, path, token, **headers) == 403, headers


@pytest.mark.parametrize("token", [bearer("curator"), PASSWORD], ids=["bearer", "basic"])
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_programs_and_pages_that_are_allowed_may_write(
    kg: Client, method: str, path: str, token: Mapping[str, str]
) -> None:
    for headers in (
        {},
        {"Origin": "http://testserver"},
        {"Origin": "http://TESTSERVER:80"},
        {"Origin": DESK, "Sec_Fetch_Site": "cross-site"},
        {"Origin": "http://localhost:3000"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://behind-a-proxy.example"},
        {"Sec_Fetch_Site": "none"},
    ):
        assert status(kg, method, path, token, **headers) != 403, headers


def test_a_page_of_any_site_may_read(kg: Client) -> None:
    headers = {"Origin": FOREIGN, "Sec-Fetch-Site": "cross-site"}
    typed = {**headers, "Content-Type": "application/sparql-query"}
    answers = [
        kg.get("/sparql?query=ASK%7B%7D", headers=headers),
        kg.post("/sparql", content="ASK {}", headers=typed),
        kg.post(
            "/validate",
            content="<urn:a> <urn:b> <urn:c> .",
            headers={**headers, "Content-Type": "text/turtle"},
        ),
        kg.get("/graphs?default", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all(answer.headers["access-control-allow-origin"] == "*" for answer in answers)


def test_a_browser_is_told_what_pages_may_do(kg: Client) -> None:
    asked = {"Origin": DESK, "Access-Control-Request-Method": "POST"}
    allowed = kg.request("OPTIONS", "/facts", headers=asked).headers
    assert allowed["access-control-allow-origin"] == "*"
    assert "POST" in allowed["access-control-allow-methods"]
    assert "Authorization" in allowed["access-control-allow-headers"]
    assert "PUT" in kg.request("OPTIONS", "/graphs", headers=asked).headers["access-control-allow-methods"]
    foreign = {**asked, "Origin": FOREIGN}
    assert "access-control-allow-origin" not in kg.request("OPTIONS", "/facts", headers=foreign).headers
    methods = kg.request("OPTIONS", "/graphs", headers=foreign).headers["access-control-allow-methods"]
    assert methods == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("setting", ["*", "desk.example", "https://desk.example/page", "ftp://desk.example"])
def test_what_is_no_origin_is_refused(setting: str) -> None:
    with pytest.raises(BadInput, match="KG_ORIGINS"):
        read_origins(setting)
