"""Messages for queries and updates that do not parse: what is wrong, for the person who wrote the text.

The engine reports what its grammar expected, at a position that is off by the length of the keyword that it
looked for. So the text is first searched for common faults (``syntax_rules``); if there is none, the message
quotes the words near the position.
"""

import re

from kg import scanner
from kg.errors import Unreadable
from kg.query.syntax_rules import RULES, SyntaxFinding, SyntaxReading, quoted

_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z_0-9]{2,}")
_UPDATE_VERBS = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_QUERY_VERBS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_WHAT = {"query": "La consulta", "update": "La actualización"}


def fault(
    text: str,
    message: str,
    what: str = "query",
    *,
    start: int = 0,
    stop: int | None = None,
    shift: tuple[int, int] = (0, 0),
) -> Unreadable:
    """Return the error to raise for a text that does not parse.

    ``start`` and ``stop`` delimit the operation of an update; the engine's position is ``shift`` lines and
    columns further on.
    """
    reading = _read(text, message, start, len(text) if stop is None else stop, shift)
    found = next((finding for rule in RULES for finding in rule(reading)), None)
    if found is None and (verb := _other_verb(reading, what)):
        return Unreadable(verb[0], sentence={"en": verb[0], "es": verb[1]})
    found = found or _near(reading)
    english, spanish = f"The {what} does not parse", f"{_WHAT[what]} no se entiende"
    if found.place is None:
        sentence = {"en": f"{english}: {found.english}.", "es": f"{spanish}: {found.spanish}."}
        return Unreadable(sentence["en"], sentence=sentence)
    line = text.count("\n", 0, found.place) + 1
    column = found.place - (text.rfind("\n", 0, found.place) + 1) + 1
    sentence = {
        "en": f"{english} at line {line}, column {column}: {found.english}.",
        "es": f"{spanish} en la línea {line}, columna {column}: {found.spanish}.",
    }
    length = found.length or _token_length(reading, found.place)
    return Unreadable(
        sentence["en"],
        line=line,
        column=column,
        length=length,
        instead=found.instead,
        before=found.before,
        sentence=sentence,
    )


def _token_length(reading: SyntaxReading, place: int) -> int:
    """Return the length of the token at a place; 1 if none begins there."""
    return next((token.end - place for token in reading.tokens if token.start == place), 1)


def _read(text: str, message: str, start: int, stop: int, shift: tuple[int, int]) -> SyntaxReading:
    tokens = [token for token in scanner.tokens(text[:stop]) if token.end > start]
    match = _POSITION.fullmatch(message)
    if match is None:
        return SyntaxReading(text[:stop], tokens, message, stop)
    lines, columns = int(match[1]) - 1 - shift[0], int(match[2]) - 1
    place = start
    for _ in range(lines):
        place = text.find("\n", place) + 1 or stop
    place += columns if lines else columns - shift[1]
    return SyntaxReading(
        text[:stop], tokens, match[3], max(start, min(stop, place - _looked_ahead(match[3])))
    )


def _looked_ahead(expected: str) -> int:
    """Return how far the engine's position is behind the fault: by the keyword that it looked for.

    >>> _looked_ahead("expected one of FROM, OPTIONAL, [_]"), _looked_ahead('expected one of "(", FROM')
    (4, 0)
    """
    parts = expected.removeprefix("expected ").removeprefix("one of ").split(", ")
    keywords = [part for part in parts if _KEYWORD.fullmatch(part)]
    is_only_keywords = all(part == "[_]" or _KEYWORD.fullmatch(part) for part in parts)
    return min(map(len, keywords)) if keywords and is_only_keywords else 0


def _other_verb(reading: SyntaxReading, what: str) -> tuple[str, str] | None:
    """Return a message if an update was sent as a query, or a query as an update."""
    words = [token.text.upper() for token in reading.tokens if token.kind == "word"]
    if what == "query":
        verb = next((word for word in words if word in _UPDATE_VERBS), None)
        if verb is None or words[:1] == ["WHERE"] or _QUERY_VERBS & set(words):
            return None
        return (
            f"{verb} is an update; only queries are answered here.",
            f"{verb} es una actualización; aquí solo se responden consultas.",
        )
    if (verb := next(iter(words), "")) in _QUERY_VERBS:
        return (f"{verb} is a query; send it to /sparql.", f"{verb} es una consulta; envíela a /sparql.")
    return None


def _near(reading: SyntaxReading) -> SyntaxFinding:
    """Quote the text where the engine stopped."""
    rest = reading.text[reading.place :].strip()
    if not reading.text.strip():
        return SyntaxFinding(
            "it is empty; send a SELECT, ASK, CONSTRUCT or DESCRIBE",
            "está vacía; envíe un SELECT, ASK, CONSTRUCT o DESCRIBE",
        )
    if not rest:
        return SyntaxFinding(
            "it ends too early, or the part before its end is incomplete",
            "termina demasiado pronto, o lo que hay antes del final no está completo",
            len(reading.text.rstrip()),
        )
    place = reading.place + len(reading.text[reading.place :]) - len(reading.text[reading.place :].lstrip())
    return SyntaxFinding(
        f"something is wrong or missing near {quoted(rest)}",
        f"algo falta o está mal cerca de {quoted(rest)}",
        place,
    )
