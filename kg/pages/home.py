"""Home page: numbers that link to lists, stories to start with, denied claims, offices, changes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import Literal, NamedNode, QuerySolutions

from kg import iris
from kg.changes import Commit, Object
from kg.pages.cells import Cell, Cells
from kg.pages.rendering import Style, marked
from kg.pages.stories import chosen
from kg.pages.stories.reading import NodeReader
from kg.store import history
from kg.store.engine_protocols import Dataset, QueriedQuads
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import DIP, RDFS

LAST_COMMITS = 5
MOST_SHOWN = 4
"""Maximum claims and offices on the page; the saved questions return all."""
_HEADS = {
    "source": "Source",
    "statement": "Statement",
    "claim": "Claim",
    "happening": "Happening",
    "prospect": "ProspectiveAct",
    "assessment": "Assessment",
    "coding": "CodedOccurrence",
    "actor": "Actor",
}
"""The classes whose things are counted, by badge."""
_WORDS = {
    "source": marked("sources"),
    "statement": marked("statements"),
    "claim": marked("claims"),
    "happening": marked("happenings"),
    "prospect": marked("acts held out"),
    "assessment": marked("assessments"),
    "coding": marked("coded rows"),
    "actor": marked("actors"),
}
_DIRECT = "SELECT ?class (COUNT(?thing) AS ?number) WHERE { ?thing a ?class } GROUP BY ?class"
_WITHIN = "SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE { VALUES ?class { %s } ?thing a ?class }"


@dataclass(frozen=True)
class Tile:
    """The number of things with a badge: a link to their list, and their subclasses, most frequent first."""

    sign: str
    number: int
    link: str
    parts: tuple[tuple[Cell, int, str], ...]


@dataclass(frozen=True)
class Accusation:
    """A claim: the claimant, the accused, the words, and who denies it."""

    claim: Cell
    claimants: tuple[Cell, ...]
    accused: tuple[Cell, ...]
    words: tuple[Cell, ...]
    deniers: tuple[Cell, ...]


@dataclass(frozen=True)
class HeldOffices:
    """A person, and the offices that the person holds as far as recorded: those without an end."""

    holder: Cell
    offices: tuple[Cell, ...]


@dataclass(frozen=True)
class Change:
    """A commit with the names of the graphs that it wrote and withdrew."""

    commit: Commit
    wrote: tuple[Cell, ...]
    withdrew: tuple[Cell, ...]


def parts(style: Style, log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Yield the part of the home page that depends on the graph."""
    cells = style.cells(contents)
    yield style.text(
        "home_parts.html",
        words=_WORDS,
        tiles=list(_tiles(cells, style.root)),
        gesture=chosen.gesture_story(cells),
        threat=chosen.threat_story(cells),
        pair=chosen.pair_story(cells, style),
        claims=list(islice(_accusations(cells), MOST_SHOWN)),
        offices=list(islice(_offices(cells), MOST_SHOWN)),
        changes=[_change(cells, each) for each in history.commits(log, contents.version, limit=LAST_COMMITS)],
        version=contents.version,
    ).encode()


def _tiles(cells: Cells, root: str) -> Iterator[Tile]:
    reader, counting = NodeReader(cells.contents), _Counting(cells.contents)
    for sign, name in _HEADS.items():
        head = NamedNode(iris.TERMS + name)
        within = Counter({each: counting.within(each) for each in reader.subjects(head, RDFS.SUB_CLASS_OF)})
        yield Tile(
            sign,
            counting.within(head),
            f"{root}id?class={name}",
            tuple(
                (cells.cell(each), number, f"{root}id?class={each.value.removeprefix(iris.TERMS)}")
                for each, number in within.most_common(MOST_SHOWN)
                if number
            ),
        )


class _Counting:
    """Counts the distinct things of a class and its subclasses."""

    def __init__(self, contents: QueriedQuads) -> None:
        self._contents = contents
        self._reader = NodeReader(contents)
        self._direct = {row[0]: _number(row[1]) for row in self._rows(_DIRECT)}

    def within(self, of_class: NamedNode) -> int:
        """Return the number of things."""
        classes = [of_class]
        for each in classes:  # grows during iteration
            classes += [one for one in self._reader.subjects(each, RDFS.SUB_CLASS_OF) if one not in classes]
        direct_classes = [each for each in classes if each in self._direct]
        if len(direct_classes) < 2:  # no thing can be counted twice
            return sum(self._direct[each] for each in direct_classes)
        ((number,),) = self._rows(_WITHIN % " ".join(map(str, direct_classes)))
        return _number(number)

    def _rows(self, query: str) -> QuerySolutions:
        solutions = self._contents.query(query, prefixes=iris.PREFIXES, dataset=Dataset(), bindings={})
        assert isinstance(solutions, QuerySolutions)
        return solutions


def _number(term: Object | None) -> int:
    assert isinstance(term, Literal)
    return int(term.value)


def _accusations(cells: Cells) -> Iterator[Accusation]:
    """Yield claims about an actor's deeds: denied ones first, then by IRI."""
    reader = NodeReader(cells.contents)
    denials: dict[NamedNode, set[NamedNode]] = {}
    for subject, value in _pairs(cells, DIP.DENIES):
        denials.setdefault(value, set()).add(subject)
    claims = {subject for subject, _ in _pairs(cells, DIP.ALLEGED_ACTOR)}
    for claim in sorted(claims, key=lambda each: (each not in denials, each.value)):
        deniers = {who for denial in denials.get(claim, ()) for who in reader.nodes(denial, DIP.MADE_BY)}
        yield Accusation(
            cells.cell(claim),
            tuple(map(cells.cell, reader.nodes(claim, DIP.CLAIMED_BY))),
            tuple(map(cells.cell, reader.nodes(claim, DIP.ALLEGED_ACTOR))),
            tuple(map(cells.cell, reader.texts(claim, DIP.CONTENT))),
            tuple(cells.cell(each) for each in sorted(deniers, key=str)),
        )


def _offices(cells: Cells) -> Iterator[HeldOffices]:
    """Yield the holders of offices without an end; those with most statements first."""
    reader = NodeReader(cells.contents)
    offices_by_holder: dict[NamedNode, list[NamedNode]] = {}
    for tenure, office in _pairs(cells, DIP.HOLDS_OFFICE):
        if not reader.nodes(tenure, DIP.ENDS_AT):
            for holder in reader.nodes(tenure, DIP.HELD_BY):
                offices_by_holder.setdefault(holder, []).append(office)
    statement_counts = {holder: len(reader.subjects(holder, DIP.MADE_BY)) for holder in offices_by_holder}
    for holder in sorted(offices_by_holder, key=lambda each: (-statement_counts[each], each.value)):
        offices = sorted(set(offices_by_holder[holder]), key=str)
        yield HeldOffices(cells.cell(holder), tuple(map(cells.cell, offices)))


def _pairs(cells: Cells, predicate: NamedNode) -> Iterator[tuple[NamedNode, NamedNode]]:
    """Yield subject and value of the first triples of a property."""
    for quad in islice(cells.contents.quads_for_pattern(None, predicate, None), chosen.MOST):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            yield quad.subject, quad.object


def _change(cells: Cells, commit: Commit) -> Change:
    return Change(
        commit,
        tuple(cells.cell(NamedNode(graph)) for graph in commit.graphs[:MOST_SHOWN]),
        tuple(cells.cell(NamedNode(graph)) for graph in commit.withdrawn[:MOST_SHOWN]),
    )
