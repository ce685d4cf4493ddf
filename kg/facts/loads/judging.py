"""Judging of a load: the gate's verdict on all of it, without looking at what cannot matter.

If nothing of a load is ours, its triples matter only where a record of ours speaks of their nodes, or where
one of their classes is below one of ours. Then, and where anything is ours, the gate judges the load.
"""

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.changes import Delta, Quads
from kg.errors import Unavailable
from kg.facts.loads import batches
from kg.facts.loads.batches import BatchWriter, Stores
from kg.facts.loads.chunks import Chunk, is_ours
from kg.facts.loads.source import Progress
from kg.gate.gate import Gate
from kg.gate.overlay import Term
from kg.gate.reports import Report, Violation
from kg.gate.rules.vocabulary import is_ours_or_slip
from kg.store import bulk_file
from kg.terms import RDF, RDFS

MOST_MENTIONS = 20
"""Triples of the store about a node that are looked at; a node with more is taken for one that matters."""
MOST_WARNINGS = 1000
"""Warnings of ill-formed literals that are kept."""
_TYPE = str(RDF.TYPE).encode()
_TYPED = re.compile(
    rb"^[^ \n]++ [^ \n]++ \"(?:[^\"\\\n]|\\.)*+\"\^\^<http://www\.w3\.org/2001/XMLSchema#[^\n]++$",
    re.MULTILINE,
)


class LoadJudging:
    """Takes in the chunks of a load, and then judges them against the store without the load.

    ``folder`` is made for the batches.
    """

    def __init__(self, gate: Gate, base: Quads, folder: Path) -> None:
        self._base = base
        self._gate = gate
        self._folder = folder
        self._batches = BatchWriter(folder)
        self._read = {str(property_).encode() for property_ in gate.foreign_properties or ()}
        self._classes = {str(class_).encode() for class_ in _foreign_classes_below_ours(base)}
        self._matters = gate.foreign_properties is None
        self._warnings: list[Violation] = []

    def take(self, chunk: Chunk) -> None:
        """Take in a chunk."""
        if chunk.sent is not None:
            self._matters = True
            self._batches.take(chunk.sent)
            return
        self._matters = self._matters or any(map(self._is_spoken_of, self._nodes(chunk.lines)))
        if len(self._warnings) < MOST_WARNINGS:
            typed = parse(b"\n".join(_TYPED.findall(chunk.text)), RdfFormat.N_QUADS)
            self._warnings += self._gate.ill_formed(typed)

    def report(self, path: Path, load: Stores, progress: Progress) -> Report:
        """Return the verdict; the path is that of the bulk file of the load."""
        if not self._matters:
            return Report.of(self._warnings)
        for lines in bulk_file.read(path):
            linking = b"".join(line for line in lines if self._is_linking(line) and not is_ours(line))
            self._batches.take(tuple(parse(linking, RdfFormat.N_QUADS)))
        self._batches.finish()
        if self._batches.count == 1:
            delta = Delta(added=batches.read(self._folder, 0))
            found = list(self._gate.check(delta, self._base).violations)
        else:
            found = self._found_by_processes(load, progress)
        return Report.of([*_once(found), *self._warnings])

    def _found_by_processes(self, load: Stores, progress: Progress) -> list[Violation]:
        """Have processes judge the batches, each every so-many-th; raises Unavailable if one of them dies."""
        done, share = 0, min(os.cpu_count() or 1, self._batches.count)
        command = [sys.executable, "-m", "kg.facts.loads.judge_process", str(self._folder), *load.arguments()]
        numbers = [[str(first), str(self._batches.count), str(share)] for first in range(share)]
        outlet, inlet = os.pipe()
        processes = [subprocess.Popen([*command, *each], stdout=inlet) for each in numbers]
        os.close(inlet)
        try:
            with os.fdopen(outlet) as told:
                for line in told:
                    done += int(line)
                    progress("judging", done, self._batches.quads)
        finally:
            for process in processes:
                if done < self._batches.quads and sys.exc_info()[0] is not None:
                    process.kill()
                process.wait()
        if any(process.returncode for process in processes):
            raise Unavailable("A process that judged the load ended before its time; load again.")
        paths = (self._folder / f"found-{first}" for first in range(share))
        return [each for path in paths for each in pickle.loads(path.read_bytes())]

    def _is_linking(self, line: bytes) -> bool:
        return line.split(b" ", 2)[1] in self._read

    def _nodes(self, lines: Iterable[bytes]) -> set[bytes]:
        """Return the nodes that a rule or shape could come to from a record of ours.

        A class is none: it is found by what is above it.
        """
        found: set[bytes] = set()
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            if predicate in self._read:
                found.add(subject)
                if rest.startswith(b"<"):
                    value = rest[: rest.index(b"> ") + 1]
                    if predicate != _TYPE:
                        found.add(value)
                    elif value in self._classes:
                        self._matters = True
        return found

    def _is_spoken_of(self, name: bytes) -> bool:
        """Return whether the store without the load has a triple about a node that is ours in any part."""
        if not name.startswith(b"<"):
            return False
        node = NamedNode(name[1:-1].decode())
        for pattern in ((node, None, None), (None, None, node)):
            for number, quad in enumerate(self._base.quads_for_pattern(*pattern)):
                if number == MOST_MENTIONS or _has_ours(quad):
                    return True
        return False


def _once(violations: Iterable[Violation]) -> list[Violation]:
    """Return violations, each once: several batches may touch one node."""
    unique = {
        (str(each.focus), each.rule, str(each.path), str(each.value), each.component, str(each.message)): each
        for each in violations
    }
    return list(unique.values())


def _has_ours(quad: Quad) -> bool:
    return any(isinstance(node, NamedNode) and is_ours_or_slip(node.value) for node in quad.triple)


def _foreign_classes_below_ours(base: Quads) -> set[Term]:
    """Return the classes of other vocabularies that the store puts below one of ours."""
    below: dict[Term, list[Term]] = {}
    for quad in base.quads_for_pattern(None, RDFS.SUB_CLASS_OF, None):
        below.setdefault(quad.object, []).append(quad.subject)
    waiting: list[Term] = [
        class_ for class_ in below if isinstance(class_, NamedNode) and is_ours_or_slip(class_.value)
    ]
    found: set[Term] = set()
    while waiting:
        for class_ in below.get(waiting.pop(), ()):
            if class_ not in found:
                found.add(class_)
                waiting.append(class_)
    return found
