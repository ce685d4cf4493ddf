"""Worlds of any size that conform to the real shapes, with as many planted faults as are asked for.

A world is many copies of tests/shapes/base.ttl, one good record of everything, each in a graph of its own,
with names, texts and dates of its own. Actors, outlets and pages are shared by a hundred copies, so that some
nodes have thousands of links and some triples stand in many graphs. A fault is one of the samples that break
a rule.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from kg import provenance
from kg.iris import DATA, PREFIXES, TERMS

Triple: TypeAlias = pyoxigraph.Triple
Found: TypeAlias = tuple[str, str, str]
"""Focus node, rule and component of a violation."""

SAMPLES = Path(__file__).parents[1] / "shapes"
SHARED = frozenset({"gazette", "norland", "sudonia", "government", "ministry", "ana", "page"})
SHARERS = 100
_TOLD_BY_COMMITS = frozenset({NamedNode(DATA + "commit"), NamedNode(DATA + "submission")})
PASSAGE_LENGTH = 12
HEADER = re.compile(r"#\+ focus: (\S+)\n#\+ rule: (\S+)\n#\+ component: (\S+)\n")

_TEXTS = {
    *(PREFIXES["rdfs"] + "label", PREFIXES["dcterms"] + "title"),
    *(TERMS + name for name in ("content", "quotation", "paraphrase", "meaning", "outcome")),
}
_DATE = re.compile(r"\d{4}")
_DATES = ("date", "gYear", "gYearMonth")


@dataclass(frozen=True)
class Fault:
    """A sample planted in the copy of that number, and the violations it makes there."""

    copy: int
    sample: Path

    @property
    def violations(self) -> frozenset[Found]:
        """Focus node (as an IRI), rule and component (as the sample names them)."""
        found = HEADER.findall(self.sample.read_text(encoding="utf-8"))
        return frozenset((_own(self.copy, focus), rule, component) for focus, rule, component in found)

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes that the sample speaks of: at these it makes no other violations."""
        ends = {end for triple in _read(self.sample) for end in (triple.subject, triple.object)}
        names = {end.value for end in ends if isinstance(end, NamedNode) and end.value.startswith(DATA)}
        return frozenset(f"{name}-{self.copy}" for name in names)


def world(triples: int, seed: int = 0, faults: int = 0) -> Iterator[Quad]:
    """Yield at least so many quads, in whole copies."""
    found = {fault.copy: fault for fault in planted(triples, seed, faults)}
    for number in range(_copies(triples)):
        yield from _faulty(found[number]) if number in found else _sound(number)


def planted(triples: int, seed: int = 0, faults: int = 0) -> list[Fault]:
    """Name the faults of the world with the same parameters, each of another sample while there are such."""
    random = Random(seed)
    samples = sorted(SAMPLES.glob("*/invalid-*.ttl"))
    random.shuffle(samples)
    copies = random.sample(range(_copies(triples)), faults)
    return [Fault(copy, samples[number % len(samples)]) for number, copy in enumerate(copies)]


def _copies(triples: int) -> int:
    return -(-triples // len(_base()))


def _sound(number: int) -> Iterator[Quad]:
    def name(local: str) -> str:
        return f"{local}-of-{number // SHARERS}" if local in SHARED else f"{local}-{number}"

    return _renamed(_base(), name, number, lambda triple: _varied(triple, number))


def _faulty(fault: Fault) -> Iterator[Quad]:
    """Keep the texts as they are: the sample may be about them."""
    triples = (*_base(), *_read(fault.sample))
    return _renamed(triples, lambda local: f"{local}-{fault.copy}", fault.copy, lambda triple: triple)


def _renamed(
    triples: Iterable[Triple], name: Callable[[str], str], number: int, vary: Callable[[Triple], Triple]
) -> Iterator[Quad]:
    graph = NamedNode(f"{DATA}graph-{number}")

    def renamed(term: object) -> object:
        if isinstance(term, NamedNode) and term.value.startswith(DATA):
            return NamedNode(DATA + name(term.value.removeprefix(DATA)))
        return term

    for triple in map(vary, triples):
        home = provenance.GRAPH if triple.subject in _TOLD_BY_COMMITS else graph
        yield Quad(renamed(triple.subject), triple.predicate, renamed(triple.object), home)  # type: ignore[arg-type]


def _varied(triple: Triple, number: int) -> Triple:
    """Give a text, a passage or a date of this copy."""
    subject, predicate, obj = triple
    if not isinstance(obj, Literal):
        return triple
    is_shared = isinstance(subject, NamedNode) and subject.value.removeprefix(DATA) in SHARED
    passage = f"passage {number:0{PASSAGE_LENGTH - 8}d}"
    value = obj.value
    if predicate.value in _TEXTS:
        value = f"{value} {number // SHARERS if is_shared else number}"
    elif predicate.value == TERMS + "exactText":
        value = passage
    elif predicate.value == TERMS + "exactHash":
        value = hashlib.sha256(passage.encode()).hexdigest()
    elif predicate.value == TERMS + "endOffset":
        value = str(len(passage))
    elif (
        predicate.value == TERMS + "dateAsWritten"
        or obj.datatype.value.removeprefix(PREFIXES["xsd"]) in _DATES
    ):
        value = _DATE.sub(str(1000 + number % 8000), value, count=1)
    return pyoxigraph.Triple(subject, predicate, _like(obj, value))


def _like(literal: Literal, value: str) -> Literal:
    if literal.language:
        return Literal(value, language=literal.language)
    return Literal(value, datatype=literal.datatype)


@cache
def _base() -> tuple[Triple, ...]:
    return _read(SAMPLES / "base.ttl")


def _read(file: Path) -> tuple[Triple, ...]:
    return tuple(quad.triple for quad in pyoxigraph.parse(path=file))


def _own(number: int, focus: str) -> str:
    return DATA + focus.removeprefix("dipid:") + f"-{number}"
