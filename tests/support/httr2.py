"""Reads the requests of R code that uses httr2: pipelines from ``request(...)`` to ``req_perform()``.

It knows what the page for R users needs and refuses the rest, so that a request is sent as R would send it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

_TOKEN = re.compile(
    r"""(?P<raw>r"\((?P<raw_text>.*?)\)")      # r"(...)"
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<lambda>\\\([\w, ]*\))                # \(x)
    | (?P<pipe>\|>) | (?P<assign><-)
    | (?P<number>[0-9]+(?:\.[0-9]+)?)
    | (?P<name>[A-Za-z_.][\w.]*|`[^`]*`)
    | (?P<other>[(),=$]) | (?P<space>\s+|\#[^\n]*)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class HttpRequest:
    """A request as httr2 builds it up."""

    url: str
    method: str = "GET"
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    @property
    def address(self) -> str:
        """The address with its query."""
        return f"{self.url}?{urlencode(self.query)}" if self.query else self.url


@dataclass(frozen=True)
class Performed:
    """A request that the code performs, and the name that its answer is given."""

    request: HttpRequest
    variable: str | None


@dataclass(frozen=True)
class Call:
    """A call with its arguments: values by position (named by number) and by name."""

    name: str
    values: tuple[str, ...]
    named: Mapping[str, str]


Step = Callable[[HttpRequest, Call], HttpRequest]


def _path(request: HttpRequest, call: Call) -> HttpRequest:
    parts = "/".join(quote(part) for part in call.values)
    return replace(request, url=f"{request.url.rstrip('/')}/{parts}")


def _query(request: HttpRequest, call: Call) -> HttpRequest:
    return replace(request, query=(*request.query, *call.named.items()))


def _headers(request: HttpRequest, call: Call) -> HttpRequest:
    return replace(request, headers={**request.headers, **call.named})


def _body(request: HttpRequest, call: Call) -> HttpRequest:
    headers = {**request.headers, "Content-Type": call.named["type"]}
    return replace(request, method="POST", headers=headers, body=call.values[0].encode())


def _token(request: HttpRequest, call: Call) -> HttpRequest:
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {call.values[0]}"})


def _nothing(request: HttpRequest, _call: Call) -> HttpRequest:
    return request


_STEPS: Mapping[str, Step] = {
    "req_url_path_append": _path,
    "req_url_query": _query,
    "req_headers": _headers,
    "req_body_raw": _body,
    "req_auth_bearer_token": _token,
    "req_error": _nothing,
    "req_perform": _nothing,
}


def performed(blocks: list[str], address: str, environment: Mapping[str, str]) -> Iterator[Performed]:
    """Yield the requests of blocks of code in order, with ``address`` in place of what ``request`` takes."""
    code = _Code(address, environment)
    for block in blocks:
        for statement in _statements(block):
            if each := code.run(statement):
                yield each


class _Code:
    """Keeps the texts and the requests that statements have named so far."""

    def __init__(self, address: str, environment: Mapping[str, str]) -> None:
        self._address, self._environment = address, environment
        self._texts: dict[str, str] = {}
        self._requests: dict[str, HttpRequest] = {}

    def run(self, statement: "list[Token]") -> Performed | None:
        """Take a statement; return the request that it performs, if it does."""
        variable, expression = _assigned(statement)
        head, *calls = _split(expression, "pipe")
        if head[0][0] in ("raw", "string"):
            assert variable
            self._texts[variable] = head[0][1]
            return None
        if _name(head) != "request" and not calls:
            return None  # what is done with an answer
        request = HttpRequest(self._address) if _name(head) == "request" else self._requests[_name(head)]
        for call in calls:
            if not _name(call).startswith("resp_"):
                request = _STEPS[_name(call)](request, _call(call, self._texts, self._environment))
        if any(_name(call) == "req_perform" for call in calls):
            return Performed(request, variable)
        assert variable
        self._requests[variable] = request
        return None


def members(blocks: list[str], variable: str) -> set[str]:
    """Return what the code takes out of an answer: ``added$graphs``, where the variable begins a word."""
    return {name for block in blocks for name in re.findall(rf"\b{re.escape(variable)}\$(\w+)", block)}


Token = tuple[str, str]


def _statements(block: str) -> Iterator[list[Token]]:
    """Yield the tokens of each statement: it goes on within parentheses and after a pipe."""
    statement: list[Token] = []
    depth, place = 0, 0
    while place < len(block):
        match = _TOKEN.match(block, place)
        assert match, f"cannot read R code at {block[place : place + 40]!r}"
        place, kind = match.end(), str(match.lastgroup)
        if kind == "raw_text":
            kind = "raw"
        text = match["raw_text"] if match["raw"] else match.group()
        depth += {"(": 1, ")": -1}.get(text, 0) if kind == "other" else 0
        if kind == "space":
            if "\n" in text and not depth and statement and statement[-1][0] not in ("pipe", "assign"):
                yield statement
                statement = []
            continue
        statement.append((kind, _unquoted(kind, text)))
    if statement:
        yield statement


def _unquoted(kind: str, text: str) -> str:
    if kind == "string":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text.strip("`") if kind == "name" else text


def _assigned(statement: list[Token]) -> tuple[str | None, list[Token]]:
    if len(statement) > 1 and statement[1][0] == "assign":
        return statement[0][1], statement[2:]
    return None, statement


def _split(tokens: list[Token], kind: str, text: str = "") -> list[list[Token]]:
    """Split tokens at those of a kind (and text) that stand outside of parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token[1], 0) if token[0] == "other" else 0
        if token[0] == kind and not depth and (not text or token[1] == text):
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _name(tokens: list[Token]) -> str:
    return tokens[0][1]


def _call(tokens: list[Token], texts: Mapping[str, str], environment: Mapping[str, str]) -> Call:
    values: list[str] = []
    named: dict[str, str] = {}
    for argument in _split(tokens[2:-1], "other", ","):
        if len(argument) > 1 and argument[1] == ("other", "="):
            named[argument[0][1]] = _value(argument[2:], texts, environment)
        elif argument:
            values.append(_value(argument, texts, environment))
    return Call(tokens[0][1], tuple(values), named)


def _value(tokens: list[Token], texts: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """Return a string, the text of a variable, a variable of the environment; of a function nothing."""
    kind, text = tokens[0]
    if kind in ("string", "raw"):
        return text
    if kind == "lambda":
        return ""
    return environment[tokens[2][1]] if text == "Sys.getenv" else texts[text]
