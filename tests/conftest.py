"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, and no clock: a slow machine is no fault.
settings.register_profile("kg", deadline=None, derandomize=True)
settings.load_profile("kg")

# A browser and npm's clients are asked for by name: without it, their tests are not collected.
_NEEDED = {"KG_BROWSER": "pages/test_browser.py", "KG_NODE_CLIENTS": "interop/test_node_clients.py"}
collect_ignore = [module for name, module in _NEEDED.items() if not os.environ.get(name)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a data directory can be made."""
    return tmp_path / "data"
