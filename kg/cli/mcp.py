"""The command mcp."""

import os
from contextlib import ExitStack, suppress
from typing import Annotated

import typer

from kg.cli.options import Data, Endpoint
from kg.cli.reaching import directory
from kg.errors import BadInput


def mcp(
    write: Annotated[
        bool, typer.Option("--write", help="Allow adding facts; at a server, with the token in KG_TOKEN.")
    ] = False,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Serve the graph to language models by MCP.

    MCP is the Model Context Protocol, here on standard input and output. Tools: search, ask, query, why,
    validate. Answers cite passages and mark claims. A client starts it as
    kg mcp --data /srv/diplomacy/data
    """
    from kg.client.graph import Graph
    from kg.client.interruption import terminable
    from kg.client.mcp import make_server
    from kg.client.own_server import server_of
    from kg.client.reach import require_graph

    token = os.environ.get("KG_TOKEN")
    with suppress(KeyboardInterrupt), terminable(), ExitStack() as until_closed:
        if endpoint:
            if write and not token:
                raise BadInput("--write at a server needs a token: set KG_TOKEN.")
            address, key = endpoint, token if write else None
        else:
            place = directory(data)
            require_graph(place)
            server = until_closed.enter_context(server_of(place, read_only=not write))
            address, key = server.url, (server.key or token) if write else None
        graph = until_closed.enter_context(Graph(address, token=key))
        make_server(graph, can_write=write).run("stdio")
