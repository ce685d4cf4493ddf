"""Purge of a graph: removes its quads from log, store and their copies; a tombstone stays.

The new log and store are written beside the old ones and then replace them. A journal in the data directory,
written durably before anything else, decides the outcome: if a purge is killed, either the next opening
finishes it, or it never began. The purge is a commit of its own, which withdraws the graph. Quads of other
graphs stay, even if they refer to purged things.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg import __version__, iris, ontology, provenance
from kg.changes import Commit, Provenance
from kg.errors import Conflict, Damaged, NotFound
from kg.store import clean_stop, effects, engine, erasure, proposals, tombstones
from kg.store.engine_protocols import Engine
from kg.store.log import CommitLog, sync_folder
from kg.store.source_texts import SourceTexts
from kg.store.tombstones import Tombstone
from kg.terms import DIP

JOURNAL = "purge.json"
_NEW, _OLD = ".purged", ".unpurged"
_COPIES = (
    *("asof", "snapshots", "snapshots-*", "judges", "judges-*", "validated", "validated-*", "bodies"),
    *(
        "search",
        "columnar",
        "bodies-*",
        "store.ahead",
        "store.living",
        "loads",
        "jobs/*.body",
        "store.replaced",
    ),
    *(".checked-*", ".*.partial"),
)
"""Files and folders of a data directory that hold copies of quads; the program recreates them when needed."""
_PLAIN = re.compile(rb"[^\"\\\\]+")
_LONG_ENOUGH = 12
"""Minimum bytes of a piece of a literal: a shorter one may occur in unrelated texts."""
_QUOTING_TEXTS = f"{iris.SHAPES}kept-text".encode()
"""The rule whose reports quote the stored text of a source."""
_PROTECTED = (*iris.RELEASED_GRAPHS, iris.PROVENANCE_GRAPH, iris.EMPTY_GRAPHS)


@dataclass(frozen=True)
class _Journal:
    """Content of the journal: the tombstone, and whether the new log and store are complete."""

    tombstone: Tombstone
    is_built: bool = False

    def write(self, directory: Path) -> None:
        """Write the journal durably."""
        _write(directory / JOURNAL, json.dumps([self.tombstone._asdict(), self.is_built]))

    @classmethod
    def read(cls, directory: Path) -> "_Journal":
        """Read the journal; raises Damaged."""
        try:
            members, is_built = json.loads((directory / JOURNAL).read_text(encoding="utf-8"))
            return cls(Tombstone(**members), bool(is_built))
        except (ValueError, TypeError):
            raise Damaged(f"{directory / JOURNAL} cannot be read: restore a backup.") from None


def is_begun(directory: Path) -> bool:
    """Return whether a purge is unfinished."""
    return (directory / JOURNAL).exists()


def purge(directory: Path, graph: str, by: Provenance) -> Tombstone:
    """Purge a graph from a data directory that was closed cleanly and whose lock the caller holds.

    ``by`` holds the reason. Raises Conflict for a graph that only releases or commits write, NotFound for a
    graph that is in no version.
    """
    if graph in _PROTECTED:
        raise Conflict(f"{iris.compact(graph)} is written only by releases or commits; it is not purged.")
    log, node = CommitLog(directory / "log"), NamedNode(graph)
    last = log.last
    opened = engine.open_to_read(directory / "store")
    commits = map(log.commit, range(1, last + 1))
    if not _is_held(opened, node) and not any(graph in (*each.graphs, *each.withdrawn) for each in commits):
        raise NotFound(f"There is no graph {iris.compact(graph)} in any version of {directory}.", graph=graph)
    time = max(datetime.now(UTC), log.commit(last).time).isoformat()
    tombstone = Tombstone(graph, time, by.reason or "", by.agent, _hash(opened, node), last + 1)
    opened.close()
    _Journal(tombstone).write(directory)
    finish(directory)
    return tombstone


def finish(directory: Path) -> None:
    """Finish a purge that has begun; the caller holds the lock of the directory."""
    plan = _Journal.read(directory)
    if not plan.is_built:
        _build(directory, plan.tombstone)
        plan = replace(plan, is_built=True)
        plan.write(directory)
    for name in ("log", "store"):
        _exchange(directory / name)
    _write(directory / tombstones.FILE_NAME, tombstones.text_with(directory, plan.tombstone))
    for path in (path for pattern in _COPIES for path in directory.glob(pattern)):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    clean_stop.mark(directory)
    (directory / JOURNAL).unlink()
    sync_folder(directory)


def _is_held(opened: Engine, graph: NamedNode) -> bool:
    return any(True for _ in opened.quads_for_pattern(None, None, None, graph))


def _hash(opened: Engine, graph: NamedNode) -> str | None:
    """Return the graph's recorded content hash, otherwise the hash of its quads, or None if it has none."""
    for quad in opened.quads_for_pattern(graph, DIP.CONTENT_HASH, None, provenance.GRAPH):
        if isinstance(quad.object, Literal):
            return quad.object.value
    quads = list(opened.quads_for_pattern(None, None, None, graph))
    return ontology.canonical_hash(quads) if quads else None


