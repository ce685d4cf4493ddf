"""RDF version of the graph: 1.1, without the triple terms and base directions of RDF 1.2.

A query may construct both; facts that hold either are rejected with one message, on every route.
"""

from collections.abc import Iterable

from pyoxigraph import Literal, Quad, Triple

from kg.errors import BadInput

NOT_HELD = (
    "triples about triples and base directions of texts are RDF 1.2, which this graph does not support; "
    "describe a dip:Report, and leave the direction out",
    "las tripletas sobre tripletas y las direcciones de base de los textos son de RDF 1.2, que este grafo no"
    " contiene; describa un dip:Report, y quite la dirección",
)
"""The sentence in English and Spanish."""


def is_newer(node: object) -> bool:
    """Return whether a term needs RDF 1.2.

    >>> is_newer(Literal("a", language="ar")), is_newer(Literal("a", language="ar", direction="rtl"))
    (False, True)
    """
    return isinstance(node, Triple) or (isinstance(node, Literal) and node.direction is not None)


def refusal() -> BadInput:
    """Return the error for an RDF 1.2 term."""
    english, spanish = (f"{message[0].upper()}{message[1:]}." for message in NOT_HELD)
    return BadInput(english, sentence={"en": english, "es": spanish})


def check_version(quads: Iterable[Quad]) -> None:
    """Raise BadInput if a quad holds an RDF 1.2 term."""
    if any(is_newer(quad.subject) or is_newer(quad.object) for quad in quads):
        raise refusal()
