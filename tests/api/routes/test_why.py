"""What a fact rests on, over HTTP and in Python alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg as package
from kg.errors import BadInput, NotFound
from tests.support.live_server import live

PATHS = ("dipid:tenure-petro", "dipid:tenure-petro dip:heldBy dipid:gustavo-petro", "Gustavo Petro")


Pair = tuple[package.Graph, package.Graph]


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder: Path = tmp_path_factory.mktemp("why")
    with (
        package.open(folder / "here", create=True) as local,
        live(folder / "data", readers=1) as (_, address),
        package.open(address) as remote,
    ):
        yield local, remote


@pytest.mark.parametrize("fact", PATHS)
def test_a_directory_and_a_server_say_the_same(graphs: Pair, fact: str) -> None:
    local, remote = (graph.why(fact) for graph in graphs)
    assert [each["graph"] for each in local["graphs"]] == [each["graph"] for each in remote["graphs"]]
    assert [each["reports"] for each in local["graphs"]] == [each["reports"] for each in remote["graphs"]]
    assert local["graphs"][0]["commits"]


def test_a_cell_of_an_answer_can_be_asked_about(graphs: Pair) -> None:
    for graph in graphs:
        (row, *_) = graph.ask("offices-of-a-person", person="Petro").rows()
        assert graph.why(str(row["office"]), as_of="v3")["graphs"]


def test_what_is_no_fact_is_refused_alike(graphs: Pair) -> None:
    for graph in graphs:
        with pytest.raises(BadInput, match="A triple reads"):
            graph.why("dipid:a dip:b")
        with pytest.raises(NotFound):
            graph.why("dipid:nobody")
        with pytest.raises(BadInput, match="names nothing in the graph"):
            graph.why("Nobody At All")
