"""Parameters of other servers at /sparql: ``timeout`` has an effect, the others are ignored.

``timeout`` lowers the time limit of a query. RDF4J, GraphDB, Fuseki, Blazegraph and AllegroGraph give it in
seconds, Virtuoso and Stardog in milliseconds, and QLever with a unit. So a number below 1000 means seconds,
one from 1000 on milliseconds; Virtuoso accepts nothing below 1000.
"""

import re
from typing import NamedTuple

from kg.api.parameters import Parameters
from kg.errors import BadInput

TIMEOUT = "timeout"
FIRST_MILLISECONDS = 1000
"""The smallest number without a unit that means milliseconds."""
_TIMEOUT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{0,9})?) ?(ms|s)?")
_DATASET = ("default-graph-uri", "named-graph-uri")
_SEPARATORS = re.compile(r"[^a-z]")


class Taken(NamedTuple):
    """The known parameters, the client's time limit in seconds, and warnings about the ignored parameters."""

    parameters: Parameters
    seconds: float | None
    warnings: tuple[str, ...]


def passed_over(parameters: Parameters, names: tuple[str, ...]) -> Taken:
    """Divide parameters into known ones and ignored ones, with a warning for each ignored one.

    Raises BadInput for a misspelt name of ours, and for variables that clients of RDF4J bind: without them,
    the server would answer a different query.
    """
    own_parameters: Parameters = []
    warnings: dict[str, None] = {}
    limits: list[float] = []
    for name, value in parameters:
        if name == TIMEOUT:
            limits += _seconds(value, warnings)
        elif name in _DATASET and not value:
            warnings[f"The parameter '{name}' is empty and was ignored."] = None
        elif name in names:
            own_parameters.append((name, value))
        else:
            _require_foreign(name, names)
            warnings[f"The parameter '{name[:64]}' is unknown and was ignored."] = None
    return Taken(own_parameters, min(limits, default=None), tuple(warnings))


def _seconds(value: str, warnings: dict[str, None]) -> list[float]:
    """Return the time limit in seconds; nothing for 0, and for a value that is not a time."""
    match = _TIMEOUT.fullmatch(value.strip())
    if match is None:
        warnings[f"The parameter '{TIMEOUT}' is not a duration and was ignored; give seconds."] = None
        return []
    number = float(match[1])
    is_milliseconds = match[2] == "ms" or (match[2] is None and number >= FIRST_MILLISECONDS)
    return [number / 1000 if is_milliseconds else number] if number else []


def _require_foreign(name: str, names: tuple[str, ...]) -> None:
    if name.startswith("$"):
        raise BadInput(f"The parameter '{name[:64]}' binds a variable; write its value into the query.")
    plain = _plain(name)
    for ours in names:
        if plain == _plain(ours):
            raise BadInput(f"There is no parameter '{name[:64]}'; it is called '{ours}' here.")


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())
