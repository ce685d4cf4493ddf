"""A thing of the graph in Python: what each graph says of it, and the passages that bear that out."""

from dataclasses import dataclass
from html import escape

from pyoxigraph import NamedNode

from kg.changes import Object
from kg.client import citations, notebook
from kg.client.access import Access, result_of
from kg.client.citations import Citation
from kg.client.results import ACCEPT, Terms
from kg.client.values import Value, text, value
from kg.errors import NotFound
from kg.iris import PROVENANCE_GRAPH, compact
from kg.query.job import LABELLED

MOST_VALUES = 500
"""Values of a thing that are read."""
MOST_REPORTS = 50
"""Reports of a thing that are read."""

_VALUES = f"""SELECT ?thing ?graph ?property ?value WHERE {{
  VALUES ?thing {{ %s }}
  GRAPH ?graph {{ ?thing ?property ?value }} FILTER (?graph != <{PROVENANCE_GRAPH}>)
}} ORDER BY ?graph ?property ?value LIMIT {MOST_VALUES}"""


@dataclass(frozen=True)
class StatedValue:
    """A value that one graph gives to a property of a thing, with the names of both."""

    graph: str
    predicate: str
    predicate_name: str
    term: Object
    value_name: str

    @property
    def value(self) -> Value:
        """The value as Python has it."""
        return value(self.term)


@dataclass(frozen=True)
class DescribedThing:
    """What is known of a thing. A value is borne out by the passages of its own graph alone.

    ``note`` says what is to be known of it first: that it is a claim and whose, or words, or reported.
    """

    iri: str
    name: str
    note: str
    is_claim: bool
    values: tuple[StatedValue, ...]
    passages: tuple[Citation, ...]
    address: str | None = None
    """The root of the server that answers for it, if any."""

    @property
    def graphs(self) -> list[str]:
        """The graphs that say something of it."""
        return list(dict.fromkeys(each.graph for each in self.values))

    def get(self, name: str) -> list[Value]:
        """Return the values of a property, named as ``"dip:givenBy"``, each once."""
        return list(dict.fromkeys(each.value for each in self.values if compact(each.predicate) == name))

    def __repr__(self) -> str:
        return f"DescribedThing({compact(self.iri)!r}, {self.name!r})"

    def __str__(self) -> str:
        lines = [self.name, self.note]
        lines += [f"{each.predicate_name}: {each.value_name}" for each in self.values]
        lines += [f"“{each.words}” ({each.source})" for each in self.passages if each.words]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        parts = "".join(self._part(graph) for graph in self.graphs)
        note = f"<p><em>{escape(self.note)}</em></p>" if self.note else ""
        return f"<h3>{notebook.anchor(self.iri, self.address, self.name)}</h3>{note}{parts}"

    def _part(self, graph: str) -> str:
        """Write what one graph says, and below it what bears it out."""
        rows = [
            (notebook.anchor(each.predicate, self.address, each.predicate_name), self._shown(each))
            for each in self.values
            if each.graph == graph
        ]
        quoted = "".join(self._quoted(each) for each in self.passages if each.graph == graph)
        table = notebook.table(("", f"in {compact(graph)}"), rows)
        return f"{table}{quoted}"

    def _shown(self, each: StatedValue) -> str:
        if each.value_name == text(each.term):
            return notebook.cell(each.term, self.address)
        return notebook.anchor(text(each.term), self.address, each.value_name)

    def _quoted(self, passage: Citation) -> str:
        source = notebook.anchor(passage.source_iri, self.address, passage.source or None)
        how = ", ".join(name for name in (passage.hedge, passage.basis) if name)
        words = f"“{escape(passage.words)}” " if passage.words else ""
        return f"<blockquote>{words}{source}{f' ({escape(how)})' if how else ''}</blockquote>"


def read(access: Access, iri: str) -> DescribedThing:
    """Return what is known of a thing; raises NotFound where nothing is."""
    answer = access.query(_VALUES % f"<{iri}>", ACCEPT, labelling=LABELLED)
    rows = result_of(answer).terms()
    if not rows:
        raise NotFound(f"Nothing is known of {compact(iri)}; search() finds things by their names.", iri=iri)
    standing = next(iter(citations.of_things(access, [iri])), None)
    return DescribedThing(
        iri,
        _name(rows[0], "thing"),
        standing.note if standing else "",
        standing is not None and standing.is_claim,
        tuple(_value(row) for row in rows),
        tuple(citations.passages(access, iri, MOST_REPORTS)),
        access.address,
    )


def _value(row: Terms) -> StatedValue:
    term = row["value"]
    assert term is not None
    graph, named = text(row["graph"]), text(row["property"])
    return StatedValue(graph, named, _name(row, "property"), term, _name(row, "value"))


def _name(row: Terms, column: str) -> str:
    """Return the label of a column's term, or its text where it has none."""
    label, term = row.get(f"{column}_label"), row[column]
    if label is not None:
        return text(label)
    return compact(term.value).strip("<>") if isinstance(term, NamedNode) else text(term)
