"""Judging of a load: the gate's verdict on all of it, without looking at what cannot matter.

If nothing of a load is ours, its triples matter only where a record of ours speaks of their nodes, or where
one of their classes is below one of ours. Then, and where anything is ours, the gate judges the load.
"""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.changes import Delta, Quads
from kg.facts.loads.chunks import Chunk
from kg.gate.gate import Gate
from kg.gate.overlay import Term
from kg.gate.reports import Report, Violation
from kg.gate.rules.vocabulary import is_ours_or_slip
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
    """Takes in the chunks of a load, and then judges them against the store without the load."""

    def __init__(self, gate: Gate, base: Quads) -> None:
        self._gate = gate
        self._base = base
        self._read = {str(property_).encode() for property_ in gate.foreign_properties or ()}
        self._classes = {str(class_).encode() for class_ in _foreign_classes_below_ours(base)}
        self._matters = gate.foreign_properties is None
        self._sent: list[Quad] = []
        self._warnings: list[Violation] = []

    def take(self, chunk: Chunk) -> None:
        """Take in a chunk."""
        if chunk.sent is not None:
            self._matters = True
            self._sent += chunk.sent
            return
        self._matters = self._matters or any(map(self._is_spoken_of, self._nodes(chunk.lines)))
        if len(self._warnings) < MOST_WARNINGS:
            typed = parse(b"\n".join(_TYPED.findall(chunk.text)), RdfFormat.N_QUADS)
            self._warnings += self._gate.ill_formed(typed)

    def report(self, lines: Iterable[list[bytes]]) -> Report:
        """Return the verdict; ``lines`` are those of the whole load."""
        if not self._matters:
            return Report.of(self._warnings)
        linking = (line for some in lines for line in some if self._is_linking(line))
        foreign = parse(b"".join(linking), RdfFormat.N_QUADS)
        report = self._gate.check(Delta(added=(*self._sent, *foreign)), self._base)
        return Report.of((*report.violations, *self._warnings))

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
                if number == MOST_MENTIONS or _is_ours(quad):
                    return True
        return False


def _is_ours(quad: Quad) -> bool:
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
