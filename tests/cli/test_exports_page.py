"""The page for other tools: its lines are run, where the tool is installed."""

import csv
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kg.exports.catalogue import EXPORT_FORMATS
from tests.support.command import Kg

PAGE = Path(__file__).parents[2] / "kg" / "docs" / "exports.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(shell|python|r)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(kg: Kg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with each file that the page writes."""
    monkeypatch.chdir(tmp_path)
    for language, block in BLOCKS:
        for line in block.splitlines() if language == "shell" else ():
            words = line.split()
            if words[0] == "kg":
                run = kg(*words[1:])
                assert run.code == 0, (line, run.err)
            elif words[0] == "unzip":
                zipfile.ZipFile(words[1]).extractall(tmp_path)
            elif tool := shutil.which(words[0]):
                subprocess.run([tool, *words[1:]], check=True)
    return tmp_path


def test_every_tool_has_its_lines() -> None:
    for tool in ("Gephi", "pandas", "R", "Neo4j", "Wikidata", "OpenRefine"):
        assert re.search(rf"^## .*\b{tool}\b", TEXT, re.MULTILINE), tool


def test_every_format_is_on_the_page_or_one_of_rdf() -> None:
    named = set(re.findall(r"--format ([\w-]+)", TEXT))
    assert named <= set(EXPORT_FORMATS)


def test_the_lines_of_the_page_bring_the_data_to_the_tools(folder: Path) -> None:
    known: dict[str, Any] = {}
    for language, block in BLOCKS:
        if language == "python" and "httpx" not in block:
            exec(block, known)  # the page's own lines
    relations = known["relations"]
    assert set(relations.made_of) == {"words", "deeds", "claim", "judgement", "tie"}
    assert (relations[relations.made_of == "claim"].claimant != "").all()
    assert (folder / "since-2025.graphml").stat().st_size < (folder / "diplomacy.graphml").stat().st_size
    with (folder / "nodes.csv").open(encoding="utf-8", newline="") as file:
        claims = [row for row in csv.DictReader(file) if row[":LABEL"] == "Claim"]
    assert all(claim["content"] for claim in claims)
    if r := shutil.which("Rscript"):
        (code,) = (block for language, block in BLOCKS if language == "r")
        subprocess.run([r, "-e", code], check=True)


def test_addresses_of_the_page_are_routes_and_questions() -> None:
    from kg.api.application import PARTS
    from kg.query import questions

    paths = {route.path for part in PARTS for route in part.router.routes}
    for address in ("/export", "/reconcile", "/frames/{name}", "/.well-known/void"):
        assert address in paths
    for name in re.findall(r"/questions/([\w-]+)\.csv", TEXT):
        assert name in questions.load()
