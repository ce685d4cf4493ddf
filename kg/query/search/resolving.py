"""Resolution of a name that people write where an IRI is asked for: the one thing that bears it, or who may.

>>> resolve(index, "Petro", [DIP.ACTOR.value]).iri  # doctest: +SKIP
'https://w3id.org/regional-diplomacy/id/gustavo-petro'
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.query.search.index import SearchIndex
from kg.query.search.search import Hit, SearchQuery, search

MOST_LISTED = 8
"""Candidates, or nearest things, that are listed."""
_NAMES = ("label", "alternative")


@dataclass(frozen=True)
class Resolution:
    """What a name may stand for.

    ``iri`` is set if exactly one thing bears the name, which then is the only candidate. Else ``candidates``
    are the things that bear it, and if there are none, ``nearest`` those whose names are most like it.
    """

    name: str
    iri: str | None = None
    candidates: tuple[Hit, ...] = ()
    nearest: tuple[Hit, ...] = ()


def query_for(name: str, classes: Collection[str] = (), lang: str = "en") -> SearchQuery:
    """Return the search by which a name is resolved; raises BadInput as SearchQuery does."""
    return SearchQuery(name, tuple(classes), lang, limit=MOST_LISTED)


def resolve(index: SearchIndex, name: str, classes: Collection[str] = (), lang: str = "en") -> Resolution:
    """Resolve a name, an IRI or the last part of one, among things of some classes (IRIs) or all.

    Raises BadInput, Unavailable and QueryKilled as ``search`` does.
    """
    return resolution(name, search(index, query_for(name, classes, lang)).hits)


def resolution(name: str, hits: Sequence[Hit]) -> Resolution:
    """Say what a name stands for by the things that were found for it, best first.

    A thing bears a name that is its label or an alternative, case and accents apart; if none does, one whose
    label or alternative has all words of the name.
    """
    bearing = _bearing(hits)
    if len(bearing) == 1:
        return Resolution(name, bearing[0].iri, bearing)
    return Resolution(name, None, bearing) if bearing else Resolution(name, nearest=tuple(hits))


def _bearing(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    if named := tuple(hit for hit in hits if hit.by == "iri"):
        return named
    for fit in ("exact", "words"):
        if bearing := tuple(hit for hit in hits if hit.fit == fit and hit.by in _NAMES):
            return bearing
    return ()
