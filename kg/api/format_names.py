"""Formats by name: the parameters ``format``, ``output`` and ``results``, sent beside ``Accept``.

A name may mean a format of rows and one of graphs (``json``, ``xml``); a client may send a name and a media
type together, as SPARQLWrapper does, or several media types. They have to agree on a format.
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
    """The media types of the formats that are named, and warnings of names that are passed over."""

    named: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def wanted(parameters: Parameters, accept: str | None) -> Wanted:
    """Return the formats that are named for the answer to a query.

    An unknown name is passed over where another is known, or where ``accept`` names a type; else it raises
    UnsupportedFormat. Raises BadInput where names disagree.
    """
    meanings = _meanings(parameters, _ANSWERS)
    unknown = [name for name, meaning in meanings.items() if not meaning]
    if len(unknown) == len(meanings) and not is_particular(accept):
        return Wanted(named(parameters, _ANSWERS))
    warnings = (f"The format {name[:64]!r} is not known here and was passed over." for name in unknown)
    return Wanted(_agreed(meanings), tuple(warnings))


def named(parameters: Parameters, offers: Iterable[Format]) -> tuple[str, ...]:
    """Return the media types of the formats that are named; raises UnsupportedFormat and BadInput.

    A name is that of an offer, or of a format that queries are answered in, which another route may offer.
    """
    known = (*offers, *_ANSWERS)
    meanings = _meanings(parameters, known)
    for name, meaning in meanings.items():
        if not meaning:
            from_name(name, {each.name: each for each in known})
    return _agreed(meanings)


def _meanings(parameters: Parameters, known: Iterable[Format]) -> dict[str, list[str]]:
    """Return the media types of the formats that each name may mean."""
    values = dict.fromkeys(value for name, value in parameters if name in FORMAT_NAMES and value)
    return {
        value: [found.media_type for entry in value.split(",") for found in called(entry.strip(), known)]
        for value in values
    }


def _agreed(meanings: dict[str, list[str]]) -> tuple[str, ...]:
    known = {name: meaning for name, meaning in meanings.items() if meaning}
    if not known:
        return ()
    first, *others = known.values()
    agreed = tuple(dict.fromkeys(each for each in first if all(each in other for other in others)))
    if not agreed:
        raise BadInput(f"The parameters name different formats: {', '.join(sorted(known))}.")
    return agreed
