"""Uniform records of a load: the gate judges one example of each sort, and its verdict applies to the others.

``kg.gate.uniform_records`` declares the classes for which this holds. A record is an example if its set of
properties, or one of its values that is an IRI, is new. Any other record gets the verdict of the examples
that contain the same lines, provided that nothing else mentions the record. Lines are compared as bytes, in
the plain form that importers write; a record in another form is judged individually.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from kg.gate.uniform_records import UniformClass
from kg.iris import DATA
from kg.terms import RDF, XSD

MOST_LINES = 200_000
"""Maximum known example lines, of some hundred bytes each; beyond, each new line makes an example."""

_TYPE = f"{RDF.TYPE} ".encode()
_CLASS = re.compile(re.escape(_TYPE) + rb"<([^<>\\\x00-\x20]++)>( <[^<>\"{}|^`\\\x00-\x20]++>|) \.\n")
_LINK = re.compile(rb"<[^<>\"{}|^`\\\x00-\x20]++>")
_TEXT = re.compile(rb"\"(?:[^\"\\\x00-\x1f\x7f]|\\[\"\\tnr])++\"")
_NUMBER = re.compile(rb"\"([+-]?[0-9]{1,9}+(?:\.[0-9]{1,9}+)?+)\"\^\^" + re.escape(str(XSD.DECIMAL)).encode())
_NAME = re.compile(re.escape(f"<{DATA}".encode()) + rb"(?!commit-|agent-)[A-Za-z0-9._~-]++>")
_NO_GRAPH = b" .\n"


class UniformRecord(NamedTuple):
    """The N-Quads lines with one node as their subject."""

    node: bytes
    lines: list[bytes]

    @property
    def parts(self) -> list[bytes]:
        """The lines without the subject."""
        start = len(self.node) + 1
        return [line[start:] for line in self.lines]


class Separated(NamedTuple):
    """Lines by how they are judged: examples, records like earlier examples, and others."""

    others: bytes
    examples: list[UniformRecord]
    alike: list[UniformRecord]


class _Sort:
    """The records of one class in one graph, and what their examples contain."""

    def __init__(self, class_: UniformClass, end: bytes) -> None:
        self.end = end
        """The graph and the line end."""
        self._links = {str(each).encode() for each in class_.links}
        self._texts = {str(each).encode() for each in class_.texts}
        self._numbers = {str(each).encode(): bounds for each, bounds in class_.numbers.items()}
        self.links: dict[bytes, bytes] = {}
        """Known links: the property by the line without its subject."""
        self.sets: set[tuple[bytes, ...]] = set()
        """Known sets of properties, each property repeated for each of its values."""

    def property_of(self, part: bytes) -> tuple[bytes, bool] | None:
        """Return a line's property, and whether its value is a link; None if the line is not uniform."""
        property_, _, rest = part.partition(b" ")
        if not rest.endswith(self.end):
            return None
        value = rest[: -len(self.end)]
        if property_ in self._texts:
            return (property_, False) if _TEXT.fullmatch(value) else None
        if bounds := self._numbers.get(property_):
            match = _NUMBER.fullmatch(value)
            return (property_, False) if match and bounds[0] <= float(match[1]) <= bounds[1] else None
        return (property_, True) if property_ in self._links and _LINK.fullmatch(value) else None


class UniformRecords:
    """Recognizes records like earlier examples; lines in no graph go to ``graph``."""

    def __init__(self, classes: Iterable[UniformClass], graph: str) -> None:
        self._classes = {each.name.value.encode(): each for each in classes}
        self._end = f" <{graph}> .\n".encode()
        self._sorts: dict[bytes, _Sort | None] = {}
        self._known = 0

    def separate(self, text: bytes) -> Separated:
        """Separate lines; other lines may also mention the node of an example."""
        if b"\r" in text or not any(class_ in text for class_ in self._classes):
            return Separated(text, [], [])
        others: list[bytes] = []
        found: tuple[dict[bytes, UniformRecord], dict[bytes, UniformRecord]] = {}, {}
        for record in records(text.splitlines(keepends=True)):
            is_alike = self.is_alike(record)
            if is_alike is None or record.node in found[0] or record.node in found[1]:
                others += record.lines
                if before := found[1].pop(record.node, None):
                    others += before.lines
            else:
                found[is_alike][record.node] = record
        examples, alike = ([self._in_graph(each) for each in some.values()] for some in found)
        return Separated(b"".join(others), examples, alike)

    def is_alike(self, record: UniformRecord) -> bool | None:
        """Return True if a record is like earlier examples; False makes it an example itself.

        None if it is not uniform.
        """
        parts = record.parts
        sort = self._sort_of(parts)
        if sort is None or len(set(parts)) < len(parts) or not _NAME.fullmatch(record.node):
            return None
        properties, new = list[bytes](), dict[bytes, bytes]()
        for part in parts:
            property_name = sort.links.get(part)
            if property_name is None and not part.startswith(_TYPE):
                if (property_entry := sort.property_of(part)) is None:
                    return None
                property_name = property_entry[0]
                if property_entry[1]:
                    new[part] = property_name
            properties.append(property_name or _TYPE)
        properties.sort()
        if not new and tuple(properties) in sort.sets:
            return True
        if self._known < MOST_LINES:
            sort.sets.add(tuple(properties))
            sort.links.update(new)
            self._known += len(new) + 1
        return False

    def shares(self, record: UniformRecord) -> bool:
        """Return True if a record shares a link, or its set of properties, with an example."""
        parts = record.parts
        sort = self._sort_of(parts)
        if sort is None:
            return False
        property_entries = [sort.property_of(part) for part in parts if not part.startswith(_TYPE)]
        properties = tuple(sorted([_TYPE, *(each[0] for each in property_entries if each)]))
        return properties in sort.sets or any(part in sort.links for part in parts)

    def _sort_of(self, parts: Iterable[bytes]) -> _Sort | None:
        """Return the sort of a record that has exactly one class."""
        typed = [part for part in parts if part.startswith(_TYPE)]
        if len(typed) != 1:
            return None
        if typed[0] not in self._sorts:
            if len(self._sorts) > MOST_LINES:
                return None
            match = _CLASS.fullmatch(typed[0])
            class_ = self._classes.get(match[1]) if match else None
            self._sorts[typed[0]] = _Sort(class_, match[2] + _NO_GRAPH) if match and class_ else None
        return self._sorts[typed[0]]

    def _in_graph(self, record: UniformRecord) -> UniformRecord:
        sort = self._sort_of(record.parts)
        if sort is None or sort.end != _NO_GRAPH:
            return record
        return UniformRecord(record.node, [line[: -len(_NO_GRAPH)] + self._end for line in record.lines])


def records(lines: Iterable[bytes]) -> Iterator[UniformRecord]:
    """Yield records: successive lines with the same subject."""
    for node, some in groupby(lines, _node):
        yield UniformRecord(node, list(some))


def _node(line: bytes) -> bytes:
    return line[: line.find(b" ")]
