"""Property values: one query fetches those of many things; written in the form of the API."""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.errors import JSON
from kg.query.job import QueryJob
from kg.query.reconciliation import identifiers
from kg.query.reconciliation.reading import Condition, Entity, ExtendedProperty, ExtensionQuery
from kg.query.search.folding import fold
from kg.query.search.looking_up import IndexEntry
from kg.terms import XSD

MOST_VALUES = 20_000
"""Maximum values that one query reads."""
MOST_FOUND = 200
"""Maximum things that one query finds by their properties."""
RESULTS = "application/sparql-results+json"

_WHOLE = re.compile(r"[+-]?\d{1,15}")
_INTEGERS = {XSD.INTEGER.value}
_NUMBERS = {XSD.DECIMAL.value, XSD.DOUBLE.value, XSD.FLOAT.value}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True)
class PropertyValue:
    """A value: the IRI of a thing, or a text with datatype and language."""

    text: str
    is_iri: bool
    datatype: str = ""
    lang: str = ""


Values: TypeAlias = Mapping[tuple[str, str], list[PropertyValue]]
"""The values by the IRIs of thing and property."""


def job_of(things: Collection[str], properties: Collection[str]) -> QueryJob:
    """Return the query for the values of some properties of some things."""
    text = (
        "SELECT DISTINCT ?thing ?property ?value WHERE {"
        f" VALUES ?thing {{ {_listed(things)} }} VALUES ?property {{ {_listed(properties)} }}"
        f" ?thing ?property ?value }} ORDER BY ?thing ?property ?value LIMIT {MOST_VALUES}"
    )
    return QueryJob(text, RESULTS)


def finding_job(conditions: Iterable[Condition], things_by_name: Mapping[str, Collection[str]]) -> QueryJob:
    """Return the query for things that have at least one of the values of each property.

    ``things_by_name`` holds the things that a text names.
    """
    parts = (_finding(number, condition, things_by_name) for number, condition in enumerate(conditions))
    return QueryJob(f"SELECT DISTINCT ?thing WHERE {{ {' '.join(parts)} }} LIMIT {MOST_FOUND}", RESULTS)


def _finding(number: int, condition: Condition, things_by_name: Mapping[str, Collection[str]]) -> str:
    """Return the pattern of one condition: a value is one of some things, or its text one of some texts."""
    texts = [value for value in condition.values if isinstance(value, str)]
    things = [value.iri for value in condition.values if isinstance(value, Entity)]
    things += [iri for text in texts for iri in things_by_name.get(text, ())]
    pattern = f"?thing {NamedNode(condition.property)} ?value{number} ."
    if not texts:
        return f"VALUES ?value{number} {{ {_listed(things)} }} {pattern}"
    choices = [f"STR(?value{number}) IN ({', '.join(str(Literal(text)) for text in texts)})"]
    if things:
        choices.append(f"?value{number} IN ({', '.join(str(NamedNode(iri)) for iri in things)})")
    return f"{pattern} FILTER ({' || '.join(choices)})"


def read_values(answer: bytes) -> Values:
    """Parse the answer to the query for values."""
    values: dict[tuple[str, str], list[PropertyValue]] = defaultdict(list)
    for row in _rows(answer):
        values[row["thing"]["value"], row["property"]["value"]].append(_value(row["value"]))
    return values


def read_things(answer: bytes) -> list[str]:
    """Parse the answer to the query for things."""
    return [row["thing"]["value"] for row in _rows(answer) if row["thing"]["type"] == "uri"]


def share_met(
    conditions: Collection[Condition], thing: str, values: Values, entries: Mapping[str, IndexEntry]
) -> float:
    """Return the share of the conditions that a thing meets."""
    met = sum(
        any(
            _meets(value, condition_value, entries)
            for value in values.get((thing, each.property), ())
            for condition_value in each.values
        )
        for each in conditions
    )
    return met / len(conditions)


def extended(
    query: ExtensionQuery, values: Values, entries: Mapping[str, IndexEntry], names: Mapping[str, IndexEntry]
) -> dict[str, JSON]:
    """Return the answer to an extension query; ``entries`` are of values, ``names`` of properties."""
    rows: dict[str, JSON] = {
        id_text: {
            each.id: [_written(value, entries) for value in _chosen(values.get((iri, each.iri), []), each)]
            for each in query.properties
        }
        for id_text, iri in query.ids.items()
    }
    meta: list[JSON] = [
        {"id": each.id, "name": names[each.iri].label if each.iri in names else each.id}
        for each in query.properties
    ]
    return {"meta": meta, "rows": rows}


def _chosen(values: list[PropertyValue], property_request: ExtendedProperty) -> list[PropertyValue]:
    """Return the requested values: those in a language, if it has any, up to the maximum.

    Each text is returned once: a label may be the same in two languages, and a client makes a row of each.
    """
    in_language = [
        value for value in values if property_request.lang and value.lang.lower() == property_request.lang
    ]
    by_text = {(value.text, value.is_iri, value.datatype): value for value in in_language or values}
    distinct_values = list(by_text.values())
    return distinct_values[: property_request.limit] if property_request.limit else distinct_values


def _written(value: PropertyValue, entries: Mapping[str, IndexEntry]) -> JSON:
    """Return a value in JSON. A date without a time stays as it was written: the API has only times."""
    if value.is_iri and value.text.startswith(iris.BASE):
        entry = entries.get(value.text)
        name = entry.label if entry else iris.compact(value.text).strip("<>")
        return {"id": identifiers.of_thing(value.text), "name": name}
    if value.datatype in _INTEGERS and _WHOLE.fullmatch(value.text):
        return {"int": int(value.text)}
    if value.datatype in _NUMBERS and _is_finite(value.text):
        return {"float": float(value.text)}
    if value.datatype == XSD.DATE_TIME.value and _MOMENT.fullmatch(value.text):
        return {"date": value.text}
    return {"str": value.text}


def _is_finite(text: str) -> bool:
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _meets(value: PropertyValue, condition_value: str | Entity, entries: Mapping[str, IndexEntry]) -> bool:
    if isinstance(condition_value, Entity):
        return value.is_iri and value.text == condition_value.iri
    if not value.is_iri:
        return value.text == condition_value or (
            fold(condition_value) != "" and fold(value.text) == fold(condition_value)
        )
    entry = entries.get(value.text)
    return value.text == condition_value or (entry is not None and fold(condition_value) in entry.names)


def _rows(answer: bytes) -> list[dict[str, dict[str, Any]]]:
    rows: list[dict[str, dict[str, Any]]] = json.loads(answer)["results"]["bindings"]
    return rows


def _value(term: dict[str, Any]) -> PropertyValue:
    return PropertyValue(
        term["value"], term["type"] == "uri", term.get("datatype", ""), term.get("xml:lang", "")
    )


def _listed(things: Collection[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in things)
