"""Search results as shown on a page."""

from dataclasses import dataclass

from kg import iris
from kg.pages.rendering import Style, marked
from kg.query.search.search import Hit, SearchAnswer

CLASSES = {
    "Actor": marked("Actors"),
    "Happening": marked("Events and gestures"),
    "Statement": marked("Statements"),
    "Claim": marked("Claims"),
    "Source": marked("Sources"),
    "Office": marked("Offices"),
    "Passage": marked("Passages"),
    "skos:Concept": marked("Kinds"),
    "owl:Class": marked("Classes of the ontology"),
}
"""Classes in the search form, and their names there."""

_BY = {
    "quotation": marked("words"),
    "paraphrase": marked("in other words"),
    "alternative": marked("also called"),
    "label": marked("also called"),
}


@dataclass(frozen=True)
class FoundThing:
    """A search result: the page of the thing, and the alternative name that matched, if any."""

    hit: Hit
    link: str
    short: str
    also: str | None = None


def told(style: Style, answer: SearchAnswer | None) -> list[FoundThing] | None:
    """Return the search results for the page; None if there was no search."""
    if answer is None:
        return None
    return [
        FoundThing(
            hit,
            style.link(hit.iri),
            iris.compact(hit.iri).strip("<>"),
            _BY[hit.matched.kind] if hit.matched else None,
        )
        for hit in answer.hits
    ]
