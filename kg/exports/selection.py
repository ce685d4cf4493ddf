"""Selection for an export: whole records, each with everything that it needs, in their graphs.

A record is selected if it meets all given criteria: it names one of the actors, its time overlaps the period,
it is in one of the layers, the question returns it. With a record come its reports and statuses, the claims
that it makes, and the things that these name: time spans, passages, sources, actors, offices, places,
objects. Other statements, happenings and assessments are named but not included. For each graph with any of
these, the graph's title, creator and source are included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from kg.errors import BadInput
from kg.terms import DIP

if TYPE_CHECKING:
    from kg.query.job import QueryJob

LAYERS: Mapping[str, NamedNode] = {
    "source": DIP.SOURCE,
    "statement": DIP.STATEMENT,
    "happening": DIP.HAPPENING,
    "assessment": DIP.ASSESSMENT,
}
"""The head class of each layer, by the layer's name for users."""


@dataclass(frozen=True)
class Selection:
    """Criteria for an export; without any it contains all facts, with ``everything`` all graphs.

    Graphs and actors are IRIs in any spelling for users. ``question`` is the name of a saved question with
    its parameters as in a URL, ``offices-of-a-person?person=dipid:gustavo-petro``; a caller that knows the
    questions fills in ``query`` (see ``kg.exports.narrowing.asking``).
    """

    graphs: tuple[str, ...] = ()
    everything: bool = False
    actors: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    layers: tuple[str, ...] = ()
    question: str | None = None
    query: "QueryJob | None" = None

    def __post_init__(self) -> None:
        if self.everything and self.graphs:
            raise BadInput("Give the graphs to export or 'all', not both.")
        if self.everything and self.has_criteria:
            raise BadInput("An actor, a period, a layer and a question select facts; leave out 'all'.")
        if unknown := next((each for each in self.layers if each not in LAYERS), None):
            raise BadInput(f"There is no layer {unknown[:64]!r}; the layers are {', '.join(LAYERS)}.")
        if self.first_day > self.last_day:
            raise BadInput(f"The period ends before it begins: {self.first_day}, {self.last_day}.")

    @property
    def has_criteria(self) -> bool:
        """False if the selection consists of whole graphs."""
        return bool(self.actors or self.since or self.until or self.layers or self.question)

    @property
    def in_words(self) -> str:
        """Description of the selection for the file's metadata; empty for all facts."""
        return "; ".join(f"{name} {value}" for name, value in self.parameters())

    def parameters(self) -> list[tuple[str, str]]:
        """Return the selection as URL parameters."""
        return [
            *(("graph", graph) for graph in self.graphs),
            *((("all", "true"),) if self.everything else ()),
            *(("actor", actor) for actor in self.actors),
            *((("since", self.since),) if self.since else ()),
            *((("until", self.until),) if self.until else ()),
            *(("layer", layer) for layer in self.layers),
            *((("question", self.question),) if self.question else ()),
        ]

    @property
    def first_day(self) -> str:
        """The first day of the period; the earliest possible one if it is open."""
        return _day("since", self.since, "earliest") if self.since else "0000-01-01"

    @property
    def last_day(self) -> str:
        """The last day of the period; the latest possible one if it is open."""
        return _day("until", self.until, "latest") if self.until else "9999-12-31"


ALL_FACTS = Selection()
"""The selection without criteria."""


def question_text(name: str, values: Iterable[tuple[str, str]]) -> str:
    """Return a question with its parameters in the form that a selection takes.

    >>> question_text("offices-of-a-person", [("person", "dipid:gustavo-petro")])
    'offices-of-a-person?person=dipid%3Agustavo-petro'
    """
    query_string = urlencode(list(values))
    return f"{name}?{query_string}" if query_string else name


def _day(name: str, text: str, bound: str) -> str:
    """Parse a day, month or year as a bound of the period; raises BadInput."""
    from kg.query.parameters import Parameter

    term = Parameter(name, "date", "2025-01-01", bound=bound).term(text)
    assert isinstance(term, Literal)
    return term.value
