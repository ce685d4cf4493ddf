"""A thing in Python: what each graph states about it, and the passages that support it."""

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
"""Maximum values read for one thing."""
MOST_REPORTS = 50
"""Maximum reports read for one thing."""

_VALUES = f"""SELECT ?thing ?graph ?property ?value WHERE {{
  VALUES ?thing {{ %s }}
  GRAPH ?graph {{ ?thing ?property ?value }} FILTER (?graph != <{PROVENANCE_GRAPH}>)
}} ORDER BY ?graph ?property ?value LIMIT {MOST_VALUES}"""


@dataclass(frozen=True)
class StatedValue:
    """A value that one graph states for a property of a thing, with the labels of both."""

    graph: str
    predicate: str
    predicate_name: str
    term: Object
    value_name: str

    @property
    def value(self) -> Value:
        """The value as a Python object."""
        return value(self.term)


@dataclass(frozen=True)
class DescribedThing:
    """Description of a thing. Only passages of the same graph support a value.

    ``note`` warns readers what it is: a claim (and whose), words, or a reported happening.
    """

    iri: str
    name: str
    note: str
    is_claim: bool
    values: tuple[StatedValue, ...]
    passages: tuple[Citation, ...]
    address: str | None = None
    """The server's root URL, if any."""

    @property
    def graphs(self) -> list[str]:
        """The graphs that state something about it."""
        return list(dict.fromkeys(each.graph for each in self.values))

    def get(self, name: str) -> list[Value]:
        """Return the distinct values of a property, named like ``"dip:givenBy"``."""
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
        """Return the statements of one graph as HTML, and below them the passages that support them."""
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
    """Return the description of a thing; raises NotFound if the graph has none."""
    answer = access.query(_VALUES % f"<{iri}>", ACCEPT, labelling=LABELLED)
    rows = result_of(answer).terms()
    if not rows:
        raise NotFound(
            f"The graph holds nothing about {compact(iri)}; search() finds things by their names.", iri=iri
        )
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
    graph, predicate = text(row["graph"]), text(row["property"])
    return StatedValue(graph, predicate, _name(row, "property"), term, _name(row, "value"))


def _name(row: Terms, column: str) -> str:
    """Return the label of a column's term, or its text if it has none."""
    label, term = row.get(f"{column}_label"), row[column]
    if label is not None:
        return text(label)
    return compact(term.value).strip("<>") if isinstance(term, NamedNode) else text(term)
