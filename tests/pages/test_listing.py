"""Lists of things in pages: each thing once, in order, and the facets count what the list holds."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kg import iris
from kg.errors import BadInput, Unavailable
from kg.pages import listing, sitemap
from kg.pages.listing import OTHERS, ListRequest
from kg.pages.rendering import Style
from kg.query.search import listed as index_lists
from kg.query.search import upkeep
from kg.query.search.index import SearchIndex
from kg.query.search.listed import ListQuery
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


@pytest.fixture(scope="module")
def index(store: Store) -> Iterator[SearchIndex]:
    upkeep.keep_up(store.directory, lambda: store)
    with SearchIndex.open(store.directory) as index:
        yield index


def in_index(asked: ListRequest, index: SearchIndex) -> ListRequest:
    """Return the same request with what the index knows of it."""
    query = ListQuery(
        of_class=asked.of_class,
        others=OTHERS,
        predicate=asked.predicate,
        value=asked.value,
        kind=asked.kind,
        after=asked.after,
        start=asked.start,
        number=asked.limit + 1,
        order=asked.order,
    )
    known = index_lists.find(query, index)
    assert known is not None
    return replace(asked, known=known)


REQUESTS = [
    ListRequest(),
    ListRequest(f"{iris.TERMS}Actor", limit=7),
    ListRequest(f"{iris.TERMS}Happening", limit=7),
    ListRequest(f"{iris.TERMS}Gift"),
    ListRequest(kind=f"{iris.KINDS}accusation"),
    ListRequest(f"{iris.TERMS}Statement", f"{iris.KINDS}accusation", limit=2),
    ListRequest(f"{iris.TERMS}Event", f"{iris.KINDS}accusation"),
    ListRequest(predicate=f"{iris.TERMS}madeBy", value=f"{iris.DATA}gustavo-petro", limit=3),
    ListRequest(predicate=f"{iris.TERMS}occursIn", value=f"{iris.DATA}presence-news-article"),
]


@pytest.mark.parametrize("asked", REQUESTS)
def test_the_index_tells_the_same_pages_and_counts(
    store: Store, index: SearchIndex, asked: ListRequest
) -> None:
    while True:
        told = listed(store, in_index(asked, index))
        assert told == listed(store, asked)
        if not told["next"]:
            break
        asked = replace(asked, after=told["things"][-1]["id"])


def test_what_the_index_knows_of_another_version_is_passed_over(store: Store, index: SearchIndex) -> None:
    asked = ListRequest(limit=7)
    known = in_index(asked, index).known
    assert known is not None
    other = replace(asked, known=known._replace(version=known.version + 1, things=()))
    assert listed(store, other) == listed(store, asked)
    assert index_lists.find(ListQuery(f"{iris.TERMS}Nothing"), index) is None


@pytest.mark.parametrize("order", ["name", "mentions", "date", "newest"])
def test_pages_in_another_order_hold_each_thing_once_too(
    store: Store, index: SearchIndex, order: str
) -> None:
    asked = ListRequest(f"{iris.TERMS}Statement", limit=9, order=order)
    seen: list[str] = []
    while True:
        told = listed(store, in_index(asked, index))
        seen += [each["id"] for each in told["things"]]
        if not told["next"]:
            break
        assert f"start={len(seen)}" in str(told["next"])
        asked = replace(asked, start=len(seen))
    everything = [
        each["id"] for each in listed(store, ListRequest(f"{iris.TERMS}Statement", limit=999))["things"]
    ]
    assert sorted(seen) == everything
    assert seen != everything


def test_names_mentions_and_dates_sort_as_they_say(store: Store, index: SearchIndex) -> None:
    def first(order: str, of_class: str) -> dict[str, str]:
        return listed(store, in_index(ListRequest(of_class, order=order), index))["things"][0]

    assert "2025" in first("date", f"{iris.TERMS}Agreement")["label"]
    assert first("newest", f"{iris.TERMS}Meeting")["label"] == "White House meeting of Trump and Petro"
    names = [
        each["label"].casefold()
        for each in listed(store, in_index(ListRequest(f"{iris.TERMS}State", order="name"), index))["things"]
    ]
    assert names == sorted(names)
    assert first("mentions", f"{iris.TERMS}Person")["label"] in ("Gustavo Petro", "Donald Trump")


def test_lists_of_very_many_things_stay_within_bounds(
    store: Store, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_lists, "MOST_SORTED", 10)
    monkeypatch.setattr(index_lists, "MOST_COUNTED", 5)
    statement = f"{iris.TERMS}Statement"
    everything = [each["id"] for each in listed(store, ListRequest(statement, limit=999))["things"]]
    for order in ("address", "name", "mentions"):
        told = listed(store, in_index(ListRequest(statement, limit=999, order=order), index))
        assert sorted(each["id"] for each in told["things"]) == everything
        assert {"id": statement, "label": "Statement", "count": 5, "isMore": True} in [
            {name: value for name, value in facet.items() if name != "things"}
            for facet in told["facets"]["class"]  # type: ignore[call-overload]  # facets are by name
        ]
    second = listed(store, in_index(ListRequest(statement, limit=4, order="name", start=4), index))
    first = listed(store, in_index(ListRequest(statement, limit=8, order="name"), index))
    assert second["things"] == first["things"][4:]
    with pytest.raises(BadInput, match="cannot be sorted by date"):
        in_index(ListRequest(statement, order="date"), index)


def test_another_order_waits_for_the_index(store: Store) -> None:
    with pytest.raises(Unavailable):
        listed(store, ListRequest(order="name"))


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
