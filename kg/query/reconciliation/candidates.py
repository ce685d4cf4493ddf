"""Candidates for a name: results of the index, scored by types and properties, in the form of the API."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.errors import JSON
from kg.query.reconciliation import identifiers
from kg.query.reconciliation.reading import ReconciliationQuery
from kg.query.reconciliation.values import Values, share_met
from kg.query.search.index import SearchIndex
from kg.query.search.looking_up import IndexEntry
from kg.query.search.search import LONGEST_TEXT, Hit, SearchQuery, search
from kg.terms import OWL

CERTAIN = 100.0
"""The score of an exact match."""
SHARE_OF_PROPERTIES = 0.4
"""The share of a score that properties contribute, if a query has any."""
SHARE_OF_OTHER_TYPE = 0.5
"""The factor for the score of a thing of another type, used if nothing of the requested type is found."""
_NAMES = ("label", "alternative", "iri")
_TERMS = frozenset(
    each.value
    for each in (
        *(OWL.CLASS, OWL.OBJECT_PROPERTY, OWL.DATATYPE_PROPERTY),
        *(OWL.ANNOTATION_PROPERTY, OWL.ONTOLOGY),
    )
)


@dataclass(frozen=True)
class Candidate:
    """A thing that a query may mean, its score, and the parts of the score."""

    hit: Hit
    score: float
    is_of_type: bool = True
    share: float | None = None
    """The share of the requested properties that it has; None if none was requested."""

    def as_json(self, *, matches: bool) -> dict[str, JSON]:
        """Return the candidate as the API writes it."""
        features: list[JSON] = [
            {"id": "name_score", "value": self.hit.score},
            {"id": "mentions", "value": self.hit.mentions},
            {"id": "is_of_type", "value": self.is_of_type},
        ]
        if self.share is not None:
            features.append({"id": "properties_met", "value": round(self.share, 3)})
        types: list[JSON] = []
        if self.hit.type:
            types.append({"id": identifiers.of_term(self.hit.type), "name": self.hit.type_label})
        return {
            "id": identifiers.of_thing(self.hit.iri),
            "name": self.hit.label,
            "description": self.hit.description,
            "type": types,
            "score": round(self.score, 1),
            "match": matches,
            "features": features,
        }


def candidates(index: SearchIndex, query: ReconciliationQuery, lang: str) -> list[Candidate]:
    """Return things found by the name of a query: by their names only, not by quoted words.

    Types narrow the search. With the strictness ``should``, if nothing is of the requested types, things of
    other types are returned with half the score. Raises BadInput for a type that does not exist.
    """
    text = query.text.strip()
    text = identifiers.read_thing(text) if identifiers.is_of_thing(text) else text[:LONGEST_TEXT].strip()
    if not text or len(text) > LONGEST_TEXT:
        return []
    found = [Candidate(hit, hit.score) for hit in _hits(index, text, query.types, lang)]
    if query.strictness == "all" and len(query.types) > 1:
        for each in query.types:
            among = {hit.iri for hit in _hits(index, text, (each,), lang)}
            found = [candidate for candidate in found if candidate.hit.iri in among]
    if not found and query.types and query.strictness == "should":
        others = _hits(index, text, (), lang)
        found = [Candidate(hit, hit.score * SHARE_OF_OTHER_TYPE, is_of_type=False) for hit in others]
    return found


def things_named(index: SearchIndex, text: str, lang: str) -> list[str]:
    """Return the things that a text names exactly, which may be values of properties."""
    if not text.strip():
        return []
    hits = search(index, SearchQuery(text[:LONGEST_TEXT], lang=lang, limit=50)).hits
    return [hit.iri for hit in hits if hit.fit == "exact" and hit.by in _NAMES]


def of_entries(entries: Iterable[IndexEntry], query: ReconciliationQuery) -> list[Candidate]:
    """Return candidates that were found by their properties alone."""
    return [
        Candidate(_hit(entry), CERTAIN)
        for entry in entries
        if not query.types or entry.classes.intersection(query.types)
    ]


def weighed(
    candidates: Sequence[Candidate],
    query: ReconciliationQuery,
    values: Values,
    entries: Mapping[str, IndexEntry],
) -> list[Candidate]:
    """Return candidates scored by the properties of a query, best first."""
    if query.conditions:
        shares = [share_met(query.conditions, each.hit.iri, values, entries) for each in candidates]
        candidates = [
            replace(
                each,
                share=share,
                score=each.score * (1 - SHARE_OF_PROPERTIES) + CERTAIN * SHARE_OF_PROPERTIES * share,
            )
            for each, share in zip(candidates, shares, strict=True)
        ]
    ordered = sorted(candidates, key=lambda each: (-each.score, -each.hit.mentions, each.hit.iri))
    return ordered[: query.limit]


def as_result(candidates: Sequence[Candidate]) -> dict[str, JSON]:
    """Return a result; a candidate is a match if it is the only one whose name is exact and all else fits."""
    certain = [
        each
        for each in candidates
        if each.hit.fit == "exact" and each.is_of_type and each.share in (None, 1.0)
    ]
    match = certain[0] if len(certain) == 1 else None
    return {"result": [each.as_json(matches=each is match) for each in candidates]}


def _hits(index: SearchIndex, text: str, types: tuple[str, ...], lang: str) -> list[Hit]:
    hits = search(index, SearchQuery(text, types, lang, limit=50)).hits
    wants_terms = bool(_TERMS.intersection(types))
    return [hit for hit in hits if hit.by in _NAMES and (wants_terms or hit.type not in _TERMS)]


def _hit(entry: IndexEntry) -> Hit:
    fields = (entry.label, "", entry.type, entry.type_label, entry.description)
    return Hit(entry.iri, *fields, matched=None, mentions=0, fit="exact", by="iri", score=CERTAIN)
