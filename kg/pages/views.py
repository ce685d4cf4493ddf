"""What stands on each page that tells of the graph: made in a reader, of the contents it has.

The contents come last, so that all else can be given beforehand (``functools.partial``) and sent to a reader.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from kg.errors import NotFound
from kg.formats import RDF_FORMATS
from kg.pages import descriptions, documents, grounds, suggestions, tables
from kg.pages.cells import Cells
from kg.pages.rendering import Style
from kg.query import why
from kg.query.job import QueryJob
from kg.query.parameters import Parameter
from kg.query.questions import Question
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import OWL


def why_page(style: Style, texts: Sequence[str], moment: str | None, contents: Contents) -> Iterator[bytes]:
    """Tell what facts rest on: each by name, and what stands for it in each graph."""
    cells = style.cells(contents)
    facts = [why.read_fact(text) for text in texts]
    answer = why.found_all(facts, style.language, contents)
    things = {fact.text: NamedNode(fact.subject.strip("<>")) for fact in facts}
    yield style.text(
        "why.html",
        facts=[_rested(cells, things[found["fact"]], found) for found in answer["facts"]],
        version=contents.version,
        moment=moment,
    ).encode()


def _rested(cells: Cells, thing: NamedNode, found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what a page says of one fact: its thing, by whom that is claimed, and its grounds."""
    return {
        "triple": found["fact"] if why.is_triple(found["fact"]) else None,
        "name": cells.cell(thing),
        "classes": grounds.classes(cells, thing),
        "claimants": grounds.claimants(cells, thing),
        "graphs": [{**graph, "cell": cells.cell(NamedNode(graph["graph"]))} for graph in found["graphs"]],
    }


def thing_as(format_name: str, iri: str, log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Tell the same as RDF."""
    yield descriptions.of_thing(contents, NamedNode(iri), log).serialized(RDF_FORMATS[format_name])


def document(style: Style, graph: str, title: str, part: str | None, contents: Contents) -> Iterator[bytes]:
    """Show a graph of terms, kinds or shapes; raises NotFound for a part of it that is not there."""
    _require(contents, graph, part)
    groups = documents.groups(descriptions.of_graph(contents, graph), graph, style.cells(contents))
    yield style.text("document.html", title=title, iri=graph, groups=groups).encode()


def document_as(format_name: str, graph: str, part: str | None, contents: Contents) -> Iterator[bytes]:
    """Tell the same as RDF."""
    _require(contents, graph, part)
    yield descriptions.of_graph(contents, graph).serialized(RDF_FORMATS[format_name])


def graphs(contents: Contents) -> Iterator[bytes]:
    """List the graphs that hold something, as JSON."""
    yield json.dumps(contents.graphs()).encode()


def answer(style: Style, job: QueryJob, contents: Contents) -> Iterator[bytes]:
    """Show the answer to a query, with the query to go on from."""
    shown = tables.shown(contents, job, style.cells(contents))
    yield style.text("answer.html", query=job.text, shown=shown, version=contents.version).encode()


def question(
    style: Style,
    question: Question,
    values: Mapping[str, str],
    address: str,
    told: QueryJob | str | None,
    contents: Contents,
) -> Iterator[bytes]:
    """Show a saved question as a form: with the answer to a query, or with what is wrong, or neither."""
    cells = style.cells(contents)
    filled = {each.name: values.get(each.name, each.default or each.example) for each in question.params}
    things = {each.name: suggestions.named(each, filled[each.name]) for each in question.params}
    yield style.text(
        "question.html",
        fault=told if isinstance(told, str) else None,
        question=question,
        values=filled,
        named={name: cells.cell(thing) for name, thing in things.items() if thing},
        suggested={each.name: suggestions.suggested(cells, each) for each in question.params},
        # The form says what was asked already.
        shown=tables.shown(contents, told, cells, hidden=filled) if isinstance(told, QueryJob) else None,
        examples={each.name: _example(each, cells) for each in question.params},
        understood=told.understood if isinstance(told, QueryJob) else (),
        address=address,
    ).encode()


def _example(parameter: Parameter, cells: Cells) -> str:
    """Write the example of a parameter as people would: a thing by its name."""
    thing = suggestions.named(parameter, parameter.example)
    return cells.cell(thing).text if thing else parameter.example


def _require(contents: Contents, graph: str, part: str | None) -> None:
    node = NamedNode(f"{graph}/{part}")
    is_module = any(contents.quads_for_pattern(node, None, None))
    if part and not is_module and not any(contents.quads_for_pattern(None, OWL.VERSION_IRI, node)):
        raise NotFound(f"There is no module and no version {part!r} of the terms.")
