"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, and no clock: a slow machine is no fault.
settings.register_profile("kg", deadline=None, derandomize=True)
settings.load_profile("kg")

# A browser is asked for by name and nothing is guessed: without one, its tests are not collected.
collect_ignore = [] if os.environ.get("KG_BROWSER") else ["pages/test_browser.py"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a data directory can be made."""
    return tmp_path / "data"
