"""All triples of a thing by graph, and some that point to it: the folded part of a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode, Triple

from kg.changes import Object, Subject
from kg.errors import NotFound
from kg.iris import compact
from kg.pages.cells import Cell
from kg.pages.profiles.reading import MOST, Item, Portion, ProfileReader
from kg.store import mentions
from kg.store.log import CommitLog
from kg.terms import DIP, RDF

SHOWN = 10
"""Maximum things on a page that point to the thing by one property."""
_VALUES = 200
_TECHNICAL = frozenset(
    (
        *(DIP.CLAIM_KEY, DIP.CONTENT_HASH, DIP.EXACT_HASH, DIP.TEXT_HASH, DIP.EQUIVALENT_WORD),
        *(DIP.CONTESTED_WORD, DIP.START_OFFSET, DIP.END_OFFSET, DIP.TEXT_LENGTH, DIP.SOFTWARE_VERSION),
    )
)
"""Properties for programs, shown only among all triples."""
_WORDS = frozenset(
    (
        *(DIP.QUOTATION, DIP.PARAPHRASE, DIP.EXACT_TEXT, DIP.TEXT, DIP.CONTENT, DIP.CONTESTED_WORD),
        *(DIP.EQUIVALENT_WORD, DIP.MEANING, DIP.CONDITION, DIP.OUTCOME, DIP.PREFIX, DIP.SUFFIX),
        *(DIP.DATE_AS_WRITTEN, DIP.AMOUNT_AS_WRITTEN, DIP.QUALIFIER),
    )
)
"""Properties whose values quote words."""


@dataclass(frozen=True)
class PropertyRow:
    """A property with its values; if ``is_backward``, with the things that point to the page's thing."""

    name: Cell
    values: Portion[Item]
    is_backward: bool = False
    address: str = ""
    """Link to the list of all of them."""


@dataclass(frozen=True)
class AllTriples:
    """A thing's triples by graph, and merged without those for programs; and its mentions."""

    said: list[tuple[Cell, list[PropertyRow]]]
    readable: list[PropertyRow]
    mentions: list[PropertyRow]
    graphs: list[Cell]
    is_cut: bool
    """True if more things point to it than were examined."""


def by_graph(reader: ProfileReader, node: NamedNode) -> dict[str, set[Triple]]:
    """Return the triples about a thing by graph name, empty for the default graph."""
    triples_by_graph: dict[str, set[Triple]] = {}
    for quad in reader.all_cells.contents.quads_for_pattern(node, None, None):
        graph = quad.graph_name
        triples_by_graph.setdefault(graph.value if isinstance(graph, NamedNode) else "", set()).add(
            quad.triple
        )
    return triples_by_graph


def read(
    reader: ProfileReader,
    node: NamedNode,
    triples_by_graph: Mapping[str, set[Triple]],
    root: str,
    log: CommitLog,
) -> AllTriples:
    """Return the triples; raises NotFound if there are none, Withdrawn if they were withdrawn."""
    pointing = _pointing(reader, node)
    if not triples_by_graph and not pointing:
        mentions.require_not_withdrawn(reader.all_cells.contents, log, node)
        raise NotFound(f"The graph holds nothing about {compact(node.value)}.", iri=node.value)
    graphs = {*triples_by_graph, *_graphs_pointing(reader, node)}
    every = {triple for triples in triples_by_graph.values() for triple in triples}
    return AllTriples(
        [(_graph(reader, name), _rows(reader, triples_by_graph[name])) for name in sorted(triples_by_graph)],
        _rows(reader, (triple for triple in every if triple.predicate not in _TECHNICAL)),
        [
            PropertyRow(
                reader.cell(predicate),
                _mentions(reader, node, predicate, number),
                True,
                _address(root, predicate, node),
            )
            for predicate, number in pointing
        ],
        [_graph(reader, name) for name in sorted(filter(None, graphs))][:SHOWN],
        sum(number for _, number in pointing) >= MOST,
    )


def _pointing(reader: ProfileReader, node: NamedNode) -> list[tuple[NamedNode, int]]:
    """Return the properties that point to a node, the type first, and how many things do so by each.

    The engine counts them, because it reads no names for that.
    """
    found = reader.select(
        "SELECT ?property (COUNT(?thing) AS ?number) WHERE { "
        f"{{ SELECT ?thing ?property WHERE {{ ?thing ?property {node} }} LIMIT {MOST} }} }} "
        "GROUP BY ?property"
    )
    numbers = [(predicate, int(number.value)) for predicate, number in found]
    return sorted(numbers, key=lambda each: _order(each[0]))


def _graphs_pointing(reader: ProfileReader, node: NamedNode) -> list[str]:
    """Return the graphs in which something points to a node."""
    found = reader.select_nodes(
        "SELECT DISTINCT ?graph WHERE { { SELECT ?graph WHERE { "
        f"GRAPH ?graph {{ ?thing ?property {node} }} }} LIMIT {MOST} }} }}"
    )
    return [graph.value for graph in found]


def _mentions(reader: ProfileReader, node: NamedNode, predicate: NamedNode, number: int) -> Portion[Item]:
    """Return the first of the things that point to a node by a property."""
    found = reader.select(f"SELECT ?thing WHERE {{ ?thing {predicate} {node} }} LIMIT {SHOWN}")
    return Portion(_portion(reader, [thing for (thing,) in found], SHOWN).shown, number)


def _graph(reader: ProfileReader, name: str) -> Cell:
    return reader.cell(NamedNode(name)) if name else Cell("–")


def _address(root: str, predicate: NamedNode, node: NamedNode) -> str:
    return f"{root}id?{urlencode({'property': compact(predicate.value), 'value': compact(node.value)})}"


def _rows(reader: ProfileReader, triples: Iterable[Triple]) -> list[PropertyRow]:
    pairs = ((triple.predicate, triple.object) for triple in triples)
    return [
        PropertyRow(reader.cell(predicate), _portion(reader, found, _VALUES, is_words=predicate in _WORDS))
        for predicate, found in _grouped(pairs)
    ]


def _grouped(
    pairs: Iterable[tuple[NamedNode, Subject | Object]],
) -> list[tuple[NamedNode, list[Subject | Object]]]:
    """Group distinct values by property, the type first."""
    values: dict[NamedNode, dict[Subject | Object, None]] = {}
    for predicate, value in pairs:
        values.setdefault(predicate, {})[value] = None
    return [(predicate, list(values[predicate])) for predicate in sorted(values, key=_order)]


def _order(predicate: NamedNode) -> tuple[bool, str]:
    return predicate != RDF.TYPE, predicate.value


def _portion(
    reader: ProfileReader, terms: list[Subject | Object], most: int, *, is_words: bool = False
) -> Portion[Item]:
    """Return the first values, in a fixed order."""
    items = tuple(
        reader.item(each) if isinstance(each, NamedNode) else Item(reader.cell(each), "", is_words)
        for each in sorted(terms[:most], key=str)
    )
    return Portion(items, len(terms))
