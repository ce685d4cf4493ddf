"""Namespaces and construction of IRIs: the only module that knows the base IRI."""

import re
import unicodedata
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.errors import BadInput

BASE = "https://w3id.org/regional-diplomacy/"
TERMS = BASE + "terms#"
DATA = BASE + "id/"
KINDS = BASE + "kinds/"
SHAPES = BASE + "shapes#"
NANOPUBLICATIONS = BASE + "np/"

TERMS_GRAPH = BASE + "terms"
KINDS_GRAPH = BASE + "kinds"
SHAPES_GRAPH = BASE + "shapes"
ALIGNMENTS_GRAPH = BASE + "alignments"
PROVENANCE_GRAPH = BASE + "provenance"
EMPTY_GRAPHS = BASE + "graphs"
"""The graph with a note for each empty graph."""
OWN_DEFAULT_GRAPH = EMPTY_GRAPHS + "?default"
"""IRI that stands for the store's unnamed default graph in reports."""

RELEASED_GRAPHS = (TERMS_GRAPH, KINDS_GRAPH, SHAPES_GRAPH, ALIGNMENTS_GRAPH)
"""Graphs that change only with a release of the software."""

PREFIXES = {
    "dip": TERMS,
    "dipid": DATA,
    "dipk": KINDS,
    "dipsh": SHAPES,
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})++")
_IN_IRIS = re.compile(
    r"[A-Za-z0-9._~\u00a0-\u200d\u2010-\u2029\u202f-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000dffff-]"
)
"""Characters that are not percent-encoded in an IRI: unreserved ones, except bidirectional controls."""


def slug(text: str) -> str:
    """Return the readable local name of a data IRI for a label.

    >>> slug("Nicolás Maduro")
    'nicolas-maduro'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def submission_graph(content_hash: str) -> str:
    """Return the graph name for a submission that has none, from its RDFC-1.0 hash (hex)."""
    return f"{DATA}graph-{content_hash[:32]}"


def compact(iri: str) -> str:
    """Return an IRI with one of our prefixes, or in angle brackets.

    >>> compact("https://w3id.org/regional-diplomacy/id/gustavo-petro")
    'dipid:gustavo-petro'
    """
    for prefix, namespace in PREFIXES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)", local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def as_uri(iri: str) -> str:
    """Return an IRI as a URI, which an HTTP header can carry (RFC 3987, section 3.1).

    >>> as_uri("https://example.org/año#a")
    'https://example.org/a%C3%B1o#a'
    """
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%~")


def from_uri(uri: str) -> str:
    """Return the IRI for a URI (RFC 3987, section 3.2).

    Characters allowed in IRIs are decoded. Other characters stay encoded, and so do reserved ones, because
    ``%2F`` is not ``/`` (RFC 3986, section 2.2).

    >>> from_uri("/a%C3%B1o/%61%2fb%20c")
    '/año/a%2Fb%20c'
    """
    return _ENCODED.sub(lambda match: _decoded(match[0]), uri)


def _decoded(escapes: str) -> str:
    """Decode the letters among percent-encoded bytes; other encodings are written in capitals."""
    try:
        letters = bytes.fromhex(escapes.replace("%", "")).decode()
    except UnicodeDecodeError:
        return escapes.upper()
    return "".join(letter if _IN_IRIS.match(letter) else quote(letter, safe="") for letter in letters)


def expand(text: str) -> str:
    """Return the full IRI for one in full, in brackets, with one of our prefixes, or for a bare slug.

    Raises ValueError, with a sentence for the user, for any other text.

    >>> expand("dip:Gesture")
    'https://w3id.org/regional-diplomacy/terms#Gesture'
    >>> expand("gustavo-petro")
    'https://w3id.org/regional-diplomacy/id/gustavo-petro'
    """
    bare = text.removeprefix("<").removesuffix(">") if text.startswith("<") else text
    prefix, colon, local = bare.partition(":")
    if not colon and re.fullmatch(r"[a-z0-9][a-z0-9-]*", bare):
        return DATA + bare
    if bare == text and colon and prefix in PREFIXES:
        bare = PREFIXES[prefix] + local
    elif not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|urn:", bare):
        prefixes = ", ".join(PREFIXES)
        raise ValueError(f"{text!r} is not an IRI: write it in full, or with one of the prefixes {prefixes}")
    if re.search(r'[\x00-\x20<>"{}|^`\\]', bare):
        raise ValueError(f"{text!r} contains a character that is not allowed in an IRI")
    return bare


def read_iri(text: str) -> NamedNode:
    """Return the IRI for text as in ``expand``; raises BadInput.

    >>> read_iri("dip:Gesture").value
    'https://w3id.org/regional-diplomacy/terms#Gesture'
    """
    try:
        return NamedNode(expand(text))
    except ValueError as error:
        raise BadInput(f"{error}.") from None


def graph_named(iri: str) -> NamedNode:
    """Return the name of a graph; raises BadInput unless it is an absolute IRI.

    >>> graph_named("graph-1")
    Traceback (most recent call last):
    kg.errors.BadInput: A graph is named by an absolute IRI, not by 'graph-1'.
    """
    try:
        return NamedNode(iri)
    except ValueError:
        raise BadInput(f"The name of a graph must be an absolute IRI, not {iri!r}.") from None
