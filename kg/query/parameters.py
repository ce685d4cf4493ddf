"""Parameters of saved questions: what people may write for each type, and the RDF term that results.

Dates are read as people write them, ``3 Feb 2026`` or ``March 2025``, in the languages of ``kg.gate.dates``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from kg.changes import Object
from kg.errors import BadInput
from kg.gate.dates.calendar import Day
from kg.gate.dates.parts import DateReading
from kg.gate.dates.written import readings
from kg.iris import compact, expand
from kg.query.job import read_language
from kg.query.names import in_words
from kg.terms import XSD

BOUNDS = ("earliest", "latest")
"""The day of a month or a year that a parameter selects if it bounds a period."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question, bound to the variable of the same name.

    ``of_class`` is the class of the things that an ``iri`` may name, with a prefix. ``bound`` says which day
    is meant if a ``date`` is given as a month or a year.
    """

    name: str
    type: str
    example: str
    default: str | None = None
    of_class: str | None = None
    bound: str | None = None

    def term(self, text: str) -> Object:
        """Return a value as a term of this parameter's type; raises BadInput."""
        try:
            return READERS[self.type](text.strip(), self)
        except ValueError as error:
            raise BadInput(f"The parameter '{self.name}' cannot be {text[:200]!r}: {error}.") from None

    @property
    def asked_for(self) -> str:
        """What to write for the parameter, in words.

        >>> Parameter("speaker", "iri", "dipid:gustavo-petro", of_class="dip:Actor").asked_for
        'the name or IRI of an actor'
        """
        if self.type == "iri":
            kind = in_words(self.of_class.partition(":")[2]) if self.of_class else "thing"
            return f"the name or IRI of {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        return "a day, a month or a year" if self.bound else _ASKED_FOR[self.type]


_ASKED_FOR = {
    "date": "a day",
    "partial-date": "a year, a month or a day",
    "string": "words",
    "integer": "a whole number",
    "lang": "a language tag",
}


def _iri(text: str, _: Parameter) -> Object:
    return NamedNode(expand(text))


def _date(text: str, parameter: Parameter) -> Object:
    return Literal(str(_day(_reading(text), parameter)), datatype=XSD.DATE)


def _day(reading: DateReading, parameter: Parameter) -> Day:
    """Return the day that is meant; raises ValueError for a longer time if the parameter is not a bound."""
    first, last = reading.period.first, reading.period.last
    if reading.precision != "day" and parameter.bound is None:
        raise ValueError(f"it is not a single day; give one of {reading.period}, such as 2026-02-03")
    day = last if parameter.bound == "latest" else first
    if day is None:
        raise ValueError(f"it is an open period, {reading.period}; give a day, a month or a year")
    return day


def _partial_date(text: str, _: Parameter) -> Object:
    """Return a year, a month or a day, with the datatype of its precision."""
    reading = _reading(text)
    if reading.precision == "bounded":
        raise ValueError(f"it is neither a day nor a month nor a year, but {reading.period}")
    datatype, length = {"day": (XSD.DATE, 2), "month": (XSD.G_YEAR_MONTH, 1), "year": (XSD.G_YEAR, 0)}[
        reading.precision
    ]
    return Literal(str(reading.period.first).rsplit("-", 2 - length)[0], datatype=datatype)


def _reading(text: str) -> DateReading:
    """Return the one date of a text; raises ValueError if there is none, or if it is ambiguous."""
    found = readings(text)
    if not found:
        raise ValueError("a date is written 2026-02-03, 3 Feb 2026, March 2025 or 2026")
    if len(found) > 1:
        raise ValueError(f"it may be {' or '.join(str(each.period) for each in found)}; write one of them")
    return found[0]


def _string(text: str, _: Parameter) -> Object:
    return Literal(text)


def _integer(text: str, _: Parameter) -> Object:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError("it is not a whole number of at most 18 digits")
    return Literal(text, datatype=XSD.INTEGER)


def _lang(text: str, _: Parameter) -> Object:
    try:
        return Literal(read_language(text))
    except BadInput:
        raise ValueError("a language tag is written en or es-CO") from None


READERS: dict[str, Callable[[str, Parameter], Object]] = {
    "iri": _iri,
    "date": _date,
    "partial-date": _partial_date,
    "string": _string,
    "integer": _integer,
    "lang": _lang,
}


def understood(parameter: Parameter, text: str, term: Object, label: str | None = None) -> str | None:
    """Return how a value was read, if it differs from the lexical form of the term; else None.

    >>> since = Parameter("since", "date", "2025-01-01", bound="earliest")
    >>> understood(since, "March 2025", since.term("March 2025"))
    "since: 'March 2025' is read as 2025-03-01."
    """
    if parameter.type not in ("iri", "date", "partial-date"):
        return None
    term_text = compact(term.value) if isinstance(term, NamedNode) else getattr(term, "value", str(term))
    if text.strip() in (term_text, term_text.partition(":")[2], getattr(term, "value", ""), str(term)):
        return None
    label_text = f" ({label})" if label else ""
    return f"{parameter.name}: {text.strip()[:200]!r} is read as {term_text}{label_text}."
