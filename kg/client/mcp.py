"""MCP server (Model Context Protocol): tools with which language models read a graph and may add facts.

Each answer includes the standings of its things: which are claims and not facts, and the passages that
support them. The tools only read, unless writing is enabled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kg import __version__
from kg.client import citations
from kg.client.citations import Standing
from kg.client.graph import Graph
from kg.client.results import Result
from kg.client.values import Value
from kg.client.verdict import Verdict
from kg.errors import Invalid, KGError, Unavailable
from kg.iris import PREFIXES
from kg.query.search.search import Hit
from kg.query.why import read_fact

if TYPE_CHECKING:
    from mcp.server import MCPServer

MOST_ROWS = 200
"""Maximum rows of an answer."""
MOST_FOUND = 10
"""Default maximum number of search results."""
_LONGEST_NUMBER = 1 << 53
"""Larger integers are written as text: JSON readers may round them."""

_READING = (
    "Rows repeat what the graph holds. If 'standings' marks something as a claim, a statement or a "
    "judgement, it is not a fact: attribute it. Cite the passages."
)
INSTRUCTIONS = f"""A knowledge graph of regional diplomacy: who said or did what to whom, when, and
according to whom. It keeps three layers apart: sources (documents and their passages), statements (what an
actor said, and the claim that it makes) and happenings (events and gestures that a source reports as having
occurred). A claim is never a fact here. Never state what a claim alleges as something that happened: say who
claims it. Say who reports a happening, and keep its hedge ("reportedly"). Quote the exact words of the
passages that come with each answer.

`search` finds the IRI of a thing by its name. Prefer `ask` (without a name it lists the saved questions) to
`query`. IRIs are written dipid:gustavo-petro; the prefixes {", ".join(PREFIXES)}
need no declaration. `validate` says whether new facts (Turtle) would be accepted, and if not, why."""

Document = dict[str, Any]
"""A JSON object, the result of a tool."""


def make_server(graph: Graph, *, can_write: bool = False) -> "MCPServer":
    """Return the MCP server of a graph; ``can_write`` adds the tool ``add``.

    Raises Unavailable if the SDK is not installed.
    """
    try:
        from mcp.server import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError:
        reason = "The SDK of the Model Context Protocol is not installed here"
        raise Unavailable(f"{reason}: pip install 'mcp>=2.3'.") from None
    server = MCPServer(
        "regional-diplomacy", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING"
    )
    tools = Tools(graph)
    reading = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for tool in (tools.search, tools.ask, tools.query, tools.why, tools.validate):
        server.tool(annotations=reading)(tool)
    if can_write:
        writing = ToolAnnotations(destructive_hint=False, idempotent_hint=True, open_world_hint=False)
        server.tool(annotations=writing)(tools.add)
    return server


class Tools:
    """The tools: a model reads each method's docstring and types."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def search(self, text: str, classes: list[str] | None = None, limit: int = MOST_FOUND) -> Document:
        """Find things by a name, the beginning of one, or words quoted; typing errors are forgiven.

        classes narrows the search, for example to Person, State, Event, Gesture, Statement or Claim.
        """
        with _tool_errors():
            hits = self._graph.search(text, classes=classes or (), limit=limit)
            standings = citations.of_things(self._graph.access, (hit.iri for hit in hits))
            return {
                "found": [_found(hit) for hit in hits],
                "standings": [_standing(each) for each in standings],
                "reading": _READING,
            }

    def ask(self, name: str = "", parameters: dict[str, str | int] | None = None) -> Document:
        """Answer a saved question by its name; without a name, list the questions with their parameters.

        Parameters are given by name, IRIs as dipid:gustavo-petro, days as 2026-02-03. Each question also
        takes as_of, a time or a version (v17) to answer for.
        """
        with _tool_errors():
            if not name:
                return {"questions": list(_questions(self._graph))}
            arguments: dict[str, Any] = dict(parameters or {})  # may include as_of, which the graph reads
            return self._answer(self._graph.ask(name, **arguments))

    def query(self, sparql: str) -> Document:
        """Answer a SPARQL 1.1 query; the default graph is the union of all graphs."""
        with _tool_errors():
            return self._answer(self._graph.query(sparql))

    def why(self, fact: str) -> Document:
        """Return the evidence for a fact, graph by graph.

        Who stated it and when, and the passages that support it.

        A fact is a thing, by its name or IRI (dipid:gift-of-the-hat), or a triple as Turtle writes it.
        """
        with _tool_errors():
            found = self._graph.why(fact)
            subject = read_fact(str(found["fact"])).subject.strip("<>")
            standings = citations.of_things(self._graph.access, [subject])
            return {
                **found,
                "standings": [_standing(each) for each in standings],
                "reading": _READING,
            }

    def validate(self, turtle: str) -> Document:
        """Say whether facts in Turtle or TriG would be accepted, and if not, why; nothing is stored."""
        with _tool_errors():
            return _verdict(self._graph.validate(data=turtle))

    def add(self, turtle: str, source: str, reason: str = "") -> Document:
        """Store facts in Turtle or TriG, all or none; source says where they were found."""
        with _tool_errors():
            try:
                verdict = self._graph.add(data=turtle, source=source, reason=reason or None)
            except Invalid as refusal:
                return {"stored": False, **_verdict(Verdict(refusal.extra))}
            return {
                "stored": verdict.version is not None,
                "waits_as_proposal": verdict.proposal,
                "known": verdict.is_known,
                "version": verdict.version,
                "graphs": verdict.graphs,
                **_verdict(verdict),
            }

    def _answer(self, result: Result) -> Document:
        if result.truth is not None:
            return {"answer": result.truth, **_remarks(result)}
        rows = result.rows()
        standings = citations.of_result(self._graph.access, result)
        return {
            "rows": [{name: _plain(value) for name, value in row.items()} for row in rows[:MOST_ROWS]],
            "omitted_rows": max(0, len(rows) - MOST_ROWS),
            "standings": [_standing(each) for each in standings],
            "reading": _READING,
            **_remarks(result),
        }


@contextmanager
def _tool_errors() -> Iterator[None]:
    """Raise the message of a KGError as a ToolError, which the model reads."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except KGError as error:
        raise ToolError(error.detail) from error


def _remarks(result: Result) -> Document:
    """Return the warnings of an answer, and how the values of its parameters were read."""
    return {"warnings": list(result.warnings), "understood": list(result.understood)}


def _questions(graph: Graph) -> Iterator[Document]:
    for call in graph.questions().values():
        parameters = {
            each.name: {"asks_for": each.asked_for, "example": each.example, "default": each.default}
            for each in call.params
        }
        yield {"name": call.name, "question": call.question, "parameters": parameters}


def _found(hit: Hit) -> Document:
    return {"thing": hit.iri, "name": hit.label, "is": hit.type_label, "description": hit.description}


def _standing(standing: Standing) -> Document:
    cited = [
        {name: value for name, value in asdict(passage).items() if value} for passage in standing.passages
    ]
    return {
        "thing": standing.iri,
        "name": standing.name,
        "is_claim": standing.is_claim,
        "note": standing.note,
        "passages": cited,
    }


def _verdict(verdict: Verdict) -> Document:
    return {"conforms": verdict.conforms, "summary": verdict.summary, "reasons": verdict.lines()}


def _plain(value: Value) -> str | int | float | bool | None:
    """Return a value that JSON holds exactly: decimals, days and very large integers as text."""
    if isinstance(value, date | Decimal):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _LONGEST_NUMBER:
        return str(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value
