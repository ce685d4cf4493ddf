"""Parameters of result pages: which rows they show, and how."""

from kg.api.declarations import DeclaredParameter
from kg.api.openapi_schemas import NUMBER, STRING
from kg.api.parameters import Parameters, once
from kg.errors import BadInput
from kg.pages import tables
from kg.pages.tables import Window
from kg.pages.workbench import VIEWS

PARAMETERS = (
    DeclaredParameter(
        "page", "On a page for people: the number of the result page, from 1.", {**NUMBER, "minimum": 1}
    ),
    DeclaredParameter(
        "rows",
        f"On a page for people: rows per page, up to {tables.MOST_ROWS}; {tables.ROWS} by default.",
        {**NUMBER, "minimum": 1, "maximum": tables.MOST_ROWS},
    ),
    DeclaredParameter(
        "view", "On a page for people: the view of the answer.", {**STRING, "enum": list(VIEWS)}
    ),
)
NAMES = frozenset(parameter.name for parameter in PARAMETERS)


def read_window(parameters: Parameters) -> Window:
    """Read which rows of an answer to show; raises BadInput."""
    return Window(
        _number(parameters, "page", 1, tables.MOST_COUNTED),
        _number(parameters, "rows", tables.ROWS, tables.MOST_ROWS),
    )


def read_view(parameters: Parameters) -> str:
    """Read how to show an answer; raises BadInput."""
    view = once(parameters, "view") or VIEWS[0]
    if view not in VIEWS:
        raise BadInput(f"The parameter 'view' must be one of {', '.join(VIEWS)}, not {view[:64]!r}.")
    return view


def _number(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = once(parameters, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 1 <= int(text) <= most):
        raise BadInput(f"The parameter '{name}' must be a number from 1 to {most}, not {text[:64]!r}.")
    return int(text)
