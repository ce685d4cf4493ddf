"""The page for R users: a server answers its requests as the page says."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.httr2 import HttpRequest, members, performed
from tests.support.live_server import live

PAGE = Path(__file__).parents[1] / "kg" / "docs" / "r.md"
BLOCKS = re.findall(r"^```r\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
TOKEN = "a token of an R user"

Answers = dict[str | None, tuple[HttpRequest, httpx.Response]]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answers]:
    """The answer of each request of the page, sent in their order, by the name that the code gives it."""
    with live(tmp_path_factory.mktemp("r") / "data", token=TOKEN, readers=1) as (_, url):
        sent: Answers = {}
        for each in performed(BLOCKS, url, {"KG_TOKEN": TOKEN}):
            request = each.request
            answer = httpx.request(
                request.method,
                request.address,
                headers=request.headers,
                content=request.body,
                timeout=120,
            )
            sent[each.variable] = request, answer
        yield sent


def test_every_request_of_the_page_is_answered(answers: Answers) -> None:
    assert len(answers) == len(re.findall(r"req_perform\(", "".join(BLOCKS))) >= 5
    for request, answer in answers.values():
        assert answer.is_success, (request, answer.text)
        accepted = request.headers.get("Accept", "application/json")
        assert answer.headers["content-type"].partition(";")[0] == accepted


def test_columns_that_the_code_uses_are_columns_of_the_answer(answers: Answers) -> None:
    for name, frame in (("answer", "words"), ("gifts", "gifts")):
        rows = list(csv.DictReader(io.StringIO(answers[name][1].text)))
        used = members(BLOCKS, frame)
        assert used
        assert rows
        assert used <= set(rows[0])
    assert rows[0]["giver"] == "Donald Trump"


def test_members_that_the_code_uses_are_members_of_the_answer(answers: Answers) -> None:
    for name in ("verdict", "added"):
        used = members(BLOCKS, name)
        assert used
        assert used <= set(answers[name][1].json())
    assert answers["verdict"][1].json()["conforms"] is True
    assert answers["added"][1].status_code == 201


def test_code_that_cannot_be_read_is_no_request() -> None:
    with pytest.raises(KeyError, match="req_retry"):
        list(performed(['g <- request("x")\ng |>\n  req_retry("3") |>\n  req_perform()'], "http://x/", {}))


def test_requests_are_read_as_r_builds_them() -> None:
    code = (
        'g <- request("x") # a server\n'
        'facts <- r"(<urn:a> "b" .)"\n'
        'added <- g |>\n  req_url_path_append("a b", "c") |>\n'
        '  req_url_query(`as-of` = "v\\"1", n = "ü") |>\n'
        '  req_body_raw(facts, type = "text/turtle") |>\n'
        '  req_auth_bearer_token(Sys.getenv("T")) |>\n  req_perform() |>\n  resp_body_json()\n'
        "added$version\n"
    )
    (each,) = performed([code], "http://host/", {"T": "secret"})
    request = each.request
    assert (each.variable, request.method) == ("added", "POST")
    assert request.address == "http://host/a%20b/c?as-of=v%221&n=%C3%BC"
    assert request.body == b'<urn:a> "b" .'
    assert request.headers == {"Content-Type": "text/turtle", "Authorization": "Bearer secret"}
    assert members([code], "added") == {"version"}
