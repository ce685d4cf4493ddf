"""Vendored scripts: each file is the one of the manifest, with its licences, and names no other host."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from kg.pages import assets

VENDORED = assets.FOLDER / "vendor"
SOURCES = assets.FOLDER.parent / "web"
MANIFEST: dict[str, Any] = json.loads((VENDORED / "manifest.json").read_text("utf-8"))
PERMISSIVE = {"MIT", "ISC", "BSD-3-Clause", "0BSD"}
NAMESPACES = {"www.w3.org"}
"""Hosts of namespaces of XML, which no script fetches."""
LICENCE_HOSTS = {"www.apache.org"}
"""Hosts that the texts of licences name."""


def hosts(text: str) -> set[str]:
    """Return the hosts of the addresses in a text, those without a scheme too."""
    return set(re.findall(r"(?:https?:|[\"'`(])//([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", text))


def test_hosts_are_found_with_and_without_a_scheme() -> None:
    assert hosts("import('//cdn.example.org/x'); 'https://example.com/y'; a//b.c.d") == {
        "cdn.example.org",
        "example.com",
    }


def test_the_manifest_names_the_files_that_are_there() -> None:
    found = {path.name for path in VENDORED.iterdir()} - {"manifest.json", "LICENCES.txt"}
    assert found == set(MANIFEST["files"])


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_a_vendored_file_is_the_one_of_the_manifest(name: str) -> None:
    content = (VENDORED / name).read_bytes()
    assert sha256(content).hexdigest() == MANIFEST["files"][name]["sha256"]
    assert len(content) == MANIFEST["files"][name]["bytes"]


def test_every_package_has_a_permissive_licence_and_its_text() -> None:
    texts = (VENDORED / "LICENCES.txt").read_text("utf-8")
    assert set(MANIFEST["packages"]) == {
        name for file in MANIFEST["files"].values() for name in file["packages"]
    }
    for name, package in MANIFEST["packages"].items():
        assert package["licence"] in PERMISSIVE, name
        _, _, text = texts.partition(f"{name} {package['version']} ({package['licence']})\n\n")
        assert "Copyright" in text[:400], name


def test_versions_are_those_of_the_lock() -> None:
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    locked = {path.removeprefix("node_modules/"): each for path, each in lock["packages"].items()}
    for name, package in MANIFEST["packages"].items():
        assert package["version"] == locked[name]["version"]
    declared = json.loads((SOURCES / "package.json").read_text("utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in declared.values())


@pytest.mark.parametrize(
    "path",
    sorted(path for path in assets.FOLDER.rglob("*") if path.suffix not in ("", ".png")),
    ids=lambda path: path.name,
)
def test_no_file_of_the_pages_names_another_host(path: Path) -> None:
    allowed = NAMESPACES | LICENCE_HOSTS if path.name == "LICENCES.txt" else NAMESPACES
    assert hosts(path.read_text("utf-8")) <= allowed


def test_the_sources_name_no_registry() -> None:
    files = [path for path in SOURCES.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    assert {"build.mjs", "package-lock.json", "package.json"} <= {path.name for path in files}
    for path in files:
        assert hosts(path.read_text("utf-8")) == set(), path
    assert '"resolved"' not in (SOURCES / "package-lock.json").read_text("utf-8")
