"""npm's clients: Comunica's fetch-sparql-endpoint and sparql-http-client, by the script beside this module.

Collected where ``KG_NODE_CLIENTS`` names the folder in which they are installed (CI does that); see
``tests/conftest.py``.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.interop.conftest import GRAPH, TOKEN, Server
from tests.interop.test_python_clients import ASK, CONSTRUCT, NAMES, SELECT

SCRIPT = Path(__file__).with_name("clients.mjs")


@pytest.fixture(scope="module")
def got(server: Server) -> Any:
    given = {
        "KG_ROOT": server.root,
        "KG_TOKEN": TOKEN,
        "KG_GRAPH": GRAPH,
        "KG_SELECT": SELECT,
        "KG_ASK": ASK,
        "KG_CONSTRUCT": CONSTRUCT,
    }
    ran = subprocess.run(
        ["node", str(SCRIPT)],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    ("client", "operation"),
    [
        *(("fetchSparqlEndpoint", method) for method in ("GET", "POST", "QUERY")),
        *(("sparqlHttpClient", operation) for operation in ("get", "postUrlencoded", "postDirect")),
    ],
)
def test_a_client_asks_and_constructs(got: Any, client: str, operation: str) -> None:
    found = got[client][operation]
    assert set(found["names"]) == set(found["triples"]) == NAMES
    assert found["ask"] is True


@pytest.mark.parametrize("client", ["fetchSparqlEndpoint", "sparqlHttpClient"])
def test_a_client_updates_with_a_token_alone(got: Any, client: str) -> None:
    assert got[client]["written"] is True
    assert got[client]["refused"] == "401"


def test_comunicas_client_may_send_other_servers_parameters(got: Any) -> None:
    assert got["fetchSparqlEndpoint"]["beside"] is True


def test_sparql_http_client_reads_and_writes_graphs(got: Any) -> None:
    assert got["sparqlHttpClient"]["stored"] == ["http://example.org/one Ñ", "http://example.org/two Ñ"]
    assert got["sparqlHttpClient"]["closed"] == "401"
