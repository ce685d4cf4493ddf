"""The wheel: it carries what it needs, and answers where there is no checkout."""

import os
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hatchling import build

from tests.support.processes import killed_at_end

ROOT = Path(__file__).parent.parent
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        return folder / build.build_wheel(str(folder))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    subprocess.run([*pip, "--target", target, wheel], check=True)
    return target


def outside(installed: Path) -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(installed), "NO_COLOR": "1"}


def carried(folder: str, under: str) -> set[str]:
    paths = (path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {f"{under}/{path.as_posix()}" for path in paths if not LEFT_OUT & {*path.parts, path.suffix}}


def test_the_wheel_holds_the_package_the_ontology_and_the_questions_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = (
        {name for name in carried("kg", "kg") if not name.startswith(("kg/pages/web/", "kg/docs/images/"))}
        | carried("ontology", "kg/_data/ontology")
        | carried("queries", "kg/_data/queries")
    )
    assert names == expected
    assert any(name.startswith("kg/_data/ontology/") and name.endswith(".shapes.ttl") for name in names)
    assert any(name.startswith("kg/_data/ontology/seed/") for name in names)
    assert any(name.startswith("kg/_data/queries/") and name.endswith(".rq") for name in names)


def test_the_wheel_names_its_command_and_its_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {
            Path(name).name: archive.read(name).decode() for name in archive.namelist() if "dist-info" in name
        }
    assert "kg = kg.cli:main" in texts["entry_points.txt"]
    assert "License-Expression: MIT AND CC-BY-4.0" in texts["METADATA"]
    assert "LICENSE" in texts


def test_an_installed_wheel_answers_a_query_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    query = "SELECT (COUNT(?class) > 20 AS ?many) { ?class a <http://www.w3.org/2002/07/owl#Class> }"
    subprocess.run(
        [sys.executable, "-m", "kg", "init", "--data", tmp_path / "data"],
        cwd=tmp_path, env=outside(installed), capture_output=True, check=True,
    )  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-m", "kg", "query", "-e", query, "--data", tmp_path / "data", "--format", "csv"],
        cwd=tmp_path, env=outside(installed), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.split() == ["many", "true"]


def test_an_installed_wheel_lists_its_questions(installed: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "kg", "ask"],
        cwd=tmp_path, env=outside(installed), capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = {line.split("\t")[0] for line in run.stdout.splitlines()[1:]}
    assert names == {path.stem for path in (ROOT / "queries").glob("*.rq")}


def test_an_installed_wheel_serves_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--data", str(tmp_path / "data"), "--port", "0"]
    environment = {**outside(installed), "KG_TOKEN": "a token", "KG_READERS": "1"}
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    with killed_at_end(server):
        assert server.stderr is not None
        said = next((line for line in server.stderr if line.startswith("Serving")), "")
        url = said.split()[-1]
        for path in ("health", "", "questions", "terms"):
            with urllib.request.urlopen(url + path, timeout=120) as answer:
                assert answer.status == 200
