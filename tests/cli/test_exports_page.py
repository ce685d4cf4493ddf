"""The page for other tools: its lines are run, where the tool is installed."""

import csv
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import networkx
import openpyxl
import pytest

from kg.exports.catalogue import EXPORT_FORMATS
from tests.support.command import Kg

PAGE = Path(__file__).parents[2] / "kg" / "docs" / "exports.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(shell|python|sql|r)\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(kg: Kg, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with each file that the page writes."""
    monkeypatch.chdir(tmp_path)
    for language, block in BLOCKS:
        for line in block.splitlines() if language == "shell" else ():
            words = line.split()
            if words[:2] == ["kg", "add"]:
                shutil.copytree(made, tmp_path / "data")
                run = kg(*words[1:], "--data", tmp_path / "data")
                assert run.code == 0, (line, run.err)
                assert "holds these facts already" in run.err
            elif words[0] == "kg":
                run = kg(*words[1:])
                assert run.code == 0, (line, run.err)
            elif words[0] == "unzip":
                zipfile.ZipFile(words[1]).extractall(tmp_path / (words[3] if "-d" in words else "."))
            elif tool := shutil.which(words[0]):
                subprocess.run([tool, *words[1:]], check=True)
    return tmp_path


def test_every_tool_has_its_lines() -> None:
    for tool in ("Gephi", "pandas", "R", "DuckDB", "Excel", "Neo4j", "Wikidata", "OpenRefine"):
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
    assert "kidnapping" in {*known["claims"].content.explode()}
    with duckdb.connect(str(folder / "diplomacy.duckdb"), read_only=True) as database:
        for statement in "".join(block for language, block in BLOCKS if language == "sql").split(";"):
            if statement.strip():
                assert database.sql(statement).fetchall()
    book = openpyxl.load_workbook(folder / "diplomacy.xlsx", read_only=True)
    assert {"about", "columns", "claims"} <= {*book.sheetnames}
    networkx.read_gexf(folder / "diplomacy.gexf")
    _run_in_r(folder)


def _run_in_r(folder: Path) -> None:
    """Run the lines of R where R is installed, with a package where that is too."""
    r = shutil.which("Rscript")
    for block in (block for language, block in BLOCKS if language == "r" and r):
        package = re.search(r"library\((\w+)\)", block)
        known = f"q(status = !requireNamespace('{package[1]}', quietly = TRUE))" if package else "q()"
        if subprocess.run([str(r), "-e", known], timeout=300).returncode == 0:
            subprocess.run([str(r), "-e", block], check=True, cwd=folder, timeout=300)


def test_addresses_of_the_page_are_routes_and_questions() -> None:
    from kg.api.application import PARTS
    from kg.query import questions

    paths = {route.path for part in PARTS for route in part.router.routes}
    for address in ("/export", "/reconcile", "/frames/{name}", "/.well-known/void"):
        assert address in paths
    for name in re.findall(r"/questions/([\w-]+)\.csv", TEXT):
        assert name in questions.load()
