"""Ontology folder: release graphs, seed dataset, known terms, rule descriptions and hashes."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Self, TypeAlias

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    parse,
)

from kg import iris
from kg.changes import Object, Subject
from kg.errors import KGError, Unreadable
from kg.terms import DIP, OWL

Node: TypeAlias = Subject | Object

_GROUND = (NamedNode, Literal)
_HEADER = NamedNode(iris.TERMS_GRAPH)
_CODES = "codes"
"""The folder of the code lists, which also contain kinds."""
_GRAPH_OF_FILE = {"kinds.ttl": iris.KINDS_GRAPH, "alignments.ttl": iris.ALIGNMENTS_GRAPH}


class OntologyVersion(NamedTuple):
    """A version of the ontology.

    >>> OntologyVersion.parse("0.3.1").is_major_to(OntologyVersion.parse("0.4.0"))
    True
    """

    first: int
    second: int
    third: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``0.3.1``; raises KGError if the text is not a version."""
        if match := re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", text):
            return cls(*map(int, match.groups()))
        raise KGError(f"The version of the ontology must be three numbers, such as 0.3.1, not {text!r}.")

    @property
    def breaking(self) -> tuple[int, int]:
        """The version parts that a major release changes: below 1.0, the second number counts as major."""
        return (self.first, 0 if self.first else self.second)

    def is_major_to(self, other: "OntologyVersion") -> bool:
        """Return whether a major version lies between the two."""
        return self.breaking != other.breaking

    def __str__(self) -> str:
        return ".".join(map(str, self))


@dataclass(frozen=True)
class SeedPart:
    """A part of the seed dataset: the files of one folder, written as one commit."""

    name: str
    """The folder's name without its number; empty for files outside folders."""
    quads: tuple[Quad, ...]
    source_hash: str
    """SHA-256 (hex) over the files of this part and of those before it."""

    @property
    def graphs(self) -> frozenset[str]:
        """The names of the part's graphs."""
        return frozenset(
            quad.graph_name.value for quad in self.quads if isinstance(quad.graph_name, NamedNode)
        )


@dataclass(frozen=True)
class Ontology:
    """The release graphs of a folder; files are parsed on first use."""

    folder: Path

    @cached_property
    def graphs(self) -> dict[str, tuple[Quad, ...]]:
        """The quads of each release graph, by graph IRI."""
        found: dict[str, list[Quad]] = {graph: [] for graph in iris.RELEASED_GRAPHS}
        for path in _release_files(self.folder):
            graph = _graph_of(path)
            found[graph].extend(_stable(_read(path, NamedNode(graph)), path.stem))
        return {graph: tuple(sorted(quads, key=str)) for graph, quads in found.items()}

    @cached_property
    def modules(self) -> frozenset[str]:
        """The names of the modules of the terms."""
        return frozenset(
            path.stem for path in _release_files(self.folder) if _graph_of(path) == iris.TERMS_GRAPH
        )

    @property
    def quads(self) -> tuple[Quad, ...]:
        """All quads of the release graphs."""
        return tuple(quad for quads in self.graphs.values() for quad in quads)

    @cached_property
    def seed(self) -> tuple[Quad, ...]:
        """The quads of the seed dataset, in the graphs that its files name."""
        return tuple(sorted({quad for part in self.seed_parts for quad in part.quads}, key=str))

    @cached_property
    def seed_parts(self) -> tuple[SeedPart, ...]:
        """The parts of the seed dataset, in commit order."""
        parts: list[SeedPart] = []
        before: list[Path] = []
        for folder, paths in groupby(_seed_files(self.folder), key=lambda path: path.parent):
            files = list(paths)
            before += files
            quads = {quad for path in files for quad in _stable(_read(path), path.stem)}
            name = "" if folder == self.folder / "seed" else folder.name.lstrip("0123456789-")
            parts.append(SeedPart(name, tuple(sorted(quads, key=str)), _hash_of_files(before)))
        return tuple(parts) or (SeedPart("", (), self.seed_hash),)

    @cached_property
    def known_terms(self) -> frozenset[str]:
        """The IRIs of the terms and kinds described in the release."""
        subjects = (
            quad.subject for graph in (iris.TERMS_GRAPH, iris.KINDS_GRAPH) for quad in self.graphs[graph]
        )
        node_iris = (node.value for node in subjects if isinstance(node, NamedNode))
        return frozenset(iri for iri in node_iris if iri.startswith((iris.TERMS, iris.KINDS)))

    @cached_property
    def classes_of_kinds(self) -> dict[str, str]:
        """The class of the things of each kind (dip:ofClass), by kind; both as IRIs."""
        return {
            quad.subject.value: quad.object.value
            for quad in self.graphs[iris.KINDS_GRAPH]
            if quad.predicate == DIP.OF_CLASS
            and isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, NamedNode)
        }

    @cached_property
    def version(self) -> OntologyVersion | None:
        """The version in the ontology's header, or None."""
        return version_in(self.graphs[iris.TERMS_GRAPH])

    @cached_property
    def release_hash(self) -> str:
        """SHA-256 (hex) over the files of the release graphs; computed without parsing."""
        return _hash_of_files(_release_files(self.folder))

    @cached_property
    def seed_hash(self) -> str:
        """SHA-256 (hex) over the files of the seed dataset."""
        return _hash_of_files(_seed_files(self.folder))


