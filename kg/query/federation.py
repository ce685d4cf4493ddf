"""SERVICE clauses: calls their endpoints first, and replaces each clause by its answer, written as VALUES.

SPARQL 1.1 Federated Query evaluates a SERVICE on its own and joins the result, so this is equivalent. The
endpoint is an IRI, a prefixed name, or a variable that VALUES or BIND bind (``service_endpoints``): then each
endpoint is called, and the answer binds the variable. A blank node of another server becomes a new IRI in
each answer (RDF 1.1 Concepts, 3.5), because VALUES cannot hold blank nodes.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import quote, urljoin
from uuid import uuid4

from pyoxigraph import Literal, NamedNode

from kg.errors import BadInput, FetchFailed, TooLarge
from kg.iris import PREFIXES
from kg.query import screening, service_endpoints
from kg.query.job import QueryJob, ServiceAnswers
from kg.scanner import Token

if TYPE_CHECKING:
    from kg.query.outbound import AllowList

MOST_CALLS = 8
MOST_BYTES = 1 << 23
"""Maximum bytes that the endpoints of one query may send, together."""
MOST_ROWS = 50_000
BLANK = "urn:kg:blank:"

_ACCEPT = "application/sparql-results+json"


@dataclass(frozen=True)
class Call:
    """One SERVICE clause: its endpoints, the query to send, and its position in the text.

    ``variable`` names the endpoints, if no IRI does.
    """

    endpoints: tuple[str, ...]
    variable: str | None
    is_silent: bool
    query: str
    variables: frozenset[str]
    start: int
    end: int


class Filled(NamedTuple):
    """A query with the answers of its endpoints in it, and warnings about these."""

    text: str
    warnings: tuple[str, ...]


def is_meant(text: str) -> bool:
    """Return whether the text may have a SERVICE clause; this is a quick check."""
    return "SERVICE" in text.upper()


def calls(text: str, base: str | None = None) -> list[Call]:
    """Return the outermost SERVICE clauses; raises BadInput for one that does not parse or has no endpoint.

    Relative IRIs in them are relative to ``base``, or to the BASE of the text.
    """
    found = list(screening.placed_tokens(text)) if is_meant(text) else []
    prologue = found[: screening.prologue_length(found)]
    calls_found: list[Call] = []
    position = len(prologue)
    while position < len(found):
        token = found[position]
        if token.kind == "word" and token.text.upper() == "SERVICE":
            length = _length(found[position:])
            calls_found.append(_call(text, prologue, found, found[position : position + length], base))
            position += length
        else:
            position += 1
        if sum(len(call.endpoints) for call in calls_found) > MOST_CALLS:
            raise TooLarge(f"The query asks other endpoints by SERVICE more than {MOST_CALLS} times.")
    return calls_found


def checked(job: QueryJob) -> list[Call]:
    """Screen a query and find its SERVICE clauses; raises what ``screening.check`` and ``calls`` raise."""
    if not is_meant(job.text):
        return []
    screening.check(job.text, job.max_bytes)
    return calls(job.text, job.base)


async def asked(job: QueryJob, calls: Sequence[Call], allow_list: "AllowList", seconds: float) -> QueryJob:
    """Call the endpoints of a query, all at once; return the query with their answers and warnings.

    Raises BadInput for an endpoint that is not allowed, FetchFailed if one fails or takes longer than
    ``seconds``; with SERVICE SILENT, a warning says so instead.
    """
    import asyncio  # late: most queries of the command line need no event loop

    requests = [(call, endpoint) for call in calls for endpoint in call.endpoints]
    for call, endpoint in requests:
        if not call.is_silent and not allow_list.allows(endpoint):
            raise BadInput(
                f"SERVICE <{endpoint}> is refused, because KG_ALLOW does not list it:"
                " load what you need from the other endpoint as facts."
            )
    began, most_bytes = monotonic(), MOST_BYTES // max(1, len(requests))
    asking = (_asked(call, endpoint, allow_list, seconds, most_bytes) for call, endpoint in requests)
    answers = await asyncio.gather(*asking, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    successes = [answer for answer in answers if not isinstance(answer, BaseException)]
    return job._replace(
        services=tuple(None if isinstance(answer, str) else answer for answer in successes),
        warnings=(*job.warnings, *(answer for answer in successes if isinstance(answer, str))),
        seconds_spent=monotonic() - began,
    )


def asked_now(job: QueryJob, allowed: str, seconds: float) -> QueryJob:
    """Find and call the endpoints of a query; works outside an event loop, and inside one (a notebook)."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from kg.query.outbound import AllowList

    found = checked(job)
    if not found:
        return job
    asking = asked(job, found, AllowList.read(allowed), seconds)
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, asking).result()


