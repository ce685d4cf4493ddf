"""Formats by name: the parameters ``format``, ``output`` and ``results``, besides ``Accept``.

A name may stand for two formats, one for rows and one for graphs (``json``, ``xml``). A client may send a
name together with a media type, as SPARQLWrapper does, or several media types; they must agree on a format.
"""

from collections.abc import Iterable
from typing import NamedTuple

from kg.api.declarations import FORMAT_NAMES
from kg.api.parameters import Parameters
from kg.errors import BadInput
from kg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format, called, from_name
from kg.query.negotiation import is_particular

_ANSWERS: tuple[Format, ...] = (*RESULT_FORMATS.values(), *RDF_FORMATS.values(), HTML)


class Wanted(NamedTuple):
    """The media types of the named formats, and warnings about ignored names."""

    named: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def wanted(parameters: Parameters, accept: str | None) -> Wanted:
    """Return the formats that a client names for the answer to a query.

    An unknown name is ignored if another one is known, or if ``accept`` names a type; else it raises
    UnsupportedFormat. Raises BadInput if names disagree.
    """
    meanings = _meanings(parameters, _ANSWERS)
    unknown = [name for name, meaning in meanings.items() if not meaning]
    if len(unknown) == len(meanings) and not is_particular(accept):
        return Wanted(named(parameters, _ANSWERS))
    warnings = (f"The format {name[:64]!r} is unknown and was ignored." for name in unknown)
    return Wanted(_agreed(meanings), tuple(warnings))


def named(parameters: Parameters, offers: Iterable[Format]) -> tuple[str, ...]:
    """Return the media types of the formats that a client names; raises UnsupportedFormat and BadInput.

    Known names are those of the offers, and of the formats of query answers, which another route may offer.
    """
    formats = (*offers, *_ANSWERS)
    meanings = _meanings(parameters, formats)
    for name, meaning in meanings.items():
        if not meaning:
            from_name(name, {each.name: each for each in formats})
    return _agreed(meanings)


def _meanings(parameters: Parameters, formats: Iterable[Format]) -> dict[str, list[str]]:
    """Return for each name the media types of the formats that it may mean."""
    values = dict.fromkeys(value for name, value in parameters if name in FORMAT_NAMES and value)
    return {
        value: [found.media_type for entry in value.split(",") for found in called(entry.strip(), formats)]
        for value in values
    }


def _agreed(meanings: dict[str, list[str]]) -> tuple[str, ...]:
    media_types = {name: meaning for name, meaning in meanings.items() if meaning}
    if not media_types:
        return ()
    first, *others = media_types.values()
    agreed = tuple(dict.fromkeys(each for each in first if all(each in other for other in others)))
    if not agreed:
        raise BadInput(f"The parameters name different formats: {', '.join(sorted(media_types))}.")
    return agreed
