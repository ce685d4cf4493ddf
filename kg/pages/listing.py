"""Lists of things: by class and kind, in pages, with the numbers of things by class and by kind."""

import csv
import heapq
import io
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg import iris
from kg.changes import Quads
from kg.errors import JSON, NotFound
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style
from kg.query.search.listed import ListedPage
from kg.store.store import Contents
from kg.terms import DIP, OWL, RDF, RDFS

PAGE = 50
"""Things that are listed at once, where no other number is asked for."""
MOST_FACETS = 200
"""Classes and kinds of which the things are counted."""
COLUMNS = ("id", "label", "class", "class_label")

OTHERS = (DIP.COMMIT.value, DIP.SUBMISSION.value)
"""Classes of what the provenance graph tells, which ``/commits`` lists."""


@dataclass(frozen=True)
class ListRequest:
    """The things asked for: of a class and its subclasses, of a kind, after an IRI in their order."""

    of_class: str | None = None
    kind: str | None = None
    after: str = ""
    limit: int = PAGE
    as_of: str | None = None
    known: ListedPage | None = None
    """The things of the page and the one after it, as the index has them; only for what is no first page."""

    def query(self, **changed: str | None) -> str:
        """Return the parameters of an address that asks for the same but for what is changed."""
        limit = None if self.limit == PAGE else str(self.limit)
        asked = {"class": self.of_class, "kind": self.kind, "limit": limit, "as-of": self.as_of}
        given = {name: value for name, value in {**asked, **changed}.items() if value}
        return f"?{urlencode(given)}" if given else ""


class Named(NamedTuple):
    """A thing, a class or a kind, as a list shows it."""

    iri: str
    cell: Cell


class Listed(NamedTuple):
    """A thing in a list."""

    thing: Named
    classes: tuple[Named, ...]


class Facet(NamedTuple):
    """A class or a kind, the number of the things that have it, and the parameters that list them."""

    value: Named
    number: int
    query: str


class Things(NamedTuple):
    """A page of a list. On the first page there are facets; ``following`` asks for the next page."""

    listed: list[Listed]
    classes: list[Facet]
    kinds: list[Facet]
    following: str | None


def find(asked: ListRequest, cells: Cells) -> Things:
    """Find the things; raises NotFound for a class that is no class of the ontology.

    It looks at every thing of the classes, unless the index has told those of the page.
    """
    contents = cells.contents
    if asked.known is not None and asked.known.version == contents.version:
        return _page(asked, cells, asked.known.things)
    by_class = {name: _members_of(contents, name) for name in classes_below(contents, asked.of_class)}
    if asked.kind:
        of_kind = _subjects(contents, DIP.HAS_KIND, NamedNode(asked.kind))
        by_class = {name: things & of_kind for name, things in by_class.items()}
    things: set[str] = set().union(*by_class.values())
    found = heapq.nsmallest(asked.limit + 1, (iri for iri in things if iri > asked.after))
    shown = _page(asked, cells, found)
    if asked.after:
        return shown
    return shown._replace(
        classes=_facets(asked, cells, "class", {name: len(each) for name, each in by_class.items()}),
        kinds=_facets(asked, cells, "kind", _kinds(contents, things)),
    )


def _page(asked: ListRequest, cells: Cells, found: Sequence[str]) -> Things:
    """Show things without facets; one more than are asked for tells that there is a next page."""
    shown = [NamedNode(iri) for iri in found[: asked.limit]]
    following = asked.query(after=shown[-1].value) if len(found) > asked.limit else None
    listed = [Listed(_named(cells, thing), tuple(_classes_of(cells, thing))) for thing in shown]
    return Things(listed, [], [], following)


def page(style: Style, asked: ListRequest, contents: Contents) -> Iterator[bytes]:
    """Show the list as a page."""
    cells = style.cells(contents)
    chosen = [cells.cell(NamedNode(iri)) for iri in (asked.of_class, asked.kind) if iri]
    yield style.text("listing.html", found=find(asked, cells), chosen=chosen, asked=asked).encode()


