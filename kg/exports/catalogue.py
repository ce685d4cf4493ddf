"""The catalogue of export formats. The command line, HTTP, OpenAPI, VoID and the README read it.

To add a format, write one module and add one line here. The module holds one function (``export.Writer``):

    def write(store: Quads, graphs: Sequence[GraphName]) -> Iterator[bytes]

It yields the document in chunks, raises NotAcceptable before the first if the format cannot carry a term,
and writes in a fixed order, so that the same graphs give the same bytes. ``kg.exports.traversal`` yields the
quads in order; ``kg.exports.chunks`` makes chunks of pieces of text, or of a file that a function writes.
The module is imported when the format is first written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.formats import RDF_FORMATS, Format, RDFFormat


@dataclass(frozen=True, eq=False)
class ExportFormat(Format):
    """A format that graphs are exported in: ``writer`` names the module that writes it.

    ``rdf`` is the format of RDF that it is; None for a format that this program cannot read back.
    """

    writer: str
    rdf: RDFFormat | None = None

    @property
    def is_readable(self) -> bool:
        """True if facts can be read from an export in this format."""
        return self.rdf is not None

    @property
    def holds_graphs(self) -> bool:
        """True if an export keeps the graphs apart; otherwise it is their union."""
        return self.rdf is not None and self.rdf.holds_graphs


def _rdf(name: str, writer: str) -> ExportFormat:
    known = RDF_FORMATS[name]
    return ExportFormat(
        known.name,
        known.media_types,
        known.suffixes,
        writer,
        known,
        names=known.names,
        sent_as=known.sent_as,
    )


EXPORT_FORMATS: Mapping[str, ExportFormat] = {
    known.name: known
    for known in (
        _rdf("trig", "kg.exports.trig"),
        _rdf("turtle", "kg.exports.turtle"),
        _rdf("nquads", "kg.exports.nquads"),
        _rdf("ntriples", "kg.exports.ntriples"),
        _rdf("jsonld", "kg.exports.jsonld"),
        _rdf("rdfxml", "kg.exports.rdfxml"),
    )
}
"""The export formats by name. The first is the default, and is sent to a client without a preference."""

DEFAULT = next(iter(EXPORT_FORMATS.values()))
