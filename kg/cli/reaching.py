"""Access to the graph and the questions that a command line specifies: a data directory, or a server."""

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
    """Return the data directory from the option or the setting; raises BadInput if it is a file, or if a
    setting is wrong.
    """
    settings = Settings.from_environment()
    place = data or settings.data
    if place.exists() and not place.is_dir():
        raise BadInput(f"{place} is a file; name a directory.")
    return place


def reached(
    data: Path | None, endpoint: str | None = None, token: str | None = None, *, makes: bool = False
) -> Access:
    """Return the access to the graph in the options; with ``makes``, create a missing data directory.

    Raises NotFound for a data directory without a graph.
    """
    if endpoint:
        return reach_server(endpoint, token)
    place = directory(data)
    if not makes:
        require_graph(place)
    elif not (place / "store").exists():
        output.print_message(f"Making the data directory {place} with the ontology and the seed graph.")
    return reach(place, token)


def known_questions(data: Path | None, endpoint: str | None) -> "Mapping[str, Question]":
    """Return the saved questions of the server that would answer, else those installed here."""
    if endpoint or find_server(directory(data)):
        return reached(data, endpoint).questions()
    from kg.query import questions

    return questions.load_all(Settings.from_environment().questions)
