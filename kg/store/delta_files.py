"""An effective delta in files: a judge writes them and the writer reads them, so that a commit streams."""

import json
import shutil
from pathlib import Path
from tempfile import mkdtemp

from kg.store.effects import EffectiveDelta
from kg.store.quad_file import QuadFile


def write(change: EffectiveDelta, folder: Path) -> str:
    """Write the quads to a new folder inside ``folder``; return what ``read`` takes."""
    own = Path(mkdtemp(dir=folder))
    added, removed = (
        QuadFile.write(own / "added.nq", change.added),
        QuadFile.write(own / "removed.nq", change.removed),
    )
    effects = [change.graphs, change.withdrawn, change.superseding]
    return json.dumps([str(own), len(added), len(removed), *effects])


def read(written: str) -> EffectiveDelta:
    """Return the delta that ``write`` wrote, with its quads left in the files."""
    own, added, removed, graphs, withdrawn, superseding = json.loads(written)
    return EffectiveDelta(
        QuadFile(Path(own) / "added.nq", added),
        QuadFile(Path(own) / "removed.nq", removed),
        tuple(graphs),
        tuple(withdrawn),
        tuple((new, old) for new, old in superseding),
    )


def discard(change: EffectiveDelta) -> None:
    """Remove the files of a delta that ``read`` returned, and their folder."""
    assert isinstance(change.added, QuadFile)
    shutil.rmtree(change.added.path.parent, ignore_errors=True)
