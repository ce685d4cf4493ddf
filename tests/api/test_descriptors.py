"""File descriptors: the limit is raised, connections take a part, and the engine opens without that part."""

import json
import resource
import subprocess
import sys

import pytest

from kg.api import descriptors
from kg.settings import Settings


@pytest.mark.parametrize(
    ("limit", "asked_for", "most"),
    [
        (256, 0, 76),
        (256, 50, 50),
        (256, 5000, 152),
        (64, 0, 8),
        (1024, 0, 460),
        (1 << 20, 0, descriptors.MOST_CONNECTIONS),
        (1 << 20, 10_000, 10_000),
    ],
)
def test_connections_leave_descriptors(limit: int, asked_for: int, most: int) -> None:
    assert descriptors.connections(Settings(readers=2, connections=asked_for), limit) == most


PROGRAM = """
import json, resource
from kg.api import descriptors
limits = lambda: resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (300, 900))
raised = [descriptors.raise_limit(), *limits(), descriptors.raise_limit()]
with descriptors.kept_free(100):
    within = limits()
with descriptors.kept_free(5000):
    least = limits()
print(json.dumps([raised, within, least, limits()]))
"""


def test_the_limit_is_raised_and_lowered_for_the_engine() -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[1] < 900:
        pytest.skip("the limit here is lower")
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[900, 900, 900, 900], [800, 900], [192, 900], [900, 900]]
