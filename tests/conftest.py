"""What all tests share."""

import gc
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from kg import ontology
from tests.support import fork_server_template

pytest_plugins = ["tests.support.run_limits"]

# The same examples at every run, and no clock: a slow machine is no fault.
settings.register_profile("kg", deadline=None, derandomize=True)
settings.load_profile("kg")

# A browser, npm's clients and npm's build are asked for by name: without it, their tests are not collected.
_NEEDED = {
    "pages/test_browser.py": "KG_BROWSER",
    "pages/test_browser_desk.py": "KG_BROWSER",
    "pages/test_browser_frame.py": "KG_BROWSER",
    "pages/test_browser_keyboard.py": "KG_BROWSER",
    "pages/test_browser_paper.py": "KG_BROWSER",
    "pages/test_browser_reviewing.py": "KG_BROWSER",
    "pages/test_browser_tasks.py": "KG_BROWSER",
    "interop/test_node_clients.py": "KG_NODE_CLIENTS",
    "pages/test_web_build.py": "KG_WEB_BUILD",
}
collect_ignore = [module for module, name in _NEEDED.items() if not os.environ.get(name)]


def pytest_collection_finish() -> None:
    """Leave modules and tests out of garbage collection, which would walk them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def release_that_is_read_once() -> Iterator[None]:
    """Read the ontology that the software carries once in each process."""
    carried = cache(ontology.Ontology)

    def load(folder: Path | None = None) -> ontology.Ontology:
        return ontology.Ontology(folder) if folder else carried(ontology.ontology_folder())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ontology, "load", load)
        yield


@pytest.fixture(scope="session", autouse=True)
def fork_servers_of_a_template() -> Iterator[None]:
    """Fork the fork servers of this process from one that has its modules and the gate."""
    with fork_server_template.used():
        yield


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a data directory can be made."""
    return tmp_path / "data"
