"""SERVICE clauses: asks their endpoints first, and replaces each clause by its answer, written as VALUES.

SPARQL 1.1 Federated Query evaluates a SERVICE on its own and joins the result, so this is equivalent. The
endpoint is an IRI or a prefixed name; a variable is rejected. A blank node of another server becomes an IRI,
a fresh one for each answer (RDF 1.1 Concepts, 3.5), because VALUES cannot hold blank nodes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin
from uuid import uuid4

from pyoxigraph import Literal, NamedNode

from kg.errors import BadInput, FetchFailed, TooLarge
from kg.iris import PREFIXES
from kg.query import screening
from kg.query.job import QueryJob, ServiceAnswers
from kg.scanner import Token

if TYPE_CHECKING:
    from kg.query.outbound import AllowList

MOST_CALLS = 8
MOST_BYTES = 1 << 23
"""Bytes that the endpoints of one query may send, together."""
MOST_ROWS = 50_000
BLANK = "urn:kg:blank:"

_ACCEPT = "application/sparql-results+json"


@dataclass(frozen=True)
class Call:
    """One SERVICE clause: its endpoint, the query to send, and its position in the text."""

    endpoint: str
    is_silent: bool
    query: str
    variables: frozenset[str]
    start: int
    end: int


def is_meant(text: str) -> bool:
    """Return quickly whether the text may have a SERVICE clause."""
    return "SERVICE" in text.upper()


def calls(text: str, base: str | None = None) -> list[Call]:
    """Find the outermost SERVICE clauses; raises BadInput for one that does not parse.

    Relative IRIs in them are relative to ``base``, or to what the text says.
    """
    found = list(screening.placed_tokens(text)) if is_meant(text) else []
    prologue = found[: screening.prologue_length(found)]
    made: list[Call] = []
    position = len(prologue)
    while position < len(found):
        token = found[position]
        if token.kind == "word" and token.text.upper() == "SERVICE":
            length = _length(found[position:])
            made.append(_call(text, prologue, found[position : position + length], base))
            position += length
        else:
            position += 1
        if len(made) > MOST_CALLS:
            raise TooLarge(f"The query has more than {MOST_CALLS} SERVICE clauses.")
    return made


def checked(job: QueryJob) -> list[Call]:
    """Screen a query and find its SERVICE clauses; raises what ``screening.check`` and ``calls`` raise."""
    if not is_meant(job.text):
        return []
    screening.check(job.text, job.max_bytes)
    return calls(job.text, job.base)


async def asked(job: QueryJob, found: Sequence[Call], allow_list: "AllowList", seconds: float) -> QueryJob:
    """Ask the endpoints of a query, all at once, and return the query with their answers.

    Raises BadInput for one that is not allowed, SILENT or not, and FetchFailed if one fails or takes longer
    than ``seconds``.
    """
    import asyncio  # late: most queries of the command line need no event loop

    for call in found:
        if not allow_list.allows(call.endpoint):
            raise BadInput(
                f"SERVICE is not answered for <{call.endpoint}>, which KG_ALLOW does not name:"
                " load what you need from the other endpoint as facts."
            )
    began, most_bytes = monotonic(), MOST_BYTES // max(1, len(found))
    asking = (_asked(call, allow_list, seconds, most_bytes) for call in found)
    answers = await asyncio.gather(*asking, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    services = tuple(answer for answer in answers if not isinstance(answer, BaseException))
    return job._replace(services=services, seconds_spent=monotonic() - began)


def asked_now(job: QueryJob, allowed: str, seconds: float) -> QueryJob:
    """Find and ask the endpoints of a query; works outside an event loop, and inside one (a notebook)."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from kg.query.outbound import AllowList

    found = checked(job)
    if not found:
        return job
    asking = asked(job, found, AllowList.read(allowed), seconds)
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, asking).result()


def filled(text: str, answers: ServiceAnswers) -> str:
    """Replace each SERVICE clause by its answer; line numbers stay the same. Raises FetchFailed."""
    pieces: list[str] = []
    end = 0
    for call, answer in zip(calls(text), answers, strict=True):
        lines = "\n" * text.count("\n", call.start, call.end)
        pieces += [text[end : call.start], _values(call, answer), lines]
        end = call.end
    return "".join([*pieces, text[end:]])


async def _asked(call: Call, allow_list: "AllowList", seconds: float, most_bytes: int) -> bytes | None:
    from kg.query.outbound import Request

    request = Request(call.endpoint, _ACCEPT, {"query": call.query})
    try:
        return (await allow_list.ask(request, seconds, most_bytes)).data
    except FetchFailed as fault:
        if call.is_silent:
            return None
        raise FetchFailed(f"SERVICE <{call.endpoint}> failed: {fault.detail}") from None


