"""Erasure of a graph from records of the log: the quads of it go, and the warnings, which quote them."""

import json
from hashlib import sha256
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.store.log import END, CommitLog
from kg.terms import DIP


def write_erased(log: CommitLog, version: int, target: Path, graph: NamedNode) -> bool:
    """Write a record without what it holds of a graph; return False, and write nothing, if that is nothing.

    The new record names the graph as erased and has a hash of its own. It is not flushed.
    """
    with log.open_record(version) as file:
        header, *lines = file
    members = json.loads(header)
    quads = [line for line in lines if not line.startswith(END)]
    kept = [line for line in quads if not holds(line, graph)]
    if len(kept) == len(quads) and not (members["warnings"] and graph.value in members["graphs"]):
        return False
    members["quads"] = [sum(line.startswith(mark) for line in kept) for mark in (b"A ", b"D ")]
    members["warnings"] = []
    members["erased"] = sorted({*members.get("erased", ()), graph.value})
    record = b"".join([json.dumps(members, ensure_ascii=False).encode() + b"\n", *kept])
    target.write_bytes(record + END + sha256(record).hexdigest().encode() + b"\n")
    return True


def holds(line: bytes, graph: NamedNode) -> bool:
    """Return whether a line of a record is a quad of a graph, or a warning of it in the provenance graph."""
    name = str(graph).encode()
    if line[2:].startswith(b"%b %b " % (name, str(DIP.WARNING).encode())):
        return True
    if not line.rstrip().endswith(b" %b ." % name):
        return False
    return any(quad.graph_name == graph for quad in parse(line[2:], format=RdfFormat.N_QUADS))
