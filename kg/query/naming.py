"""Names in place of IRIs: finds the thing that a value names, or raises an error that lists candidates.

An IRI in full or with a prefix stands for itself. Any other value is a name if exactly one thing has it, or
else the last part of an IRI of our data.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import NamedNode

from kg import iris
from kg.errors import JSON, BadInput, NotFound, NotInGraph
from kg.query import why
from kg.query.questions import Binding, Question, bindings, given
from kg.query.search.resolving import Resolution, query_for
from kg.query.search.search import Hit, SearchQuery, read_class

MOST_TOLD = 5
"""Maximum number of candidates in a sentence; the members of the problem list all."""
_WRITTEN_OUT = re.compile(r"<|[A-Za-z][A-Za-z0-9+.-]*://|urn:")

Resolve = Callable[[str, tuple[str, ...]], Resolution]
"""Finds what a name may stand for among things of some classes."""


def is_written_out(text: str) -> bool:
    """Return whether a value is an IRI in full or with one of our prefixes.

    >>> is_written_out("dipid:gustavo-petro"), is_written_out("Gustavo Petro"), is_written_out("Note: a")
    (True, False, False)
    """
    prefix, colon, local = text.strip().partition(":")
    is_short = bool(colon) and prefix in iris.PREFIXES and not re.search(r"\s", local)
    return is_short or _WRITTEN_OUT.match(text.strip()) is not None


def names_in(question: Question, values: Mapping[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return name, value and classes of each parameter that is given by name; raises BadInput."""
    for parameter, text in given(question, values):
        if parameter.type == "iri" and not text.strip():
            raise BadInput(f"The parameter '{parameter.name}' is empty; give {parameter.asked_for}.")
    return [
        (parameter.name, text.strip(), (read_class(parameter.of_class),) if parameter.of_class else ())
        for parameter, text in given(question, values)
        if parameter.type == "iri" and not is_written_out(text)
    ]


def bound(
    question: Question, values: Mapping[str, str], resolutions: Mapping[str, Resolution]
) -> list[Binding]:
    """Bind values, those given by name to the things found for them; raises BadInput.

    ``resolutions`` are those of ``names_in``, by parameter.
    """
    classes = {parameter.name: parameter.of_class for parameter in question.params}
    things = {
        name: thing(f"The parameter '{name}'", resolution, classes[name])
        for name, resolution in resolutions.items()
    }
    names = {name: (found.iri, found.label) for name, found in things.items() if found}
    return bindings(question, values, names)


def thing(subject: str, resolution: Resolution, of_class: str | None = None) -> Hit | None:
    """Return the one thing that a name stands for; None if the name may be the last part of an IRI.

    ``of_class`` is the class in which the name was searched.

    Raises BadInput if several things have the name, NotInGraph if none has.
    """
    if resolution.iri is not None:
        return resolution.candidates[0]
    if resolution.candidates:
        raise BadInput(
            f"{subject} is ambiguous: {resolution.name[:200]!r}:"
            f" {_listed(resolution.candidates)}. Write the IRI of one.",
            candidates=_members(resolution.candidates),
        )
    if re.fullmatch(r"[a-z0-9][a-z0-9-]*", resolution.name):
        return None
    raise nowhere(subject, resolution.name, resolution.nearest, of_class)


def is_name(text: str) -> bool:
    """Return whether a text is neither a triple nor an IRI in full or with a prefix."""
    return not why.is_triple(text) and not is_written_out(text)


SUBMISSION = read_class("Submission")


def needs_search(graph: str) -> bool:
    """Return whether a graph is given by its title: neither by an IRI nor by the last part of one.

    >>> needs_search("Gestures and objects"), needs_search("graph-gestures"), needs_search("dipid:a")
    (True, False, False)
    """
    return not is_written_out(graph) and re.fullmatch(r"[a-z0-9][a-z0-9-]*", graph.strip()) is None


def iri_of(name: str, resolution: Resolution) -> str:
    """Return the IRI of the one thing that a name stands for; raises as ``thing`` does."""
    hit = thing("This", resolution)
    return hit.iri if hit else iris.read_iri(name).value


def nowhere(subject: str, name: str, nearest: Sequence[Hit], of_class: str | None = None) -> NotInGraph:
    """Return the error that no thing, or no thing of a class, has a name, with the nearest things."""
    what = f"nothing of the class {read_class(of_class).removeprefix(iris.TERMS)}" if of_class else "nothing"
    near = f"; the nearest: {_listed(nearest)}" if nearest else ""
    message = f"{subject} names {what} in the graph: {name[:200]!r}{near}."
    return NotInGraph(message, nearest=_members(nearest))


def with_hits(fault: NotFound, nearest: Sequence[Hit]) -> NotFound:
    """Return an error with the things that are nearest to what was asked for, if there are any."""
    if not nearest:
        return fault
    message = f"{fault.detail.rstrip('.')}; the nearest: {_listed(nearest)}."
    return NotFound(message, **fault.extra, nearest=_members(nearest))


def query_near(bound: Sequence[Binding], fault: NotInGraph, language: str) -> SearchQuery:
    """Return the search for things whose names are like the last part of an IRI that is not in the graph."""
    spelt = iris.slug(re.split("[#/:]", str(fault.extra.get("iri", "")))[-1]).replace("-", " ")
    classes = [
        read_class(binding.parameter.of_class)
        for binding in bound
        if binding.parameter.of_class and _is_of(binding, fault)
    ]
    return query_for(spelt or "?", classes, language)


def with_nearest(
    bound: Sequence[Binding], values: Mapping[str, str], fault: NotInGraph, nearest: Sequence[Hit]
) -> NotInGraph:
    """Add the nearest things to the error about an IRI that a parameter gives."""
    for binding in bound:
        name = binding.parameter.name
        if _is_of(binding, fault):
            return nowhere(f"The parameter '{name}'", values.get(name, binding.parameter.example), nearest)
    return fault


def _is_of(binding: Binding, fault: NotInGraph) -> bool:
    return isinstance(binding.term, NamedNode) and binding.term.value == fault.extra.get("iri")


def _listed(hits: Sequence[Hit]) -> str:
    text = "; ".join(f"{iris.compact(hit.iri)} ({hit})" for hit in hits[:MOST_TOLD])
    more = len(hits) - MOST_TOLD
    return f"{text}; and {more} more" if more > 0 else text


def _members(hits: Sequence[Hit]) -> JSON:
    names = ("iri", "label", "type", "type_label", "description")
    return [{name: getattr(hit, name) for name in names} for hit in hits]
