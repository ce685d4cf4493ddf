"""The command line as the tests run it, and facts to give to it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kg import iris

GOOD = '<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .\n'
FACT = "<urn:a> <urn:p> 'one' ."
OTHER = "<urn:a> <urn:p> 'two' ."
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <urn:p> ?o }"
BAD = f"<{iris.DATA}nobody> a <{iris.TERMS}Persn> .\n"
PEOPLE = "SELECT ?person WHERE { ?person a dip:Person } ORDER BY ?person LIMIT 1"


@dataclass(frozen=True)
class Run:
    """A command that has ended: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


Kg = Callable[..., Run]
"""Runs a command by its arguments; ``stdin`` is what it reads."""


def written(path: Path, text: str) -> Path:
    """Write a file and return its path."""
    path.write_text(text, encoding="utf-8")
    return path


def added(command: Kg, tmp_path: Path, text: str, *options: str) -> str:
    """Add facts and return the IRI of their graph."""
    run = command("add", written(tmp_path / "facts.ttl", text), "--by", "Ana", *options)
    assert run.code == 0, run.err
    return run.out.strip()


def count(command: Kg, *options: str) -> str:
    """Return how many triples have the property of FACT and OTHER."""
    return command("query", "-e", COUNT, *options).out.split()[1]
