"""Evidence for a fact: the graphs that state it, their commits and curators, and the supporting reports.

A fact is a triple, or a thing, which stands for all statements about it. The evidence for a row of an answer
is those of its things.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, NamedTuple, TypeAlias

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat

from kg.errors import BadInput, NotFound
from kg.formats import RESULT_FORMATS
from kg.iris import KINDS, PREFIXES, PROVENANCE_GRAPH, TERMS, compact, read_iri
from kg.query.evaluation import evaluate
from kg.query.job import Labelling, QueryJob
from kg.query.reports import pattern
from kg.store.store import Contents

Row: TypeAlias = Mapping[str, str]

LONGEST_FACT = 4096
"""Maximum characters of a fact."""
MOST_FACTS = 20
"""Maximum facts in one request."""
_THING = re.compile(r"""(?:https?|urn):[^\s<>"{}|\\^`]++""")
_JSON = RESULT_FORMATS["json"].media_type
_SAID = "{{ {0} ?property ?value }} UNION {{ ?report dip:reports {0} }}"
_STATED = f"""SELECT DISTINCT ?graph ?commit ?time ?by ?drafter ?source ?reason WHERE {{
  GRAPH ?graph {{ %s }} FILTER (?graph != <{PROVENANCE_GRAPH}>)
  GRAPH <{PROVENANCE_GRAPH}> {{
    ?graph prov:wasGeneratedBy/dip:version ?commit .
    ?made dip:version ?commit ; prov:endedAtTime ?time ; prov:wasAssociatedWith/rdfs:label ?by .
    OPTIONAL {{ ?graph prov:wasAttributedTo/rdfs:label ?drafter }}
    OPTIONAL {{ ?made dip:reason ?reason }} OPTIONAL {{ ?made prov:used|dcterms:source ?source }}
  }}
}} ORDER BY ?commit ?graph ?by"""
_REPORTS = """SELECT DISTINCT ?graph ?report ?carrier ?speaker ?source ?seen ?hedge ?basis
  ?words ?prefix ?suffix ?start ?end WHERE {
  %s
  OPTIONAL { ?report dip:seenIn ?seen }
  OPTIONAL { ?report dip:hedgedAs ?hedge } OPTIONAL { ?report dip:basedOn ?basis }
  OPTIONAL { ?report dip:reports ?record . GRAPH ?graph { ?record dip:madeBy|dip:claimedBy ?speaker } }
  OPTIONAL {
    ?report dip:quotes ?passage . ?passage dip:exactText ?words .
    OPTIONAL { ?passage dip:prefix ?prefix } OPTIONAL { ?passage dip:suffix ?suffix }
    OPTIONAL { ?passage dip:startOffset ?start ; dip:endOffset ?end }
  }
} ORDER BY ?report ?carrier ?source ?words"""


class Fact(NamedTuple):
    """A requested fact: its text, the thing that it is about, and the pattern that matches it."""

    text: str
    subject: str
    pattern: str


