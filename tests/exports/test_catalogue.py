"""The catalogue of export formats: one new file and one line make a format known everywhere."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from kg.exports.catalogue import DEFAULT, EXPORT_FORMATS

FILE = """
from kg.exports import chunks, traversal


def write(extract):
    quads = sum(len(quads) for quads in traversal.each(extract.quads, extract.graphs))
    return chunks.from_file(lambda file: file.write(f"PK\\x00 {quads} quads".encode()))
"""
LINE = """
from kg.exports.catalogue import EXPORT_FORMATS, ExportFormat
EXPORT_FORMATS["tally"] = ExportFormat("tally", ("application/x-tally",), (".tally",), "tally", "a count")
"""
ASK_THE_API = """
from pathlib import Path
from tests.support import docs
from tests.support.api_server import serving
with serving(Path(sys.argv[1])) as client:
    export = client.get("/export?format=tally")
    print(json.dumps({
        "body": export.text,
        "type": export.headers["content-type"],
        "file": export.headers["content-disposition"],
        "negotiated": client.get("/export", headers={"Accept": "application/x-tally"}).text,
        "openapi": client.get("/openapi.json").json()["paths"]["/export"]["get"],
        "void": client.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text,
        "readme": docs.tables()["exports"],
    }))
"""
RUN_KG = """
from kg.cli import main
sys.argv[0] = "kg"
main()
"""


@dataclass(frozen=True)
class Extended:
    """A folder with the new file in it; programs that run there have the new line in the catalogue."""

    folder: Path

    def run(self, program: str, *arguments: str | Path) -> str:
        path = os.pathsep.join([str(self.folder), str(Path(__file__).parents[2])])
        environment = {**os.environ, "PYTHONPATH": path, "COLUMNS": "200", "KG_READERS": "1"}
        command = [sys.executable, "-c", f"import json, sys\n{LINE}\n{program}", *map(str, arguments)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return run.stdout


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    folder = tmp_path_factory.mktemp("extended")
    (folder / "tally.py").write_text(FILE, encoding="utf-8")
    return Extended(folder)


def test_a_new_format_is_known_to_the_command_line(extended: Extended) -> None:
    data = ("--data", extended.folder / "data")
    extended.run(RUN_KG, "init", *data)
    streamed = extended.run(RUN_KG, "export", "--format", "tally", *data)
    assert streamed.startswith("PK\0 ")
    assert int(streamed.split()[1]) > 100
    target = extended.folder / "facts.tally"
    extended.run(RUN_KG, "export", "-o", target, *data)
    assert target.read_text(encoding="utf-8") == streamed.rstrip("\n")
    told = " ".join(extended.run(RUN_KG, "export", "--help").split())
    assert f"{[*EXPORT_FORMATS][-1]}, tally; by default" in told


def test_a_new_format_is_known_to_http_and_to_every_description(extended: Extended) -> None:
    answer = json.loads(extended.run(ASK_THE_API, extended.folder))
    assert answer["body"] == answer["negotiated"] == "PK\0 5 quads"
    assert answer["type"] == "application/x-tally"
    assert answer["file"].endswith('.tally"')
    (named,) = (each for each in answer["openapi"]["parameters"] if each["name"] == "format")
    assert "tally" in named["schema"]["enum"]
    assert "application/x-tally" in answer["openapi"]["responses"]["200"]["content"]
    assert "<http://testserver/export?format=tally>" in answer["void"]
    assert "https://www.iana.org/assignments/media-types/application/x-tally" in answer["void"]
    assert "| `tally` | a count | `application/x-tally` | `.tally` | their union | no |\n" in answer["readme"]


@pytest.mark.parametrize("known", EXPORT_FORMATS.values(), ids=lambda known: known.name)
def test_each_line_names_a_module_that_writes(known: object) -> None:
    (entry,) = (each for each in EXPORT_FORMATS.values() if each is known)
    assert callable(import_module(entry.writer).write)
    assert EXPORT_FORMATS[entry.name] is entry


def test_no_two_formats_share_a_suffix_or_a_name() -> None:
    suffixes = [suffix for known in EXPORT_FORMATS.values() for suffix in known.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(
        known.name not in (*other.names, *other.media_types)
        for known in EXPORT_FORMATS.values()
        for other in EXPORT_FORMATS.values()
    )


def test_the_default_keeps_the_graphs_apart_and_can_be_read_back() -> None:
    assert (DEFAULT.name, DEFAULT.holds_graphs, DEFAULT.is_readable) == ("trig", True, True)
