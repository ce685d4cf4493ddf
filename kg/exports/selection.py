"""Which part of a graph an export holds: whole records, each with all that it needs, in their graphs.

A record is taken if it meets each criterion that is given: it names one of the actors, its time touches the
period, it is of one of the layers, the question answers with it. With a record come its reports and statuses,
the claims that it makes, and what these name: spans of time, passages, sources, actors, offices, places,
objects. Other statements, happenings and assessments are named, and not included. Of each graph that holds
anything of this comes the head as well: its title, creator and source.
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
"""The classes that head the layers, by the name that people write."""


@dataclass(frozen=True)
class Selection:
    """What an export is to hold; without criteria all facts, with ``everything`` all graphs.

    Graphs and actors are named by IRI as people write it. ``question`` is the name of a saved question with
    its parameters as in an address, ``offices-of-a-person?person=dipid:gustavo-petro``; whoever knows the
    questions gives the ``query`` that it stands for.
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
            raise BadInput("Give the graphs to be exported or all of them, not both.")
        if self.everything and self.has_criteria:
            raise BadInput("An actor, a period, a layer and a question choose among facts; leave out 'all'.")
        if unknown := next((each for each in self.layers if each not in LAYERS), None):
            raise BadInput(f"There is no layer {unknown[:64]!r}; there is {', '.join(LAYERS)}.")
        if self.first_day > self.last_day:
            raise BadInput(f"The period ends before it begins: {self.first_day}, {self.last_day}.")

    @property
    def has_criteria(self) -> bool:
        """False if the selection is of whole graphs."""
        return bool(self.actors or self.since or self.until or self.layers or self.question)

    @property
    def in_words(self) -> str:
        """What is selected, for the file to say; empty for all facts."""
        return "; ".join(f"{name} {value}" for name, value in self.parameters())

    def parameters(self) -> list[tuple[str, str]]:
        """Return the selection as the parameters of an address."""
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
        """The first day of the period; before all others if it is open."""
        return _day("since", self.since, "earliest") if self.since else "0000-01-01"

    @property
    def last_day(self) -> str:
        """The last day of the period; after all others if it is open."""
        return _day("until", self.until, "latest") if self.until else "9999-12-31"


ALL_FACTS = Selection()
"""The selection without criteria."""


def question_text(name: str, values: Iterable[tuple[str, str]]) -> str:
    """Write a question with its parameters as a selection takes it.

    >>> question_text("offices-of-a-person", [("person", "dipid:gustavo-petro")])
    'offices-of-a-person?person=dipid%3Agustavo-petro'
    """
    given = urlencode(list(values))
    return f"{name}?{given}" if given else name


def _day(name: str, text: str, bound: str) -> str:
    """Read a day, a month or a year as a bound of the period; raises BadInput."""
    from kg.query.parameters import Parameter

    term = Parameter(name, "date", "2025-01-01", bound=bound).term(text)
    assert isinstance(term, Literal)
    return term.value
