"""What tests of pages share: the seed graph opened once, a real server on it, a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from kg.store.store import Store
from tests.support.browsing import MODES, launched, until_searchable, watched
from tests.support.live_server import live
from tests.support.stores import open_store


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("seed") / "data") as store:
        yield store


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server on the seed graph, where a query may run for long."""
    data = tmp_path_factory.mktemp("served") / "data"
    with live(data, token="test-token", log="off", query_seconds=3000.0) as (_, address):
        until_searchable(address)
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; its event loop runs until it ends, so no other module shares it."""
    with launched() as opened:
        yield opened


@pytest.fixture
def desk(browser: Browser, address: str) -> Iterator[Page]:
    """A page in the light, in English, on a large screen."""
    with watched(browser.new_context(**MODES["light"], reduced_motion="reduce"), address) as opened:
        yield opened
