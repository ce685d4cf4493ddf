"""Exact names, looked up in the graph itself while there is no index."""

import json
from collections.abc import Collection, Iterator
from functools import partial

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg import iris
from kg.query import names
from kg.query.job import ReadJob
from kg.query.search.indexed import NAMES, NameKind
from kg.query.search.resolving import MOST_LISTED, Resolution
from kg.query.search.search import Hit
from kg.store.engine_protocols import Dataset
from kg.store.store import Contents

_NAMING = "|".join(str(each) for each, kind in NAMES.items() if kind < NameKind.QUOTED)
_BEARING = """SELECT DISTINCT ?thing WHERE {
  ?thing %s ?name FILTER (LCASE(STR(?name)) = LCASE(%s) && isIRI(?thing)) %s
} ORDER BY ?thing LIMIT %d"""


def job(name: str, classes: Collection[str], language: str) -> ReadJob:
    """Return the job that finds the things of some classes, or all, that have exactly a name."""
    return ReadJob("application/json", partial(_write, name, tuple(classes), language))


def resolution(name: str, document: bytes) -> Resolution:
    """Parse the result of the job."""
    hits = tuple(
        Hit(iri, label, lang, "", "", "", None, 0, "exact", "label", 100.0)
        for iri, label, lang in json.loads(document)
    )
    return Resolution(name, hits[0].iri if len(hits) == 1 else None, hits)


def _write(name: str, classes: tuple[str, ...], language: str, contents: Contents) -> Iterator[bytes]:
    things = _found(name, classes, contents)
    labels = [names.name_of(contents, thing, language) or Literal(name) for thing in things]
    found = [
        (thing.value, label.value, label.language or "") for thing, label in zip(things, labels, strict=True)
    ]
    yield json.dumps(found).encode()


def _found(name: str, classes: tuple[str, ...], contents: Contents) -> list[NamedNode]:
    """Return the thing whose IRI ends in a name, or the things with it as label or alternative name."""
    if iris.slug(name) == name:
        thing = NamedNode(iris.DATA + name)
        if next(contents.quads_for_pattern(thing, None, None), None) is not None:
            return [thing]
    of_class = (
        f"?thing a/<http://www.w3.org/2000/01/rdf-schema#subClassOf>* ?class "
        f"VALUES ?class {{ {' '.join(f'<{each}>' for each in classes)} }}"
        if classes
        else ""
    )
    query = _BEARING % (_NAMING, Literal(name), of_class, MOST_LISTED)
    rows = contents.query(query, prefixes={}, dataset=Dataset(), bindings={})
    assert isinstance(rows, QuerySolutions)
    return [row["thing"] for row in rows if isinstance(row["thing"], NamedNode)]
