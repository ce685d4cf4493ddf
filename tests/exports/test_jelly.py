"""Jelly, read back by its own library."""

import io
import sys

import pytest
from hypothesis import given
from pyjelly.integrations.generic import generic_sink, parse
from pyoxigraph import Quad, RdfFormat
from pyoxigraph import parse as parse_rdf

from kg.errors import NotAcceptable
from tests.exports.conftest import Exported
from tests.exports.test_rdf import canonical, datasets, generated, store_of, written


def read(data: bytes) -> list[Quad]:
    """Read a stream by way of N-Quads, as the library writes its terms."""
    lines = []
    for quad in parse.parse_jelly_flat(io.BytesIO(data)):
        terms = [quad.s, quad.p, quad.o] + ([] if quad.g == generic_sink.DefaultGraph else [quad.g])
        lines.append(" ".join(map(spelt, terms)) + " .\n")
    return [*parse_rdf("".join(lines), RdfFormat.N_QUADS)]


def spelt(term: object) -> str:
    if isinstance(term, generic_sink.IRI):
        return f"<{term._iri}>"
    if isinstance(term, generic_sink.BlankNode):
        return f"_:{term._identifier}"
    assert isinstance(term, generic_sink.Literal)
    text = "".join(f"\\U{ord(letter):08X}" for letter in term._lex)
    suffix = f"@{term._langtag}" if term._langtag else f"^^<{term._datatype}>" if term._datatype else ""
    return f'"{text}"{suffix}'


@generated
@given(datasets.filter(bool))
def test_a_dataset_written_as_jelly_and_read_again_is_the_same_dataset(dataset: list[Quad]) -> None:
    store = store_of(*dataset)
    assert canonical(read(written(store, "jelly"))) == canonical(list(store))


def test_the_stream_says_version_and_licence(exported: Exported) -> None:
    data = exported("jelly")
    assert b"version: v1" in data
    assert b"creativecommons.org/licenses/by/4.0" in data
    assert len(data) < len(exported("nquads")) / 2


def test_without_the_extra_the_refusal_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyjelly", None)
    with pytest.raises(NotAcceptable, match=r"regional-diplomacy\[jelly\]"):
        written(store_of(), "jelly")
