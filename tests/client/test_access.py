"""Documents and answers that pass between a client and a graph."""

import pytest
from pyoxigraph import RdfFormat, parse

from kg.client.access import Document, merged
from kg.errors import Unreadable
from kg.formats import RDF_FORMATS
from kg.importers.catalogue import TABLE

TURTLE = Document(b"<urn:a> <urn:p> 1 .", RDF_FORMATS["turtle"], "a.ttl")
NQUADS = Document(b"<urn:b> <urn:p> <urn:c> <urn:g> .", RDF_FORMATS["nquads"], "b.nq")


def test_one_document_stays_as_it_is() -> None:
    assert merged([TURTLE]) is TURTLE


def test_several_documents_become_one_that_holds_every_quad_of_theirs() -> None:
    whole = merged([TURTLE, NQUADS])
    assert (whole.format, whole.name) == (RDF_FORMATS["jsonld"], "a.ttl, b.nq")
    quads = set(parse(whole.data, RdfFormat.JSON_LD))
    assert quads == {
        *parse(TURTLE.data, RdfFormat.TURTLE),
        *parse(NQUADS.data, RdfFormat.N_QUADS),
    }


def test_of_several_documents_the_one_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Unreadable, match=r"^torn\.csv: "):
        merged([TURTLE, Document(b"nonsense", TABLE, "torn.csv")])
