"""The route /export: formats by name, selections, compressed files."""

import gzip
from collections.abc import Iterator

import pytest

from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.compression import COMPRESSIONS
from tests.support.api_server import Client, serving, until_searchable


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("data")) as client:
        until_searchable(client)
        yield client


@pytest.mark.parametrize("known", EXPORT_FORMATS.values(), ids=lambda known: known.name)
def test_each_format_is_sent_by_name_with_a_name_of_the_file(kg: Client, known: object) -> None:
    (known,) = (each for each in EXPORT_FORMATS.values() if each is known)
    sent = kg.get("/export", params={"format": known.name, "graph": "dipid:graph-story"})
    assert sent.status_code == 200, sent.text
    assert sent.headers["content-type"].partition(";")[0] == known.media_type
    version = sent.headers["x-graph-version"]
    name = f"regional-diplomacy-part-v{version}{known.suffixes[0]}"
    assert sent.headers["content-disposition"] == f'attachment; filename="{name}"'


def test_a_selection_is_sent(kg: Client) -> None:
    asked = {"format": "nquads", "actor": "dipid:ana", "layer": "statement"}
    body = kg.get("/export", params=asked).text
    assert {"words", "ana"} == {name for name in ("words", "ana") if f"id/{name}> " in body}
    assert "id/words" not in kg.get("/export", params=asked | {"layer": "happening"}).text
    question = "statements-on-a-topic?topic=dipk:gift"
    assert kg.get("/export", params={"question": question, "format": "nquads"}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"layer": "claims"}, 400, "the layers are source, statement, happening, assessment"),
        ({"since": "soon"}, 400, "The parameter 'since' cannot be 'soon'"),
        ({"question": "nonsense"}, 404, "no question named 'nonsense'"),
        ({"question": "offices-of-a-person?x=1"}, 400, "has no parameter 'x'"),
        ({"compression": "rar"}, 400, "use one of gz, zst"),
        ({"all": "true", "actor": "dipid:colombia"}, 400, "leave out 'all'"),
        ({"format": "docx"}, 406, "docx"),
    ],
)
def test_what_cannot_be_exported_is_refused_in_one_sentence(
    kg: Client, asked: dict[str, str], status: int, said: str
) -> None:
    refused = kg.get("/export", params=asked)
    assert refused.status_code in (status, 415)
    assert said in refused.json()["detail"]


def test_a_compressed_file_is_a_file_of_its_own(kg: Client) -> None:
    asked = {"format": "ntriples", "graph": "dipid:graph-story"}
    packed = kg.get("/export", params=asked | {"compression": "gz"}, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-type"] == COMPRESSIONS["gz"].media_type
    assert packed.headers["content-disposition"].endswith('.nt.gz"')
    assert gzip.decompress(packed.content) == kg.get("/export", params=asked).content


def test_frames_for_the_compacted_export_are_published(kg: Client) -> None:
    frame = kg.get("/frames/statement")
    assert frame.headers["content-type"] == "application/ld+json"
    assert frame.json()["type"] == ["Statement"]
    assert "the frames are statement, claim" in kg.get("/frames/nonsense").json()["detail"]


def test_void_says_how_to_cite_and_what_each_download_is_for(kg: Client) -> None:
    told = kg.get("/.well-known/void", headers={"Accept": "application/n-triples"}).text
    version = kg.get("/export?format=cff").headers["x-graph-version"]
    assert f"version v{version} [data set]" in told
    for known in EXPORT_FORMATS.values():
        assert known.about in told, known.name
        assert f"/export?format={known.name}>" in told
