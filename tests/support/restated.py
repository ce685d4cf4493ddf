"""The seed's records told once more by a submission with other sources, other hedges and some other values.

Each report of the seed has a twin here, found in the twin of its source, in other words and with another
hedge. What the submission says of a record differs from the seed in at least one value wherever the gate
lets a second submission differ. ``worlds`` gives the seed alone, the submission alone, and both.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kg import iris, ontology
from kg.changes import Object
from kg.terms import DCTERMS, DIP, RDF, RDFS

RECORDS = tuple(
    NamedNode(iris.TERMS + name)
    for name in (
        *("Happening", "Statement", "Claim", "ProspectiveAct", "StatusRecord", "Assessment"),
        *("OfficeHolding", "Account", "DisputedPoint", "SymbolicObject"),
    )
)
"""The classes of what the submission restates; reports, passages and sources get twins instead."""

TWINNED = (DIP.REPORT, DIP.PASSAGE, DIP.SOURCE)


def _dipid(name: str) -> NamedNode:
    return NamedNode(iris.DATA + name)


def _dipk(name: str) -> NamedNode:
    return NamedNode(iris.KINDS + name)


SOMEONE = _dipid("someone-else")
OUTLET = _dipid("another-outlet")
CLAIM = _dipid("claim-again")
GRAPH = _dipid("graph-told-again")

HEDGES = {
    _dipk("plain"): _dipk("generally"),
    _dipk("claimed"): _dipk("described-as"),
    _dipk("described-as"): _dipk("claimed"),
}
"""The hedge of each twin; of other hedges it is ``possibly``."""

ALSO_BY = {DIP.MADE_BY, DIP.PERFORMED_BY}
"""The submission adds someone else to the values of these."""

LEFT_OUT = {
    *(DIP.ASSESSED_BY, DIP.CONTESTED_WORD, DIP.EQUIVALENT_WORD, DIP.ENDS_AT, DIP.SETTLED_BY),
    DIP.HAS_TOPIC,
}
"""The submission says these of every second record that has them."""

UNSAID = {(_dipid("statement-s4"), DIP.ADVANCES)}
"""What the submission does not say of one record."""

ONE_OF_SEVERAL = {DIP.ATTESTED_AT, DIP.TOWARD}
"""Of several values of these the submission says one."""

WORDED_ANEW = {DIP.PARAPHRASE, DIP.MEANING}
"""The submission says these in Spanish."""


class Worlds(NamedTuple):
    """The terms with the seed, with the submission in place of the seed's records, and with both."""

    seed: Store
    again: Store
    both: Store


def twin(node: NamedNode) -> NamedNode:
    """Name the twin of a report, a passage or a source."""
    return NamedNode(f"{node.value}-again")


def submission() -> bytes:
    """Write the submission as TriG."""
    return serialize(_quads(), format=RdfFormat.TRIG, prefixes=iris.PREFIXES) or b""


@cache
def worlds() -> Worlds:
    """Make the three stores."""
    read, again = ontology.load(), _quads()
    replaced = _members(RECORDS) | _members((DIP.REPORT, DIP.PASSAGE))
    kept = [quad for quad in read.seed if quad.subject not in replaced]
    return Worlds(
        _store(read.quads, read.seed),
        _store(read.quads, kept, again),
        _store(read.quads, read.seed, again),
    )


def _store(*parts: Iterable[Quad]) -> Store:
    store = Store()
    for part in parts:
        store.extend(part)
    return store


@cache
def records() -> frozenset[NamedNode]:
    """Return the records that both the seed and the submission describe."""
    return _members(RECORDS)


@cache
def _members(classes: Iterable[NamedNode]) -> frozenset[NamedNode]:
    """Return what the seed describes as a thing of one of some classes."""
    read = ontology.load()
    above: dict[object, set[object]] = {}
    for quad in read.quads:
        if quad.predicate == RDFS.SUB_CLASS_OF:
            above.setdefault(quad.subject, set()).add(quad.object)
    return frozenset(
        quad.subject
        for quad in read.seed
        if quad.predicate == RDF.TYPE
        and isinstance(quad.subject, NamedNode)
        and not _above(quad.object, above).isdisjoint(classes)
    )


