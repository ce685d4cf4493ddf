"""Lists of things in pages: each thing once, in order, and the facets count what the list holds."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kg import iris
from kg.pages import listing, sitemap
from kg.pages.listing import OTHERS, ListRequest
from kg.pages.rendering import Style
from kg.query.search import upkeep
from kg.query.search.index import SearchIndex
from kg.query.search.listed import things_after as listed_in_index
from kg.store.store import Store
from tests.support.stores import open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("listing") / "data") as store:
        yield store


def listed(store: Store, asked: ListRequest) -> dict[str, list[dict[str, str]]]:
    members = json.loads(b"".join(listing.as_json(Style("/"), asked, "/id", store)))
    assert isinstance(members, dict)
    return members


def test_pages_together_hold_each_thing_once_and_in_order(store: Store) -> None:
    everything = [each["id"] for each in listed(store, ListRequest(limit=10_000))["things"]]
    assert everything == sorted(set(everything))
    assert len(everything) > 200
    seen: list[str] = []
    while True:
        page = listed(store, ListRequest(limit=70, after=seen[-1] if seen else ""))
        seen += [each["id"] for each in page["things"]]
        if not page["next"]:
            break
    assert seen == everything


def test_the_index_tells_the_same_pages(store: Store) -> None:
    upkeep.keep_up(store.directory, lambda: store)
    with SearchIndex.open(store.directory) as index:
        for of_class in (None, f"{iris.TERMS}Actor", f"{iris.TERMS}Gift", f"{iris.TERMS}Happening"):
            first = ListRequest(of_class, limit=7)
            asked = replace(first, after=listed(store, first)["things"][-1]["id"])
            told = listed_in_index(of_class, OTHERS, asked.after, asked.limit + 1, index)
            assert told is not None
            assert listed(store, replace(asked, known=told)) == listed(store, asked)
            other = replace(asked, known=told._replace(version=told.version + 1, things=()))
            assert listed(store, other) == listed(store, asked)  # of another version it is passed over
        assert listed_in_index(f"{iris.TERMS}Nothing", OTHERS, iris.DATA, 5, index) is None


def test_a_facet_counts_what_its_own_list_holds(store: Store) -> None:
    facets = listed(store, ListRequest())["facets"]
    for name in ("class", "kind"):
        for facet in facets[name][:8]:  # type: ignore[call-overload]  # facets are by name
            narrowed = ListRequest(limit=10_000, **{"of_class" if name == "class" else "kind": facet["id"]})
            things = listed(store, narrowed)["things"]
            own = [each for each in things if name == "kind" or facet["id"] in str(each["classes"])]
            assert len(own) == facet["count"], facet


def test_a_class_lists_those_below_it_too(store: Store) -> None:
    things = [each["id"] for each in listed(store, ListRequest(f"{iris.TERMS}Gesture"))["things"]]
    assert iris.DATA + "gift-of-the-hat" in things


def test_many_things_are_divided_between_files_that_the_index_names(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 100)
    monkeypatch.setattr(sitemap, "THINGS_IN_A_FILE", 50)
    index = b"".join(sitemap.write("http://x/", ["terms"], store)).decode()
    files = index.count("<sitemap>")
    assert f"part={files}&amp;of={files}" in index
    parts = [b"".join(sitemap.write_part("http://x/", part, files, store)).decode() for part in range(files)]
    everything = listed(store, ListRequest(limit=10_000))["things"]
    assert sum(part.count("<url>") for part in parts) == len(everything)
    assert all(part.count("<url>") <= 100 for part in parts)