def _build(directory: Path, tombstone: Tombstone) -> None:
    """Write and flush a new log and store, without the graph and with the commit of the purge."""
    node, commit = NamedNode(tombstone.graph), _commit(tombstone)
    log, store = _fresh(directory / "log"), _fresh(directory / "store")
    _erase_records(CommitLog(directory / "log"), log, tombstone.version - 1, node)
    opened = engine.open_to_read(directory / "store")
    engine.write_quads(_kept(opened, node), store)
    telling = _telling(CommitLog(directory / "log"), tombstone)
    if _drop_texts(directory, opened, node, telling):
        telling.add(_QUOTING_TEXTS)
    opened.close()
    store_copy = engine.open_to_amend(store)
    provenance_delta = effects.in_provenance(store_copy, commit, {})
    store_copy.amend(provenance_delta)
    store_copy.flush()
    store_copy.close()
    for name in ("quarantine", proposals.FOLDER):
        _drop_quarantined(directory / name, telling)
    new_log = CommitLog(log)
    new_log.append(commit, provenance_delta)
    new_log.settle([commit.version])
    for path in (*log.iterdir(), log, *store.iterdir(), store):
        sync_folder(path)


def _erase_records(log: CommitLog, target: Path, last: int, graph: NamedNode) -> None:
    target.mkdir()
    for version in range(1, last + 1):
        if not erasure.write_erased(log, version, target, graph):
            for path in log.paths_of(version):
                _link(path, target / path.name)


def _kept(opened: Engine, graph: NamedNode) -> Iterator[Quad]:
    """Yield the quads of a store except those of a graph and the warnings about it, which quote them."""
    for quad in opened.quads_for_pattern(None, None, None):
        is_warning = quad.subject == graph and quad.predicate == DIP.WARNING
        if quad.graph_name != graph and not (is_warning and quad.graph_name == provenance.GRAPH):
            yield quad


def _commit(tombstone: Tombstone) -> Commit:
    return Commit(
        version=tombstone.version,
        time=datetime.fromisoformat(tombstone.time),
        agent=tombstone.agent,
        source=None,
        reason=f"Purged: {tombstone.reason}",
        graphs=(),
        hash=None,
        software=f"kg {__version__}",
        withdrawn=(tombstone.graph,),
    )


def _telling(log: CommitLog, tombstone: Tombstone) -> set[bytes]:
    """Return parts of the literals that the graph ever held, long enough to identify quotations."""
    node, found = NamedNode(tombstone.graph), set()
    for version in range(1, tombstone.version):
        for line in erasure.lines_of(log, version, node):
            if text := line.split(b'"', 1)[1:]:
                found.add(max(_PLAIN.findall(text[0]), key=len, default=b""))
    return {piece for piece in found if len(piece) >= _LONG_ENOUGH}


def _drop_texts(directory: Path, opened: Engine, graph: NamedNode, telling: set[bytes]) -> bool:
    """Remove source texts whose hashes are only in the purged graph; return whether there were any."""
    texts, found = SourceTexts(directory), False
    texts.drop_unfinished()
    for text in texts.all():
        sources = opened.quads_for_pattern(None, DIP.TEXT_HASH, Literal(text.hash))
        if text.hash.encode() in telling and all(quad.graph_name == graph for quad in sources):
            texts.remove(text.hash)
            found = True
    return found


def _drop_quarantined(folder: Path, telling: set[bytes]) -> None:
    """Remove refused or proposed documents, and the reports on them, that quote the graph."""
    if not folder.is_dir():
        return
    quoting = {
        path.name.split(".")[0]
        for path in folder.iterdir()
        if path.is_file() and any(piece in path.read_bytes() for piece in telling)
    }
    for path in list(folder.iterdir()):
        if path.name.split(".")[0] in quoting:
            path.unlink()


def _fresh(path: Path) -> Path:
    """Return the empty place for the new version of a folder."""
    new = path.with_name(path.name + _NEW)
    shutil.rmtree(new, ignore_errors=True)
    return new


def _exchange(path: Path) -> None:
    """Replace a folder by its new version and remove the old one; can be repeated."""
    new, old = path.with_name(path.name + _NEW), path.with_name(path.name + _OLD)
    if new.exists():
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)
            path.rename(old)
        new.rename(path)
        sync_folder(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copy2(path, target)


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    sync_folder(path.parent)