def filled(text: str, answers: ServiceAnswers, base: str | None = None) -> Filled:
    """Replace each SERVICE clause by its answers; line numbers stay the same. Raises FetchFailed."""
    pieces: list[str] = []
    warnings: list[str] = []
    remaining_answers, end = iter(answers), 0
    for call in calls(text, base):
        lines = "\n" * text.count("\n", call.start, call.end)
        answers_by_endpoint = dict(
            zip(call.endpoints, islice(remaining_answers, len(call.endpoints)), strict=True)
        )
        pieces += [text[end : call.start], _values(call, answers_by_endpoint, warnings), lines]
        end = call.end
    return Filled("".join([*pieces, text[end:]]), tuple(warnings))


async def _asked(
    call: Call, endpoint: str, allow_list: "AllowList", seconds: float, most_bytes: int
) -> bytes | str:
    """Return the answer of an endpoint; if it fails and SERVICE is SILENT, a warning."""
    from kg.query.outbound import Request

    request = Request(endpoint, _ACCEPT, {"query": call.query})
    try:
        return (await allow_list.ask(request, seconds, most_bytes)).data
    except FetchFailed as fault:
        return _failed(call, endpoint, fault.detail)


def _failed(call: Call, endpoint: str, detail: str) -> str:
    """Return the warning that an endpoint failed; raises FetchFailed unless SERVICE is SILENT."""
    if call.is_silent:
        return f"SERVICE SILENT <{endpoint}> is treated as empty: {detail}"
    raise FetchFailed(f"SERVICE <{endpoint}> failed: {detail}")


# Reading the clause


def _length(tokens: Sequence[Token]) -> int:
    """Count the tokens of a clause: SERVICE, perhaps SILENT, an endpoint, and a group."""
    position = 2 if tokens[1:2] and tokens[1].text.upper() == "SILENT" else 1
    kinds = [token.kind for token in tokens[position : position + 1]]
    position += 1
    if kinds not in (["iri"], ["name"], ["variable"]) or [
        token.text for token in tokens[position : position + 1]
    ] != ["{"]:
        raise BadInput("SERVICE is written SERVICE <endpoint> { ... }.")
    depth = 0
    for token in tokens[position:]:
        position += 1
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            return position
    raise BadInput("The brace after SERVICE is not closed.")


def _call(
    text: str,
    prologue: Sequence[Token],
    tokens: Sequence[Token],
    clause: Sequence[Token],
    base: str | None,
) -> Call:
    is_silent = clause[1].text.upper() == "SILENT"
    endpoint_token, *group = clause[2:] if is_silent else clause[1:]
    declared = _declared(prologue)
    query = _query(text, prologue, group, set(declared))
    is_variable = endpoint_token.kind == "variable"
    naming = service_endpoints.bound(text, tokens, endpoint_token) if is_variable else [endpoint_token]
    endpoints = [urljoin(base or "", _expanded(token, {**PREFIXES, **declared})) for token in naming]
    if is_variable:
        endpoints = [_absolute(endpoint) for endpoint in endpoints]
    return Call(
        tuple(dict.fromkeys(endpoints)),
        endpoint_token.text[1:] if is_variable else None,
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
    if token.kind == "text":
        return screening.resolved(token.text.strip("\"'"))
    if token.kind == "iri":
        return screening.resolved(token.text)[1:-1]
    prefix, _, local = token.text.partition(":")
    if prefix not in prefixes:
        raise BadInput(f"The prefix {prefix}: is not declared.")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local)


