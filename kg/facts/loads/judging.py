"""Judging of a load: the gate's verdict on all of it; triples that cannot affect the verdict are skipped.

If no triple of a load uses our terms, the load matters only if one of our records mentions one of its nodes,
or if one of its classes is a subclass of ours. In these cases, and if any triple uses our terms, the gate
judges it.
"""

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.changes import Quads
from kg.errors import Unavailable
from kg.facts.loads import judge_process
from kg.facts.loads.batches import BatchWriter, Stores
from kg.facts.loads.chunks import Chunk, is_ours
from kg.facts.loads.examples import Examples
from kg.facts.loads.source import Progress
from kg.gate.gate import Gate
from kg.gate.overlay import Term
from kg.gate.reports import Report, Violation
from kg.gate.rules import literals
from kg.gate.rules.vocabulary import is_ours_or_slip
from kg.store import bulk_file
from kg.store.store import open_snapshot
from kg.terms import RDF, RDFS

MOST_MENTIONS = 20
"""Maximum triples examined per node; a node with more counts as relevant."""
MOST_WARNINGS = 1000
"""Maximum warnings about ill-formed literals."""
MOST_HERE = 1
"""Maximum batches judged in this process; starting another process takes some seconds."""
_TYPE = str(RDF.TYPE).encode()
_TYPED = re.compile(
    rb"^[^ \n]++ [^ \n]++ \"(?:[^\"\\\n]|\\.)*+\"\^\^<http://www\.w3\.org/2001/XMLSchema#[^\n]++$",
    re.MULTILINE,
)


class LoadJudging:
    """Collects the chunks of a load, then judges them against the store without the load.

    ``folder`` is created for the batches.
    """

    def __init__(self, gate: Gate, base: Quads, folder: Path) -> None:
        self._base = base
        self._gate = gate
        self._folder = folder
        self._batches = BatchWriter(folder)
        self.uniform_classes = gate.uniform_classes
        self._examples = Examples(folder, self.uniform_classes, base, self._batches)
        self._is_any_foreign = False
        self._read = {str(property_).encode() for property_ in gate.foreign_properties or ()}
        self._classes = {str(class_).encode() for class_ in _foreign_classes_below_ours(base)}
        self._matters = gate.foreign_properties is None
        self._warnings: list[Violation] = []
        self._done = 0

    def take(self, chunk: Chunk) -> None:
        """Add a chunk."""
        if chunk.sent is not None:
            self._matters = True
            self._batches.take(chunk.sent)
            self._examples.take(chunk.examples, chunk.alike)
            return
        self._is_any_foreign = True
        self._matters = self._matters or any(map(self._is_spoken_of, self._nodes(chunk.lines)))
        if len(self._warnings) < MOST_WARNINGS:
            typed = parse(b"\n".join(_TYPED.findall(chunk.text)), RdfFormat.N_QUADS)
            suspects = (quad for quad in typed if not _is_well_formed(quad))
            self._warnings += self._gate.ill_formed(suspects)

    def report(self, path: Path, load: Stores, progress: Progress) -> Report:
        """Return the verdict; ``path`` is the bulk file of the load."""
        if not self._matters:
            return Report.of(self._warnings)
        for lines in bulk_file.read(path) if self._is_any_foreign else ():
            linking = b"".join(line for line in lines if self._is_linking(line) and not is_ours(line))
            self._batches.take(tuple(parse(linking, RdfFormat.N_QUADS)))
        self._examples.complete(self._batches.finish(), open_snapshot(load.after, load.version))
        self._batches.flush()
        first, found = self._batches.count, self._found(0, load, progress)
        self._examples.leave_doubtful(found)
        self._batches.flush()
        found += self._found(first, load, progress)
        return Report.of([*_once(found), *self._warnings])

    def close(self) -> None:
        """Close all files."""
        self._examples.close()

    def _found(self, first: int, load: Stores, progress: Progress) -> list[Violation]:
        """Judge the batches from ``first`` on."""
        numbers = range(first, self._batches.count)
        if len(numbers) > MOST_HERE:
            return self._found_by_processes(numbers, load, progress)
        found: list[Violation] = []
        for quads, some in judge_process.violations(self._folder, load, numbers) if numbers else ():
            self._done += quads
            progress("judging", self._done, self._batches.quads)
            found += some
        return found

    def _found_by_processes(self, numbers: range, load: Stores, progress: Progress) -> list[Violation]:
        """Judge batches in several processes; raises Unavailable if one of them fails."""
        share = min(os.cpu_count() or 1, len(numbers))
        command = [sys.executable, "-m", "kg.facts.loads.judge_process", str(self._folder), *load.arguments()]
        process = subprocess.Popen(
            [*command, str(numbers.start), str(numbers.stop), str(share)], stdout=subprocess.PIPE
        )
        with process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    self._done += int(line)
                    progress("judging", self._done, self._batches.quads)
            except BaseException:
                process.kill()  # its forked processes end after their batch
                raise
        if process.returncode:
            raise Unavailable("A judge process of the load ended unexpectedly; load again.")
        paths = (self._folder / f"found-{number}" for number in range(share))
        return [each for path in paths for each in pickle.loads(path.read_bytes())]

    def _is_linking(self, line: bytes) -> bool:
        return line.split(b" ", 2)[1] in self._read

    def _nodes(self, lines: Iterable[bytes]) -> set[bytes]:
        """Return the nodes that a rule or shape could reach from one of our records.

        Classes are not among them: their superclasses are checked instead.
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
        """Return True if the store without the load has a triple on a node in which a term is ours."""
        if not name.startswith(b"<"):
            return False
        node = NamedNode(name[1:-1].decode())
        for pattern in ((node, None, None), (None, None, node)):
            for number, quad in enumerate(self._base.quads_for_pattern(*pattern)):
                if number == MOST_MENTIONS or _has_ours(quad):
                    return True
        return False


def _once(violations: Iterable[Violation]) -> list[Violation]:
    """Return distinct violations: several batches may contain the same node."""
    unique = {
        (str(each.focus), each.rule, str(each.path), str(each.value), each.component, str(each.message)): each
        for each in violations
    }
    return list(unique.values())


def _is_well_formed(quad: Quad) -> bool:
    return not isinstance(quad.object, Literal) or literals.is_well_formed(quad.object)


def _has_ours(quad: Quad) -> bool:
    return any(isinstance(node, NamedNode) and is_ours_or_slip(node.value) for node in quad.triple)


def _foreign_classes_below_ours(base: Quads) -> set[Term]:
    """Return the classes of other vocabularies that the store declares as subclasses of ours."""
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
