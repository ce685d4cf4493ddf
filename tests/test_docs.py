"""The documentation is true: its tables are complete, its examples run and say what it says they do."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import kg
from kg import __version__, ontology
from kg.pages import help as help_pages
from tests.support import screenshots
from tests.support.docs import DOCS, PLACES, README, ROOT, with_table

TEXT = README.read_text(encoding="utf-8")
CONTRIBUTING = (DOCS / "contributing.md").read_text(encoding="utf-8")
_LEFT_OUT = (".venv", "build", "dist", "node_modules")
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(_LEFT_OUT) for part in page.relative_to(ROOT).parts[:-1])
)


def blocks(language: str, text: str = TEXT) -> list[str]:
    """Return the fenced blocks of a text (the README) in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("table", PLACES)
def test_the_tables_of_the_documentation_are_complete(table: str) -> None:
    assert with_table(table) == PLACES[table].read_text(encoding="utf-8"), "run: python -m tests.support.docs"


def test_the_readme_is_one_page() -> None:
    assert len(TEXT.splitlines()) < 200


def test_every_page_of_documentation_is_listed_in_the_readme_and_shown_as_help() -> None:
    shown = {page.path.resolve() for page in help_pages.pages().values()}
    assert [page.name for page in DOCS.glob("*.md") if page.resolve() not in shown] == []
    linked = {(ROOT / link).resolve() for link in re.findall(r"\]\((?!https?:|#)([^)#]+)\)", TEXT)}
    assert [page.name for page in DOCS.glob("*.md") if page.resolve() not in linked] == []


def test_every_command_of_the_readme_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    for name, turtle in zip(("claimed.ttl", "said.ttl"), blocks("turtle"), strict=True):
        (tmp_path / name).write_text(turtle, encoding="utf-8")
    assert _run("kg init", tmp_path).returncode == 0
    sessions = "".join(blocks("console"))
    assert sessions.count("$ kg") >= 6
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", sessions, re.MULTILINE):
        run = _run(command, tmp_path)
        exit_code = re.search(r"^\[exit (\d)\]$", shown, re.MULTILINE)
        assert run.returncode == int(exit_code[1] if exit_code else 0), (command, run.stdout, run.stderr)
        expected = re.sub(r"^\[exit \d\]\n", "", shown, flags=re.MULTILINE)
        form = "(?s:.*?)".join(map(re.escape, expected.strip().split("...")))
        assert re.search(form, run.stdout + run.stderr), (command, run.stdout, run.stderr)


def test_the_python_examples_of_the_documentation_run(tmp_path: Path) -> None:
    program = "".join(blocks("python", (DOCS / "python.md").read_text(encoding="utf-8")))
    kg.open(tmp_path / "data", create=True).close()
    (tmp_path / "claimed.ttl").write_text(blocks("turtle")[0], encoding="utf-8")
    run = _run(f'"{sys.executable}" -c {_quoted(program)}', tmp_path)
    assert run.returncode == 0, run.stderr
    for shown in ("threat", "4 errors, 2 warnings: not accepted", "Gustavo Petro", "accepted."):
        assert shown in run.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_pictures_of_the_readme_are_those_that_the_script_takes_and_are_small() -> None:
    shown = {f"kg/docs/images/{name}.png" for name in screenshots.SHOTS}
    assert set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT)) == shown
    files = [*screenshots.IMAGES.iterdir()]
    assert {file.relative_to(ROOT).as_posix() for file in files} == shown
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)
    assert sum(file.stat().st_size for file in files) <= screenshots.MOST_BYTES


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    table = CONTRIBUTING[CONTRIBUTING.index("## Dependencies") :]
    names = [re.split(r"[<>=\[ ]", dependency)[0] for dependency in project["dependencies"]]
    assert [name for name in names if name not in table] == []


def test_every_bench_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    benches = re.findall(r"^(bench[a-z-]*):", makefile, re.MULTILINE)
    assert len(benches) > 3
    assert [bench for bench in benches if f"| `make {bench}` |" not in CONTRIBUTING] == []


def test_a_package_that_says_it_is_typed_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "Typing :: Typed" in project["classifiers"]
    assert (ROOT / "kg" / "py.typed").is_file()


def test_versions_agree() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    header = (ontology.ontology_folder() / "diplomacy.ttl").read_text(encoding="utf-8")
    (terms_version,) = re.findall(r'owl:versionInfo "([^"]+)"', header)
    assert f"## {__version__} " in changelog
    assert f"ontology {terms_version}" in changelog
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a shell command as a reader would: `kg` on the path, a data directory of its own."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "KG_DATA": str(folder / "data"),
    }
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
