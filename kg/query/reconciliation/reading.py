"""Requests of the reconciliation API: parses query batches and data extension queries."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kg.errors import JSON, BadInput, TooLarge
from kg.query.reconciliation import identifiers

T = TypeVar("T")

BATCH_SIZE = 50
"""Maximum queries in one batch."""
MOST_CANDIDATES = 25
CANDIDATES = 10
MOST_CONDITIONS = 10
"""Maximum properties that refine one query, and maximum values of each."""
MOST_IDS = 500
"""Maximum things in one data extension query."""
MOST_PROPERTIES = 20
STRICTNESSES = ("any", "should", "all")
_KEYS = ("query", "type", "limit", "properties", "type_strict")


@dataclass(frozen=True)
class Entity:
    """A thing as the value of a property, by IRI."""

    iri: str


@dataclass(frozen=True)
class Condition:
    """A property (its IRI) and some values, a text or a thing each, of which a candidate should have one."""

    property: str
    values: tuple[str | Entity, ...]


@dataclass(frozen=True)
class ReconciliationQuery:
    """A name to match, the types (IRIs) of what it may name, and conditions on its properties."""

    text: str = ""
    types: tuple[str, ...] = ()
    strictness: str = "any"
    conditions: tuple[Condition, ...] = ()
    limit: int = CANDIDATES


@dataclass(frozen=True)
class ExtendedProperty:
    """A property to fetch: its identifier as sent, its IRI, the maximum of values, and the language."""

    id: str
    iri: str
    limit: int = 0
    lang: str = ""


@dataclass(frozen=True)
class ExtensionQuery:
    """The things to fetch data of, by the identifiers that the client sent, and the properties to fetch."""

    ids: Mapping[str, str]
    properties: tuple[ExtendedProperty, ...]


def read_batch(text: str) -> dict[str, ReconciliationQuery]:
    """Parse a batch of queries; raises BadInput, and TooLarge for too many queries."""
    members = _record(_parsed(text), "The query batch")
    if len(members) > BATCH_SIZE:
        raise TooLarge(f"The batch has {len(members)} queries; send {BATCH_SIZE} at a time.")
    return {name: _query(member, f"Query {name[:64]!r}") for name, member in members.items()}


def read_query(text: str) -> ReconciliationQuery:
    """Parse a single query: JSON, or a bare text to match; raises BadInput."""
    if not text.lstrip().startswith("{"):
        return ReconciliationQuery(text)
    return _query(_parsed(text), "The query")


def read_extension(text: str) -> ExtensionQuery:
    """Parse a data extension query; raises BadInput, and TooLarge for one that asks for too much."""
    members = _record(_parsed(text), "The query")
    ids = [_text(each, "An identifier") for each in _array(members.get("ids"), "'ids'")]
    properties = [_extended(each) for each in _array(members.get("properties"), "'properties'")]
    if len(ids) > MOST_IDS:
        raise TooLarge(f"The query asks for {len(ids)} things; send {MOST_IDS} at a time.")
    if len(properties) > MOST_PROPERTIES:
        raise TooLarge(
            f"The query asks for {len(properties)} properties; at most {MOST_PROPERTIES} are allowed."
        )
    return ExtensionQuery({each: identifiers.read_thing(each) for each in ids}, tuple(properties))


def _query(value: JSON, what: str) -> ReconciliationQuery:
    members = _record(value, what)
    if unknown := sorted(set(members) - set(_KEYS)):
        raise BadInput(f"{what} has a member {unknown[0][:64]!r}; there is {', '.join(_KEYS)}.")
    text = _text(members.get("query", ""), f"{what}: 'query'")
    conditions = tuple(
        _condition(each, what) for each in _array(members.get("properties", []), f"{what}: 'properties'")
    )
    if len(conditions) > MOST_CONDITIONS:
        raise TooLarge(f"{what} has {len(conditions)} properties; at most {MOST_CONDITIONS} are allowed.")
    if "query" not in members and not conditions:
        raise BadInput(f"{what} has neither 'query' nor 'properties'.")
    types = _one_or_more(members.get("type", []), f"{what}: 'type'", _text)
    strictness = members.get("type_strict", "any")
    if strictness not in STRICTNESSES:
        raise BadInput(f"{what}: 'type_strict' is {', '.join(STRICTNESSES)}.")
    return ReconciliationQuery(
        text,
        tuple(identifiers.read_term(each) for each in types if each),
        str(strictness),
        conditions,
        _limit(members.get("limit", CANDIDATES), what),
    )


def _limit(value: JSON, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise BadInput(f"{what}: 'limit' is a positive number.")
    return min(max(int(value), 1), MOST_CANDIDATES)


def _condition(value: JSON, what: str) -> Condition:
    members = _record(value, f"{what}: a property")
    if "pid" not in members or "v" not in members:
        raise BadInput(f"{what}: a property has 'pid' and 'v'.")
    values = _one_or_more(members["v"], f"{what}: 'v'", _value)
    if len(values) > MOST_CONDITIONS:
        raise TooLarge(f"{what}: 'v' has {len(values)} values; at most {MOST_CONDITIONS} are allowed.")
    return Condition(identifiers.read_term(_text(members["pid"], f"{what}: 'pid'")), tuple(values))


def _value(value: JSON, what: str) -> str | Entity:
    if isinstance(value, dict):
        return Entity(identifiers.read_thing(_text(value.get("id"), f"{what}: 'id'")))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return _text(value, what)


def _extended(value: JSON) -> ExtendedProperty:
    members = _record(value, "A property")
    settings = _record(members.get("settings") or {}, "'settings'")
    id_text = _text(members.get("id"), "'id' of a property")
    limit, lang = settings.get("limit") or 0, settings.get("lang") or ""
    try:
        most = int(limit)  # type: ignore[arg-type]  # OpenRefine sends numbers and what people typed
    except (TypeError, ValueError, OverflowError):
        raise BadInput("The setting 'limit' is a number.") from None
    return ExtendedProperty(
        id_text, identifiers.read_term(id_text), max(most, 0), _text(lang, "'lang'").lower()
    )


def _parsed(text: str) -> JSON:
    try:
        parsed: JSON = json.loads(text)
    except RecursionError:
        raise BadInput("The JSON is nested too deeply.") from None
    except ValueError as fault:
        raise BadInput(f"The query is not JSON: {fault}.") from None
    return parsed


def _record(value: JSON, what: str) -> dict[str, JSON]:
    if not isinstance(value, dict):
        raise BadInput(f"{what} is not a JSON object.")
    return value


def _array(value: JSON, what: str) -> list[JSON]:
    if not isinstance(value, list):
        raise BadInput(f"{what} is not a JSON array.")
    return value


def _text(value: JSON, what: str) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{what} is not a string.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadInput(f"{what} contains half of a surrogate pair.") from None
    return value


def _one_or_more(value: JSON, what: str, read: Callable[[JSON, str], T]) -> list[T]:
    return [read(each, what) for each in (value if isinstance(value, list) else [value])]
