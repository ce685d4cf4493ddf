"""Standing of each thing in an answer.

Its status (a claim, a statement, a happening) and the passages that support it.

For clients that cannot follow a link to see that an answer repeats a claim, above all language models.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.changes import Object
from kg.client.access import Access, result_of
from kg.client.results import ACCEPT, Terms
from kg.client.values import text
from kg.iris import DATA, compact
from kg.query.reports import pattern
from kg.terms import DIP

if TYPE_CHECKING:
    from kg.client.results import Result

MOST_CITED = 20
"""Maximum things of one answer that get a standing."""
MOST_PASSAGES = 5
"""Maximum citations for one thing."""
_MOST_CLASSED = 200

_CLASSES = """SELECT ?thing ?class ?head (SAMPLE(?label) AS ?name) (SAMPLE(?voice) AS ?who)
  (SAMPLE(?denier) AS ?denied) WHERE {
  VALUES ?thing { %s }
  ?thing a ?class .
  OPTIONAL { ?class rdfs:subClassOf*/dip:inLayer ?head }
  OPTIONAL { ?thing rdfs:label ?label FILTER (LANG(?label) IN ("en", "")) }
  OPTIONAL {
    ?thing (dip:claimedBy|dip:madeBy|dip:assessedBy|dip:heldBy)/rdfs:label ?voice
    FILTER (LANG(?voice) IN ("en", ""))
  }
  OPTIONAL { ?thing ^dip:denies/dip:madeBy/rdfs:label ?denier FILTER (LANG(?denier) IN ("en", "")) }
} GROUP BY ?thing ?class ?head ORDER BY ?thing ?class ?head"""
_GROUNDS = """SELECT DISTINCT ?graph ?report ?source ?title ?seen ?hedge ?basis ?words WHERE {
  %s
  OPTIONAL { ?source dcterms:title ?title }
  OPTIONAL { ?report dip:seenIn ?seen }
  OPTIONAL { ?report dip:hedgedAs ?hedge } OPTIONAL { ?report dip:basedOn ?basis }
  OPTIONAL { ?report dip:quotes/dip:exactText ?words }
} ORDER BY ?report ?source ?words LIMIT %d"""

_NOTES: Mapping[str, str] = {
    DIP.CLAIM.value: "A claim{of}: what is alleged. The graph does not state it as a fact.",
    DIP.PROSPECTIVE_ACT.value: (
        "An act announced, demanded or refused; the graph does not state that it was carried out."
    ),
    DIP.ACCOUNT.value: "One account{of} of a disputed happening; the graph picks none.",
    DIP.STATEMENT.value: "A statement{of}: the report is that it was made, not that its content is true.",
    DIP.ASSESSMENT.value: "A judgement{of}, not a fact.",
    DIP.HAPPENING.value: "Reported as having happened{denied}; its passages say by whom and how hedged.",
}
"""Notes on a thing by its class, or by the head class of its layer; the first match applies."""


@dataclass(frozen=True)
class Citation:
    """A passage that supports a thing: its exact words, its source, and the hedge of its report."""

    words: str
    source: str
    source_iri: str
    hedge: str
    basis: str
    report: str
    graph: str
    seen_in: str = ""
    """The source that quotes it, if its own source was not read."""


@dataclass(frozen=True)
class Standing:
    """What a thing in an answer is, in one sentence, and the passages that support it."""

    iri: str
    name: str
    note: str
    is_claim: bool
    passages: tuple[Citation, ...]


def of_result(access: Access, result: "Result") -> list[Standing]:
    """Return the standings of the things in an answer, in order of appearance."""
    terms = (term for row in result.terms() for term in row.values())
    return of_things(access, (term.value for term in terms if isinstance(term, NamedNode)))


def of_things(access: Access, iris: Iterable[str]) -> list[Standing]:
    """Return the standings of things of our data, at most MOST_CITED; actors and sources have none."""
    things = [iri for iri in dict.fromkeys(iris) if iri.startswith(DATA)][:_MOST_CLASSED]
    if not things:
        return []
    values = " ".join(f"<{iri}>" for iri in things)
    classed: dict[str, list[Terms]] = {}
    for row in _rows(access, _CLASSES % values):
        classed.setdefault(text(row["thing"]), []).append(row)
    noted = ((iri, _note(classed.get(iri, ()))) for iri in things)
    return [
        Standing(iri, _name(classed[iri]), note, _is_claim(classed[iri]), tuple(passages(access, iri)))
        for iri, note in [pair for pair in noted if pair[1]][:MOST_CITED]
    ]


def passages(access: Access, iri: str, most: int = MOST_PASSAGES) -> Iterator[Citation]:
    """Yield the passages of the reports that support a thing."""
    for row in _rows(access, _GROUNDS % (pattern(f"<{iri}>"), most)):
        yield Citation(
            words=text(row["words"]),
            source=text(row["title"]),
            source_iri=text(row["source"]),
            hedge=_short(row["hedge"]),
            basis=_short(row["basis"]),
            report=text(row["report"]),
            graph=text(row["graph"]),
            seen_in=text(row["seen"]),
        )


def _note(rows: Sequence[Terms]) -> str:
    names = {text(row[name]) for row in rows for name in ("class", "head")}
    who = next((text(row["who"]) for row in rows if row["who"]), "")
    sentence = next((note for name, note in _NOTES.items() if name in names), "")
    denier = next((text(row["denied"]) for row in rows if row["denied"]), "")
    denied = f" and denied by {denier}" if denier else ""
    return sentence.format(of=f" of {who}" if who else "", denied=denied)


def _name(rows: Sequence[Terms]) -> str:
    return next((text(row["name"]) for row in rows if row["name"]), "")


def _is_claim(rows: Sequence[Terms]) -> bool:
    return any(row["class"] == DIP.CLAIM for row in rows)


def _rows(access: Access, query: str) -> list[Terms]:
    return result_of(access.query(query, ACCEPT)).terms()


def _short(term: Object | None) -> str:
    return compact(term.value) if isinstance(term, NamedNode) else text(term)
