"""What was found for a text, as a page shows it."""

from dataclasses import dataclass

from kg import iris
from kg.pages.rendering import Style
from kg.query.search.search import Hit, SearchAnswer

CLASSES = {
    "Actor": "Actors",
    "Happening": "Events and gestures",
    "Statement": "Statements",
    "Claim": "Claims",
    "Source": "Sources",
    "Office": "Offices",
    "Passage": "Passages",
    "skos:Concept": "Kinds",
    "owl:Class": "Classes of the ontology",
}
"""The classes that the form offers, and what they are called there."""

_BY = {
    "quotation": "words",
    "paraphrase": "in other words",
    "alternative": "also called",
    "label": "also called",
}


@dataclass(frozen=True)
class FoundThing:
    """A thing that was found: where its page is, and by which other name it was found."""

    hit: Hit
    link: str
    short: str
    also: str | None = None


def told(style: Style, answer: SearchAnswer | None) -> list[FoundThing] | None:
    """Arrange what was found; None if nothing was searched."""
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
