"""What the tests of the readers share."""

import pytest


@pytest.fixture(params=["memory", "disk"])
def budget(request: pytest.FixtureRequest) -> int:
    """What the copy in memory may take: enough, or nothing."""
    return 1 << 30 if request.param == "memory" else 0