def _absolute(iri: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError:
        raise BadInput(f"SERVICE names <{iri}>, which is not an absolute IRI.") from None


def _query(text: str, prologue: Sequence[Token], group: Sequence[Token], declared: set[str]) -> str:
    """Return the query for the endpoint, with those of our prefixes that it uses."""
    used = {token.text.partition(":")[0] for token in group if token.kind == "name"}
    ours = "".join(
        f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in PREFIXES if prefix in used - declared
    )
    declarations = text[prologue[0].start : prologue[-1].end] + "\n" if prologue else ""
    return f"{ours}{declarations}SELECT * WHERE {text[group[0].start : group[-1].end]}"


# Reading the answer


Row: TypeAlias = Mapping[str, str]
"""One solution: each bound variable, and its term in SPARQL syntax."""


class _EndpointRows(NamedTuple):
    """The answer of an endpoint: its variables, and its rows."""

    names: Sequence[str]
    rows: Sequence[Row]


_EMPTY = _EndpointRows((), ({},))
"""One solution without bindings: the result of a SERVICE SILENT that failed."""


def _values(call: Call, answers: Mapping[str, bytes | None], warnings: list[str]) -> str:
    """Return the answers of a clause as VALUES; one that failed silently is a solution without bindings."""
    names = dict.fromkeys([call.variable] if call.variable else [])
    rows: list[Row] = []
    for endpoint, answer in answers.items():
        try:
            table = _EMPTY if answer is None else _table(call, answer)
        except BadInput as fault:
            warnings.append(_failed(call, endpoint, fault.detail))
            table = _EMPTY
        names.update(dict.fromkeys(table.names))
        rows += _from(endpoint, call.variable, table.rows) if call.variable else table.rows
    solutions = (f"({' '.join(row.get(name, 'UNDEF') for name in names)})" for row in rows)
    return f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(solutions)} }}"


def _from(endpoint: str, variable: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Bind the variable that names the endpoint.

    Drop rows that bind it to another value, because they cannot join.
    """
    term = str(NamedNode(endpoint))
    return ({**row, variable: term} for row in rows if row.get(variable, term) == term)


def _table(call: Call, answer: bytes) -> _EndpointRows:
    """Parse an answer; raises BadInput if it is not a result, or too long."""
    try:
        results = json.loads(answer)
        names = [str(name) for name in results["head"]["vars"] if name in call.variables]
        solutions = results["results"]["bindings"]
        if len(solutions) <= MOST_ROWS:
            scope = f"{BLANK}{uuid4().hex}:"
            return _EndpointRows(names, [_row(names, solution, scope) for solution in solutions])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise BadInput("its answer is not SPARQL results in JSON.") from None
    raise BadInput(f"its answer has more than {MOST_ROWS} rows; ask for less.")


def _row(names: Sequence[str], solution: object, scope: str) -> Row:
    if not isinstance(solution, dict):
        raise TypeError("a solution is an object")
    return {name: _term(solution[name], scope) for name in names if name in solution}


def _term(term: Mapping[str, str], scope: str) -> str:
    """Return a term in SPARQL syntax."""
    value = term["value"]
    if term["type"] == "uri":
        return str(NamedNode(value))
    if term["type"] == "bnode":
        return str(NamedNode(scope + quote(value, safe="")))
    if term["type"] not in ("literal", "typed-literal") or not isinstance(value, str):
        raise ValueError("not a term of RDF 1.1")
    if language := term.get("xml:lang"):
        return str(Literal(value, language=language))
    return str(Literal(value, datatype=NamedNode(term["datatype"])) if "datatype" in term else Literal(value))
