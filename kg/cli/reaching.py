"""The graph and the questions that a command line names: a data directory, or a server."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli import output
from kg.client.access import Access
from kg.client.reach import reach, reach_server, require_graph
from kg.errors import BadInput
from kg.settings import Settings
from kg.store.server_file import find_server

if TYPE_CHECKING:
    from kg.query.questions import Question


def directory(data: Path | None) -> Path:
    """Return the data directory: the option, else the setting; raises BadInput for a file and for a fault in
    the settings.
    """
    settings = Settings.from_environment()
    place = data or settings.data
    if place.exists() and not place.is_dir():
        raise BadInput(f"{place} is a file; name a directory.")
    return place


def reached(
    data: Path | None, endpoint: str | None = None, token: str | None = None, *, makes: bool = False
) -> Access:
    """Reach the graph that the options name; with ``makes`` a data directory is made where there is none.

    Raises NotFound for a data directory that holds no graph.
    """
    if endpoint:
        return reach_server(endpoint, token)
    place = directory(data)
    if not makes:
        require_graph(place)
    elif not (place / "store").exists():
        output.talk(f"Making the data directory {place} with the ontology and the seed graph.")
    return reach(place, token)


def known_questions(data: Path | None, endpoint: str | None) -> "Mapping[str, Question]":
    """Return the saved questions: those of the server that would answer, else those of this machine."""
    if endpoint or find_server(directory(data)):
        return reached(data, endpoint).questions()
    from kg.query import questions

    return questions.load_all(Settings.from_environment().questions)
