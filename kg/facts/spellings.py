"""Lexical forms of literals.

The store keeps numbers and times by value, but the gate judges a change as it was sent.

``"007"^^xsd:unsignedInt`` is kept as ``"7"^^xsd:integer``: the same number, but another RDF term, with
another datatype. The quads of a change are named and compared in the kept form; this module maps them back to
the form that was sent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg import scratch
from kg.changes import Object, Subject
from kg.gate.reports import Violation, display
from kg.iris import OWN_DEFAULT_GRAPH, SHAPES
from kg.store.transaction import is_kept_as_written
from kg.terms import XSD

RULE = SHAPES + "kept-by-value"
_ANY = NamedNode("urn:kg:number:")
_Place: TypeAlias = tuple[Subject | None, NamedNode, Object]


class Spellings:
    """Map from quads as the store keeps them to quads as they were sent.

    It still finds them after their blank nodes and graphs have been renamed.
    """

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        typed = [quad for quad in quads if not is_kept_as_written(quad)]
        self._kept = _kept(quad.object for quad in typed)
        self._sent: dict[_Place, dict[Object, None]] = {}
        if self._kept:
            self._note(typed)

    def __bool__(self) -> bool:
        return bool(self._sent)

    def restored(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Yield quads as they were sent; if two spellings of one value were sent, both."""
        for quad in quads:
            terms = self._of(quad)
            if terms is None:
                yield quad
            for value in terms or ():
                yield Quad(quad.subject, quad.predicate, value, quad.graph_name)

    def _note(self, typed: Sequence[Quad]) -> None:
        for quad in typed:
            if quad.object in self._kept:
                self._sent[_place(quad, self._kept[quad.object])] = {}
        for quad in typed:
            place = _place(quad, self._kept.get(quad.object, quad.object))
            if place in self._sent:
                self._sent[place][quad.object] = None

    def _of(self, quad: Quad) -> Iterable[Object] | None:
        if isinstance(quad.object, Literal):
            terms = self._sent.get(_place(quad, quad.object))
            if terms is None and quad.subject == quad.graph_name:  # a blank node until the graph was named
                terms = self._sent.get((None, quad.predicate, quad.object))
            return terms
        return None


def restored(quads: Sequence[Quad], spellings: Spellings) -> Sequence[Quad]:
    """Return quads as they were sent."""
    return tuple(spellings.restored(quads)) if spellings else quads


def warnings(sent: Iterable[Quad]) -> list[Violation]:
    """Return one warning if the store keeps literals in another spelling: their number, and an example."""
    typed = [quad for quad in sent if not is_kept_as_written(quad)]
    stored_values = _kept(quad.object for quad in typed)
    changed = [
        quad
        for quad in typed
        if quad.object in stored_values and not _is_whole(quad.object, stored_values[quad.object])
    ]
    if not changed:
        return []
    first, graph = changed[0].object, changed[0].graph_name
    about = graph if isinstance(graph, NamedNode) else NamedNode(OWN_DEFAULT_GRAPH)
    message = _message(len(changed), display(first), display(stored_values[first]))
    return [Violation(about, RULE, message, value=first, graph=about, severity="warning")]


def _is_whole(sent: Object, stored_value: Literal) -> bool:
    """Return True for a whole decimal as Turtle must write it: 40.0, kept as 40."""
    return (
        isinstance(sent, Literal) and sent.datatype == XSD.DECIMAL and sent.value == f"{stored_value.value}.0"
    )


def _message(count: int, sent: str, form: str) -> Mapping[str, str]:
    if count == 1:
        return {
            "en": f"{sent} is stored by value, as {form}; write it in that form, or as a string "
            "if its lexical form matters",
            "es": f"{sent} se guarda por su valor, como {form}; escríbalo así, o como texto si importa"
            " cómo está escrito",
        }
    return {
        "en": f"{count:,} literals are stored by value, not in their lexical form: {sent} as {form};"
        " write them in that form, or as strings if their lexical form matters",
        "es": f"{count:,} valores se guardan por su valor y no como están escritos: {sent} como {form};"
        " escríbalos así, o como textos si importa cómo están escritos",
    }


def _kept(objects: Iterable[Object]) -> dict[Object, Literal]:
    """Return, for each literal that the store keeps in another form, that form."""
    literals = list(dict.fromkeys(objects))
    if not literals:
        return {}
    numbered = (
        Quad(NamedNode(f"{_ANY.value}{number}"), _ANY, literal) for number, literal in enumerate(literals)
    )
    found: dict[Object, Literal] = {}
    for quad in scratch.filled(numbered):
        assert isinstance(quad.subject, NamedNode)
        literal = literals[int(quad.subject.value.removeprefix(_ANY.value))]
        if quad.object != literal and isinstance(quad.object, Literal):
            found[literal] = quad.object
    return found


def _place(quad: Quad, stored_value: Object) -> _Place:
    return None if isinstance(quad.subject, BlankNode) else quad.subject, quad.predicate, stored_value
