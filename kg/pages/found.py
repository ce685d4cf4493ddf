"""What was found for a text, as a page shows it."""

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
"""The classes that the form offers, and what they are called there."""

_BY = {
    "quotation": marked("words"),
    "paraphrase": marked("in other words"),
    "alternative": marked("also called"),
    "label": marked("also called"),
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