@dataclass(frozen=True)
class Examined:
    """The values and names that a rule in code examines: properties, and classes of named instances."""

    properties: frozenset[NamedNode]
    classes: frozenset[NamedNode]


def examined(shapes: Iterable[Quad], rule: NamedNode) -> Examined:
    """Return what a rule in code examines, from its description among the shapes."""
    found: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in shapes:
        if quad.subject == rule and isinstance(quad.object, NamedNode):
            found[quad.predicate].add(quad.object)
    return Examined(frozenset(found[DIP.EXAMINES_VALUES_OF]), frozenset(found[DIP.EXAMINES_NAMES_OF]))


def load(folder: Path | None = None) -> Ontology:
    """Return the ontology of a folder, by default the one of this installation."""
    return Ontology(folder or ontology_folder())


def version_in(quads: Iterable[Quad]) -> OntologyVersion | None:
    """Return the version of the ontology described in quads, or None."""
    texts = (
        quad.object.value
        for quad in quads
        if (quad.subject, quad.predicate) == (_HEADER, OWL.VERSION_INFO) and isinstance(quad.object, Literal)
    )
    return max(map(OntologyVersion.parse, texts), default=None)


def ontology_folder() -> Path:
    """Return the path of the folder ``ontology``: in an installed wheel, else beside the package."""
    return _carried("ontology")


def queries_folder() -> Path:
    """Return the path of the folder ``queries``: in an installed wheel, else beside the package."""
    return _carried("queries")


def canonical_hash(quads: Iterable[Quad]) -> str:
    """Return a dataset's hash, equal for equal content: SHA-256 (hex) over RDFC-1.0."""
    return hash_of_canonical(canonical(quads))


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return a dataset, sorted, with blank nodes labelled by RDFC-1.0.

    The labels depend only on quads with blank nodes, so only those are canonicalised.
    """
    ground: dict[Quad, None] = {}
    tied: list[Quad] = []
    for quad in quads:
        if is_ground(quad):
            ground[quad] = None
        else:
            tied.append(quad)
    dataset = Dataset(tied)
    if tied:
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    return sorted((*ground, *dataset), key=str)


def is_ground(quad: Quad) -> bool:
    """Return whether a quad has no blank node."""
    return (
        type(quad.subject) is NamedNode
        and type(quad.object) in _GROUND
        and type(quad.graph_name) is not BlankNode
    )


def hash_of_canonical(quads: Iterable[Quad]) -> str:
    """Return the SHA-256 (hex) of distinct, sorted quads whose blank nodes have canonical labels."""
    return hashlib.sha256("".join(f"{quad} .\n" for quad in quads).encode()).hexdigest()


def _carried(name: str) -> Path:
    package = Path(__file__).parent
    carried = package / "_data" / name
    return carried if carried.is_dir() else package.parent / name


def _release_files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.ttl"), *(folder / _CODES).glob("*.ttl")])


def _seed_files(folder: Path) -> list[Path]:
    return sorted((folder / "seed").rglob("*.trig"), key=lambda path: (path.parent, path.name))


def _graph_of(path: Path) -> str:
    if path.name.endswith(".shapes.ttl"):
        return iris.SHAPES_GRAPH
    if path.parent.name == _CODES:
        return iris.KINDS_GRAPH
    return _GRAPH_OF_FILE.get(path.name, iris.TERMS_GRAPH)


def _hash_of_files(paths: Iterable[Path]) -> str:
    parts = (f"{path.name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in paths)
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _read(path: Path, graph: NamedNode | None = None) -> Iterator[Quad]:
    rdf_format = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
    try:
        for quad in parse(path=path, format=rdf_format):
            yield Quad(quad.subject, quad.predicate, quad.object, graph or quad.graph_name)
    except SyntaxError as fault:
        raise Unreadable(f"{path}: {fault.msg}", line=fault.lineno, column=fault.offset) from None


def _stable(quads: Iterable[Quad], prefix: str) -> Iterator[Quad]:
    """Label blank nodes by file and canonical number, so that every reading gives the same quads."""
    quad_list = list(quads)
    if all(map(is_ground, quad_list)):
        yield from quad_list
        return
    dataset = Dataset(quad_list)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    label = "".join(letter if letter.isalnum() else "-" for letter in prefix)
    for quad in dataset:
        subject, obj = quad.subject, quad.object
        if isinstance(subject, BlankNode):
            subject = BlankNode(f"{label}-{subject.value}")
        if isinstance(obj, BlankNode):
            obj = BlankNode(f"{label}-{obj.value}")
        yield Quad(subject, quad.predicate, obj, quad.graph_name)
