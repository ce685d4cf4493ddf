"""Files that carry an effective delta from a judge process to the writer, so that a commit streams.

A short delta stays in memory: creating and removing a folder would take longer than all other work on it.
"""

import json
import shutil
from pathlib import Path
from tempfile import mkdtemp

from kg.store.effects import EffectiveDelta
from kg.store.quad_file import QuadFile

SHORTEST_IN_FILES = 1 << 13
"""Minimum bytes of N-Quads for files; the event loop reads shorter deltas itself."""
_FEW = 200
"""Maximum number of quads that are serialised to measure them; more go to files at once."""


def write(change: EffectiveDelta, folder: Path) -> str:
    """Write a delta, a long one to a new folder inside ``folder``; return the text that ``read`` takes."""
    sides = _in_memory(change) or _in_files(change, Path(mkdtemp(dir=folder)))
    files = [
        [side.content.decode(), None, len(side)]
        if isinstance(side.content, bytes)
        else [None, str(side.content), len(side)]
        for side in sides
    ]
    return json.dumps([*files, change.graphs, change.withdrawn, change.superseding])


def read(text: str) -> EffectiveDelta:
    """Return the delta that ``write`` wrote; quads in files stay there."""
    added, removed, graphs, withdrawn, superseding = json.loads(text)
    return EffectiveDelta(
        _read(*added),
        _read(*removed),
        tuple(graphs),
        tuple(withdrawn),
        tuple((new, old) for new, old in superseding),
    )


def discard(change: EffectiveDelta) -> None:
    """Remove the files of a delta that ``read`` returned, and their folder."""
    assert isinstance(change.added, QuadFile)
    if isinstance(change.added.content, Path):
        shutil.rmtree(change.added.content.parent, ignore_errors=True)


def _in_memory(change: EffectiveDelta) -> tuple[QuadFile, QuadFile] | None:
    if len(change.added) + len(change.removed) > _FEW:
        return None
    added, removed = QuadFile.of(change.added), QuadFile.of(change.removed)
    size = sum(len(side.content) for side in (added, removed) if isinstance(side.content, bytes))
    return (added, removed) if size < SHORTEST_IN_FILES else None


def _in_files(change: EffectiveDelta, own: Path) -> tuple[QuadFile, QuadFile]:
    return (
        QuadFile.write(own / "added.nq", change.added),
        QuadFile.write(own / "removed.nq", change.removed),
    )


def _read(text: str | None, path: str | None, count: int) -> QuadFile:
    return QuadFile(Path(path) if path is not None else (text or "").encode(), count)
