"""What an export is narrowed to, as keywords of Python."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from kg.exports.selection import Selection, question_text


class Selected(TypedDict, total=False):
    """The keywords that narrow an export; what is left out narrows nothing."""

    graphs: Sequence[str]
    """Only these graphs."""
    everything: bool
    """The graphs of the release and of commits too."""
    actors: Sequence[str]
    """Only records that name one of these."""
    since: str
    """Only records that may be of this day, month or year, or later."""
    until: str
    """Only records that may be of this day, month or year, or before."""
    layers: Sequence[str]
    """Only records of these layers: source, statement, happening, assessment."""
    question: str
    """Only what answers this saved question."""
    parameters: Mapping[str, object]
    """The parameters of the question."""


def selection_of(given: Selected) -> Selection:
    """Read the keywords; raises BadInput."""
    values = [(name, str(value)) for name, value in given.get("parameters", {}).items()]
    question = given.get("question")
    return Selection(
        tuple(given.get("graphs", ())),
        given.get("everything", False),
        tuple(given.get("actors", ())),
        given.get("since"),
        given.get("until"),
        tuple(given.get("layers", ())),
        question_text(question, values) if question else None,
    )
