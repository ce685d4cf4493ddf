"""ETags: a client that has the answer is not sent it again."""

from collections.abc import Iterator

import pytest

from tests.support.api_server import Client, ask, bearer, serving

SELECT = "SELECT ?words WHERE { ?s dip:quotation ?words }"
TURTLE = {"Content-Type": "text/turtle", **bearer("curator")}


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("caching")) as asking:
        yield asking


def test_who_has_the_answer_already_is_told_so(kg: Client) -> None:
    first = ask(kg, SELECT)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    for given in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = ask(kg, SELECT, if_none_match=given)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["vary"] == "Accept, Accept-Encoding"
    assert ask(kg, SELECT, if_none_match='"other"').status_code == 200
    head = kg.request("HEAD", "/sparql", params={"query": SELECT}, headers={"If-None-Match": tag})
    assert head.status_code == 200  # httpx takes gzip, and that is another representation


def test_a_tag_stands_for_version_query_dataset_format_and_coding(kg: Client) -> None:
    asked = {"query": SELECT}
    tags = [
        ask(kg, SELECT).headers["etag"],
        ask(kg, SELECT + " ").headers["etag"],
        ask(kg, SELECT, accept="text/csv").headers["etag"],
        ask(kg, SELECT, accept_encoding="gzip").headers["etag"],
        ask(kg, SELECT, accept_encoding="zstd").headers["etag"],
        kg.get("/sparql", params={**asked, "default-graph-uri": "urn:g"}).headers["etag"],
        kg.get("/sparql", params={**asked, "named-graph-uri": "urn:g"}).headers["etag"],
    ]
    assert len(set(tags)) == len(tags)
    assert ask(kg, SELECT, accept="*/*;q=0.1").headers["etag"] == tags[0]
    kg.post("/facts", content="<urn:tag> <urn:b> 1 .", headers=TURTLE)
    assert ask(kg, SELECT).headers["etag"] not in tags
