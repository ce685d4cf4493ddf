"""Names of blank nodes, and hashes of datasets, are those of RDFC-1.0."""

import hashlib

from hypothesis import given
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad

from kg.facts.blank_nodes import named_by_content
from kg.ontology import canonical_hash
from tests.support.strategies import quads


def _hash(dataset: Dataset) -> str:
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    return hashlib.sha256("".join(sorted(f"{quad} .\n" for quad in dataset)).encode()).hexdigest()


@given(quads)
def test_the_hash_is_that_of_the_whole_dataset_canonicalised(content: tuple[Quad, ...]) -> None:
    expected = _hash(Dataset(content))
    assert canonical_hash(content) == canonical_hash(reversed(content)) == expected
    assert named_by_content((*content, *content))[0] == expected


@given(quads)
def test_the_same_content_gets_the_same_names_wherever_it_is_read(content: tuple[Quad, ...]) -> None:
    content_hash, named = named_by_content(content)
    renamed = [_renamed(quad) for quad in content]
    assert named_by_content(renamed) == (content_hash, named)
    assert len(named) == len(set(content))
    assert named == sorted(named, key=str)
    assert canonical_hash(named) == content_hash


def _renamed(quad: Quad) -> Quad:
    subject, value = quad.subject, quad.object
    if isinstance(subject, BlankNode):
        subject = BlankNode(f"other-{subject.value}")
    if isinstance(value, BlankNode):
        value = BlankNode(f"other-{value.value}")
    return Quad(subject, quad.predicate, value, quad.graph_name)
