"""A knowledge graph of regional diplomacy: statements, happenings and claims, each according to someone.

>>> import kg
>>> with kg.open("data") as graph:  # doctest: +SKIP
...     graph.ask("offices-of-a-person", person="dipid:gustavo-petro").df()
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg import errors
    from kg.client.graph import Graph
    from kg.client.results import Result
    from kg.client.verdict import Verdict

__version__ = "0.1.0"
__all__ = ["Graph", "Result", "Verdict", "errors", "open"]

_HOMES = {"Graph": "kg.client.graph", "Result": "kg.client.results", "Verdict": "kg.client.verdict"}


def open(place: str | Path = "data", *, token: str | None = None, create: bool = False) -> "Graph":  # noqa: A001  # as files are
    """Open a data directory, or the graph at a URL (``http://...``), as a Graph.

    If a server is running on the data directory, the Graph uses that server. A token is needed only to add
    facts to another user's server. With ``create``, a directory that does not exist is created with the
    ontology and the seed graph. Raises NotFound or Unavailable at once if there is no graph or the server
    does not answer.
    """
    from kg.client.graph import Graph

    return Graph(place, token=token, create=create)


if not TYPE_CHECKING:  # type checkers see only the names above

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used: ``import kg`` alone loads nothing (PEP 562)."""
        from importlib import import_module

        if name == "errors":
            return import_module("kg.errors")
        if name in _HOMES:
            return getattr(import_module(_HOMES[name]), name)
        raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
