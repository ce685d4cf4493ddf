"""Keyword arguments that narrow an export."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from kg.exports.selection import Selection, question_text


class Selected(TypedDict, total=False):
    """Keywords that narrow an export; omitted ones have no effect."""

    graphs: Sequence[str]
    """Only these graphs."""
    everything: bool
    """Also the graphs of the release and of commits."""
    actors: Sequence[str]
    """Only records that name one of these actors."""
    since: str
    """Only records that may date from this day, month or year, or later."""
    until: str
    """Only records that may date from this day, month or year, or earlier."""
    layers: Sequence[str]
    """Only records of these layers: source, statement, happening, assessment."""
    question: str
    """Only facts that answer this saved question."""
    parameters: Mapping[str, object]
    """The parameters of the question."""


def selection_of(keywords: Selected) -> Selection:
    """Return the selection for the keywords; raises BadInput."""
    values = [(name, str(value)) for name, value in keywords.get("parameters", {}).items()]
    question = keywords.get("question")
    return Selection(
        tuple(keywords.get("graphs", ())),
        keywords.get("everything", False),
        tuple(keywords.get("actors", ())),
        keywords.get("since"),
        keywords.get("until"),
        tuple(keywords.get("layers", ())),
        question_text(question, values) if question else None,
    )
