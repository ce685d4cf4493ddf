"""A data directory, and the command that runs on it."""

import io
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import main
from tests.support.command import Kg, Run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory as the first command makes it."""
    directory = tmp_path_factory.mktemp("made") / "data"
    command = [sys.executable, "-m", "kg", "init", "--data", str(directory)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    assert run.stderr == f"Making the data directory {directory} with the ontology and the seed graph.\n"
    return directory


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    """A data directory that a test may write to."""
    return Path(shutil.copytree(made, tmp_path / "data"))


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], made: Path) -> Kg:
    """Run a command in this process, on a data directory that is only read unless another is named."""

    def run(*arguments: str | Path, stdin: str = "") -> Run:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capfdbinary.readouterr()
        return Run(code, captured.out.decode(), captured.err.decode())

    monkeypatch.setenv("KG_DATA", str(made))
    monkeypatch.setenv("NO_COLOR", "1")
    return run


@pytest.fixture
def command(kg: Kg, data: Path, monkeypatch: pytest.MonkeyPatch) -> Kg:
    """Run a command on a data directory that it may write to."""
    monkeypatch.setenv("KG_DATA", str(data))
    return kg
