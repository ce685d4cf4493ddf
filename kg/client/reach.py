"""Picks the way to a graph: through the server that holds a data directory, or by opening it here.

The store has one writer, so beside a running server a data directory is reached through that server.
"""

from pathlib import Path

from kg.client.access import Access, result_of
from kg.client.local import Local
from kg.client.results import ACCEPT
from kg.errors import BadInput, MethodNotAllowed, NotFound, Unavailable
from kg.store.server_file import find_server


def reach(directory: Path, token: str | None = None) -> Access:
    """Return the way to a data directory: through the server that holds it, or by opening it here."""
    if server := find_server(directory):
        return reach_server(server.url, server.key or token)
    return Local(directory)


def reach_server(url: str, token: str | None = None) -> Access:
    """Return the way to a server; raises BadInput if the URL is not an address of one."""
    from kg.client.http import Client
    from kg.client.remote import Remote

    return Remote(Client(url, token))


def reach_any(place: str | Path, token: str | None = None, *, create: bool = False) -> Access:
    """Return the way to a data directory or an address, once the graph there has answered a query.

    With ``create`` a data directory that does not exist yet is made. Raises BadInput, NotFound, Unavailable.
    """
    if isinstance(place, str) and place.startswith(("http://", "https://")):
        return _answering_server(place, token)
    directory = Path(place)
    require_directory(directory)
    if not create:
        require_graph(directory)
    access = reach(directory, token)
    access.query("ASK {}", ACCEPT).read()
    return access


def require_directory(directory: Path) -> None:
    """Raise BadInput where a file is meant as a data directory."""
    if directory.exists() and not directory.is_dir():
        raise BadInput(f"{directory} is a file; name a data directory, or the address of a server.")


def require_graph(directory: Path) -> None:
    """Raise NotFound where a data directory holds no graph."""
    if not (directory / "store").exists():
        raise NotFound(
            f"There is no graph in {directory}. To make one there: kg init --data {directory}, or in Python"
            f" kg.open({str(directory)!r}, create=True). A server is named by its address, http://..."
        )


def _answering_server(url: str, token: str | None) -> Access:
    access = reach_server(url, token)
    try:
        answer = access.query("ASK {}", ACCEPT)
        is_endpoint = result_of(answer).truth is True
    except Unavailable as fault:
        raise Unavailable(f"{fault.detail} To start a server: kg serve.", **fault.extra) from None
    except (NotFound, MethodNotAllowed):
        is_endpoint = False
    except (SyntaxError, ValueError):  # an answer of another media type
        is_endpoint = False
    if not is_endpoint:
        raise NotFound(f"{url} answers, but no graph does there: give the root of a server or its endpoint.")
    return access
