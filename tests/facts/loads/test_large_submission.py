"""Large submissions of other vocabularies go the way of loads, and come to what any submission comes to."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from kg import ontology
from kg.client.access import Document
from kg.client.local import Local
from kg.errors import Unreadable
from kg.facts import submissions
from kg.facts.loads import large_submission
from kg.formats import RDF_FORMATS
from kg.iris import TERMS
from kg.store.log import ADDED
from kg.store.read_only import open_read_only
from tests.support.stores import open_store

FORMAT = RDF_FORMATS["ntriples"]
TEXT = b"".join(
    b'<http://example.com/%d> <http://example.com/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    b'<http://example.com/%d> <http://example.com/q> "\xc3\xa9 \\"a\\"\\n %d"@en .\n' % (n, n, n)
    for n in range(20)
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_submission, "LARGE", 100)


IN_A_GRAPH = TEXT.replace(b" .\n", b" <http://example.com/graph> .\n", 20)


@pytest.mark.parametrize(("text", "name"), [(TEXT, "turtle"), (IN_A_GRAPH, "nquads")])
def test_it_has_the_name_and_hash_of_any_submission(text: bytes, name: str) -> None:
    large = large_submission.found_in(text, RDF_FORMATS[name], "a")
    other = submissions.parse(text, RDF_FORMATS[name])
    assert large is not None
    assert (large.source.key, large.graphs) == (other.content_hash, other.graphs)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (TEXT + f"<http://example.com/a> <{TERMS}label> <http://example.com/b> .\n".encode(), "ntriples"),
        (TEXT + b"<http://example.com/a> <http://example.com/p> _:b .\n", "ntriples"),
        (TEXT + b"<http://example.com/a> <http://example.com/p> [] .\n", "turtle"),
        (TEXT[:90], "ntriples"),
    ],
)
def test_what_is_ours_or_blank_or_small_is_none(text: bytes, name: str) -> None:
    assert large_submission.found_in(text, RDF_FORMATS[name], "a") is None


def test_what_does_not_parse_is_refused_as_ever() -> None:
    with pytest.raises(Unreadable, match=r"[Ll]ine 41"):
        large_submission.found_in(TEXT + b"<urn:a> nonsense .\n", FORMAT, "a")


def test_kg_add_of_one_is_one_commit_and_known_the_second_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    open_store(data, ontology.load(tmp_path / "none")).close()
    document = Document(TEXT, FORMAT, "a.nt")
    first = Local(data).add(document, by="Ana")
    again = Local(data).add(document, by="Ana")
    contents = open_read_only(data)
    (graph,) = first.graphs
    assert (first.version, again.version, again.is_known) == (contents.version, None, True)
    assert again.graphs == [graph] == list(submissions.parse(TEXT, FORMAT).graphs)
    assert sum(1 for _ in contents.quads_for_pattern(None, None, None, NamedNode(graph))) == 40
    assert Local(data)._log.bulk(contents.version)[ADDED].quads == 40


def test_one_of_which_a_graph_is_there_goes_the_way_of_any_submission(tmp_path: Path) -> None:
    data = tmp_path / "data"
    open_store(data, ontology.load(tmp_path / "none")).close()
    half = b"".join(line + b"\n" for line in IN_A_GRAPH.splitlines() if b"/graph>" in line)
    Local(data).add(Document(half, RDF_FORMATS["nquads"]), by="Ana")
    verdict = Local(data).add(Document(IN_A_GRAPH, RDF_FORMATS["nquads"]), by="Ana")
    assert verdict.version == open_read_only(data).version
    assert len(verdict.graphs) == 2
