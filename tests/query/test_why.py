"""What a fact rests on: graphs, curators, speakers, passages."""

import json

import pytest

from kg import iris
from kg.errors import BadInput, NotFound
from kg.facts import releases
from kg.query import why
from kg.store.store import Contents


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    return releases.open_to_read(tmp_path_factory.mktemp("why") / "data")


@pytest.mark.parametrize("text", ["dipid:statement-s1", "dipid:statement-s1 dip:madeBy dipid:donald-trump ."])
def test_a_fact_rests_on_graphs_curators_speakers_and_passages(contents: Contents, text: str) -> None:
    found = json.loads(b"".join(why.write([text], "en", contents)))
    (graph,) = found["graphs"]
    assert graph["graph"] == f"{iris.DATA}graph-statements-2025"
    assert graph["label"]
    assert graph["commits"][0]["curator"] == "Regional Diplomacy seed"
    assert graph["commits"][0]["version"] == found["version"]
    for report in graph["reports"]:
        assert report["speaker"] == {"iri": f"{iris.DATA}donald-trump", "label": "Donald Trump"}
        assert report["source"]["label"]
        assert report["passage"]["text"]


def test_a_passage_has_its_place_where_that_is_recorded(contents: Contents) -> None:
    found = why.found(why.read_fact("dipid:tenure-petro"), "en", contents)
    passage = found["graphs"][0]["reports"][0]["passage"]
    assert passage["end"] - passage["start"] == len(passage["text"])


def test_labels_are_in_the_language_asked_for(contents: Contents) -> None:
    fact = why.read_fact("dipid:tenure-petro")
    found = {language: why.found(fact, language, contents) for language in ("en", "es")}
    bases = {name: told["graphs"][0]["reports"][0]["basis"]["label"] for name, told in found.items()}
    assert bases["en"] != bases["es"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dipid:a dip:b", "A triple is written"),
        ("dipid:a dip:b 'c' . dipid:d dip:e 'f'", "A triple is written"),
        ("<urn:a> <urn:b> " + "(" * 4000, "A triple is written"),
        ("<urn:a> <urn:b> '" + "x" * 5000 + "'", "longer than"),
        ("Gustavo Petro", "is not an IRI"),
    ],
)
def test_what_is_no_fact_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        why.read_fact(text)


@pytest.mark.parametrize("text", ["dipid:nobody", "dipid:statement-s1 dip:madeBy dipid:gustavo-petro"])
def test_what_no_graph_says_rests_on_nothing(contents: Contents, text: str) -> None:
    with pytest.raises(NotFound, match=f"The graph does not state {text};"):
        why.found(why.read_fact(text), "en", contents)
