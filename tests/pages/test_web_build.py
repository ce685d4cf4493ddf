"""The vendored scripts, built again from their sources: the same bytes.

Collected where ``KG_WEB_BUILD`` names a folder with the packages of ``kg/pages/web``, in which CI runs
``npm ci``; see ``tests/conftest.py``.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.pages.test_vendored import SOURCES, VENDORED


def test_a_build_gives_the_committed_files(tmp_path: Path) -> None:
    folder = Path(os.environ["KG_WEB_BUILD"])
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    ran = subprocess.run(
        ["node", "build.mjs", str(tmp_path / "vendor")],
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    built, committed = (
        {path.name: path.read_bytes() for path in each.iterdir()} for each in (tmp_path / "vendor", VENDORED)
    )
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == []
