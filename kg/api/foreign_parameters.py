"""Parameters of other servers at /sparql: one of them means something here, the others are passed over.

``timeout`` lowers the time that a query may take. RDF4J, GraphDB, Fuseki, Blazegraph and AllegroGraph count
it in seconds, Virtuoso and Stardog in milliseconds, and QLever names the unit. So a number below 1000 is
seconds, one from 1000 on milliseconds; Virtuoso takes nothing below 1000.
"""

import re
from typing import NamedTuple

from kg.api.parameters import Parameters
from kg.errors import BadInput

TIMEOUT = "timeout"
FIRST_MILLISECONDS = 1000
"""The least number without a unit that is one of milliseconds."""
_TIMEOUT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{0,9})?) ?(ms|s)?")
_DATASET = ("default-graph-uri", "named-graph-uri")
_SEPARATORS = re.compile(r"[^a-z]")


class Taken(NamedTuple):
    """The parameters that mean something, the seconds that a client allows, and warnings of the others."""

    parameters: Parameters
    seconds: float | None
    warnings: tuple[str, ...]


def passed_over(given: Parameters, known: tuple[str, ...]) -> Taken:
    """Divide parameters into those that are known and those that are passed over, with a warning for each.

    Raises BadInput for a name of ours that is written otherwise, and for variables that RDF4J's clients bind:
    without these, the answer would be that to another query.
    """
    taken: Parameters = []
    warnings: dict[str, None] = {}
    limits: list[float] = []
    for name, value in given:
        if name == TIMEOUT:
            limits += _seconds(value, warnings)
        elif name in _DATASET and not value:
            warnings[f"The parameter '{name}' is empty and was passed over."] = None
        elif name in known:
            taken.append((name, value))
        else:
            _require_foreign(name, known)
            warnings[f"The parameter '{name[:64]}' means nothing here and was passed over."] = None
    return Taken(taken, min(limits, default=None), tuple(warnings))


def _seconds(value: str, warnings: dict[str, None]) -> list[float]:
    """Return the time limit that a client sets; none for 0, and for what is no time."""
    match = _TIMEOUT.fullmatch(value.strip())
    if match is None:
        warnings[f"The parameter '{TIMEOUT}' is no time and was passed over; give seconds."] = None
        return []
    number = float(match[1])
    is_milliseconds = match[2] == "ms" or (match[2] is None and number >= FIRST_MILLISECONDS)
    return [number / 1000 if is_milliseconds else number] if number else []


def _require_foreign(name: str, known: tuple[str, ...]) -> None:
    if name.startswith("$"):
        raise BadInput(f"The parameter '{name[:64]}' binds a variable; write its value into the query.")
    plain = _plain(name)
    for ours in known:
        if plain == _plain(ours):
            raise BadInput(f"There is no parameter '{name[:64]}' here; it is called '{ours}'.")


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())