# Reading the clause


def _length(found: Sequence[Token]) -> int:
    """Count the tokens of a clause: SERVICE, perhaps SILENT, an endpoint, and a group."""
    position = 2 if found[1:2] and found[1].text.upper() == "SILENT" else 1
    kinds = [token.kind for token in found[position : position + 1]]
    if kinds == ["variable"]:
        raise BadInput("SERVICE asks an endpoint that is named by its IRI; one in a variable is not asked.")
    position += 1
    if kinds not in (["iri"], ["name"]) or [token.text for token in found[position : position + 1]] != ["{"]:
        raise BadInput("SERVICE is written SERVICE <endpoint> { ... }.")
    depth = 0
    for token in found[position:]:
        position += 1
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            return position
    raise BadInput("The brace after SERVICE is not closed.")


def _call(text: str, prologue: Sequence[Token], clause: Sequence[Token], base: str | None) -> Call:
    is_silent = clause[1].text.upper() == "SILENT"
    named, *group = clause[2:] if is_silent else clause[1:]
    declared = _declared(prologue)
    query = _query(text, prologue, group, set(declared))
    return Call(
        urljoin(base or "", _expanded(named, {**PREFIXES, **declared})),
        is_silent,
        f"BASE <{base}>\n{query}" if base else query,
        frozenset(token.text[1:] for token in group if token.kind == "variable"),
        clause[0].start,
        clause[-1].end,
    )


def _declared(prologue: Sequence[Token]) -> dict[str, str]:
    """Return the prefixes that a query declares."""
    following = zip(prologue, prologue[1:], prologue[2:], strict=False)
    return {
        name.text.rstrip(":"): screening.resolved(iri.text)[1:-1]
        for word, name, iri in following
        if word.kind == "word" and word.text.upper() == "PREFIX"
    }


def _expanded(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind == "iri":
        return screening.resolved(token.text)[1:-1]
    prefix, _, local = token.text.partition(":")
    if prefix not in prefixes:
        raise BadInput(f"The prefix {prefix}: is not declared.")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _query(text: str, prologue: Sequence[Token], group: Sequence[Token], declared: set[str]) -> str:
    """Write the query for the endpoint, with those of our prefixes that it uses."""
    used = {token.text.partition(":")[0] for token in group if token.kind == "name"}
    ours = "".join(
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in PREFIXES if prefix in used - declared
    )
    declarations = text[prologue[0].start : prologue[-1].end] + "\n" if prologue else ""
    return f"{ours}{declarations}SELECT * WHERE {text[group[0].start : group[-1].end]}"


# Reading the answer


def _values(call: Call, answer: bytes | None) -> str:
    """Write an answer as VALUES; a SERVICE SILENT that failed is one solution without bindings."""
    if answer is None:
        return "VALUES () { () }"
    try:
        names, rows = _rows(call, json.loads(answer))
        return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(rows)} }}"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        fault = "it does not answer with SPARQL results in JSON"
    except TooLarge as large:
        fault = large.detail
    if call.is_silent:
        return "VALUES () { () }"
    raise FetchFailed(f"SERVICE <{call.endpoint}> failed: {fault}.")


def _rows(call: Call, results: dict[str, dict[str, list[object]]]) -> tuple[list[str], Iterator[str]]:
    names = [str(name) for name in dict.fromkeys(results["head"]["vars"]) if name in call.variables]
    solutions = results["results"]["bindings"]
    if len(solutions) > MOST_ROWS:
        raise TooLarge(f"it answers with more than {MOST_ROWS} rows; ask for less")
    scope = f"{BLANK}{uuid4().hex}:"
    return names, (_row(names, solution, scope) for solution in solutions)


def _row(names: Sequence[str], solution: object, scope: str) -> str:
    if not isinstance(solution, dict):
        raise TypeError("a solution is an object")
    return f"({' '.join(_term(solution.get(name), scope) for name in names)})"


def _term(term: dict[str, str] | None, scope: str) -> str:
    """Write a term as SPARQL does."""
    if term is None:
        return "UNDEF"
    value = term["value"]
    if term["type"] == "uri":
        return str(NamedNode(value))
    if term["type"] == "bnode":
        return str(NamedNode(scope + quote(value, safe="")))
    if term["type"] not in ("literal", "typed-literal") or not isinstance(value, str):
        raise ValueError("no term of RDF 1.1")
    if language := term.get("xml:lang"):
        return str(Literal(value, language=language))
    return str(Literal(value, datatype=NamedNode(term["datatype"])) if "datatype" in term else Literal(value))
