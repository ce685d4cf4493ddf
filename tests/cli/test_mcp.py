"""The command mcp, as the SDK's own client starts it over standard input and output."""

import sys
from pathlib import Path

import anyio
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

import kg
from tests.support.command import FACT, Kg


def test_a_client_starts_the_command_and_adds_a_fact_where_it_may(data: Path) -> None:
    kg.open(data, create=True).close()
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "kg", "mcp", "--write", "--data", str(data)]
    )

    async def run() -> None:
        async with Client(stdio_client(command)) as client:
            assert client.server_info is not None
            assert client.server_info.name == "regional-diplomacy"
            assert "claim" in (client.instructions or "")
            found = await client.call_tool("ask", {"name": "claims-denied-and-by-whom"})
            assert not found.is_error
            added = await client.call_tool("add", {"turtle": FACT, "source": "a test"})
            assert (added.structured_content or {})["stored"] is True

    anyio.run(run)
    with kg.open(data) as graph:
        assert graph.address is None  # the server that the command had started is gone
        assert graph.query("ASK { <urn:a> ?p ?o }")


def test_a_directory_without_a_graph_and_writing_without_a_token_are_refused(kg: Kg, tmp_path: Path) -> None:
    run = kg("mcp", "--data", tmp_path / "nowhere")
    assert (run.code, run.out) == (2, "")
    assert "There is no graph" in run.err
    run = kg("mcp", "--write", "--endpoint", "http://127.0.0.1:9/")
    assert run.code == 2
    assert "KG_TOKEN" in run.err
