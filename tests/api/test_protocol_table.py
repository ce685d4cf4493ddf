"""Every case of the table of the protocols holds, and the table holds all that it should."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest

from tests.support.api_server import Client, bearer, serving
from tests.support.protocol_cases import (
    GROUP,
    KEPT,
    TABLE,
    TURTLE,
    UPDATE,
    XML,
    Case,
    describes,
    header,
    kind,
    parses,
    problem,
    says,
    silent,
)


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("table")) as asking:
        data = " ".join(
            f"GRAPH <{name}> {{ <{name}> a <urn:Group> }}" for name in map(GROUP.format, (1, 2, 3))
        )
        begun = f"INSERT DATA {{ {data} GRAPH <{KEPT}> {{ <urn:kept> <urn:p> 'kept' }} }}"
        headers = {"Content-Type": UPDATE, **bearer("curator")}
        assert asking.post("/update", content=begun, headers=headers).status_code == 200
        yield asking


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.group}: {case.name}")
def test_a_case_of_the_protocol_holds(kg: Client, case: Case) -> None:
    seen: list[httpx.Response] = []
    for step in case.steps:
        known = {"etag": _last(seen, "etag"), "made": urljoin("/graphs", _last(seen, "content-location"))}
        headers = {"Accept-Encoding": "identity", **step.headers}
        headers = {name: value.replace("{etag}", known["etag"]) for name, value in headers.items() if value}
        path = step.path.replace("{content-location}", known["made"])
        seen.append(kg.request(step.method, path, headers=headers, content=step.body))
        assert seen[-1].status_code in step.statuses, (step, seen[-1].text)
        for number, holds in enumerate(step.holds):
            assert holds(seen), (step, number, seen[-1].headers, seen[-1].text)


def _last(seen: list[httpx.Response], name: str) -> str:
    return next((each.headers[name] for each in reversed(seen) if name in each.headers), "")


def test_the_table_holds_as_many_cases_as_the_reference() -> None:
    reference = {
        "query": 25,
        "negotiation": 16,
        "update": 14,
        "graph store": 23,
        "service description": 4,
        "clients": 4,
    }
    counts = Counter(case.group for case in TABLE)
    assert all(counts[group] >= number for group, number in reference.items()), counts
    assert len({(case.group, case.name) for case in TABLE}) == len(TABLE)


OF_THE_W3C = [
    "bad_query_method",
    "bad_multiple_queries",
    "bad_query_wrong_media_type",
    "bad_query_missing_form_type",
    "bad_query_missing_direct_type",
    "bad_query_non_utf8",
    "bad_query_syntax",
    "query_post_form",
    "query_post_direct",
    "query_get",
    "query_dataset_default_graphs_get",
    "query_dataset_default_graphs_post",
    "query_dataset_named_graphs_post",
    "query_dataset_named_graphs_get",
    "query_dataset_full",
    "query_multiple_dataset",
    "query_content_type_select",
    "query_content_type_ask",
    "query_content_type_describe",
    "query_content_type_construct",
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
    "bad_update_get",
    "bad_multiple_updates",
    "bad_update_wrong_media_type",
    "bad_update_missing_form_type",
    "bad_update_non_utf8",
    "bad_update_syntax",
    "bad_update_dataset_conflict",
]


def test_the_cases_of_the_w3c_are_in_the_table() -> None:
    assert len(OF_THE_W3C) == 34
    names = {case.name for case in TABLE}
    assert [name for name in OF_THE_W3C if name not in names] == []
    assert (
        len([name for name in names if name.startswith(("PUT - ", "POST - ", "DELETE - ", "HEAD on "))]) >= 14
    )


def test_the_table_can_fail() -> None:
    answer = httpx.Response(
        200, headers={"content-type": TURTLE, "allow": "GET"}, content=b"<urn:a> <urn:b> 1 ."
    )
    assert kind(TURTLE)([answer])
    assert parses()([answer])
    for check in (
        kind(XML),
        says("nothing"),
        silent(),
        silent("urn:a"),
        header("allow", "PUT"),
        problem(),
        describes("?s a ?o"),
    ):
        assert not check([answer])
