"""Static files: kept for good under the hash of their content, checked under any other address."""

from collections.abc import Iterator

import pytest

from kg.pages import assets
from tests.support.api_server import Client, serving


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("static")) as asking:
        yield asking


def test_a_page_links_its_styles_under_the_hash(kg: Client) -> None:
    page = kg.get("/", headers={"Accept": "text/html"})
    assert f'href="/static/{assets.digest()}/style.css"' in page.text


def test_a_file_under_the_hash_is_kept_for_good(kg: Client) -> None:
    answer = kg.get(f"/static/{assets.digest()}/vendor/editor.js")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.content == (assets.FOLDER / "vendor" / "editor.js").read_bytes()


@pytest.mark.parametrize("path", ["style.css", f"{'0' * assets.DIGEST_LENGTH}/style.css"])
def test_a_file_under_another_address_is_checked_before_it_is_used_again(kg: Client, path: str) -> None:
    answer = kg.get(f"/static/{path}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    again = kg.get(f"/static/{path}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["nothing.js", "", "vendor", "0/style.css", "../assets.py", "a/b/c.css"])
def test_what_is_no_file_is_not_found(kg: Client, path: str) -> None:
    assert kg.get(f"/static/{path}").status_code == 404


def test_a_file_is_only_read(kg: Client) -> None:
    answer = kg.post("/static/style.css")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
