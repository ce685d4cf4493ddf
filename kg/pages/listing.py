"""Lists of things: by class and kind, in pages, with counts by class and by kind."""

import csv
import heapq
import io
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg import iris
from kg.changes import Quads
from kg.errors import JSON, NotFound, Unavailable
from kg.pages.cells import Cell, Cells
from kg.pages.profiles.reading import Item, KnownDate, ProfileReader
from kg.pages.remembered import Remembered
from kg.pages.rendering import Style
from kg.query.search.listed import ORDERS, FacetCount, ListedPage, is_indexed
from kg.store.store import Contents
from kg.terms import DIP, OWL, RDF, RDFS

PAGE = 50
"""Default number of things on a page."""
MOST_FACETS = 200
"""Maximum classes and kinds with counts."""
COLUMNS = ("id", "label", "class", "class_label")

_WHO = (
    *(DIP.MADE_BY, DIP.CLAIMED_BY, DIP.PERFORMED_BY, DIP.GIVEN_BY, DIP.INVOLVES, DIP.HELD_BY),
    *(DIP.ASSESSED_BY, DIP.PUBLISHED_BY),
)
"""Properties that attribute a thing to an actor."""

OTHERS = (DIP.COMMIT.value, DIP.SUBMISSION.value)
"""Classes in the provenance graph, which ``/commits`` lists."""


@dataclass(frozen=True)
class ListRequest:
    """Request for a list: things of a class and its subclasses, of a kind, with a value of a property.

    ``after`` is the IRI before the page's first, in IRI order; in another order, ``start`` is the number of
    things before the first.
    """

    of_class: str | None = None
    kind: str | None = None
    after: str = ""
    limit: int = PAGE
    as_of: str | None = None
    predicate: str | None = None
    value: str | None = None
    order: str = "address"
    start: int = 0
    known: ListedPage | None = None
    """The things of the page and one more, from the index."""

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """The required properties and values."""
        found = [(DIP.HAS_KIND.value, self.kind)] if self.kind else []
        return [*found, (self.predicate, self.value)] if self.predicate and self.value else found

    def query(self, **changed: str | None) -> str:
        """Return the URL parameters of this request, with changes."""
        limit = None if self.limit == PAGE else str(self.limit)
        parameters = {
            "class": self.of_class,
            "kind": self.kind,
            "property": self.predicate,
            "value": self.value,
            "limit": limit,
            "as-of": self.as_of,
            "sort": None if self.order == "address" else self.order,
        }
        fields = {name: value for name, value in {**parameters, **changed}.items() if value}
        return f"?{urlencode(fields)}" if fields else ""


class Named(NamedTuple):
    """A thing, class or kind in a list."""

    iri: str
    cell: Cell


class Listed(NamedTuple):
    """A thing in a list."""

    thing: Named
    classes: tuple[Named, ...]


class ListedLine(NamedTuple):
    """A thing in the list on a page: its actor, kinds and time."""

    item: Item
    kinds: tuple[Cell, ...]
    who: tuple[Cell, ...]
    dates: tuple[KnownDate, ...]


class Facet(NamedTuple):
    """A class or kind, its number of things, and the URL parameters of their list."""

    value: Named
    number: int
    query: str
    is_more: bool = False
    """True if there are more than the number."""


class Things(NamedTuple):
    """A page of a list. The first page has facets; ``following`` are the parameters of the next page."""

    listed: list[Listed]
    classes: list[Facet]
    kinds: list[Facet]
    following: str | None


def find(list_request: ListRequest, cells: Cells) -> Things:
    """Return the things; raises NotFound if the class is not in the ontology.

    Examines every thing of the classes, unless the index has supplied those of the page.
    """
    contents = cells.contents
    is_by_address = list_request.order == "address"
    # Only the index has other orders; it may be one commit behind.
    if list_request.known is not None and (
        list_request.known.version == contents.version or not is_by_address
    ):
        return _known(list_request, list_request.known, cells)
    if not is_by_address:
        raise Unavailable("The search index, which sorts lists, is being updated; try again.")
    by_class = {name: _members_of(contents, name) for name in classes_below(contents, list_request.of_class)}
    for property_iri, value in list_request.conditions:
        having = _subjects(contents, NamedNode(property_iri), NamedNode(value))
        by_class = {name: things & having for name, things in by_class.items()}
    things: set[str] = set().union(*by_class.values())
    found = heapq.nsmallest(list_request.limit + 1, (iri for iri in things if iri > list_request.after))
    things_page = _page(list_request, cells, found)
    if list_request.after:
        return things_page
    counts = [FacetCount(name, len(each)) for name, each in by_class.items()]
    kinds = [FacetCount(name, number) for name, number in _kinds(contents, things).items()]
    return things_page._replace(
        classes=_facets(list_request, cells, "class", counts),
        kinds=_facets(list_request, cells, "kind", kinds),
    )


def _known(list_request: ListRequest, listed_page: ListedPage, cells: Cells) -> Things:
    """Return the things that the index found."""
    things_page = _page(list_request, cells, listed_page.things)
    return things_page._replace(
        classes=_facets(list_request, cells, "class", listed_page.classes),
        kinds=_facets(list_request, cells, "kind", listed_page.kinds),
    )


def _page(list_request: ListRequest, cells: Cells, candidates: Sequence[str]) -> Things:
    """Return a page without facets; one thing more than requested means that there is a next page."""
    nodes = [NamedNode(iri) for iri in candidates[: list_request.limit]]
    following = None
    if len(candidates) > list_request.limit:
        is_by_address = list_request.order == "address"
        place = (
            {"after": nodes[-1].value}
            if is_by_address
            else {"start": str(list_request.start + list_request.limit)}
        )
        following = list_request.query(**place)
    listed = [Listed(_named(cells, thing), tuple(_classes_of(cells, thing))) for thing in nodes]
    return Things(listed, [], [], following)


