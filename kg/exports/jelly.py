"""Jelly writer: a binary stream of quads (https://jelly-rdf.github.io/); requires the extra ``jelly``.

The name of the stream contains version, licence and citation.
"""

from collections.abc import Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode

from kg.changes import GraphName, Object
from kg.errors import NotAcceptable
from kg.exports import chunks, traversal
from kg.exports.extract import Extract
from kg.terms import XSD


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks; raises NotAcceptable if the extra is not installed."""
    try:
        from pyjelly import jelly, options
        from pyjelly.integrations.generic import generic_sink, serialize
        from pyjelly.serialize import streams
    except ModuleNotFoundError:
        raise NotAcceptable(
            "Jelly needs an optional extra; install 'regional-diplomacy[jelly]', or ask for nquads."
        ) from None
    about = "; ".join(extract.edition.lines()) if extract.edition else ""
    settings = streams.SerializerOptions(
        logical_type=jelly.LOGICAL_STREAM_TYPE_FLAT_QUADS,
        params=options.StreamParameters(generalized_statements=False, rdf_star=False, stream_name=about),
    )
    encoder = serialize.GenericSinkTermEncoder(lookup_preset=settings.lookup_preset)
    stream = streams.QuadStream(encoder=encoder, options=settings)

    def term(node: Object | GraphName) -> object:
        if isinstance(node, NamedNode):
            return generic_sink.IRI(node.value)
        if isinstance(node, BlankNode):
            return generic_sink.BlankNode(node.value)
        if isinstance(node, DefaultGraph):
            return generic_sink.DefaultGraph
        assert isinstance(node, Literal), "plain RDF has no other terms"
        is_plain = node.language or node.datatype == XSD.STRING
        return generic_sink.Literal(node.value, node.language, None if is_plain else node.datatype.value)

    quads = (
        generic_sink.Quad(*map(term, quad))
        for group in traversal.each(extract.quads, extract.graphs)
        for quad in group
    )
    frames = serialize.stream_frames(stream, quads)
    return chunks.regather(_delimited(frame.SerializeToString(deterministic=True)) for frame in frames)


def _delimited(frame: bytes) -> bytes:
    """Return a frame with its length in front, as a Protocol Buffers varint: 7 bits a byte, lowest first."""
    length, rest = bytearray(), len(frame)
    while rest > 0x7F:
        length.append(rest & 0x7F | 0x80)
        rest >>= 7
    length.append(rest)
    return bytes(length) + frame
