"""Relations of actors: the pairs of actors that one record relates, by one property and in one layer.

The network export describes them; a page of the network around one actor reads them without the rest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import NamedNode

from kg.terms import DIP

Follow = Callable[..., list[NamedNode]]
"""Returns the things to which a node points by any of some properties, in order."""
Pair = tuple[NamedNode, NamedNode]


@dataclass(frozen=True)
class Relation:
    """The pairs of things that a record relates by one property; ``made_of`` is what the edges are made of.

    ``is_mutual`` if neither of a pair acts on the other. The things need not be actors.
    """

    predicate: NamedNode
    pairs: tuple[Pair, ...]
    made_of: str
    is_mutual: bool = False


def words(follow: Follow, statement: NamedNode) -> Iterator[Relation]:
    """Yield who says something to whom, and of whom."""
    for predicate in (DIP.ADDRESSED_TO, DIP.CONCERNS):
        for speaker in follow(statement, DIP.MADE_BY):
            yield _relation(predicate, [speaker], follow(statement, predicate), "words")


def deeds(follow: Follow, happening: NamedNode) -> Iterator[Relation]:
    """Yield who does something to whom, and who takes part together."""
    doers = follow(happening, DIP.PERFORMED_BY, DIP.GIVEN_BY)
    others = follow(happening, DIP.DIRECTED_AT, DIP.RECEIVED_BY)
    yield _relation(DIP.DIRECTED_AT, doers, others, "deeds")
    together = tuple(combinations(follow(happening, DIP.INVOLVES), 2))
    yield Relation(DIP.INVOLVES, together, "deeds", is_mutual=True)


def claims(follow: Follow, claim: NamedNode) -> Iterator[Relation]:
    """Yield who, as somebody claims, did something to whom; the relation asserts nothing."""
    alleged = follow(claim, DIP.ALLEGED_ACTOR)
    yield _relation(DIP.ALLEGED_TARGET, alleged, follow(claim, DIP.ALLEGED_TARGET), "claim")


def judgements(follow: Follow, stance: NamedNode) -> Iterator[Relation]:
    """Yield who takes a stance toward whom."""
    yield _relation(DIP.TOWARD, follow(stance, DIP.HELD_BY), follow(stance, DIP.TOWARD), "judgement")


def ties(follow: Follow, actor: NamedNode) -> Iterator[Relation]:
    """Yield whom an actor governs, is part of and speaks for."""
    for predicate in (DIP.GOVERNS, DIP.PART_OF, DIP.SPEAKS_FOR):
        yield _relation(predicate, [actor], follow(actor, predicate), "tie")


def offices(follow: Follow, tenure: NamedNode) -> Iterator[tuple[NamedNode, Relation]]:
    """Yield each office of a tenure, with who holds it of which body."""
    for office in follow(tenure, DIP.HOLDS_OFFICE):
        ends = follow(tenure, DIP.HELD_BY), follow(office, DIP.OFFICE_OF)
        yield office, _relation(DIP.HOLDS_OFFICE, *ends, "tie")


def _relation(
    predicate: NamedNode, sources: list[NamedNode], targets: list[NamedNode], made_of: str
) -> Relation:
    return Relation(predicate, tuple((one, other) for one in sources for other in targets), made_of)
