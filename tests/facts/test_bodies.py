"""Bodies of requests: in memory or in a file, of which nothing is left in the end."""

import shutil
from pathlib import Path

import pytest

from kg.errors import NoRoom
from kg.facts import bodies
from kg.facts.bodies import LARGEST_IN_MEMORY, BodyWriter


@pytest.mark.parametrize("size", [0, 1, LARGEST_IN_MEMORY, LARGEST_IN_MEMORY + 1, 10 * LARGEST_IN_MEMORY])
def test_a_body_is_read_as_it_was_written(tmp_path: Path, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    with BodyWriter(tmp_path) as writer:
        for start in range(0, size, 40_000):
            writer.write(data[start : min(size, start + 40_000)])
        body = writer.finish("text/turtle")
    assert len(list(tmp_path.iterdir())) == (size > LARGEST_IN_MEMORY)
    assert body.read() == data[:size]
    body.discard()
    assert not list(tmp_path.iterdir())


def test_a_body_leaves_room_for_commits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "KEPT_FREE", shutil.disk_usage(tmp_path).total)
    with BodyWriter(tmp_path) as writer:
        writer.write(b"x" * LARGEST_IN_MEMORY)
        assert writer.finish("text/turtle").read() == b"x" * LARGEST_IN_MEMORY
    with pytest.raises(NoRoom, match="free some space"), BodyWriter(tmp_path) as writer:
        writer.write(b"x" * (LARGEST_IN_MEMORY + 1))
    assert not list(tmp_path.iterdir())


def test_a_folder_that_was_removed_is_made_again(tmp_path: Path) -> None:
    with BodyWriter(tmp_path / "bodies") as writer:
        writer.write(b"x" * (LARGEST_IN_MEMORY + 1))
        assert len(writer.finish("text/turtle").read()) == LARGEST_IN_MEMORY + 1
