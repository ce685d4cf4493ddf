"""Resolution of a name that is written in place of an IRI: the one thing that has it, or candidates.

>>> resolve(index, "Petro", [DIP.ACTOR.value]).iri  # doctest: +SKIP
'https://w3id.org/regional-diplomacy/id/gustavo-petro'
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kg.query.search.index import SearchIndex
from kg.query.search.search import Hit, SearchQuery, search

MOST_LISTED = 8
"""Maximum candidates, or nearest things, that are listed."""
_NAMES = ("label", "alternative")


@dataclass(frozen=True)
class Resolution:
    """What a name may stand for.

    ``iri`` is set if exactly one thing has the name, which then is the only candidate. Else ``candidates``
    are the things that have it, and if there are none, ``nearest`` are those with the most similar names.
    """

    name: str
    iri: str | None = None
    candidates: tuple[Hit, ...] = ()
    nearest: tuple[Hit, ...] = ()


def query_for(name: str, classes: Collection[str] = (), lang: str = "en") -> SearchQuery:
    """Return the search that resolves a name; raises BadInput as SearchQuery does."""
    return SearchQuery(name, tuple(classes), lang, limit=MOST_LISTED)


def resolve(index: SearchIndex, name: str, classes: Collection[str] = (), lang: str = "en") -> Resolution:
    """Resolve a name, an IRI or the last part of one, among things of some classes (IRIs) or all.

    Raises BadInput, Unavailable and QueryKilled as ``search`` does.
    """
    return resolution(name, search(index, query_for(name, classes, lang)).hits)


def resolution(name: str, hits: Sequence[Hit]) -> Resolution:
    """Return what a name stands for, from the things found for it, best first.

    A thing has a name if the name equals its label or an alternative label, ignoring case and accents; if
    there is no such thing, a thing has it if its label or an alternative label contains all words of the
    name.
    """
    bearing = _bearing(hits)
    if len(bearing) == 1:
        return Resolution(name, bearing[0].iri, bearing)
    return Resolution(name, None, bearing) if bearing else Resolution(name, nearest=tuple(hits))


def _bearing(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    if hits_by_iri := tuple(hit for hit in hits if hit.by == "iri"):
        return hits_by_iri
    for fit in ("exact", "words"):
        if bearing := tuple(hit for hit in hits if hit.fit == fit and hit.by in _NAMES):
            return bearing
    return ()
