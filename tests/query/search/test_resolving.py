"""Names where an IRI is asked for: one thing, several candidates, or the nearest."""

from collections.abc import Iterator

import pytest

from kg import iris
from kg.errors import BadInput
from kg.query.search.index import SearchIndex
from kg.query.search.resolving import resolve
from kg.query.search.search import read_class
from tests.support.facts import quads
from tests.support.indexes import built

STORY = """
dip:Person rdfs:subClassOf dip:Actor .
dipid:petro a dip:Person ; rdfs:label "Gustavo Petro"@en ; skos:altLabel "Mr. Petro"@en .
dipid:house a dip:Place ; rdfs:label "White House"@en . dipid:office a dip:Organization ;
    rdfs:label "White House"@en ; dip:hasKind dipk:bureau . dipk:bureau rdfs:label "Bureau"@en .
dipid:meeting a dip:Meeting ; rdfs:label "White House meeting with Petro"@en .
dipid:words a dip:Statement ; dip:quotation "Kidnapping"@en .
dipid:time a dip:TimeSpan ; dip:date "2026" .
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    with built(tmp_path_factory.mktemp("index"), quads(STORY)) as index:
        yield index


@pytest.mark.parametrize("name", ["Gustavo Petro", "gustavo PETRO", "mr petro", "dipid:petro", "petro"])
def test_a_name_that_one_thing_bears_is_its_iri(index: SearchIndex, name: str) -> None:
    assert resolve(index, name).iri == f"{iris.DATA}petro"


def test_a_name_is_unique_among_things_of_a_class(index: SearchIndex) -> None:
    assert resolve(index, "gustavo", [read_class("Actor")]).iri == f"{iris.DATA}petro"
    assert resolve(index, "white house", [read_class("Place")]).iri == f"{iris.DATA}house"


def test_a_name_that_several_things_bear_has_candidates_that_can_be_told_apart(index: SearchIndex) -> None:
    found = resolve(index, "White House")
    assert found.iri is None
    assert {hit.iri.removeprefix(iris.DATA) for hit in found.candidates} == {"house", "office"}
    assert len({(hit.type, hit.description) for hit in found.candidates}) == 2


def test_a_name_that_nothing_bears_has_the_nearest(index: SearchIndex) -> None:
    found = resolve(index, "Gustvo Petor")
    assert (found.iri, found.candidates) == (None, ())
    assert [hit.label for hit in found.nearest] == ["Gustavo Petro"]
    assert resolve(index, "zzz").nearest == ()


def test_the_beginning_of_a_name_and_words_quoted_are_no_name(index: SearchIndex) -> None:
    assert resolve(index, "gusta").iri is None
    assert resolve(index, "kidnapping").iri is None


def test_a_thing_without_a_name_is_known_by_its_iri(index: SearchIndex) -> None:
    assert resolve(index, "dipid:time").iri == f"{iris.DATA}time"
    assert resolve(index, f"{iris.DATA}nothing").iri is None


def test_an_empty_name_is_refused(index: SearchIndex) -> None:
    with pytest.raises(BadInput):
        resolve(index, " ")
