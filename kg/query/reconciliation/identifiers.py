"""Identifiers of things, types and properties in the reconciliation API.

An identifier is an IRI without the space that the manifest names: for things the identifier space, which is
the base of our IRIs, for types and properties the schema space, which is that of our terms. Other IRIs keep a
prefix, or stay whole.
"""

from kg import iris
from kg.errors import BadInput
from kg.query.search.search import read_class

LONGEST = 1000
"""Maximum characters of an identifier."""
_SPACES = tuple(each.removeprefix(iris.BASE) for each in (iris.DATA, iris.KINDS, iris.TERMS))


def of_thing(iri: str) -> str:
    """Return the identifier of a thing.

    >>> of_thing(iris.DATA + "gustavo-petro")
    'id/gustavo-petro'
    """
    return iri.removeprefix(iris.BASE)


def read_thing(text: str) -> str:
    """Return the IRI of a thing from its identifier, or from an IRI as people write it; raises BadInput.

    >>> read_thing("id/gustavo-petro") == read_thing("dipid:gustavo-petro") == iris.DATA + "gustavo-petro"
    True
    """
    if len(text) > LONGEST:
        raise BadInput(f"An identifier has at most {LONGEST} characters.")
    return iris.read_iri(iris.BASE + text if text.startswith(_SPACES) else text).value


def is_of_thing(text: str) -> bool:
    """Return whether a text is an identifier of a thing as ``of_thing`` writes it."""
    return text.startswith(_SPACES) and len(text) <= LONGEST and not any(map(str.isspace, text))


def of_term(iri: str) -> str:
    """Return the identifier of a type or a property.

    >>> of_term(iris.expand("dip:Person")), of_term(iris.expand("rdfs:label"))
    ('Person', 'rdfs:label')
    """
    local = iri.removeprefix(iris.TERMS)
    return local if local != iri else iris.compact(iri).strip("<>")


def read_term(text: str) -> str:
    """Return the IRI of a type or property from its identifier, or as people write it; raises BadInput."""
    if len(text) > LONGEST:
        raise BadInput(f"An identifier has at most {LONGEST} characters.")
    return read_class(text)
