"""Plain JSON of each thing of the seed is JSON-LD that says what the graph says."""

import json
from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, RdfFormat

from kg import iris
from kg.changes import Delta, Provenance
from kg.exports import context
from kg.pages import descriptions, thing_json
from kg.store.store import Store
from tests.support.stores import open_store

ROOT = "https://example.org/"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("json") / "data") as store:
        yield store


def told(store: Store, iri: str) -> dict[str, object]:
    members = json.loads(b"".join(thing_json.write(iri, ROOT, store.log, store)))
    assert isinstance(members, dict)
    return members


def test_every_thing_of_the_seed_is_told_in_json_as_in_rdf(store: Store) -> None:
    everything = {quad.triple for quad in store.quads_for_pattern(None, None, None)}
    own = context.of(store).definitions
    subjects = {triple.subject for triple in everything if str(triple.subject).startswith(f"<{iris.DATA}")}
    assert len(subjects) > 200
    for node in sorted(subjects, key=str)[::5]:
        assert isinstance(node, NamedNode)
        document = json.dumps({**told(store, node.value), "@context": own}).encode()
        read = {quad.triple for quad in pyoxigraph.parse(document, format=RdfFormat.JSON_LD)}
        assert descriptions.of_thing(store, node, store.log).triples <= read <= everything, node


def test_a_gesture_is_told_with_names_and_its_report_with_source_and_words(store: Store) -> None:
    gift = told(store, iris.DATA + "gift-of-the-hat")
    assert gift["@context"] == f"{ROOT}context/{context.version(store)}"
    assert gift["type"] == "Gift"
    assert gift["givenBy"] == {
        "id": iris.DATA + "donald-trump",
        "type": "Person",
        "label": {"en": "Donald Trump", "es": "Donald Trump"},
    }
    mentions = gift["mentionedBy"]
    assert isinstance(mentions, dict)
    (report,) = mentions["reports"]
    assert report["type"] == "Report"
    assert report["foundIn"]["id"] == iris.DATA + "presence-news-article"
    assert report["hedgedAs"]["prefLabel"]["en"]
    assert all(passage["exactText"] for passage in report["quotes"])


def test_a_thing_with_many_mentions_is_cut_and_says_so(store: Store) -> None:
    node = "dipid:article-of-many"
    text = f"<{iris.expand(node)}> <urn:p> 1 .\n" + "\n".join(
        f"<urn:s{number}> <urn:of> <{iris.expand(node)}> ."
        for number in range(descriptions.MAX_MENTIONS + 10)
    )
    store.commit(Delta(tuple(pyoxigraph.parse(text, format=RdfFormat.TURTLE))), Provenance("Ana"))
    many = told(store, iris.expand(node))
    assert many["meta"]["isCut"] is True  # type: ignore[index]  # it has members
    assert len(many["mentionedBy"]["urn:of"]) == descriptions.MAX_MENTIONS  # type: ignore[index]


def test_no_name_of_the_context_has_two_meanings(store: Store) -> None:
    vocabulary = context.of(store)
    taken = {"id", "type", "meta", context.MENTIONED_BY}
    terms = {iri.removeprefix(iris.TERMS) for iri in vocabulary.names if iri.startswith(iris.TERMS)}
    assert not terms & taken
    assert len(vocabulary.names) == len(set(vocabulary.names.values()))
    assert vocabulary.name(iris.TERMS + "Gift") == "Gift"
