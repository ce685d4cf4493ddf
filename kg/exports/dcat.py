"""DCAT 3 writer: describes the version in Turtle, for data catalogues.

A file has no server, so it names each distribution without a download URL; a server describes its own
downloads at ``/.well-known/void``.
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg import iris, turtle
from kg.changes import Object
from kg.exports import chunks, edition, source_terms
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.edition import AUTHOR, DESCRIPTION, LICENCE, TITLE, Edition
from kg.exports.extract import Extract
from kg.terms import DCTERMS, RDF, XSD

DCAT = "http://www.w3.org/ns/dcat#"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = NamedNode("http://publications.europa.eu/resource/authority/language/ENG")
_DESCRIPTION, _LANGUAGES, _MODIFIED, _PUBLISHER = (
    NamedNode(iris.PREFIXES["dcterms"] + name)
    for name in ("description", "language", "modified", "publisher")
)


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    blocks = ("\n" + turtle.block(block) for block in _blocks(extract))
    return chunks.gather([edition.comments(extract.edition), turtle.HEADER, *blocks])


def _blocks(extract: Extract) -> Iterator[list[Quad]]:
    """Yield the quads of the document, subject by subject."""
    edition = extract.edition or Edition(0, "")
    dataset = NamedNode(f"{iris.BASE}data-set/{edition.name}")
    distributions = {
        NamedNode(f"{dataset.value}/{name}"): export_format for name, export_format in EXPORT_FORMATS.items()
    }
    terms = [*source_terms.of(extract)]
    yield _of(
        dataset,
        (RDF.TYPE, NamedNode(DCAT + "Dataset")),
        (DCTERMS.TITLE, Literal(TITLE, language="en")),
        (_DESCRIPTION, Literal(f"{DESCRIPTION} Holds {edition.selection or 'all facts'}.", language="en")),
        (_LANGUAGES, _LANGUAGE),
        (DCTERMS.LICENSE, NamedNode(LICENCE)),
        (_PUBLISHER, NamedNode(f"{dataset.value}/maintainers")),
        (DCTERMS.BIBLIOGRAPHIC_CITATION, Literal(edition.citation)),
        (NamedNode(DCAT + "version"), Literal(edition.name)),
        (NamedNode(DCAT + "landingPage"), NamedNode(iris.BASE)),
        *(((_MODIFIED, Literal(edition.time, datatype=XSD.DATE_TIME)),) if edition.time else ()),
        *((NamedNode(DCAT + "distribution"), node) for node in distributions),
        *((DCTERMS.SOURCE, NamedNode(each.source)) for each in terms),
    )
    agent = NamedNode("http://xmlns.com/foaf/0.1/Agent")
    name = NamedNode("http://xmlns.com/foaf/0.1/name")
    yield _of(NamedNode(f"{dataset.value}/maintainers"), (RDF.TYPE, agent), (name, Literal(AUTHOR)))
    for node, export_format in distributions.items():
        yield _of(
            node,
            (RDF.TYPE, NamedNode(DCAT + "Distribution")),
            (DCTERMS.TITLE, Literal(f"kg export --format {export_format.name}", language="en")),
            (_DESCRIPTION, Literal(export_format.about, language="en")),
            (DCTERMS.LICENSE, NamedNode(LICENCE)),
            (NamedNode(DCAT + "accessURL"), NamedNode(iris.BASE)),
            (NamedNode(DCAT + "mediaType"), NamedNode(MEDIA_TYPES + export_format.media_type)),
        )
    for each in terms:
        source = NamedNode(each.source)
        yield _of(source, (DCTERMS.TITLE, Literal(each.title)), (DCTERMS.RIGHTS, Literal(each.terms)))


def _of(node: NamedNode, *pairs: tuple[NamedNode, Object]) -> list[Quad]:
    return [Quad(node, *pair) for pair in pairs]
