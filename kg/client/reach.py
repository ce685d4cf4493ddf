"""Choice of the access to a graph: through the server that has the data directory open, or directly.

The store has one writer, so while a server runs, its data directory is reached through the server.
"""

from pathlib import Path

from kg.client.access import Access, result_of
from kg.client.local import Local
from kg.client.results import ACCEPT
from kg.errors import BadInput, MethodNotAllowed, NotFound, Unavailable
from kg.store.server_file import find_server


def reach(directory: Path, token: str | None = None) -> Access:
    """Return the access to a data directory: through its server if one runs, else directly."""
    if server := find_server(directory):
        return reach_server(server.url, server.key or token)
    return Local(directory)


def reach_server(url: str, token: str | None = None) -> Access:
    """Return the access to a server; raises BadInput if the URL cannot be a server's address."""
    from kg.client.http import Client
    from kg.client.remote import Remote

    return Remote(Client(url, token))


def reach_any(place: str | Path, token: str | None = None, *, create: bool = False) -> Access:
    """Return the access to a data directory or server address, after a test query.

    With ``create``, a missing data directory is created. Raises BadInput, NotFound, Unavailable.
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
    """Raise BadInput if the data directory is a file."""
    if directory.exists() and not directory.is_dir():
        raise BadInput(f"{directory} is a file; name a data directory, or the address of a server.")


def require_graph(directory: Path) -> None:
    """Raise NotFound if a data directory holds no graph."""
    if not (directory / "store").exists():
        raise NotFound(
            f"There is no graph in {directory}. To create one there: kg init --data {directory}, or in Python"
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
    except (SyntaxError, ValueError):  # a response of another media type
        is_endpoint = False
    if not is_endpoint:
        raise NotFound(
            f"{url} answers, but not as a graph: give the root address of a server, or its endpoint."
        )
    return access