def _above(node: object, above: dict[object, set[object]]) -> set[object]:
    seen = {node}
    queue = [node]
    while queue:
        new = above.get(queue.pop(), set()) - seen
        seen |= new
        queue += new
    return seen


@cache
def _quads() -> tuple[Quad, ...]:
    triples = sorted(set(_triples()), key=str)
    return tuple(Quad(each.subject, each.predicate, each.object, GRAPH) for each in triples)


def _triples() -> Iterator[Triple]:
    seed = sorted({quad.triple for quad in ontology.load().seed}, key=str)
    yield from _newcomers()
    twinned, counts = _members(TWINNED), Counter[object]()
    for triple in seed:
        subject, predicate = triple.subject, triple.predicate
        if subject in records():
            where = (subject if predicate in ONE_OF_SEVERAL else None, predicate)
            yield from _restated(triple, counts[where])
            counts[where] += 1
        elif subject in twinned:
            yield from _twinned(triple)


def _newcomers() -> Iterator[Triple]:
    """Describe the submission, and whom and what the seed does not know."""
    article = twin(_dipid("presence-news-article"))
    for subject, predicate, value in (
        (GRAPH, RDF.TYPE, DIP.SUBMISSION),
        (GRAPH, DCTERMS.TITLE, Literal("The seed's records, told again", language="en")),
        (GRAPH, DCTERMS.SOURCE, article),
        (SOMEONE, RDF.TYPE, NamedNode(iris.TERMS + "Person")),
        (SOMEONE, RDFS.LABEL, Literal("Someone else", language="en")),
        (SOMEONE, DIP.FOUND_IN, article),
        (OUTLET, RDF.TYPE, NamedNode(iris.TERMS + "Outlet")),
        (OUTLET, RDFS.LABEL, Literal("Another outlet", language="en")),
        (OUTLET, DIP.FOUND_IN, article),
        (CLAIM, RDF.TYPE, DIP.CLAIM),
        (CLAIM, RDFS.LABEL, Literal("Petro’s claim, told again", language="en")),
        (CLAIM, DIP.CLAIMED_BY, _dipid("gustavo-petro")),
        (CLAIM, DIP.CONTENT, Literal("it was uncalled for", language="en")),
        (_dipid("statement-petro-accusation"), DIP.ADVANCES, CLAIM),
    ):
        yield Triple(subject, predicate, value)


def _restated(triple: Triple, before: int) -> Iterator[Triple]:
    """Say what the seed says of a record, or something else; ``before`` counts the like before it."""
    subject, predicate, value = triple
    is_left_out = predicate in LEFT_OUT and before % 2
    if is_left_out or (predicate in ONE_OF_SEVERAL and before) or (subject, predicate) in UNSAID:
        return
    if predicate in WORDED_ANEW and isinstance(value, Literal):
        yield Triple(subject, predicate, Literal(f"dicho de otro modo: {value.value}", language="es"))
        return
    if predicate in ALSO_BY:
        yield Triple(subject, predicate, SOMEONE)
    yield Triple(subject, predicate, value if predicate == DIP.FOUND_IN else _of_twins(value))


def _twinned(triple: Triple) -> Iterator[Triple]:
    """Describe the twin of a report, a passage or a source."""
    subject, predicate, value = triple
    node = twin(subject)
    if predicate == DIP.EXACT_TEXT:
        text = f"{value.value.replace('reportedly ', '')}, as was said again"
        yield Triple(node, predicate, Literal(text))
        yield Triple(node, DIP.EXACT_HASH, Literal(sha256(text.encode()).hexdigest()))
    elif predicate == DIP.PUBLISHED_BY:
        yield Triple(node, predicate, value)
        yield Triple(node, predicate, OUTLET)
    elif predicate == DIP.HEDGED_AS:
        yield Triple(node, predicate, HEDGES.get(value, _dipk("possibly")))
    elif predicate in (DIP.REPORTS, DIP.QUOTES, DIP.FOUND_IN, DIP.OCCURS_IN, DIP.BASED_ON):
        yield Triple(node, predicate, _of_twins(value))
    elif predicate in (RDF.TYPE, DIP.HAS_KIND, DCTERMS.TITLE, DIP.RELAYED_THROUGH):
        yield Triple(node, predicate, value)


def _of_twins(value: Object) -> Object:
    return twin(value) if isinstance(value, NamedNode) and value in _members(TWINNED) else value
