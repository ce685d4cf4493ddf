"""Look-ups that profiles share: things with badges, dates, claims; long lists are bounded."""

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
"""Maximum entries of a section on one page."""
MOST = 2000
"""Maximum records examined and counted for a section."""
LONGEST = 600
"""Maximum characters of a text in a list; the thing's own page has all of it."""
LONGEST_NAME = 200
"""Maximum characters of a name, except in the heading of its own page."""
_WORDS = frozenset((DIP.PASSAGE, DIP.INSCRIPTION))
_SOME_DENIALS = 3
_SOME_REPORTS = 20


@dataclass(frozen=True)
class Portion(Generic[T]):
    """Part of a list: the shown items, their known number, and whether there may be more."""

    shown: tuple[T, ...]
    number: int
    is_more: bool = False

    def __bool__(self) -> bool:
        return bool(self.shown)

    @property
    def is_cut(self) -> bool:
        """True if there are more than the shown ones."""
        return self.is_more or self.number > len(self.shown)


@dataclass(frozen=True)
class Item:
    """A thing by its name, with its badge.

    ``is_words`` if the name quotes a text, ``is_claimed`` if it states a claim.
    """

    cell: Cell
    sign: str
    is_words: bool = False
    is_claimed: bool = False


@dataclass(frozen=True)
class KnownDate:
    """The date of a time span; its texts are as in XML Schema."""

    written: tuple[Cell, ...]
    date: str | None
    earliest: str | None
    latest: str | None
    basis: Cell | None
    is_inferred: bool
    notes: tuple[Cell, ...]

    @property
    def bounds(self) -> tuple[str | None, str | None]:
        """The first and the last day, if they add to the date."""
        if self.earliest == self.latest == self.date:
            return None, None
        return self.earliest, self.latest


@dataclass(frozen=True)
class ClaimLine:
    """A claim: its words, its claimants, and who denies it by which statement."""

    claim: Cell
    contents: tuple[Cell, ...]
    claimants: tuple[Cell, ...]
    denials: Portion[tuple[tuple[Cell, ...], Cell]]


