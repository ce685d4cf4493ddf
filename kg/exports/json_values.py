"""Values of properties as JSON that a context turns into JSON-LD; short if that loses nothing."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.changes import Object
from kg.errors import JSON
from kg.exports.context import ShortNames
from kg.terms import XSD

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
"""Integers that every JSON reader keeps exactly."""

Nested = Callable[[NamedNode | BlankNode], JSON]
"""Returns the JSON of a thing that is a value."""


def written(names: ShortNames, name: str, values: Sequence[Object], nested: Nested) -> JSON:
    """Return the JSON of the values of a property, given its short name."""

    def one(datatype: str | None, value: Object) -> JSON:
        if isinstance(value, NamedNode | BlankNode):
            return nested(value)
        return _literal(value, datatype) if isinstance(value, Literal) else {"@value": str(value)}

    literals = [value for value in values if isinstance(value, Literal)]
    if names.is_by_language(name):
        if len(literals) == len(values) and all(map(_is_text, literals)):
            return _by_language(literals)
        return [one(None, value) for value in values]  # a list is not a language map
    datatype = names.datatype(name)
    return one_or_all([one(datatype, value) for value in values])


def one_or_all(values: Sequence[JSON]) -> JSON:
    """Return a single value as it is, several as a list."""
    return values[0] if len(values) == 1 else values


def _is_text(value: Literal) -> bool:
    return bool(value.language) or value.datatype == XSD.STRING


def _by_language(literals: Iterable[Literal]) -> JSON:
    """Return texts by language; those without one are under ``@none``."""
    texts: dict[str, list[JSON]] = defaultdict(list)
    for literal in literals:
        texts[literal.language or "@none"].append(literal.value)
    return {language: one_or_all(found) for language, found in sorted(texts.items())}


def _literal(value: Literal, datatype: str | None) -> JSON:
    """Return a literal as native JSON if that loses nothing, else as a value object."""
    own = value.datatype.value
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if own == datatype or (datatype is None and own == XSD.STRING.value):
        return value.value
    if datatype is None and own == XSD.INTEGER.value and _INTEGER.fullmatch(value.value):
        return int(value.value)
    if datatype is None and own == XSD.BOOLEAN.value and value.value in ("true", "false"):
        return value.value == "true"
    return {"@value": value.value, **({} if own == XSD.STRING.value else {"@type": own})}
