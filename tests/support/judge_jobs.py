"""Jobs for judges that tests give them: a judge imports them by name."""

import os
from time import sleep

from pyoxigraph import Literal, NamedNode, Quad

from kg.changes import Delta
from kg.errors import Conflict
from kg.facts.judgement import Judgement
from kg.facts.judges.private_copy import PrivateCopy
from kg.gate.gate import Gate
from kg.gate.reports import Report

GRAPH = NamedNode("urn:g")
PREDICATE = NamedNode("urn:p")
COUNTER = NamedNode("urn:counter")


def fact(number: int) -> Quad:
    return Quad(NamedNode("urn:s"), PREDICATE, Literal(number), GRAPH)


def add(number: int, _copy: PrivateCopy, _gate: Gate) -> Judgement:
    """Add a fact."""
    return Judgement(Report(), Delta((fact(number),)))


def increase(subject: str, _copy: PrivateCopy, _gate: Gate) -> Judgement:
    """Add one to a counter: lost if two judge by the same number and both commit."""
    node = NamedNode(subject)
    held = next(_copy.quads_for_pattern(node, COUNTER, None), None)
    number = int(held.object.value) if held and isinstance(held.object, Literal) else 0
    next_one = Quad(node, COUNTER, Literal(number + 1), GRAPH)
    return Judgement(Report(), Delta((next_one,), (held,) if held else ()))


def increase_slowly(seconds: float, subject: str, copy: PrivateCopy, gate: Gate) -> Judgement:
    sleep(seconds)
    return increase(subject, copy, gate)


def claim(subject: str, by: str, _copy: PrivateCopy, _gate: Gate) -> Judgement:
    """Take what nobody has; raises Conflict if it is taken: valid apart, not together."""
    node = NamedNode(subject)
    if any(True for _ in _copy.quads_for_pattern(node, PREDICATE, None)):
        raise Conflict(f"{subject} is taken.")
    return Judgement(Report(), Delta((Quad(node, PREDICATE, Literal(by), GRAPH),)))


def nothing(_copy: PrivateCopy, _gate: Gate) -> Judgement:
    return Judgement(Report(is_known=True))


def tell_much(size: int, _copy: PrivateCopy, _gate: Gate) -> Judgement:
    """Add nothing, and tell details of so many characters."""
    return Judgement(Report(), details={"told": "x" * size})


def take_time(seconds: float, number: int, _copy: PrivateCopy, _gate: Gate) -> Judgement:
    sleep(seconds)
    return add(number, _copy, _gate)


def take_memory(_copy: PrivateCopy, _gate: Gate) -> Judgement:
    held = bytearray(1 << 40)
    return Judgement(Report(), details={"held": len(held)})


def crash(_copy: PrivateCopy, _gate: Gate) -> Judgement:
    os.abort()