def as_json(style: Style, asked: ListRequest, path: str, contents: Contents) -> Iterator[bytes]:
    """Write the list as JSON; ``path`` is that of the list itself."""
    found = find(asked, style.cells(contents))
    yield _json(
        {
            "things": [_thing(each) for each in found.listed],
            "next": found.following and path + found.following,
            "facets": {
                name: [
                    {**_members(facet.value), "count": facet.number, "things": path + facet.query}
                    for facet in facets
                ]
                for name, facets in (("class", found.classes), ("kind", found.kinds))
            },
        }
    )


def as_csv(style: Style, asked: ListRequest, contents: Contents) -> Iterator[bytes]:
    """Write the list as CSV, a row for each class of each thing."""
    found = find(asked, style.cells(contents))
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for thing, classes in found.listed:
        rows.writerows((thing.iri, thing.cell.text, each.iri, each.cell.text) for each in classes)
    yield text.getvalue().encode()


def classes_below(contents: Quads, wanted: str | None) -> list[str]:
    """Return the classes of our ontology that are listed: a class and those below it, or all."""
    terms = NamedNode(iris.TERMS_GRAPH)
    below: dict[str, set[str]] = {}
    for quad in contents.quads_for_pattern(None, RDFS.SUB_CLASS_OF, None, terms):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            below.setdefault(quad.object.value, set()).add(quad.subject.value)
    known = {
        quad.subject.value
        for kind in (OWL.CLASS, RDFS.CLASS)
        for quad in contents.quads_for_pattern(None, RDF.TYPE, kind, terms)
        if isinstance(quad.subject, NamedNode)
    }
    if wanted is None:
        return sorted(known - {*OTHERS})
    if wanted not in known:
        raise NotFound(f"{iris.compact(wanted)} is no class of the ontology; /terms lists them.", iri=wanted)
    found, left = {wanted}, [wanted]
    while left:
        new = below.get(left.pop(), set()) - found
        found |= new
        left += new
    return sorted(found)


def _members_of(contents: Quads, class_name: str) -> set[str]:
    return {iri for iri in _subjects(contents, RDF.TYPE, NamedNode(class_name)) if iri.startswith(iris.DATA)}


def _subjects(contents: Quads, predicate: NamedNode, value: NamedNode) -> set[str]:
    found = (quad.subject for quad in contents.quads_for_pattern(None, predicate, value))
    return {subject.value for subject in found if isinstance(subject, NamedNode)}


def _kinds(contents: Quads, things: Collection[str]) -> Counter[str]:
    """Count the things by kind; a thing counts once where several graphs give its kind."""
    pairs = {
        (quad.subject.value, quad.object.value)
        for quad in contents.quads_for_pattern(None, DIP.HAS_KIND, None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    return Counter(kind for thing, kind in pairs if thing in things)


def _facets(asked: ListRequest, cells: Cells, name: str, counts: Mapping[str, int]) -> list[Facet]:
    """Arrange counts by class or by kind, most first."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        Facet(_named(cells, NamedNode(iri)), number, asked.query(**{name: iri}))
        for iri, number in ordered[:MOST_FACETS]
        if number
    ]


def _classes_of(cells: Cells, thing: NamedNode) -> Iterator[Named]:
    values = {quad.object for quad in cells.contents.quads_for_pattern(thing, RDF.TYPE, None)}
    return (_named(cells, each) for each in sorted(values, key=str) if isinstance(each, NamedNode))


def _named(cells: Cells, node: NamedNode) -> Named:
    return Named(node.value, cells.cell(node))


def _thing(listed: Listed) -> JSON:
    return {**_members(listed.thing), "classes": [_members(each) for each in listed.classes]}


def _members(named: Named) -> dict[str, JSON]:
    return {"id": named.iri, "label": named.cell.text}


def _json(value: JSON) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
