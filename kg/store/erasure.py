"""Erasure of a graph from records of the log: removes its quads, and warnings, which quote them."""

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.store import bulk_file
from kg.store.log import ADDED, END, REMOVED, CommitLog
from kg.terms import DIP


def write_erased(log: CommitLog, version: int, folder: Path, graph: NamedNode) -> bool:
    """Write a copy of a record to a folder without a graph's quads and warnings.

    Return False, and write nothing, if the record holds nothing of the graph. The new record lists the graph
    as erased and has a hash of its own. It is not flushed.
    """
    with log.open_record(version) as file:
        header, *lines = file
    members = json.loads(header)
    quads = [line for line in lines if not line.startswith(END)]
    kept_lines = [line for line in quads if not holds(line[2:], graph)]
    bulk = _bulk_without(log, version, folder, graph)
    if (
        not bulk
        and len(kept_lines) == len(quads)
        and not (members["warnings"] and graph.value in members["graphs"])
    ):
        return False
    members["quads"] = [sum(line.startswith(mark) for line in kept_lines) for mark in (b"A ", b"D ")]
    members["warnings"] = []
    members["erased"] = sorted({*members.get("erased", ()), graph.value})
    if bulk:
        members["bulk"] = bulk
    record = b"".join([json.dumps(members, ensure_ascii=False).encode() + b"\n", *kept_lines])
    target = folder / log.path_of(version).name
    target.write_bytes(record + END + sha256(record).hexdigest().encode() + b"\n")
    return True


def _bulk_without(
    log: CommitLog, version: int, folder: Path, graph: NamedNode
) -> dict[str, bulk_file.BulkSide]:
    """Write a record's bulk files without a graph; return their new entries, none if they lack the graph."""
    bulk = log.bulk(version)
    if not any(holds(line, graph) for side in bulk for line in _bulk_lines(log, version, side)):
        return {}
    entries = {}
    for side in bulk:
        path = log.bulk_path(version, side)
        kept_blocks = ([line for line in some if not holds(line, graph)] for some in bulk_file.read(path))
        entries[side] = bulk_file.write(folder / path.name, kept_blocks)
    return entries


def _bulk_lines(log: CommitLog, version: int, side: str) -> Iterator[bytes]:
    return chain.from_iterable(bulk_file.read(log.bulk_path(version, side)))


def lines_of(log: CommitLog, version: int, graph: NamedNode) -> Iterator[bytes]:
    """Yield the lines of N-Quads of a record that belong to a graph (see ``holds``)."""
    for side in (ADDED, REMOVED):
        for lines in log.lines(version, side):
            yield from (line for line in lines if holds(line, graph))


def is_held(log: CommitLog, version: int, graph: NamedNode) -> bool:
    """Return whether a record holds a line of a graph."""
    return any(True for _ in lines_of(log, version, graph))


def holds(line: bytes, graph: NamedNode) -> bool:
    """Return whether a line of N-Quads is in a graph, or is a warning about it in the provenance graph."""
    name = str(graph).encode()
    if line.startswith(b"%b %b " % (name, str(DIP.WARNING).encode())):
        return True
    if not line.rstrip().endswith(b" %b ." % name):
        return False
    return any(quad.graph_name == graph for quad in parse(line, format=RdfFormat.N_QUADS))
