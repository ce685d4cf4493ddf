"""Warnings beside the answer of a query: from a server and from a data directory."""

from pathlib import Path

import pytest

import kg
from kg.client.http import strings_in
from tests.support.api_server import write_ontology
from tests.support.live_server import live
from tests.support.stores import open_store

QUERY = "SELECT ?n { BIND(1 AS ?n) SERVICE SILENT <http://example.invalid/> { ?s ?p ?o } }"


def test_a_list_of_strings_is_read() -> None:
    assert strings_in('"It said \\"a\\\\b\\".",  "Two"') == ('It said "a\\b".', "Two")
    assert strings_in("") == ()


@pytest.mark.parametrize("is_served", [True, False])
def test_a_warning_comes_with_the_answer(tmp_path: Path, is_served: bool) -> None:
    data = tmp_path / "data"
    open_store(data, write_ontology(tmp_path / "ontology")).close()
    if not is_served:
        _check(str(data))
        return
    with live(data) as (_, address):
        _check(address)


def _check(place: str) -> None:
    with kg.open(place) as graph:
        answer, plain = graph.query(QUERY), graph.query("ASK {}")
    assert (len(answer), plain.warnings) == (1, ())
    (warning,) = answer.warnings
    assert "example.invalid" in warning
