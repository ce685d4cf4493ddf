"""Picks the way to a graph: through the server that holds a data directory, or by opening it here.

The store has one writer, so beside a running server a data directory is reached through that server.
"""

from pathlib import Path

from kg.client.access import Access
from kg.client.local import Local
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