def page(style: Style, list_request: ListRequest, contents: Contents) -> Iterator[bytes]:
    """Yield the list as a page."""
    cells = style.cells(Remembered(contents))
    found, reader = find(list_request, cells), ProfileReader(cells)
    criteria = [
        (name, cells.cell(NamedNode(iri)), list_request.query(**{name: None}))
        for name, iri in (("class", list_request.of_class), ("kind", list_request.kind))
        if iri
    ]
    value = (
        (cells.cell(NamedNode(list_request.predicate)), reader.item(NamedNode(list_request.value)))
        if list_request.value and list_request.predicate
        else None
    )
    yield style.text(
        "listing.html",
        found=found,
        lines=[_line(reader, NamedNode(each.thing.iri)) for each in found.listed],
        chosen=criteria,
        value=value,
        orders_offered=[]
        if list_request.as_of or _is_read(list_request)
        else [(order, list_request.query(sort=order)) for order in ORDERS],
        asked=list_request,
        version=contents.version,
    ).encode()


def _is_read(list_request: ListRequest) -> bool:
    """Return True if only the store has the values of the requested property."""
    return list_request.predicate is not None and not is_indexed(list_request.predicate)


def _line(reader: ProfileReader, node: NamedNode) -> ListedLine:
    return ListedLine(
        reader.item(node),
        reader.cells(node, DIP.HAS_KIND),
        reader.cells(node, *_WHO)[:3],
        reader.known_dates(node),
    )


def as_json(style: Style, list_request: ListRequest, path: str, contents: Contents) -> Iterator[bytes]:
    """Yield the list as JSON; ``path`` is the path of the list itself."""
    found = find(list_request, style.cells(contents))
    yield _json(
        {
            "things": [_thing(each) for each in found.listed],
            "next": found.following and path + found.following,
            "facets": {
                name: [
                    {
                        **_members(facet.value),
                        "count": facet.number,
                        "isMore": facet.is_more,
                        "things": path + facet.query,
                    }
                    for facet in facets
                ]
                for name, facets in (("class", found.classes), ("kind", found.kinds))
            },
        }
    )


def as_csv(style: Style, list_request: ListRequest, contents: Contents) -> Iterator[bytes]:
    """Yield the list as CSV, a row for each class of each thing."""
    found = find(list_request, style.cells(contents))
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for thing, classes in found.listed:
        rows.writerows((thing.iri, thing.cell.text, each.iri, each.cell.text) for each in classes)
    yield text.getvalue().encode()


def classes_below(contents: Quads, class_iri: str | None) -> list[str]:
    """Return the classes of our ontology to list: a class and its subclasses, or all."""
    terms = NamedNode(iris.TERMS_GRAPH)
    below: dict[str, set[str]] = {}
    for quad in contents.quads_for_pattern(None, RDFS.SUB_CLASS_OF, None, terms):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            below.setdefault(quad.object.value, set()).add(quad.subject.value)
    class_iris = {
        quad.subject.value
        for kind in (OWL.CLASS, RDFS.CLASS)
        for quad in contents.quads_for_pattern(None, RDF.TYPE, kind, terms)
        if isinstance(quad.subject, NamedNode)
    }
    if class_iri is None:
        return sorted(class_iris - {*OTHERS})
    if class_iri not in class_iris:
        raise NotFound(
            f"{iris.compact(class_iri)} is not a class of the ontology; /terms lists the classes.",
            iri=class_iri,
        )
    found, queue = {class_iri}, [class_iri]
    while queue:
        new = below.get(queue.pop(), set()) - found
        found |= new
        queue += new
    return sorted(found)


def _members_of(contents: Quads, class_name: str) -> set[str]:
    return {iri for iri in _subjects(contents, RDF.TYPE, NamedNode(class_name)) if iri.startswith(iris.DATA)}


def _subjects(contents: Quads, predicate: NamedNode, value: NamedNode) -> set[str]:
    found = (quad.subject for quad in contents.quads_for_pattern(None, predicate, value))
    return {subject.value for subject in found if isinstance(subject, NamedNode)}


def _kinds(contents: Quads, things: Collection[str]) -> Counter[str]:
    """Count the things by kind; a thing counts once even if several graphs state its kind."""
    pairs = {
        (quad.subject.value, quad.object.value)
        for quad in contents.quads_for_pattern(None, DIP.HAS_KIND, None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    return Counter(kind for thing, kind in pairs if thing in things)


def _facets(list_request: ListRequest, cells: Cells, name: str, counts: Iterable[FacetCount]) -> list[Facet]:
    """Return facets by class or kind, most frequent first."""
    ordered = sorted(counts, key=lambda count: (-count.number, count.iri))
    return [
        Facet(_named(cells, NamedNode(iri)), number, list_request.query(**{name: iri}), is_more)
        for iri, number, is_more in ordered[:MOST_FACETS]
        if number
    ]


def _classes_of(cells: Cells, thing: NamedNode) -> Iterator[Named]:
    values = {quad.object for quad in cells.contents.quads_for_pattern(thing, RDF.TYPE, None)}
    return (_named(cells, each) for each in sorted(values, key=str) if isinstance(each, NamedNode))


def _named(cells: Cells, node: NamedNode) -> Named:
    return Named(node.value, cells.cell(node))


def _thing(listed: Listed) -> JSON:
    return {**_members(listed.thing), "classes": [_members(each) for each in listed.classes]}


def _members(thing: Named) -> dict[str, JSON]:
    return {"id": thing.iri, "label": thing.cell.text}


def _json(value: JSON) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
