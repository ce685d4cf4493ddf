"""Named relations of a thing: records that it follows, answers and settles, and the reverse."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from kg.pages.profiles.reading import Item, Portion, ProfileReader, first
from kg.terms import DIP

FORWARD: Mapping[str, tuple[NamedNode, ...]] = {
    "part of": (DIP.PART_OF,),
    "version of": (DIP.VERSION_OF,),
    "occasion": (DIP.HAS_OCCASION,),
    "answers": (DIP.RESPONDS_TO,),
    "after": (DIP.FOLLOWS,),
    "same day": (DIP.SAME_DAY_AS,),
    "announces": (DIP.ANNOUNCES,),
    "holds out": (DIP.HOLDS_OUT,),
    "asks for": (DIP.ASKS_FOR,),
    "predicts": (DIP.PREDICTS,),
    "refuses": (DIP.REFUSES,),
    "denies": (DIP.DENIES,),
    "disclaims": (DIP.DISCLAIMS,),
    "reason for": (DIP.GIVES_REASON_FOR,),
    "text in": (DIP.RECORDED_IN,),
    "place": (DIP.TAKES_PLACE_IN,),
    "from": (DIP.DEPARTS_FROM,),
    "bound for": (DIP.BOUND_FOR,),
    "carries": (DIP.CARRIES,),
    "topics": (DIP.HAS_TOPIC,),
    "medium": (DIP.HAS_MEDIUM,),
}
"""Names of relations, by the thing's properties."""
BACKWARD: Mapping[str, tuple[NamedNode, ...]] = {
    "parts": (DIP.PART_OF,),
    "versions": (DIP.VERSION_OF,),
    "on this occasion": (DIP.HAS_OCCASION,),
    "answered by": (DIP.RESPONDS_TO,),
    "before": (DIP.FOLLOWS,),
    "announced by": (DIP.ANNOUNCES,),
    "denied by": (DIP.DENIES,),
    "reasons": (DIP.GIVES_REASON_FOR,),
    "given in": (DIP.GIVEN_IN,),
    "settles": (DIP.SETTLED_BY,),
}
"""Names of relations, by the properties that point to the thing."""
_FEW = 12


@dataclass(frozen=True)
class Related:
    """A relation by its name, and some of its things."""

    name: str
    things: Portion[Item]


def related(reader: ProfileReader, node: NamedNode) -> list[Related]:
    """Return the relations of a thing."""
    found = [
        Related(name, first(reader.items(node, *predicates), _FEW)) for name, predicates in FORWARD.items()
    ]
    found += [
        Related(name, reader.pointing(node, *predicates, most=_FEW)) for name, predicates in BACKWARD.items()
    ]
    return [each for each in found if each.things]