def read_fact(text: str) -> Fact:
    """Parse a triple in Turtle with the usual prefixes, or the IRI of a thing; raises BadInput."""
    if len(text) > LONGEST_FACT:
        raise BadInput(f"A fact is longer than {LONGEST_FACT} characters; ask about a thing or one triple.")
    if not is_triple(text):
        subject = str(read_iri(text.strip()))
        return Fact(text.strip(), subject, _SAID.format(subject))
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    try:
        (quad,) = pyoxigraph.parse(f"{header}{text.strip().removesuffix('.')} .".encode(), RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        raise BadInput(f"A triple is written dipid:a dip:b dipid:c, as in Turtle, not {text!r}.") from None
    if not isinstance(quad.subject, NamedNode):
        raise BadInput(f"A triple must begin with an IRI, not with {text.split()[0]!r}.")
    return Fact(text.strip(), str(quad.subject), " ".join(map(str, quad.triple)))


def is_triple(text: str) -> bool:
    """Return whether a text is written as a triple: an IRI, followed by more.

    >>> is_triple("dipid:a dip:b 'c'"), is_triple("dipid:a"), is_triple("Gustavo Petro")
    (True, False, False)
    """
    first, *rest = text.split(maxsplit=1)
    return bool(rest) and (first.startswith("<") or (first.partition(":")[0] in PREFIXES and ":" in first))


def things_of(row: Iterable[object]) -> tuple[str, ...]:
    """Return the things that a row of an answer names: its IRIs except our terms and kinds, each once.

    >>> gesture = "https://w3id.org/regional-diplomacy/terms#Gesture"
    >>> things_of(["https://w3id.org/regional-diplomacy/id/hat", "The hat", 3, gesture])
    ('<https://w3id.org/regional-diplomacy/id/hat>',)
    """
    texts = [value.value if isinstance(value, NamedNode) else value for value in row]
    iris = [text for text in texts if isinstance(text, str) and _THING.fullmatch(text)]
    return tuple(dict.fromkeys(f"<{iri}>" for iri in iris if not iri.startswith((TERMS, KINDS))))[:MOST_FACTS]


def write(texts: Sequence[str], language: str, contents: Contents) -> Iterator[bytes]:
    """Yield as JSON the grounds of facts; raises BadInput, and NotFound if no graph states them."""
    facts = [read_fact(text) for text in texts]
    grounds = found(facts[0], language, contents) if len(facts) == 1 else found_all(facts, language, contents)
    yield json.dumps(grounds, ensure_ascii=False).encode()


def found_all(facts: Iterable[Fact], language: str, contents: Contents) -> dict[str, Any]:
    """Return the grounds of each fact that a graph states; raises NotFound if none is stated."""
    answers = []
    for fact in facts:
        with suppress(NotFound):
            answers.append(found(fact, language, contents))
    if not answers:
        raise NotFound("The graph states none of these; kg log shows what was withdrawn.")
    return {"version": contents.version, "facts": answers}


def found(fact: Fact, language: str, contents: Contents) -> dict[str, Any]:
    """Return the grounds of a fact, graph by graph; raises NotFound if no graph states it."""
    stated = _rows(contents, _STATED % fact.pattern, language)
    if not stated:  # an unstated fact has no grounds, whatever is reported of its subject
        fact_text = fact.text if is_triple(fact.text) else compact(fact.subject.strip("<>"))
        raise NotFound(f"The graph does not state {fact_text}; kg log shows what was withdrawn.")
    reports = _rows(contents, _REPORTS % pattern(fact.subject), language)
    graphs = dict.fromkeys(row["graph"] for row in stated)
    return {
        "fact": fact.text,
        "version": contents.version,
        "graphs": [
            {
                "graph": graph,
                "label": next((row["graph_label"] for row in stated if row["graph"] == graph), ""),
                "commits": [_commit(row) for row in stated if row["graph"] == graph],
                "reports": [_report(row) for row in reports if row["graph"] == graph],
            }
            for graph in graphs
        ],
    }


def _commit(row: Row) -> dict[str, Any]:
    return {
        "version": int(row["commit"]),
        "time": row["time"],
        "curator": row["by"],
        "drafter": row["drafter"] or None,
        "source": row["source"] or None,
        "reason": row["reason"] or None,
    }


def _report(row: Row) -> dict[str, Any]:
    things = {name: _thing(row, name) for name in ("carrier", "speaker", "source", "seen", "hedge", "basis")}
    passage = {
        "text": row["words"],
        "prefix": row["prefix"] or None,
        "suffix": row["suffix"] or None,
        "start": int(row["start"]) if row["start"] else None,
        "end": int(row["end"]) if row["end"] else None,
    }
    return {"report": row["report"], **things, "passage": passage if row["words"] else None}


def _thing(row: Row, name: str) -> dict[str, str] | None:
    return {"iri": row[name], "label": row.get(f"{name}_label", "")} if row[name] else None


def _rows(contents: Contents, text: str, language: str) -> list[Row]:
    """Return the rows of a query's answer with labels; an unbound value is an empty text."""
    output = BytesIO()
    evaluate(contents, QueryJob(text, _JSON, labelling=Labelling("on", language))).write(output)
    answer = json.loads(output.getvalue())
    names = answer["head"]["vars"]
    return [
        {name: row.get(name, {}).get("value", "") for name in names} for row in answer["results"]["bindings"]
    ]