class ProfileReader(SayingReader):
    """Reads the content of one thing's page."""

    def __init__(self, cells: Cells) -> None:
        super().__init__(cells)
        self.all_cells = cells
        self.cell = self._named

    def _named(self, node: Subject | Object) -> Cell:
        """Return the cell of a term; the name of a thing is shortened."""
        cell = self.all_cells.cell(node)
        return shortened(cell, LONGEST_NAME) if isinstance(node, NamedNode) else cell

    def item(self, node: NamedNode) -> Item:
        """Return a thing with its name and badge."""
        is_words = not _WORDS.isdisjoint(self.nodes.nodes(node, RDF.TYPE))
        sign = layers.sign_of(self.all_cells, node)
        return Item(self.cell(node), sign, is_words, self.is_claimed(node))

    def is_claimed(self, node: NamedNode, depth: int = 2) -> bool:
        """Return True for a claim, and for a status or report of one, whose names state a claim."""
        if DIP.CLAIM in self.nodes.nodes(node, RDF.TYPE):
            return True
        of = self.nodes.nodes(node, DIP.APPLIES_TO, DIP.REPORTS)[:_SOME_REPORTS] if depth else ()
        return any(self.is_claimed(each, depth - 1) for each in of)

    def items(self, node: NamedNode, *predicates: NamedNode) -> tuple[Item, ...]:
        """Return the things that a node points to."""
        return tuple(map(self.item, self.nodes.nodes(node, *predicates)))

    def pointing(self, node: NamedNode, *predicates: NamedNode, most: int = SECTION) -> Portion[Item]:
        """Return the things that point to a node, shortened to a portion."""
        found = self.pointing_nodes(node, *predicates, most=most)
        return Portion(tuple(map(self.item, found.shown)), found.number, found.is_more)

    def pointing_nodes(
        self, node: NamedNode, *predicates: NamedNode, most: int = SECTION
    ) -> Portion[NamedNode]:
        """Return the things that point to a node; of very many, the first in the store."""
        found: dict[NamedNode, None] = {}
        for predicate in predicates:
            for quad in islice(self._contents.quads_for_pattern(None, predicate, node), MOST):
                found |= dict.fromkeys(_named([quad.subject]))
                if len(found) > most:
                    number = self._number_pointing(node, *predicates)
                    return Portion(some_of(found, most), number, number >= MOST)
        return Portion(some_of(found, most), len(found))

    def _number_pointing(self, node: NamedNode, *predicates: NamedNode) -> int:
        """Return how many things point to a node; the engine counts without reading their names."""
        path = "|".join(map(str, predicates))
        rows = self.select(
            "SELECT (COUNT(?thing) AS ?number) WHERE { { SELECT DISTINCT ?thing WHERE { "
            f"?thing {path} {node} FILTER(ISIRI(?thing)) }} LIMIT {MOST} }} }}"
        )
        return next(int(row["number"].value) for row in rows)

    def known_dates(self, node: NamedNode, *predicates: NamedNode) -> tuple[KnownDate, ...]:
        """Return the dates of a node."""
        return tuple(map(self.known_date, self.nodes.nodes(node, *(predicates or (DIP.OCCURS_AT,)))))

    def claim(self, claim: NamedNode) -> ClaimLine:
        """Return a claim for a list."""
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
        """Return the reports of a node in any graph, one for each outlet and hedge; of many, the first."""
        quads = self._contents.quads_for_pattern(None, DIP.REPORTS, node)
        reports = dict.fromkeys(_named(quad.subject for quad in islice(quads, _SOME_REPORTS)))
        found = {
            (saying.outlets or saying.source, saying.hedge): saying for saying in map(self.saying, reports)
        }
        return tuple(found.values())

    def classes(self, node: NamedNode) -> set[NamedNode]:
        """Return the classes of a node and their superclasses."""
        found = list(self.nodes.nodes(node, RDF.TYPE))
        for each in found:  # grows during iteration
            found += [above for above in self.nodes.nodes(each, RDFS.SUB_CLASS_OF) if above not in found]
        return set(found)

    def select(self, query: str) -> Iterator[QuerySolution]:
        """Yield the solutions of a query, with our prefixes."""
        solutions = self._contents.query(query, prefixes=PREFIXES, dataset=Dataset(), bindings={})
        assert isinstance(solutions, QuerySolutions)
        yield from solutions

    def select_nodes(self, query: str) -> list[NamedNode]:
        """Return the distinct things in the first column of a query's answer, in its order."""
        return list(dict.fromkeys(_named(solution[0] for solution in self.select(query))))

    def known_date(self, span: NamedNode) -> KnownDate:
        """Return the date of a time span."""
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


def some_of(nodes: Collection[NamedNode], most: int) -> tuple[NamedNode, ...]:
    """Return the first things by IRI."""
    return tuple(sorted(islice(nodes, most), key=str))


def values(nodes: Iterable[NamedNode]) -> str:
    """Return nodes as the data of a VALUES clause."""
    return " ".join(map(str, nodes))


def shortened(text: Cell, longest: int = LONGEST) -> Cell:
    """Return a text, cut at the end of a word if it is too long for a list."""
    if len(text.text) <= longest:
        return text
    cut = text.text[:longest].rpartition(" ")[0] or text.text[:longest]
    return Cell(f"{cut} …", text.link, text.language, text.iri, text.note)


def first(items: Sequence[T], number: int = SECTION) -> Portion[T]:
    """Return the first items as a portion."""
    return Portion(tuple(items[:number]), len(items))


def text_of(value: Object | None) -> str | None:
    """Return the text of a literal in a solution."""
    return value.value if isinstance(value, Literal) else None


def _named(terms: Iterable[Subject | Object | None]) -> Iterator[NamedNode]:
    return (each for each in terms if isinstance(each, NamedNode))
