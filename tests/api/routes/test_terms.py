"""Terms and kinds over HTTP: RDF or a page of each, the index, versions and modules."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat, Triple

from kg import iris
from kg.settings import Settings
from tests.support.api_server import Client, client
from tests.support.problems import fault
from tests.support.stores import open_store

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The whole release behind the application."""
    settings = Settings(data=Path(tmp_path_factory.mktemp("terms")) / "data", readers=2)
    with open_store(settings.data) as store, client(settings, store) as asking:
        yield asking


def triples(data: bytes, rdf_format: RdfFormat) -> set[Triple]:
    return {quad.triple for quad in pyoxigraph.parse(data, format=rdf_format)}


def test_a_term_is_rdf_of_that_term_alone_or_its_page(kg: Client) -> None:
    term = iris.TERMS + "Claim"
    said = triples(kg.get("/terms/Claim", headers={"Accept": "text/turtle"}).content, RdfFormat.TURTLE)
    assert {each.subject.value for each in said if isinstance(each.subject, pyoxigraph.NamedNode)} == {term}
    assert said == triples(kg.get("/terms/Claim.nt").content, RdfFormat.N_TRIPLES)
    page = kg.get("/terms/Claim", headers=BROWSER).text
    assert "<h1" in page
    assert "dip:Claim" in page
    assert kg.get("/terms/Claim.json").json()["id"] == term


def test_a_term_that_classes_are_below_is_told_with_them_and_without_the_data(kg: Client) -> None:
    said = triples(kg.get("/terms/Statement", headers={"Accept": "text/turtle"}).content, RdfFormat.TURTLE)
    subjects = {each.subject.value for each in said if isinstance(each.subject, pyoxigraph.NamedNode)}
    assert iris.TERMS + "Commitment" in subjects
    assert not any(each.startswith(iris.DATA) for each in subjects)


def test_versions_and_modules_are_still_the_whole_document(kg: Client) -> None:
    whole = kg.get("/terms", headers={"Accept": "text/turtle"}).content
    (version,) = (
        each.object.value
        for each in triples(whole, RdfFormat.TURTLE)
        if each.predicate.value.endswith("#versionInfo") and isinstance(each.object, pyoxigraph.Literal)
    )
    for part in (version, "actors", "statements"):
        assert kg.get(f"/terms/{part}", headers={"Accept": "text/turtle"}).content == whole
        assert 'id="Claim"' in kg.get(f"/terms/{part}", headers=BROWSER).text
    assert kg.get("/terms/9.9").status_code == 404
    assert kg.get("/terms/9.9", headers=BROWSER).status_code == 404


def test_the_modules_are_those_of_the_document_and_no_term_has_the_name_of_one(kg: Client) -> None:
    release = kg.app.resources.release
    described = {
        quad.subject.value.removeprefix(f"{iris.TERMS_GRAPH}/")
        for quad in release.graphs[iris.TERMS_GRAPH]
        if isinstance(quad.subject, pyoxigraph.NamedNode)
        and quad.subject.value.startswith(f"{iris.TERMS_GRAPH}/")
    }
    assert described == release.modules - {"diplomacy"}
    assert not any(iris.TERMS + each in release.known_terms for each in release.modules)


def test_an_unknown_term_is_404(kg: Client) -> None:
    assert fault(kg.get("/terms/Clame"), 404)["iri"] == iris.TERMS + "Clame"
    assert kg.get("/terms/Clame", headers=BROWSER).status_code == 404


def test_lists_of_terms_and_kinds_are_filtered_by_words(kg: Client) -> None:
    page = kg.get("/terms", params={"filter": "never treated as fact"}, headers=BROWSER).text
    assert 'href="/terms/Claim"' in page
    assert 'href="/terms/Statement"' not in page
    assert 'href="/kinds/gift"' in kg.get("/kinds", params={"filter": "gift"}, headers=BROWSER).text
    fault(kg.get("/terms", params={"filter": "x" * 201}), 400)
    fault(kg.get("/shapes", params={"filter": "x"}), 400)


def test_a_list_of_an_earlier_version_leads_to_that_version_of_the_terms(kg: Client) -> None:
    page = kg.get("/terms", params={"as-of": "v1"}, headers=BROWSER).text
    assert 'href="/terms/Claim?as-of=v1"' in page
    assert kg.get("/terms/Claim?as-of=v1", headers=BROWSER).status_code == 200
