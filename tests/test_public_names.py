"""What ``import kg`` offers: few names, each when it is first used, and typed."""

import subprocess
import sys

import pytest

import kg
from kg import errors
from kg.client.graph import Graph
from kg.client.results import Result
from kg.client.verdict import Verdict


def test_the_public_names_are_these() -> None:
    assert (kg.Graph, kg.Result, kg.Verdict, kg.errors) == (Graph, Result, Verdict, errors)
    assert set(kg.__all__) == {"Graph", "Result", "Verdict", "errors", "open"}
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match="no attribute 'Graf'"):
        _ = kg.Graf  # type: ignore[attr-defined]


def test_the_bare_import_loads_nothing_of_the_package() -> None:
    program = "import sys, kg; print([n for n in sys.modules if n.startswith(('kg.', 'pyoxigraph'))])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
