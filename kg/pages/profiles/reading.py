"""Readings that the pages share: things with their badges, dates, claims; long lists within bounds."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions

from kg.changes import Object, Subject
from kg.iris import PREFIXES
from kg.pages import layers
from kg.pages.cells import Cell, Cells
from kg.pages.stories.sayings import Saying, SayingReader
from kg.store.engine_protocols import Dataset
from kg.terms import DIP, DIPK, RDF, RDFS

T = TypeVar("T")

SECTION = 50
"""Entries of a section that one page shows."""
MOST = 2000
"""Records that are looked at to fill a section, and counted."""
LONGEST = 600
"""Characters of a text in a list; the page of the thing has all of it."""
LONGEST_NAME = 200
"""Characters of a name, except in the heading of its own page."""
_WORDS = frozenset((DIP.PASSAGE, DIP.INSCRIPTION))
_SOME_DENIALS = 3
_SOME_REPORTS = 20


@dataclass(frozen=True)
class Portion(Generic[T]):
    """Some of many: those shown, how many there are at least, and if there may be more than were counted."""

    shown: tuple[T, ...]
    number: int
    is_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.is_more or self.number > len(self.shown)


@dataclass(frozen=True)
class Item:
    """A thing by its name, with the sign of its badge.

    ``is_words`` if the name is words of a text, ``is_claimed`` if it tells what is claimed.
    """

    cell: Cell
    sign: str
    is_words: bool = False
    is_claimed: bool = False


@dataclass(frozen=True)
class KnownDate:
    """All that a time span says of a date; texts of dates are as XML Schema writes them."""

    written: tuple[Cell, ...]
    date: str | None
    earliest: str | None
    latest: str | None
    basis: Cell | None
    is_inferred: bool
    notes: tuple[Cell, ...]

    @property
    def bounds(self) -> tuple[str | None, str | None]:
        """The first and the last day, where they say more than the date."""
        if self.earliest == self.latest == self.date:
            return None, None
        return self.earliest, self.latest


@dataclass(frozen=True)
class ClaimLine:
    """A claim: its words, whose it is, who denies it and by which statement."""

    claim: Cell
    contents: tuple[Cell, ...]
    claimants: tuple[Cell, ...]
    denials: Portion[tuple[tuple[Cell, ...], Cell]]


class ProfileReader(SayingReader):
    """Reads what the page of one thing shows."""

    def __init__(self, cells: Cells) -> None:
        super().__init__(cells)
        self.all_cells = cells
        self.cell = self._named

    def _named(self, node: Subject | Object) -> Cell:
        """Show a term; a thing by its name, cut if that is long."""
        cell = self.all_cells.cell(node)
        return shortened(cell, LONGEST_NAME) if isinstance(node, NamedNode) else cell

    def item(self, node: NamedNode) -> Item:
        """Show a thing by its name, with its badge."""
        is_words = not _WORDS.isdisjoint(self.nodes.nodes(node, RDF.TYPE))
        sign = layers.sign_of(self.all_cells, node)
        return Item(self.cell(node), sign, is_words, self.is_claimed(node))

    def is_claimed(self, node: NamedNode, depth: int = 2) -> bool:
        """Tell if a thing is a claim, the status of one, or a report of such: its name tells a claim."""
        if DIP.CLAIM in self.nodes.nodes(node, RDF.TYPE):
            return True
        of = self.nodes.nodes(node, DIP.APPLIES_TO, DIP.REPORTS)[:_SOME_REPORTS] if depth else ()
        return any(self.is_claimed(each, depth - 1) for each in of)

    def items(self, node: NamedNode, *predicates: NamedNode) -> tuple[Item, ...]:
        """Show the things that a node points at."""
        return tuple(map(self.item, self.nodes.nodes(node, *predicates)))

    def pointing(self, node: NamedNode, *predicates: NamedNode, most: int = SECTION) -> Portion[Item]:
        """Show the things that point at a node, of many some."""
        found = self.pointing_nodes(node, *predicates, most=most)
        return Portion(tuple(map(self.item, found.shown)), found.number, found.is_more)

    def pointing_nodes(
        self, node: NamedNode, *predicates: NamedNode, most: int = SECTION
    ) -> Portion[NamedNode]:
        """Return the things that point at a node; of very many those that the store has first."""
        found: dict[NamedNode, None] = {}
        for predicate in predicates:
            quads = self._contents.quads_for_pattern(None, predicate, node)
            found |= dict.fromkeys(_named(quad.subject for quad in islice(quads, MOST)))
        return Portion(some_of(found, most), len(found), len(found) >= MOST)

    def known_dates(self, node: NamedNode, *predicates: NamedNode) -> tuple[KnownDate, ...]:
        """Return what is known of the dates of a node."""
        return tuple(map(self._known_date, self.nodes.nodes(node, *(predicates or (DIP.OCCURS_AT,)))))

    def claim(self, claim: NamedNode) -> ClaimLine:
        """Return what a list says of a claim."""
        denials = self.pointing_nodes(claim, DIP.DENIES, most=_SOME_DENIALS)
        return ClaimLine(
            self.cell(claim),
            tuple(shortened(text) for text in self.texts(claim, DIP.CONTENT)),
            self.cells(claim, DIP.CLAIMED_BY),
            Portion(
                tuple((self.cells(each, DIP.MADE_BY), self.cell(each)) for each in denials.shown),
                denials.number,
                denials.is_more,
            ),
        )

    def sayings(self, node: NamedNode) -> tuple[Saying, ...]:
        """Return who reports a node, in whatever graph, each hedge of an outlet once; of many the first."""
        quads = self._contents.quads_for_pattern(None, DIP.REPORTS, node)
        reports = dict.fromkeys(_named(quad.subject for quad in islice(quads, _SOME_REPORTS)))
        found = {
            (saying.outlets or saying.source, saying.hedge): saying for saying in map(self.saying, reports)
        }
        return tuple(found.values())

    def classes(self, node: NamedNode) -> set[NamedNode]:
        """Return the classes of a node and those above them."""
        found = list(self.nodes.nodes(node, RDF.TYPE))
        for each in found:  # grows while it is gone through
            found += [above for above in self.nodes.nodes(each, RDFS.SUB_CLASS_OF) if above not in found]
        return set(found)

    def select(self, query: str) -> Iterator[QuerySolution]:
        """Yield the solutions of a query with our prefixes."""
        solutions = self._contents.query(query, prefixes=PREFIXES, dataset=Dataset(), bindings={})
        assert isinstance(solutions, QuerySolutions)
        yield from solutions

    def select_nodes(self, query: str) -> list[NamedNode]:
        """Return the things in the first column of the answer to a query, each once, as they come."""
        return list(dict.fromkeys(_named(solution[0] for solution in self.select(query))))

    def _known_date(self, span: NamedNode) -> KnownDate:
        text = self.nodes.text
        return KnownDate(
            self.texts(span, DIP.DATE_AS_WRITTEN),
            text(span, DIP.DATE),
            text(span, DIP.EARLIEST),
            text(span, DIP.LATEST),
            next(iter(self.cells(span, DIP.DATE_BASIS)), None),
            self.nodes.has(span, DIP.DATE_BASIS, DIPK.INFERRED),
            self.texts(span, DIP.INFERENCE_NOTE),
        )


def some_of(found: Collection[NamedNode], most: int) -> tuple[NamedNode, ...]:
    """Return the first of some things, in the order of their IRIs."""
    return tuple(sorted(islice(found, most), key=str))


def values(nodes: Iterable[NamedNode]) -> str:
    """Write nodes as the values of VALUES."""
    return " ".join(map(str, nodes))


def shortened(text: Cell, longest: int = LONGEST) -> Cell:
    """Return a text, cut at the end of a word if it is too long for a list."""
    if len(text.text) <= longest:
        return text
    cut = text.text[:longest].rpartition(" ")[0] or text.text[:longest]
    return Cell(f"{cut} …", text.link, text.language, text.iri, text.note)


def first(found: Sequence[T], number: int = SECTION) -> Portion[T]:
    """Show the first of some."""
    return Portion(tuple(found[:number]), len(found))


def text_of(value: Object | None) -> str | None:
    """Return the text of a literal in a solution."""
    return value.value if isinstance(value, Literal) else None


def _named(found: Iterable[Subject | Object | None]) -> Iterator[NamedNode]:
    return (each for each in found if isinstance(each, NamedNode))
