"""What came and went, in sentences."""

import pytest

from kg import iris
from kg.client.differences import sentences
from kg.client.local import Local

GRAPH = f"{iris.DATA}graph-actors"


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Local:
    return Local(tmp_path_factory.mktemp("differences") / "data")


def told(local: Local, added: list[str], removed: list[str], language: str = "en") -> list[str]:
    return list(sentences(local, {"added": added, "removed": removed}, "v2", "v3", language))


def quad(subject: str, predicate: str, value: str, graph: str = f"<{GRAPH}>") -> str:
    return f"<{iris.expand(subject)}> <{iris.expand(predicate)}> {value} {graph} ."


def test_a_sentence_tells_what_is_said_of_one_thing_in_one_graph(local: Local) -> None:
    added = [
        quad("dipid:gustavo-petro", "rdf:type", f"<{iris.TERMS}Person>"),
        quad("dipid:gustavo-petro", "dip:partOf", f"<{iris.DATA}colombia>"),
        quad("dipid:gustavo-petro", "dip:partOf", f"<{iris.DATA}united-states>"),
    ]
    removed = [quad("dipid:gustavo-petro", "dip:note", '"two\\nlines"@en', "")]
    assert told(local, added, removed) == [
        "3 triples came and 1 triple went.",
        "",
        "In Actors and offices as the article names them (dipid:graph-actors):",
        "+ Gustavo Petro (dipid:gustavo-petro) is a Person; part of Colombia, United States.",
        "",
        "In the default graph:",
        "- Gustavo Petro (dipid:gustavo-petro) dip:note “two lines”.",
    ]


def test_names_are_in_the_language_asked_for_and_iris_where_there_is_none(local: Local) -> None:
    added = [quad("dipid:nobody", "rdf:type", f"<{iris.TERMS}Event>", "<urn:g>")]
    assert told(local, added, [], "es")[2:] == ["In <urn:g>:", "+ dipid:nobody is an Acontecimiento."]


def test_nothing_is_told_of_no_difference(local: Local) -> None:
    assert told(local, [], []) == ["nothing came and nothing went."]
